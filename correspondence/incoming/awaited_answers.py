"""Letters that require an answer and have none yet: since when, by when, and from whom."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple, TypedDict

from sqlalchemy import Connection, Select, and_, select, union_all

from casework.office.people import Actor
from correspondence.letter_queue import JOINED, scope
from models.id_lists import among_ids
from models.tables import case_rows, facts, incoming, letter_rows
from models.typed_rows import all_rows
from oversight.remembered import Latest, rules_known
from procedures.facts import FactView
from procedures.former_names import all_names, names_of
from procedures.paper_steps import Papers
from rulebook.office_papers import OfficePapers

OPEN = ("issued", "served", "undelivered", "published")
_requesting = facts.alias("requesting")
_followed = and_(_requesting.c.case_id == letter_rows.c.case_id, _requesting.c.seq == letter_rows.c.fact_seq)
_SHOWN = select(
    letter_rows.c.id, letter_rows.c.number, letter_rows.c.symbol, letter_rows.c.data["extra"].label("extra"),
    letter_rows.c.data["frozen"]["addressees"].label("addressees"), case_rows.c.ref, case_rows.c.unit_name,
    _requesting.c.data.label("requested"),
).select_from(JOINED.outerjoin(_requesting, _followed))  # fmt: skip
AT_ONCE = 400  # letters that are looked into at once
_kept: Latest[dict[int, tuple[str, tuple[FactView, ...]]]] = Latest()  # by case: its head, and such facts


class _Asking(NamedTuple):
    """A letter that requires an answer."""

    id: int
    template: str
    issued_on: date
    case_id: int


class _Pinned(NamedTuple):
    """What tells whether the acts of a case are known already: its version, as name@version, and its last fact."""

    procedure: str
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
    found = connection.execute(_asking(person, known, level, cases)).tuples().all()
    waiting: list[AwaitedAnswer] = []
    for start in range(0, len(found), AT_ONCE):
        left = _unanswered(connection, [_Asking(*row) for row in found[start : start + AT_ONCE]], known)
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


@dataclass(frozen=True, slots=True)
class _Left:
    """A letter that waits, the version of its case, and the parts that are missing."""

    letter: _Asking
    procedure: str
    parts: list[str]


def _unanswered(connection: Connection, letters: Sequence[_Asking], known: OfficePapers) -> list[_Left]:
    """Those of the letters that wait. What only these show is not read here."""
    pins = _pinned(connection, letters)
    kinds = {(pins[letter.case_id].procedure, letter.template) for letter in letters}
    wanted = {(pin, template): _Wanted.of(known.of(pin), template) for pin, template in kinds}
    came, recorded = _registered(connection, letters, known), _recorded(connection, pins, known)
    found: list[_Left] = []
    for letter in letters:
        pin = pins[letter.case_id].procedure
        asked, answers = wanted[pin, letter.template], came.get(letter.id, set())
        if facts_of_case := recorded[letter.case_id]:
            answers = answers | asked.by_facts(facts_of_case, letter.issued_on)
        left = [part for part in asked.parts if part not in answers]
        if asked.kind and (left or not (asked.parts or answers)):
            found.append(_Left(letter, pin, left))
    return found


def _pinned(connection: Connection, letters: Sequence[_Asking]) -> dict[int, _Pinned]:
    row = case_rows.c
    own = among_ids(row.id, {letter.case_id for letter in letters})
    of_cases = select(row.id, row.procedure, row.head).where(own)
    return {number: _Pinned(*values) for number, *values in connection.execute(of_cases).tuples()}


def _registered(connection: Connection, letters: Sequence[_Asking], known: OfficePapers) -> dict[int, set[str]]:
    """By letter to several addressees: the parts that registered documents answer. The others have no answer."""
    own, several = incoming.c, _of_several(known)
    ids = [letter.id for letter in letters if letter.template in several]
    if not ids:
        return {}
    came = select(own.answers_letter_id, own.part).where(own.answers_letter_id.in_(ids))
    answered: dict[int, set[str]] = {}
    for letter, part in connection.execute(came).tuples():
        answered.setdefault(int(letter or 0), set()).add(part)
    return answered


def _described(
    connection: Connection, waiting: Sequence[_Left], known: OfficePapers, today: date
) -> Iterator[AwaitedAnswer]:
    of_these = _SHOWN.where(letter_rows.c.id.in_([left.letter.id for left in waiting]))
    shown = {item["id"]: item for item in all_rows(_Shown, connection.execute(of_these))} if waiting else {}
    for left in waiting:
        papers, item, letter = known.of(left.procedure), shown[left.letter.id], left.letter
        due_on, kind = _due(item, papers), papers.answer_to(letter.template)
        yield {
            "id": letter.id, "template": letter.template, "number": item["number"], "symbol": item["symbol"],
            "issued_on": letter.issued_on, "ref": item["ref"], "unit_name": item["unit_name"],
            "kind": kind, "verb": papers.incoming[kind].verb, "procedure": left.procedure, "parts": left.parts,
            "due_on": due_on,
            "late": due_on is not None and due_on < today, "addressees": list(item["addressees"] or ()),
        }  # fmt: skip


def _asking(person: Actor, known: OfficePapers, level: str, cases: Sequence[int] | None) -> Select[Any]:
    """The letters that may wait for an answer, the earliest first."""
    columns, several = letter_rows.c, _of_several(known)
    asking = {template for papers in known.all for template in papers.awaited()}
    # a value of each letter, not a join: PostgreSQL would read all cases for it
    wanted = and_(case_rows.c.closed_on.is_(None), *([case_rows.c.level == level] if level else []))
    own = [select(wanted).where(case_rows.c.id == columns.case_id).scalar_subquery(), columns.status.in_(OPEN)]
    if cases is not None:
        own.append(columns.case_id.in_(cases))
    shown = (columns.id, columns.template, columns.issued_on, columns.case_id)
    asked = select(*shown).where(*own, *scope(person))
    unanswered = asked.where(columns.template.in_(asking - several), ~columns.answered)
    in_parts = asked.where(columns.template.in_(several))  # one answer may not be all
    found = union_all(unanswered, in_parts).subquery()
    return select(found).order_by(found.c.issued_on, found.c.id)


def _of_several(known: OfficePapers) -> set[str]:
    """The letters to several addressees, each of whom answers."""
    return {template for papers in known.all for template in papers.of_several()}


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


def _recorded(
    connection: Connection, pins: Mapping[int, _Pinned], known: OfficePapers
) -> dict[int, tuple[FactView, ...]]:
    """By case: the facts, not annulled, of the verbs that answers record, by the names of its version.

    They are kept by this process as long as the case has the same head: no other reader reads them again.
    """
    kept = _kept.of((), rules_known(connection), dict)
    heads = {number: pinned.head for number, pinned in pins.items()}
    anew = [number for number, head in heads.items() if kept.get(number, ("", ()))[0] != head or not head]
    read, anew_ids = _read(connection, {number: pins[number].procedure for number in anew}, known), set(anew)
    kept.update((number, (heads[number], read.get(number, ()))) for number in anew if heads[number])
    return {number: read.get(number, ()) if number in anew_ids else kept[number][1] for number in heads}


def _read(
    connection: Connection, pins: Mapping[int, str], known: OfficePapers
) -> dict[int, tuple[FactView, ...]]:  # fmt: skip
    """`pins`: the version of each case."""
    verbs = {kind.verb for papers in known.all for kind in papers.incoming.values() if kind.answers}
    asked = all_names(known.procedures, "verbs", verbs)
    annulments = facts.alias("annulments")
    annulled = select(annulments.c.id).where(
        annulments.c.case_id == facts.c.case_id, annulments.c.annuls == facts.c.seq
    )
    found = select(facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.data).where(
        among_ids(facts.c.case_id, pins), facts.c.kind.in_(asked), ~annulled.exists()
    )
    listed = connection.execute(found.order_by(facts.c.case_id, facts.c.seq)).tuples() if pins else ()
    views = {
        number: tuple(FactView(seq, kind, on, data=data) for _, seq, kind, on, data in own)
        for number, own in groupby(listed, key=itemgetter(0))
    }
    return {number: tuple(names_of(known.procedure(pins[number])).facts(own)) for number, own in views.items()}
