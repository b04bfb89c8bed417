"""Letters that require an answer and have none yet: since when, by when, and from whom."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, TypedDict

from sqlalchemy import Connection, Select, and_, or_, select

from casework.office.people import Actor
from correspondence.letter_queue import JOINED, scope
from models.tables import case_rows, facts, incoming, letter_rows
from models.typed_rows import all_rows
from oversight.remembered import Latest, rules_known
from procedures.facts import FactView
from procedures.former_names import all_names, names_of
from procedures.paper_steps import Papers
from rulebook.office_papers import OfficePapers

OPEN = ("issued", "served", "undelivered", "published")
_requesting = facts.alias("requesting")
_came = select(incoming.c.id).where(incoming.c.answers_letter_id == letter_rows.c.id)
_followed = and_(_requesting.c.case_id == letter_rows.c.case_id, _requesting.c.seq == letter_rows.c.fact_seq)
_ASKING = select(
    letter_rows.c.id, letter_rows.c.template, letter_rows.c.issued_on, letter_rows.c.case_id, case_rows.c.procedure,
    case_rows.c.head,
).select_from(JOINED).order_by(letter_rows.c.issued_on, letter_rows.c.id)  # fmt: skip
_SHOWN = select(
    letter_rows.c.id, letter_rows.c.number, letter_rows.c.symbol, letter_rows.c.data["extra"].label("extra"),
    letter_rows.c.data["frozen"]["addressees"].label("addressees"), case_rows.c.ref, case_rows.c.unit_name,
    _requesting.c.data.label("requested"),
).select_from(JOINED.outerjoin(_requesting, _followed))  # fmt: skip
AT_ONCE = 400  # letters that are looked into at once
_kept: Latest[dict[int, tuple[str, tuple[FactView, ...]]]] = Latest()  # by case: its head, and such facts


class _Asking(TypedDict):
    """A letter that requires an answer."""

    id: int
    template: str
    issued_on: date
    case_id: int
    procedure: str  # name@version
    head: str


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
    verb: str  # the act that records the answer
    procedure: str  # name@version of the case
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


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What answers a kind of letter under a version; `kind`: of the section `papers`, empty where nothing does.

    `verb`: the step that records it, with `settled` among its data; `field`: tells the answers of `parts` apart.
    """

    kind: str
    verb: str = ""
    settled: tuple[tuple[str, Any], ...] = ()
    field: str = ""
    parts: Sequence[str] = ()

    @classmethod
    def of(cls, papers: Papers, template: str) -> "_Wanted":
        code = papers.answer_to(template)
        if not code:
            return cls("")
        kind = papers.incoming[code]
        return cls(code, kind.verb, tuple(kind.answers[template].items()), *kind.parts(template))

    def by_facts(self, recorded: Sequence[FactView], issued_on: date) -> set[str]:
        """The parts that steps since the issue of the letter answer; "" where one is enough."""
        return {
            str(fact.data.get(self.field, ""))
            for fact in recorded
            if fact.kind == self.verb and fact.occurred_on >= issued_on and self._settles(fact)
        }

    def _settles(self, fact: FactView) -> bool:
        return all(name in fact.data and fact.data[name] == value for name, value in self.settled)


def _unanswered(connection: Connection, ids: Sequence[int], known: OfficePapers) -> list[tuple[_Asking, list[str]]]:
    """Those of the letters that wait, each with the parts that are missing. What only these show is not read here."""
    listed = all_rows(_Asking, connection.execute(_ASKING.where(letter_rows.c.id.in_(ids))))
    kinds = {(row["procedure"], row["template"]) for row in listed}
    wanted = {(pin, template): _Wanted.of(known.of(pin), template) for pin, template in kinds}
    rows = [row for row in listed if wanted[row["procedure"], row["template"]].kind]
    came, recorded = _registered(connection, rows), _recorded(connection, rows, known)
    found: list[tuple[_Asking, list[str]]] = []
    for row in rows:
        asked, answers = wanted[row["procedure"], row["template"]], came.get(row["id"], set())
        if facts_of_case := recorded[row["case_id"]]:
            named = names_of(known.procedure(row["procedure"])).facts(facts_of_case)
            answers = answers | asked.by_facts(named, row["issued_on"])
        left = [part for part in asked.parts if part not in answers]
        if left or not (asked.parts or answers):
            found.append((row, left))
    return found


def _registered(connection: Connection, rows: Sequence[_Asking]) -> dict[int, set[str]]:
    """By letter: the parts that registered documents answer; "" where one is enough."""
    own = incoming.c
    came = select(own.answers_letter_id, own.part).where(own.answers_letter_id.in_([row["id"] for row in rows]))
    answered: dict[int, set[str]] = {}
    for letter, part in connection.execute(came).tuples():
        answered.setdefault(int(letter or 0), set()).add(part)
    return answered


def _described(
    connection: Connection, waiting: Sequence[tuple[_Asking, list[str]]], known: OfficePapers, today: date
) -> Iterator[AwaitedAnswer]:
    of_these = _SHOWN.where(letter_rows.c.id.in_([row["id"] for row, _ in waiting]))
    shown = {item["id"]: item for item in all_rows(_Shown, connection.execute(of_these))} if waiting else {}
    for row, left in waiting:
        papers, item = known.of(row["procedure"]), shown[row["id"]]
        due_on, kind = _due(item, papers), papers.answer_to(row["template"])
        yield {
            "id": row["id"], "template": row["template"], "number": item["number"], "symbol": item["symbol"],
            "issued_on": row["issued_on"], "ref": item["ref"], "unit_name": item["unit_name"],
            "kind": kind, "verb": papers.incoming[kind].verb, "procedure": row["procedure"], "parts": left,
            "due_on": due_on,
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


def _due(row: _Shown, papers: Papers) -> date | None:
    """The day typed into the letter, else that of the fact it follows from."""
    for data in (row["extra"] or {}, row["requested"] or {}):
        found = next((data[name] for name in papers.due if data.get(name)), None)
        if found:
            return date.fromisoformat(found)
    return None


def _recorded(connection: Connection, rows: Sequence[_Asking], known: OfficePapers) -> dict[int, tuple[FactView, ...]]:
    """By case: the facts, not annulled, of the verbs that answers record, as they were written.

    They are kept by this process as long as the case has the same head: no other reader reads them again.
    """
    kept = _kept.of((), rules_known(connection), dict)
    heads = {row["case_id"]: row["head"] for row in rows}
    anew = [number for number, head in heads.items() if kept.get(number, ("", ()))[0] != head or not head]
    read, anew_ids = _read(connection, anew, known), set(anew)
    kept.update((number, (heads[number], read.get(number, ()))) for number in anew if heads[number])
    return {number: read.get(number, ()) if number in anew_ids else kept[number][1] for number in heads}


def _read(connection: Connection, case_ids: Sequence[int], known: OfficePapers) -> dict[int, tuple[FactView, ...]]:
    verbs = {kind.verb for papers in known.all for kind in papers.incoming.values() if kind.answers}
    asked = all_names(known.procedures, "verbs", verbs)
    annulments = facts.alias("annulments")
    annulled = select(annulments.c.id).where(
        annulments.c.case_id == facts.c.case_id, annulments.c.annuls == facts.c.seq
    )
    found = select(facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.data).where(
        facts.c.case_id.in_(case_ids), facts.c.kind.in_(asked), ~annulled.exists()
    )
    listed = connection.execute(found.order_by(facts.c.case_id, facts.c.seq)).tuples() if case_ids else ()
    return {
        number: tuple(FactView(seq, kind, on, data=data) for _, seq, kind, on, data in own)
        for number, own in groupby(listed, key=itemgetter(0))
    }
