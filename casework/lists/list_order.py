"""Orders in which a list of cases may be read, beside the order by risk."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Subquery, case, func, select, true

from models.from_end import Order
from models.tables import case_rows, districts, obstacles, officers
from oversight.workload import held_up
from procedures.schema import Procedure
from templates.alphabet import alphabetical

ORDERS = ("unit", "ref", "district", "officer", "stage", "legal", "plan", "opened", "held")
DOWN = "-"  # before an order: the other way round
NEVER_EMPTY = ("unit", "ref", "opened")
_HELD = (
    select(obstacles.c.case_id, func.min(obstacles.c.since_on).label("since_on"))
    .where(obstacles.c.lifted_on.is_(None))
    .group_by(obstacles.c.case_id)
    .subquery("held_since")
)


def known_order(asked: str) -> str:
    """The order that an address asks for; empty, by risk, for one that there is not."""
    return asked if asked.removeprefix(DOWN) in ORDERS else ""


@dataclass(frozen=True, slots=True)
class OrderedPart:
    """A part of a list in one order. `joined`: what is read beside the cases, by `case_id`; only those are listed."""

    by: Order
    where: ColumnElement[bool]
    joined: Subquery | None = None


def parts_in(connection: Connection, asked: str, procedure: Procedure) -> list[OrderedPart]:
    """What to order rows of cases by. What has no value comes last both ways; the same values are in order of cases."""
    name, down, refs = asked.removeprefix(DOWN), asked.startswith(DOWN), (case_rows.c.ref, False)
    if name == "held":
        return [OrderedPart([(_HELD.c.since_on, down), refs], true(), _HELD), OrderedPart([refs], ~held_up())]
    found: list[tuple[ColumnElement[Any], bool]] = []
    for column in _columns(connection, name, procedure):
        empty_last = [] if name in NEVER_EMPTY else [(column.is_(None), False)]
        found += [*empty_last, (column, down)]
    return [OrderedPart([*found, refs], true())]


def _columns(connection: Connection, name: str, procedure: Procedure) -> tuple[ColumnElement[Any], ...]:
    row = case_rows.c
    if name == "district":
        return (_ranked(row.district_code, connection.execute(select(districts.c.code, districts.c.name)).tuples()),)
    if name == "officer":
        people = select(officers.c.id, officers.c.name).where(officers.c.role == "case_officer")
        return (_ranked(row.officer_id, connection.execute(people).tuples()),)
    if name == "stage":
        places = {code: place for place, code in enumerate(procedure.stages)}
        steps = {code: place for place, code in enumerate(procedure.states)}
        return case(places, value=row.stage, else_=None), case(steps, value=row.state, else_=None)
    plain = {
        "unit": row.unit_sort, "ref": row.ref, "legal": row.legal_on, "plan": row.target_on, "opened": row.opened_on,
    }  # fmt: skip
    return (plain[name],)


def _ranked(column: ColumnElement[Any], named: Iterable[tuple[Any, str]]) -> ColumnElement[Any]:
    """The place of a code among its names, in the order of the alphabet, which no database knows."""
    places = {code: place for place, (code, _) in enumerate(sorted(named, key=lambda one: alphabetical(one[1])))}
    return case(places, value=column, else_=None) if places else column
