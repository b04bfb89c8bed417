"""Letters that require an answer and have none yet: since when, by when, and from whom."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection, Select, and_, or_, select

from casework.office.people import Actor
from correspondence.letter_queue import JOINED, scope
from models.tables import case_rows, facts, incoming, letter_rows
from models.typed_rows import all_rows
from procedures.facts import FactView
from procedures.former_names import all_names, names_of
from procedures.paper_steps import IncomingKind, Papers
from rulebook.office_papers import OfficePapers

OPEN = ("issued", "served", "undelivered", "published")
_requesting = facts.alias("requesting")
_came = select(incoming.c.id).where(incoming.c.answers_letter_id == letter_rows.c.id)
_followed = and_(_requesting.c.case_id == letter_rows.c.case_id, _requesting.c.seq == letter_rows.c.fact_seq)
_ASKING = select(
    letter_rows.c.id, letter_rows.c.template, letter_rows.c.issued_on, letter_rows.c.case_id, case_rows.c.procedure,
).select_from(JOINED).order_by(letter_rows.c.issued_on, letter_rows.c.id)  # fmt: skip
_SHOWN = select(
    letter_rows.c.id, letter_rows.c.number, letter_rows.c.symbol, letter_rows.c.data["extra"].label("extra"),
    letter_rows.c.data["frozen"]["addressees"].label("addressees"), case_rows.c.ref, case_rows.c.unit_name,
    _requesting.c.data.label("requested"),
).select_from(JOINED.outerjoin(_requesting, _followed))  # fmt: skip
AT_ONCE = 400  # letters that are looked into at once


class _Asking(TypedDict):
    """A letter that requires an answer."""

    id: int
    template: str
    issued_on: date
    case_id: int
    procedure: str  # name@version


class _Shown(TypedDict):
    """What is shown of a letter without an answer, with the fact that it follows from."""

    id: int
    number: int
    symbol: str
    extra: dict[str, Any] | None  # what was typed into it
    addressees: list[str] | None
    ref: str
    unit_name: str
    requested: dict[str, Any] | None  # of the fact


class Answer(TypedDict):
    """A registered answer to a letter."""

    id: int
    number: int
    year: int
    from_body: str
    received_on: date
    summary: str


class AwaitedAnswer(TypedDict):
    """A letter that still waits for an answer."""

    id: int
    template: str
    number: int
    symbol: str
    issued_on: date
    ref: str
    unit_name: str
    kind: str  # of the section `papers` of the procedure
    parts: list[str]  # of several addressees, those who have not answered
    due_on: date | None  # the day that the letter named
    late: bool
    addressees: list[str]


def awaited(
    connection: Connection, person: Actor, today: date, limit: int = 200, *, level: str = "",
    cases: Sequence[int] | None = None,
) -> list[AwaitedAnswer]:  # fmt: skip
    """The letters of open cases visible to the person that still wait for an answer, the longest waiting first.

    `level`: only of cases that the district, or the city, carries; `cases`: only of these, by their ids. `parts` are,
    of several addressees, those who have not answered; `due_on` is the day the letter named, if it did.
    """
    known = OfficePapers(connection)
    ids = connection.scalars(_asking(person, known, level, cases)).all()
    waiting: list[AwaitedAnswer] = []
    for start in range(0, len(ids), AT_ONCE):
        left = _unanswered(connection, ids[start : start + AT_ONCE], known)
        waiting += _described(connection, left, known, today)
        if len(waiting) >= limit:
            break
    return waiting[:limit]


def _unanswered(connection: Connection, ids: Sequence[int], known: OfficePapers) -> list[tuple[_Asking, list[str]]]:
    """Those of the letters that wait, each with the parts that are missing. What only these show is not read here."""
    listed = all_rows(_Asking, connection.execute(_ASKING.where(letter_rows.c.id.in_(ids))))
    rows = [row for row in listed if known.of(row["procedure"]).answer_to(row["template"])]
    answered = _answered(connection, rows, known)
    found: list[tuple[_Asking, list[str]]] = []
    for row in rows:
        parts, answers = _parts(row, known), answered[row["id"]]
        left = [part for part in parts if part not in answers]
        if left or not (parts or answers):
            found.append((row, left))
    return found


def _described(
    connection: Connection, waiting: Sequence[tuple[_Asking, list[str]]], known: OfficePapers, today: date
) -> Iterator[AwaitedAnswer]:
    of_these = _SHOWN.where(letter_rows.c.id.in_([row["id"] for row, _ in waiting]))
    shown = {item["id"]: item for item in all_rows(_Shown, connection.execute(of_these))} if waiting else {}
    for row, left in waiting:
        papers, item = known.of(row["procedure"]), shown[row["id"]]
        due_on = _due(item, papers)
        yield {
            "id": row["id"], "template": row["template"], "number": item["number"], "symbol": item["symbol"],
            "issued_on": row["issued_on"], "ref": item["ref"], "unit_name": item["unit_name"],
            "kind": papers.answer_to(row["template"]), "parts": left, "due_on": due_on,
            "late": due_on is not None and due_on < today, "addressees": list(item["addressees"] or ()),
        }  # fmt: skip


def _asking(person: Actor, known: OfficePapers, level: str, cases: Sequence[int] | None) -> Select[Any]:
    """The ids of letters that may wait for an answer, the earliest first."""
    columns = letter_rows.c
    asking = {template for papers in known.all for template in papers.awaited()}
    several = {template for papers in known.all for template in papers.of_several()}
    open_cases = select(case_rows.c.id).where(case_rows.c.closed_on.is_(None), *scope(person))
    if level:
        open_cases = open_cases.where(case_rows.c.level == level)
    if cases is not None:
        open_cases = open_cases.where(case_rows.c.id.in_(cases))
    return (
        select(columns.id)
        .where(columns.case_id.in_(open_cases), columns.template.in_(asking), columns.status.in_(OPEN))
        .where(or_(columns.template.in_(several), ~_came.exists()))
        .order_by(columns.issued_on, columns.id)
    )


def answers_to(connection: Connection, letter_id: int) -> list[Answer]:
    """What has been registered as an answer to a letter."""
    columns = incoming.c
    found = select(columns.id, columns.number, columns.year, columns.from_body, columns.received_on, columns.summary)
    listed = found.where(columns.answers_letter_id == letter_id).order_by(columns.id)
    return all_rows(Answer, connection.execute(listed))


def _parts(row: _Asking, known: OfficePapers) -> Sequence[str]:
    """Of several addressees of a letter, those who have to answer."""
    papers = known.of(row["procedure"])
    _, parts = papers.incoming[papers.answer_to(row["template"])].parts(row["template"])
    return parts


def _due(row: _Shown, papers: Papers) -> date | None:
    """The day typed into the letter, else that of the fact it follows from."""
    for data in (row["extra"] or {}, row["requested"] or {}):
        found = next((data[name] for name in papers.due if data.get(name)), None)
        if found:
            return date.fromisoformat(found)
    return None


def _answered(connection: Connection, rows: Sequence[_Asking], known: OfficePapers) -> dict[int, set[str]]:
    """What has come for each letter: by the register, or as the step recorded on the case since its issue."""
    answered: dict[int, set[str]] = {row["id"]: set() for row in rows}
    came = select(incoming.c.answers_letter_id, incoming.c.part).where(incoming.c.answers_letter_id.in_(list(answered)))
    for letter, part in connection.execute(came).tuples():
        answered[int(letter or 0)].add(part)
    recorded = _recorded(connection, {row["case_id"] for row in rows}, known)
    for row in rows:
        papers = known.of(row["procedure"])
        kind = papers.incoming[papers.answer_to(row["template"])]
        named = names_of(known.procedure(row["procedure"])).facts(recorded.get(row["case_id"], ()))
        answered[row["id"]] |= _by_facts(kind, row, named)
    return answered


def _by_facts(kind: IncomingKind, row: _Asking, recorded: Sequence[FactView]) -> set[str]:
    field, _ = kind.parts(row["template"])
    settled = kind.answers[row["template"]].items()
    return {
        str(fact.data.get(field, ""))
        for fact in recorded
        if fact.kind == kind.verb and fact.occurred_on >= row["issued_on"] and settled <= fact.data.items()
    }


def _recorded(connection: Connection, case_ids: set[int], known: OfficePapers) -> dict[int, list[FactView]]:
    """The facts, not annulled, of the verbs that answers record, by case, as they were written."""
    verbs = {kind.verb for papers in known.all for kind in papers.incoming.values() if kind.answers}
    asked = all_names(known.procedures, "verbs", verbs)
    annulments = facts.alias("annulments")
    annulled = select(annulments.c.id).where(
        annulments.c.case_id == facts.c.case_id, annulments.c.annuls == facts.c.seq
    )
    found = select(facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.data).where(
        facts.c.case_id.in_(case_ids), facts.c.kind.in_(asked), ~annulled.exists()
    )
    recorded: dict[int, list[FactView]] = {}
    for case_id, seq, kind, occurred_on, data in connection.execute(found).tuples():
        recorded.setdefault(case_id, []).append(FactView(seq, kind, occurred_on, data=data))
    return recorded
