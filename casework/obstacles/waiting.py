"""Open obstacles of the cases in sight, by the body that can lift them: for the desk that presses others."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, func, select

from casework.obstacles.answers import ANSWERED, BodyAnswer, latest_answer
from casework.obstacles.letters_on import LetterOfObstacle, newest_letters
from casework.obstacles.tries import TRIED, Try, tries_of
from casework.office.people import Actor
from models.tables import case_rows, facts, letter_obstacles, obstacles, officers, units
from procedures.facts import FactView
from rulebook.versions import Versions

ORDERS = ("body", "commune")
JOINED = (
    obstacles.join(case_rows, case_rows.c.id == obstacles.c.case_id)
    .join(units, units.c.id == case_rows.c.unit_id)
    .outerjoin(officers, officers.c.id == case_rows.c.officer_id)
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which obstacles: of one body (named by a kind that it lifts), one kind, district, commune, of one officer, on the
    list of a letter."""

    body: str = ""
    code: str = ""
    district: str = ""
    commune: str = ""
    officer: int | None = None
    letter: int | None = None


@dataclass(frozen=True, slots=True)
class BodyCount:
    """What waits for one body in one district: `body` is the first kind that it lifts."""

    body: str
    district: str
    cases: int
    since: date


@dataclass(slots=True)
class WaitingObstacle:
    """An open obstacle with its case, its letter and its tries."""

    code: str
    since: date
    note: str
    case_id: int
    ref: str
    unit_name: str
    district: str
    level: str
    procedure: str
    officer: str
    commune: str
    letter: LetterOfObstacle | None = None
    tries: Sequence[Try] = field(default=())
    answer: BodyAnswer | None = None

    @property
    def mark(self) -> str:
        """How forms and commands name it."""
        return f"{self.ref}:{self.code}"

    @property
    def next_on(self) -> date | None:
        """When to try again, as the last try says."""
        return self.tries[-1].next_on if self.tries else None


def body_of(versions: Versions, code: str) -> str:
    """The first kind of obstacle that the same body lifts; the kind itself where no version knows it."""
    kind = versions.part("obstacles", code, "")
    if kind is None:
        return code
    known = versions.in_force.obstacles.items()
    return next((key for key, other in known if other.lifted_by.vi == kind.lifted_by.vi), code)


def bodies_waited_for(connection: Connection, person: Actor, wanted: Wanted) -> list[BodyCount]:
    """How many obstacles wait for each body, the most first."""
    versions = Versions(connection)
    found = select(obstacles.c.code, case_rows.c.district_code, func.count(), func.min(obstacles.c.since_on))
    found = _open(found, person, wanted, _codes(versions, wanted))
    found = found.group_by(obstacles.c.code, case_rows.c.district_code)
    added = dict[tuple[str, str], BodyCount]()
    for code, district, cases, since in connection.execute(found).tuples():
        key = body_of(versions, code), district
        one = added.get(key, BodyCount(*key, 0, since))
        added[key] = BodyCount(*key, one.cases + cases, min(one.since, since))
    return sorted(added.values(), key=lambda item: (-item.cases, item.body, item.district))


def how_many(connection: Connection, person: Actor, wanted: Wanted) -> int:
    """How many open obstacles are wanted."""
    codes = _codes(Versions(connection), wanted)
    return connection.scalar(_open(select(func.count()), person, wanted, codes)) or 0


def waiting_obstacles(
    connection: Connection, person: Actor, wanted: Wanted, *, by: str = "body", limit: int, offset: int = 0
) -> list[WaitingObstacle]:
    """A page of open obstacles, of each body or commune the oldest first."""
    codes = _codes(Versions(connection), wanted)
    groups = (case_rows.c.district_code, units.c.commune if by == "commune" else obstacles.c.code)
    found = _open(select(*COLUMNS), person, wanted, codes).order_by(*groups, obstacles.c.since_on, case_rows.c.ref)
    return _read(connection, found.limit(limit).offset(offset))


def obstacles_of_cases(connection: Connection, person: Actor, refs: Sequence[str]) -> list[WaitingObstacle]:
    """The open obstacles of some cases, by unit; those of cases out of sight are left out."""
    found = _open(select(*COLUMNS), person, Wanted(), ()).where(case_rows.c.ref.in_(refs))
    return _read(connection, found.order_by(case_rows.c.unit_name, case_rows.c.id, obstacles.c.code))


def obstacles_of_case(connection: Connection, person: Actor, case_id: int) -> list[WaitingObstacle]:
    """The open obstacles of one case, with their letters and tries."""
    found = _open(select(*COLUMNS), person, Wanted(), ()).where(obstacles.c.case_id == case_id)
    return _read(connection, found.order_by(obstacles.c.since_on, obstacles.c.id))


def last_tries(connection: Connection, cases: Sequence[int]) -> dict[tuple[int, str], Try]:
    """The last try on each open obstacle of some cases, by case and kind of obstacle."""
    if not cases:
        return {}
    open_ = obstacles.c.lifted_on.is_(None), obstacles.c.case_id.in_(cases)
    rows = [WaitingObstacle(*row) for row in connection.execute(select(*COLUMNS).select_from(JOINED).where(*open_))]
    _add_history(connection, rows)
    return {(row.case_id, row.code): row.tries[-1] for row in rows if row.tries}


COLUMNS = (
    obstacles.c.code, obstacles.c.since_on, obstacles.c.note, case_rows.c.id, case_rows.c.ref, case_rows.c.unit_name,
    case_rows.c.district_code, case_rows.c.level, case_rows.c.procedure, func.coalesce(officers.c.name, ""),
    func.coalesce(units.c.commune, ""),
)  # fmt: skip


def _open(found: Select[Any], person: Actor, wanted: Wanted, codes: Sequence[str]) -> Select[Any]:
    held = select(obstacles.c.case_id).where(obstacles.c.lifted_on.is_(None))  # the few, before SQLite reads all cases
    found = found.select_from(JOINED).where(
        obstacles.c.lifted_on.is_(None), case_rows.c.closed_on.is_(None), case_rows.c.id.in_(held)
    )
    if place := person.district or wanted.district:
        found = found.where(case_rows.c.district_code == place)
    if codes:
        found = found.where(obstacles.c.code.in_(codes))
    if wanted.commune:
        found = found.where(units.c.commune == wanted.commune)
    if wanted.letter is not None:
        found = found.where(of_letter(wanted.letter))
    return found.where(case_rows.c.officer_id == wanted.officer) if wanted.officer is not None else found


def of_letter(letter_id: int) -> ColumnElement[bool]:
    """Open obstacles that the list of a letter has; one that was lifted and named again is another."""
    listed = letter_obstacles.c
    same = (listed.case_id == obstacles.c.case_id, listed.code == obstacles.c.code)
    found = select(listed.letter_id).where(listed.letter_id == letter_id, *same)
    return found.where(listed.since_on == obstacles.c.since_on).exists()


def _codes(versions: Versions, wanted: Wanted) -> list[str]:
    """The kinds of obstacles that are asked for; empty: every kind."""
    if wanted.code:
        return [wanted.code]
    known = versions.in_force.obstacles
    if not wanted.body:
        return []
    return [code for code in known if body_of(versions, code) == wanted.body] or [wanted.body]


def _read(connection: Connection, found: Select[Any]) -> list[WaitingObstacle]:
    rows = [WaitingObstacle(*row) for row in connection.execute(found).tuples()]
    if rows:
        _add_history(connection, rows)
        newest = newest_letters(connection, [(row.case_id, row.code, row.procedure) for row in rows])
        for row in rows:
            row.letter = newest.get((row.case_id, row.code))
    return rows


def _add_history(connection: Connection, rows: Sequence[WaitingObstacle]) -> None:
    columns, cases = facts.c, {row.case_id for row in rows}
    found = select(
        columns.case_id, columns.seq, columns.kind, columns.occurred_on, columns.by, columns.data, columns.annuls
    ).where(columns.case_id.in_(cases), columns.kind.in_((TRIED, ANSWERED, "annulled")))
    tried: dict[int, list[FactView]] = {}
    gone: set[tuple[int, int | None]] = set()
    for case_id, seq, kind, on, by, data, annuls in connection.execute(found).tuples():
        if kind in (TRIED, ANSWERED):
            tried.setdefault(case_id, []).append(FactView(seq, kind, on, by, data=data))
        gone.add((case_id, annuls))
    for row in rows:
        valid = [fact for fact in tried.get(row.case_id, ()) if (row.case_id, fact.seq) not in gone]
        row.tries = tries_of(valid, row.code, row.since)
        row.answer = latest_answer(valid, row.code, row.since)
