"""How an issued letter reached its addressee, or did not: each attempt with its proof, each a fact of the case."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select, update

from casework.acts import append_built_in
from casework.evidence_store import share as share_files
from casework.ledger import facts_of
from casework.office.people import Actor
from correspondence.drafts import one_letter, require_status
from correspondence.effective_papers import act_in
from correspondence.joint.shares import REACHED, set_status, shares_of
from correspondence.letter_rights import roles_of, statuses_of
from correspondence.service.service_rules import (
    Delivery,
    check_against,
    checked,
    effective_on,
    status_after,
    valid_attempts,
)
from models.clock import FrozenClock
from models.errors import CoopcaseError, Refused, WrongInput
from models.letter_links import is_about_many
from models.tables import evidence as evidence_rows
from models.tables import services
from models.typed_rows import all_rows, one_row
from models.typed_rows.letter_shapes import LetterOfCase, ServiceRow
from procedures.former_names import names_of
from procedures.paper_steps import Papers, ServiceStep
from procedures.state_machine.fold import valid_facts
from rulebook.office_papers import papers_of
from rulebook.versions import procedure_of


@dataclass(frozen=True, slots=True)
class Outcome:
    """The letter's status after an attempt, and why a step of the case that goes with it was left undone.

    `made`: the attempt of each case that the letter is about, with the facts that it recorded there.
    """

    status: str
    made: Sequence[ServiceRow]
    left: CoopcaseError | None = None


def serve(
    connection: Connection,
    letter_id: int,
    person: Actor,
    delivery: Delivery,
    *,
    now: datetime,
    today: date,
    refs: Collection[str] = (),
) -> Outcome:
    """Record an attempt. A clock that waits for service starts with its proof.

    `refs`: of a letter about several cases, to which of them; none: to all that it has not reached. One proof, kept
    with the first case, is then the proof of each.

    Raises:
        NotFound, Refused, WrongInput: no proof, a day before the letter's own or to come, a detail missing.
    """
    if person.role not in roles_of("serve"):
        raise Refused("serving_not_yours")
    row = one_letter(connection, letter_id, person, lock=True)
    require_status(row, statuses_of("serve"))
    assert row["issued_on"] is not None, "a letter that may be served has been issued"
    papers = papers_of(connection, row["procedure"])
    details = checked(delivery, row["issued_on"], today, papers)
    shares = _shares(connection, row, refs)
    for share in shares:
        check_against(attempts(connection, letter_id, share), delivery, details, papers)
    _check_proof(connection, row, delivery)
    if is_about_many(row):
        share_files(connection, row["case_id"], delivery.evidence, [share["case_id"] for share in shares])
    outcomes = [_serve(connection, share, person, delivery, details, now) for share in shares]
    status = one_letter(connection, letter_id)["status"]
    left = next((one.left for one in outcomes if one.left is not None), None)
    return Outcome(status, [row for one in outcomes for row in one.made], left)


def _shares(connection: Connection, row: LetterOfCase, refs: Collection[str]) -> list[LetterOfCase]:
    """The shares that an attempt is about. Raises WrongInput for a case that the letter is not about."""
    shares = shares_of(connection, row)
    if not is_about_many(row):
        return shares
    unknown = set(refs) - {share["ref"] for share in shares}
    if unknown:
        raise WrongInput("cases", "letter_not_about_case", ref=min(unknown)[:40])
    chosen = [share for share in shares if (share["ref"] in refs if refs else share["status"] not in REACHED)]
    return chosen or shares


def _serve(
    connection: Connection,
    row: LetterOfCase,
    person: Actor,
    delivery: Delivery,
    details: Mapping[str, str],
    now: datetime,
) -> Outcome:
    """Record an attempt in one case. `row`: the letter as that case has it."""
    tried, papers = attempts(connection, row["id"], row), papers_of(connection, row["procedure"])
    values: dict[str, object] = {
        "letter_id": row["id"], "case_id": row["case_id"] if is_about_many(row) else None,
        "way": delivery.way, "result": delivery.result, "on": delivery.on,
        "to_on": delivery.to_on, "details": details, "evidence": list(delivery.evidence), "facts": [],
        "recorded_by": person.login, "recorded_at": now, "annulled_at": None, "annulled_by": "",
    }  # fmt: skip
    made = one_row(ServiceRow, connection.execute(services.insert().values(values).returning(services)))
    tried.append(made)
    status = status_after(row["template"], tried, papers)
    step, left = _step_of_the_case(connection, row, person, delivery, details, now)
    fact = (
        _record_in_case(connection, row, person, delivery, details, tried, now)
        if _is_recorded(row, delivery, status, step, papers)
        else None
    )
    seqs = [seq for seq in (step, fact) if seq is not None]
    connection.execute(update(services).where(services.c.id == made["id"]).values(facts=seqs))
    if status != row["status"]:
        set_status(connection, row, status)
    return Outcome(status, [{**made, "facts": seqs}], left)


def attempts(connection: Connection, letter_id: int, share: LetterOfCase | None = None) -> list[ServiceRow]:
    """What has been tried, in order, annulled ones too; of a letter about several cases, in the case of `share`."""
    found = select(services).where(services.c.letter_id == letter_id).order_by(services.c.id)
    if share is not None and is_about_many(share):
        found = found.where(services.c.case_id == share["case_id"])
    return all_rows(ServiceRow, connection.execute(found))


def left_undone(connection: Connection, row: LetterOfCase, tried: Sequence[ServiceRow]) -> list[str]:
    """Verbs that attempts were and that are not recorded on the case yet."""
    left, papers = [], papers_of(connection, row["procedure"])
    for item in valid_attempts(tried):
        step = papers.step_of(item["way"], row["template"])
        if step is not None and not _is_under_way(papers, item["way"], item["result"]):
            delivery = Delivery(item["way"], item["result"], item["on"], item["to_on"])
            if not _recorded_already(connection, row, step.verb, _fields(step, delivery, item["details"])):
                left.append(step.verb)
    return list(dict.fromkeys(left))


def _is_under_way(papers: Papers, way: str, result: str) -> bool:
    known = papers.result(way, result)
    return known is not None and known.under_way


def _is_recorded(row: LetterOfCase, delivery: Delivery, status: str, step: int | None, papers: Papers) -> bool:
    """Whether the attempt is a fact of its own: it changed something, came back, or is no other step of the case."""
    way = papers.all_ways()[delivery.way]
    result = way.results[delivery.result]
    if status != row["status"] or (result.means == "returned" and status == "undelivered"):
        return True
    return step is None and (result.under_way or way.issues is not None)


def _record_in_case(
    connection: Connection,
    row: LetterOfCase,
    person: Actor,
    delivery: Delivery,
    details: Mapping[str, str],
    tried: Sequence[ServiceRow],
    now: datetime,
) -> int:
    """Record the attempt in the case; returns the fact's seq.

    `follows` is the seq of the fact the letter was pending by, none for a letter drafted by hand.
    """
    papers = papers_of(connection, row["procedure"])
    status, result = status_after(row["template"], tried, papers), papers.result(delivery.way, delivery.result)
    came_back = result is not None and result.means == "returned"
    reached = status != row["status"] and status in ("served", "published")
    kind = "letter_served" if reached else "letter_returned" if came_back else "service_begun"
    fact = {"letter": row["id"], "template": row["template"], "follows": row["fact_seq"], "way": delivery.way}
    on = effective_on(delivery, tried, papers) if reached else delivery.on
    return append_built_in(
        connection, row["ref"], kind, {**fact, **details}, by=person.login, role=person.role, on=on, now=now,
        evidence=delivery.evidence, notify_roles=["case_officer"] if kind == "letter_returned" else [],
    ).seq  # fmt: skip


def _step_of_the_case(
    connection: Connection,
    row: LetterOfCase,
    person: Actor,
    delivery: Delivery,
    details: Mapping[str, str],
    now: datetime,
) -> tuple[int | None, CoopcaseError | None]:
    """Do the verb that this way of service is, where it is one and the person may: its seq, or why it was left."""
    papers = papers_of(connection, row["procedure"])
    step = papers.step_of(delivery.way, row["template"])
    if step is None or _is_under_way(papers, delivery.way, delivery.result):
        return None, None
    data = _fields(step, delivery, details)
    if _recorded_already(connection, row, step.verb, data):
        return None, None
    try:
        done = act_in(
            connection, row["ref"], step.verb, by=person.login, clock=FrozenClock(now), data=data,
            on=delivery.to_on or delivery.on, evidence=delivery.evidence,
        )  # fmt: skip
    except (Refused, WrongInput) as why:
        return None, why
    return done.seq, None


def _fields(step: ServiceStep, delivery: Delivery, details: Mapping[str, str]) -> dict[str, Any]:
    to_on = delivery.to_on.isoformat() if delivery.to_on else ""
    known = {**details, "on": delivery.on.isoformat(), "to_on": to_on}
    return {name: known[source] for name, source in step.takes.items()}


def _recorded_already(connection: Connection, row: LetterOfCase, verb: str, data: Mapping[str, Any]) -> bool:
    """Whether the same is recorded on the case already, under whatever name its version had for it."""
    known = names_of(procedure_of(connection, row["procedure"])).facts(facts_of(connection, row["case_id"]))
    wanted = {name: str(value).casefold() for name, value in data.items()}
    return any(
        fact.kind == verb
        and wanted.items() <= {name: str(value).casefold() for name, value in fact.data.items()}.items()
        for fact in valid_facts(known)
    )


def _check_proof(connection: Connection, row: LetterOfCase, delivery: Delivery) -> None:
    """The proof is kept with the case: a receipt, a returned envelope, minutes, a scan of the page."""
    columns = evidence_rows.c
    found = select(columns.sha256).where(columns.case_id == row["case_id"], columns.sha256.in_(list(delivery.evidence)))
    missing = set(delivery.evidence) - set(connection.scalars(found))
    if missing:
        raise WrongInput("evidence", "no_such_evidence", sha=sorted(missing)[0][:12])
