"""What is done once for the cases of a batch: an act with its one paper, a letter, leaving, taking a paper back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework import acts
from casework.acts import apply_to
from casework.councils.bodies import council_of_case
from casework.councils.seats import members_of, table_rows
from casework.evidence_store import keep
from casework.ledger import LoadedCase, load_cases
from casework.office.data_rights import clean_line
from casework.office.people import Actor, doer_of
from correspondence.drafts import cancel_drafts_of, draft_required, require_drafter
from correspondence.effective_papers import require_unsigned
from correspondence.joint.batches import (
    CaseInBatch,
    case_of_batch,
    cases_in,
    mark_left,
    naming,
    own_batch,
    record_step,
)
from correspondence.joint.joint_drafts import draft_joint, drop_unsent
from correspondence.joint.shares import has_joint_text, tie_shares
from correspondence.letter_rights import UNSENT
from correspondence.prepared_acts import require_no_act
from models.clock import Clock
from models.errors import CoopcaseError, Refused, WrongInput
from models.tables import letter_rows
from procedures.councils import batch_rules, council_rules
from procedures.former_names import all_names
from procedures.state_machine.engine import why_not
from templates.words import both


@dataclass(frozen=True, slots=True)
class AskedAct:
    """An act as asked for: the fields that hold for all, those that differ by case, and its proof.

    `refs`: on which cases; none: on all that allow it now.
    """

    verb: str
    data: Mapping[str, Any]
    on: date | None = None
    refs: Collection[str] = ()
    each: Mapping[str, Mapping[str, Any]] | None = None
    files: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class BatchDone:
    """On how many cases an act was done, and the joint letter that it takes effect by."""

    count: int
    letter: int | None


def act_on_batch(connection: Connection, number: int, asked: AskedAct, *, by: Actor, clock: Clock) -> BatchDone:
    """Do an act on the cases of a batch, on all or none; its paper is one letter with an annex.

    Raises NotFound, WrongInput for what holds for all, Refused naming the case where one does not allow it.
    """
    own_batch(connection, number, by)
    chosen = _chosen(connection, number, asked, by)
    loaded = load_cases(connection, [case.row["case_id"] for case in chosen], lock=True)
    paper, doer = _JointPaper(connection, number, by.login), doer_of(connection, by.login)
    for case in chosen:
        one = loaded[case.row["case_id"]]
        try:
            data = {**asked.data, **_council(connection, one, asked, clock), **(asked.each or {}).get(case.ref, {})}
            proof = [
                keep(connection, one.row["id"], content, name, by=by.login, now=clock.now())
                for name, content in asked.files
            ]
            apply_to(
                connection, one, asked.verb, doer=doer, clock=clock, data=data, on=asked.on, evidence=proof,
                draft=paper.draft,
            )  # fmt: skip
        except WrongInput as error:
            if len(chosen) == 1 or not (asked.each or {}).get(case.ref):
                raise
            raise naming(case.ref, error) from error
        except CoopcaseError as error:
            raise naming(case.ref, error) from error
    letter = paper.written(clock.now(), clock.today())
    record_step(connection, number, "act", by, clock.now(), len(chosen), verb=asked.verb, letter=letter)
    return BatchDone(len(chosen), letter)


def _chosen(connection: Connection, number: int, asked: AskedAct, by: Actor) -> list[CaseInBatch]:
    """The cases in the order in which locks are taken. Raises NotFound, Refused: no case allows the act."""
    if asked.refs:
        named = [case_of_batch(connection, number, ref) for ref in dict.fromkeys(asked.refs)]
        return sorted(named, key=lambda case: case.row["case_id"])
    cases = [case for case in cases_in(connection, number, load=True) if case.loaded is not None and not case.closed]
    doer, refusals, free = by.doer(), list[CoopcaseError](), list[CaseInBatch]()
    for case in cases:
        assert case.loaded is not None, "they were loaded"
        why = why_not(case.loaded.procedure, case.loaded.state, asked.verb, doer)
        if why is None:
            free.append(case)
        else:
            refusals.append(naming(case.ref, why))
    if not free:
        raise refusals[0] if refusals else Refused("dissolution_batch_empty")
    return sorted(free, key=lambda case: case.row["case_id"])


def _council(connection: Connection, loaded: LoadedCase, asked: AskedAct, clock: Clock) -> dict[str, Any]:
    """The table of the council that serves the case, where the act names one and none was typed."""
    field = council_rules().table_of(asked.verb)
    if not field or asked.data.get(field):
        return {}
    return {field: council_table(connection, loaded.row["id"], asked.on or clock.today())}


def council_table(connection: Connection, case_id: int, on: date) -> list[dict[str, str]]:
    """The council that serves a case as the table of an act. Raises Refused: none serves it, or a seat is open."""
    council = council_of_case(connection, case_id)
    if council is None:
        raise Refused("case_without_council")
    return table_rows(members_of(connection, council["id"]), on)


class _JointPaper:
    """Gathers the cases for which one act waits, and drafts its paper once."""

    def __init__(self, connection: Connection, number: int, by: str) -> None:
        self._connection, self._number, self._by = connection, number, by
        self._pairs: list[tuple[int, int | None]] = []
        self._template = ""

    def draft(
        self, connection: Connection, case_id: int, template: str, fact_seq: int, *, now: datetime, today: date
    ) -> int:
        if not has_joint_text(template):
            return draft_required(connection, case_id, template, fact_seq, now=now, today=today)
        self._template = template
        self._pairs.append((case_id, fact_seq))
        return 0

    def written(self, now: datetime, today: date) -> int | None:
        """The letter: the draft of the batch that is not handed in yet, or a new one. None without cases."""
        if not self._pairs:
            return None
        columns = letter_rows.c
        unsent = self._connection.scalar(
            select(columns.id)
            .where(
                columns.joint_id == self._number,
                columns.template.in_(all_names((), "letters", [self._template])),
                columns.status.in_(UNSENT),
            )
            .order_by(columns.id.desc())
            .limit(1)
        )
        if unsent is not None:
            tie_shares(self._connection, int(unsent), self._pairs)
            return int(unsent)
        return draft_joint(
            self._connection, self._number, self._template, self._pairs, by=self._by, now=now, today=today
        )


def draft_for_batch(
    connection: Connection, number: int, template: str, refs: Collection[str], *, by: Actor, clock: Clock
) -> int:
    """Draft by hand a letter about cases of a batch (`refs`; none: all that are open); returns its id.

    Raises NotFound, Refused: the letter is the paper of an act, which is done instead; WrongInput: no such letter.
    """
    require_drafter(by)
    own_batch(connection, number, by)
    if not has_joint_text(template):
        options = ", ".join(batch_rules().letters)
        raise WrongInput("template", "not_an_option", value=template[:40], options=options)
    cases = [case for case in cases_in(connection, number) if not case.closed]
    if refs:
        cases = [case_of_batch(connection, number, ref) for ref in dict.fromkeys(refs)]
    if not cases:
        raise Refused("dissolution_batch_empty")
    for loaded in load_cases(connection, [case.row["case_id"] for case in cases]).values():
        require_no_act(loaded, template)
    pairs: list[tuple[int, int | None]] = [(case.row["case_id"], None) for case in cases]
    letter = draft_joint(connection, number, template, pairs, by=by.login, now=clock.now(), today=clock.today())
    record_step(connection, number, "drafted", by, clock.now(), len(cases), letter=letter)
    return letter


def leave_batch(connection: Connection, number: int, ref: str, reason: str, *, by: Actor, clock: Clock) -> None:
    """Take a case out of a batch: what it has prepared there is withdrawn; what is issued remains its paper.

    Raises NotFound, Refused: a joint letter about it is signed and not numbered yet; WrongInput without a reason.
    """
    own_batch(connection, number, by)
    if by.role not in ("case_officer", "manager"):
        raise Refused("dissolution_batch_not_yours")
    text = clean_line("reason", reason, both("pages.reason"))
    case = case_of_batch(connection, number, ref)
    loaded = load_cases(connection, [case.row["case_id"]], lock=True)[case.row["case_id"]]
    for verb in list(loaded.state.prepared):
        if has_joint_text(str(loaded.state.prepared[verb].data["letter"])):
            _withdraw(connection, loaded, verb, text, by, clock)
    drop_unsent(connection, number, case.row["case_id"])
    mark_left(connection, case, text, by=by, now=clock.now())


def withdraw_from_batch(connection: Connection, number: int, verb: str, reason: str, *, by: Actor, clock: Clock) -> int:
    """Take an act back that waits for its joint paper, in every case; returns in how many.

    Raises NotFound, Refused: the paper is signed, or no case has prepared the act; WrongInput without a reason.
    """
    own_batch(connection, number, by)
    ids = sorted(case.row["case_id"] for case in cases_in(connection, number))
    loaded = [case for case in load_cases(connection, ids, lock=True).values() if verb in case.state.prepared]
    if not loaded:
        raise Refused("batch_act_not_prepared")
    for case in loaded:
        _withdraw(connection, case, verb, reason, by, clock)
    record_step(connection, number, "withdrawn", by, clock.now(), len(loaded), verb=verb, reason=reason)
    return len(loaded)


def _withdraw(connection: Connection, loaded: LoadedCase, verb: str, reason: str, by: Actor, clock: Clock) -> None:
    seq = loaded.state.prepared[verb].seq
    require_unsigned(connection, loaded.row["id"], seq)
    doer = doer_of(connection, by.login)
    acts.withdraw_in(connection, loaded, verb, reason, doer=doer, now=clock.now(), today=clock.today())
    cancel_drafts_of(connection, loaded.row["id"], seq, now=clock.now())
