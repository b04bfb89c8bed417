"""Open deadlines derived again by another reading of an unclear point of the law."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, false, select

from casework.upkeep.open_cases import cases_of
from models.tables import case_rows, deadlines, facts
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import FactView
from procedures.former_names import all_names, own_name
from procedures.law.interpretations import Unclear, read_as
from procedures.legal_time.deadlines import Derived, derive_current
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from rule_changes.moved_deadlines import Moved, moved, with_news
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import office_readings, plain_readings
from rulebook.versions import Versions

Sum = Mapping[str, Any]


class Reread:
    """The open deadlines that a ruling affects, of the cases of a district's office or of all.

    What was worked out of a deadline is kept under the last fact of its case: while nobody else writes, only cases
    that were changed meanwhile are folded.
    """

    def __init__(self, connection: Connection, point: Unclear, reading: str, district: str | None, today: date) -> None:
        self.district = district
        self._point, self._reading, self._today = point, reading, today
        self._calendars, self._readings = OfficeCalendars(connection), office_readings(connection)
        self._versions = Versions(connection)
        self._known: dict[tuple[Any, ...], tuple[Moved | None, Sum]] = {}

    def found(self, connection: Connection) -> tuple[list[Moved], dict[int, Sum]]:
        """Those that move, in the order of the cases, and by the deadline's id every sum as the reading has it."""
        rows = {tuple(row): row for row in self._rows(connection)}
        self._know(connection, [row for key, row in rows.items() if key not in self._known])
        known = [(row.id, *self._known[key]) for key, row in rows.items()]
        return [item for _, item, _ in known if item is not None], {key: total for key, _, total in known}

    def _rows(self, connection: Connection) -> Iterator[Row[Any]]:
        columns, names = deadlines.c, all_names(self._versions.adopted, "deadlines", [self._point.deadline])
        own = false() if not self._point.deadline else _of_offices(self.district)
        asked: Select[Any] = (
            select(
                columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on, case_rows.c.ref,
                case_rows.c.unit_name, case_rows.c.procedure, case_rows.c.head,
            )
            .join(case_rows, case_rows.c.id == columns.case_id)
            .where(columns.key.in_(names), columns.status == "open", own, affected(connection, [self._point]))
            .order_by(case_rows.c.ref)
        )  # fmt: skip
        found = connection.execute(asked).all()
        keys = {pin: self._key(pin) for pin in {row.procedure for row in found}}
        yield from (row for row in found if row.key == keys[row.procedure])

    def _key(self, pin: str) -> str:
        return own_name(self._versions.of(pin), "deadlines", self._point.deadline)

    def _know(self, connection: Connection, rows: Sequence[Row[Any]]) -> None:
        by_case = {row.case_id: row for row in rows}
        derived = [(by_case[case["id"]], self._derived(case, own)) for case, own in cases_of(connection, list(by_case))]
        shifted = [(row, moved(row, item.ends_on, self._today)) for row, item in derived if item.ends_on != row.ends_on]
        news = with_news(connection, [item for _, item in shifted])
        moves = dict(zip((row.id for row, _ in shifted), news, strict=True))
        self._known |= {tuple(row): (moves.get(row.id), item.sum) for row, item in derived}

    def _derived(self, case: CaseRow, listed: Sequence[FactView]) -> Derived:
        office = office_of(case)
        readings = {**plain_readings(self._readings.of(office)), self._point.key: self._reading}
        read = read_as(self._versions.of(case["procedure"]), readings)
        return derive_current(read, fold(read, listed), self._key(case["procedure"]), self._calendars.of(office))


def affected(connection: Connection, points: Iterable[Unclear]) -> ColumnElement[bool]:
    """The open cases in which one of the points can make a difference: something was stopped or extended in them."""
    pins = connection.scalars(select(case_rows.c.procedure).where(case_rows.c.closed_on.is_(None)).distinct()).all()
    versions = Versions(connection)
    procedures = [versions.of(pin) for pin in pins]
    kinds = {kind for procedure in procedures for point in points for kind in _verbs(procedure, point)}
    asked = select(facts.c.case_id).where(facts.c.kind.in_(all_names(procedures, "verbs", kinds)))
    return and_(case_rows.c.closed_on.is_(None), case_rows.c.id.in_(asked))


def _of_offices(district: str | None) -> ColumnElement[bool]:
    """The cases of a district's own office; None: all."""
    if district is None:
        return case_rows.c.id.is_not(None)
    return and_(case_rows.c.district_code == district, case_rows.c.level == "district")


def _verbs(procedure: Procedure, point: Unclear) -> Iterator[str]:
    for name, verb in procedure.verbs.items():
        named = verb.raises if isinstance(verb.raises, str) or verb.raises is None else point.stops
        if (point.extends and verb.extends) or (point.stops and named == point.stops):
            yield name
