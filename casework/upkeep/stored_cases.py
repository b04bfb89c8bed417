"""Cases with all that is stored of them, and what their facts say should be stored: batch by batch, set-wise."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Table, select

from casework.ledger import view
from casework.projection import Rows, rows_of
from models.database import is_sqlite
from models.tables import case_rows, deadlines, facts, obstacles, officers
from models.tracking import Track
from models.typed_rows import all_rows, row_of
from models.typed_rows.case_shapes import CaseRow, DeadlineRow, ObstacleRow
from oversight.history_folding import History, HistoryRules, Named
from oversight.stored_histories import stored
from procedures.facts import FactView
from procedures.legal_time.deadlines import derive_all
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import office_readings
from rulebook.versions import Versions

BATCH = 500


@dataclass(frozen=True, slots=True)
class Whole:
    """A case's row, its facts with the hashes they were stored with, and the rows that lists are read from."""

    row: CaseRow
    facts: list[FactView]
    hashes: list[tuple[str, str]]  # of the fact before, and of this one
    deadlines: dict[str, DeadlineRow]
    obstacles: list[ObstacleRow]
    history: History | None = None  # as it is stored for forecasts; None where the case has changed since


def case_ids(connection: Connection, ref: str | None = None, *, after: int = 0) -> list[int]:
    """The case of a reference, or all of them behind a number, in the order of their numbers."""
    found = select(case_rows.c.id).where(case_rows.c.id > after).order_by(case_rows.c.id)
    return list(connection.scalars(found.where(case_rows.c.ref == ref) if ref else found))


def chunks(ids: Sequence[int], track: Track, size: int = BATCH) -> Iterable[Sequence[int]]:
    """The ids in batches of `size`, each reported to `track`."""
    starts = range(0, len(ids), size)
    return track((ids[start : start + size] for start in starts), len(starts))


def wholes(connection: Connection, ids: Sequence[int], *, lock: bool = False) -> list[Whole]:
    """The cases of a batch, in five queries."""
    found = select(case_rows).where(case_rows.c.id.in_(ids)).order_by(case_rows.c.id)
    found = found.with_for_update() if lock and not is_sqlite(connection) else found
    rows = all_rows(CaseRow, connection.execute(found))
    facts_by_case, dates = _by_case(connection, facts, ids), _by_case(connection, deadlines, ids)
    blocked, lived = _by_case(connection, obstacles, ids), stored(connection, date.max, only=ids)
    return [
        Whole(
            row,
            [view(fact) for fact in facts_by_case[row["id"]]],
            [(fact.previous, fact.hash) for fact in facts_by_case[row["id"]]],
            {date.key: row_of(DeadlineRow, date._mapping) for date in dates[row["id"]]},
            [row_of(ObstacleRow, item._mapping) for item in blocked[row["id"]]],
            lived.get(row["id"]),
        )
        for row in rows
    ]


def _by_case(connection: Connection, table: Table, ids: Sequence[int]) -> Mapping[int, list[Any]]:
    order = facts.c.seq if table is facts else table.c.id
    grouped: dict[int, list[Any]] = defaultdict(list)
    for row in connection.execute(select(table).where(table.c.case_id.in_(ids)).order_by(table.c.case_id, order)):
        grouped[row.case_id].append(row)
    return grouped


class Rules:
    """What the facts of any case are folded by: versions, readings, calendars and people, each read once."""

    def __init__(self, connection: Connection) -> None:
        self._versions, self._readings = Versions(connection), office_readings(connection)
        self._calendars, self._histories = OfficeCalendars(connection), HistoryRules(connection, None)
        self._officers = dict(connection.execute(select(officers.c.login, officers.c.id)).tuples().all())
        self._read: dict[tuple[str, str | None], Procedure] = {}

    def rows(self, whole: Whole) -> Rows:
        """What should be stored of a case. Raises the error that its facts cannot be folded for."""
        row, office = whole.row, office_of(whole.row)
        place = (row["procedure"], office)
        if place not in self._read:
            self._read[place] = self._readings.read(self._versions.of(row["procedure"]), office)
        procedure, calendars = self._read[place], self._calendars.of(office)
        state = fold(procedure, whole.facts)
        derived = derive_all(procedure, state, calendars)
        head = whole.hashes[-1][1] if whole.hashes else ""
        return rows_of(row, state, derived, head, self._officers.get(state.officer or ""), calendars.version)

    def history(self, whole: Whole) -> History | None:
        """What should be stored of a case for forecasts."""
        row = whole.row
        named = Named(row["id"], row["ref"], row["district_code"], row["procedure"])
        return self._histories.folded(named, whole.facts)
