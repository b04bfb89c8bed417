"""The letters whose proof of service a case's clocks wait for, and the stage of each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.as_of import AsOf
from casework.ledger import LoadedCase
from casework.sums.deadline_runs import every_run
from letters.catalogue import letter_types
from models.letter_links import follows_in_case, of_case, status_in_case
from models.tables import deadlines, letter_rows
from procedures.facts import ClockState, FactView
from procedures.former_names import names_of, own_name
from procedures.legal_time.deadlines import lacking
from procedures.state_machine.fold import valid_facts
from templates.formats import date_vi
from templates.words import pick, t

STAGES = {
    "letter_issued": "issued",
    "service_begun": "begun",
    "letter_returned": "returned",
    "letter_served": "served",
}
UNISSUED = ("draft", "returned", "submitted", "approved")


@dataclass(frozen=True, slots=True)
class AwaitedProof:
    """A letter whose service a clock waits for; `stage` is to_draft, drafted, issued, begun, returned or served."""

    template: str
    name: str
    stage: str
    on: date | None
    letter: int | None
    seq: int | None  # the fact that says so
    text: str


@dataclass(frozen=True, slots=True)
class _Row:
    id: int
    template: str
    fact_seq: int | None
    status: str


def proofs_by_run(
    connection: Connection, loaded: LoadedCase, at: AsOf, lang: str
) -> dict[tuple[str, int], list[AwaitedProof]]:
    """By deadline and number of its run, of those that wait for service: the letters, each with the missing proof."""
    runs = [run for run in every_run(loaded.procedure, loaded.state) if run.clock.awaits]
    if not runs:
        return {}
    rows = _rows(connection, loaded) if at.is_now else []
    named = names_of(loaded.procedure).facts(loaded.facts)
    facts = [fact for fact in valid_facts(named) if fact.kind in STAGES]
    return {
        (clock.key, number): [_awaited(clock, template, facts, rows, lang) for template in clock.awaits]
        for clock, number, _ in runs
    }


def _rows(connection: Connection, loaded: LoadedCase) -> Sequence[_Row]:
    """The letters of a case by the names of its version."""
    columns = letter_rows.c
    number = loaded.row["id"]
    found = select(columns.id, columns.template, follows_in_case(number), status_in_case(number))
    rows = connection.execute(found.where(of_case(number)).order_by(columns.id)).tuples()
    return [
        _Row(letter, own_name(loaded.procedure, "letters", template), fact_seq, status)
        for letter, template, fact_seq, status in rows
    ]


def _awaited(
    clock: ClockState, template: str, facts: Sequence[FactView], rows: Sequence[_Row], lang: str
) -> AwaitedProof:
    proof = clock.awaits[template]
    events = [fact for fact in facts if fact.data.get("template") == template and _is_of(clock, fact)]
    cancelled = {row.id for row in rows if row.status == "cancelled"}
    last = next((fact for fact in reversed(events) if fact.data.get("letter") not in cancelled), None)
    name = letter_name(template, lang)
    if proof is not None:
        letter = next((fact.data.get("letter") for fact in facts if fact.seq == proof.seq), None)
        text = t("time.awaits_served", lang, name=name, on=date_vi(proof.on))
        return AwaitedProof(template, name, "served", proof.on, letter, proof.seq, text)
    if last is None:
        draft = _draft(clock, template, rows)
        stage = "drafted" if draft else "to_draft"
        return AwaitedProof(template, name, stage, None, draft, None, t(f"time.awaits_{stage}", lang, name=name))
    stage = STAGES[last.kind]
    text = t(f"time.awaits_{stage}", lang, name=name, on=date_vi(last.occurred_on), number=_number(events))
    return AwaitedProof(template, name, stage, last.occurred_on, last.data.get("letter"), last.seq, text)


def _is_of(clock: ClockState, fact: FactView) -> bool:
    follows = fact.data.get("follows")
    return fact.seq > clock.seq if follows is None else follows == clock.seq


def _number(events: Sequence[FactView]) -> str:
    numbers = [str(fact.data["number"]) for fact in events if fact.data.get("number")]
    return numbers[-1] if numbers else "…"


def _draft(clock: ClockState, template: str, rows: Sequence[_Row]) -> int | None:
    ours = [row for row in rows if row.template == template and row.status in UNISSUED]
    return next((int(row.id) for row in reversed(ours) if row.fact_seq in (clock.seq, None)), None)


def letter_name(template: str, lang: str) -> str:
    """The name of a kind of letter, or its code where the template is gone."""
    kind = letter_types().get(template)
    return pick(kind.title, lang) if kind else template.replace("_", " ")


def unserved_of(connection: Connection, cases: Sequence[int]) -> dict[int, list[tuple[str, list[str]]]]:
    """By case: each deadline that has not started, with the letters whose proof of service is lacking."""
    columns = deadlines.c
    found = select(columns.case_id, columns.key, columns.sum).where(columns.case_id.in_(cases), columns.unserved)
    unserved: dict[int, list[tuple[str, list[str]]]] = {}
    for case_id, key, total in connection.execute(found.order_by(columns.id)).tuples() if cases else ():
        unserved.setdefault(case_id, []).append((key, lacking(total)))
    return unserved
