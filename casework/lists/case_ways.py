"""The last days of cases for fixed dates, worked out once from their facts and kept by this process.

A head identifies every fact of its case: what is kept holds as long as head, version, office and rules are the same.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from sqlalchemy import Connection, select

from casework.ledger import load_cases
from models.tables import case_rows
from oversight.remembered import Latest, rules_known
from procedures.schema import Procedure
from procedures.state_machine.last_days import LastDays, last_days
from rulebook.office_calendar import OfficeCalendars, office_of

AT_ONCE = 500  # cases named in one statement


class CaseLine(NamedTuple):
    """The row of a case, as far as a list of risks shows it or its way follows from it."""

    id: int
    head: str
    procedure: str
    district_code: str
    level: str
    ref: str
    unit_name: str
    officer_id: int | None
    opened_on: date

    @property
    def identity(self) -> tuple[str, ...]:
        return self.head, self.procedure, self.district_code, self.level


@dataclass(frozen=True, slots=True)
class CaseWay:
    """A case as its facts make it; `ways`: by fixed date, None where no lawful way is left."""

    identity: tuple[str, ...]
    procedure: Procedure
    state: str
    ways: Mapping[str, LastDays | None]


@dataclass(frozen=True, slots=True)
class ReadCase:
    """A case as its row is now, with its way."""

    line: CaseLine
    way: CaseWay


_kept: Latest[dict[int, CaseWay]] = Latest()
_LINE = select(*(case_rows.c[name] for name in CaseLine._fields))


def ways_of(connection: Connection, wanted: Mapping[int, Collection[str]]) -> dict[int, ReadCase]:
    """By case: its row and its last days for the fixed dates that are wanted of it."""
    kept = _kept.of((), rules_known(connection), dict)
    calendars = OfficeCalendars(connection)
    found: dict[int, ReadCase] = {}
    ids = sorted(wanted)
    for start in range(0, len(ids), AT_ONCE):
        lines = _lines(connection, ids[start : start + AT_ONCE])
        stale = [line for line in lines if not _holds(kept.get(line.id), line, wanted[line.id])]
        made = dict(_worked_out(connection, stale, wanted, calendars))
        kept.update((number, way) for number, way in made.items() if way.identity[0])
        found |= {line.id: ReadCase(line, made.get(line.id) or kept[line.id]) for line in lines}
    return found


def _lines(connection: Connection, ids: Sequence[int]) -> list[CaseLine]:
    return [CaseLine(*row) for row in connection.execute(_LINE.where(case_rows.c.id.in_(ids))).tuples()]


def _holds(way: CaseWay | None, line: CaseLine, dates: Collection[str]) -> bool:
    return way is not None and way.identity == line.identity and way.ways.keys() >= set(dates)


def _worked_out(
    connection: Connection, lines: Sequence[CaseLine], wanted: Mapping[int, Collection[str]], calendars: OfficeCalendars
) -> Iterator[tuple[int, CaseWay]]:
    loaded = load_cases(connection, [line.id for line in lines])
    for line in lines:
        case = loaded[line.id]
        days = calendars.of(office_of(case.row))
        ways = {name: last_days(case.procedure, case.state, name, days) for name in wanted[line.id]}
        yield line.id, CaseWay(line.identity, case.procedure, case.state.state, ways)
