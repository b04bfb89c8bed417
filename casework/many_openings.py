"""Cases opened together: every row of each is made in memory, as `open_case` would write it one by one."""

import heapq
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, and_, func, select

from casework.effect_outbox import effect_row
from casework.ledger import NewFact, written_fact
from casework.opening import ISSUER, first_row_of, notice_of, opened_with, ref_of
from casework.projection import Values, rows_of
from models.clock import Clock
from models.tables import books, case_rows, officers
from models.typed_rows import row_of
from models.typed_rows.case_shapes import CaseRow, RegisterRow
from procedures.facts import CaseState
from procedures.legal_time.deadlines import derive_all
from procedures.state_machine.fold import step
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.versions import in_force

_NOT_YET = {"outcome": None, "closed_on": None, "target_on": None, "legal_on": None, "due_on": None, "irregular": 0}


@dataclass(frozen=True, slots=True)
class Opening:
    """All rows of a case that is about to be opened; `number`: its id."""

    number: int
    ref: str
    case: Values
    fact: dict[str, Any]
    deadlines: Sequence[Values]
    effect: dict[str, Any]


class Openings:
    """Opens cases under the ids and the numbers that follow.

    What it read stays as it was: who writes the rows makes sure that it still holds.
    """

    def __init__(
        self, connection: Connection, ids: Sequence[int], *, by: str, role: str, clock: Clock, on: date
    ) -> None:
        self._procedure, self._calendars = in_force(connection), OfficeCalendars(connection)
        self._officers = _Officers(connection)
        self._ids, self._by, self._role, self._clock, self._on = iter(ids), by, role, clock, on
        self.book = {"issuer": ISSUER, "series": self._procedure.case_prefix, "year": on.year}
        last = select(books.c.last).where(*(books.c[name] == value for name, value in self.book.items()))
        self.last = connection.scalar(last) or 0  # number given

    def open(self, unit: RegisterRow) -> Opening:
        procedure, now, on = self._procedure, self._clock.now(), self._on
        level = procedure.level_of_kind(unit["kind"], on)
        officer_id, login = self._officers.least_loaded(unit["district_code"] if level == "district" else None)
        self.last += 1
        ref = ref_of(procedure.case_prefix, on.year, self.last)
        values = first_row_of(procedure, unit, ref, level, officer_id, on, now)
        row = row_of(CaseRow, {"id": next(self._ids), **_NOT_YET, **values})
        data = opened_with(procedure, unit, level, login)
        fact, seen = written_fact(row, NewFact("opened", on, now, self._by, self._role, data), now)
        state = CaseState()
        step(procedure, state, seen)
        return self._opening(row, values, state, fact, effect_row(row["id"], *notice_of(ref, data), now))

    def _opening(
        self, row: CaseRow, values: Values, state: CaseState, fact: dict[str, Any], effect: dict[str, Any]
    ) -> Opening:  # fmt: skip
        calendars = self._calendars.of(office_of(row))
        derived = derive_all(self._procedure, state, calendars)
        made = rows_of(row, state, derived, fact["hash"], row["officer_id"], calendars.version)
        if made.obstacles:
            raise RuntimeError(f"{row['ref']}: a case just opened has an obstacle")
        case = values | {name: value for name, value in made.case.items() if name != "case_id"} | {"id": row["id"]}
        return Opening(row["id"], row["ref"], case, fact, list(made.deadlines.values()), effect)


class _Officers:
    """The case officers of each office by how many open cases they have; who gets one has one more."""

    def __init__(self, connection: Connection) -> None:
        mine = and_(case_rows.c.officer_id == officers.c.id, case_rows.c.closed_on.is_(None))
        found = (
            select(officers.c.district_code, func.count(case_rows.c.id), officers.c.id, officers.c.login)
            .outerjoin(case_rows, mine)
            .where(officers.c.role == "case_officer", officers.c.active)
            .group_by(officers.c.district_code, officers.c.id, officers.c.login)
        )
        self._of_office: defaultdict[str | None, list[tuple[int, int, str]]] = defaultdict(list)
        for office, *one in connection.execute(found).tuples():
            heapq.heappush(self._of_office[office], (one[0], one[1], one[2]))

    def least_loaded(self, office: str | None) -> tuple[int, str] | tuple[None, None]:
        """The id and the login of the one with the fewest, of several the first."""
        listed = self._of_office[office]
        if not listed:
            return None, None
        load, number, login = listed[0]
        heapq.heapreplace(listed, (load + 1, number, login))
        return number, login
