"""Orders in which a list of cases may be read, beside the order by risk."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, case, func, select

from models.tables import case_rows, districts, obstacles, officers, units
from procedures.schema import Procedure
from templates.alphabet import alphabetical

ORDERS = ("unit", "ref", "district", "officer", "stage", "legal", "plan", "opened", "held")
DOWN = "-"  # before an order: the other way round
NEVER_EMPTY = ("unit", "ref", "opened")


def known_order(asked: str) -> str:
    """The order that an address asks for; empty, by risk, for one that there is not."""
    return asked if asked.removeprefix(DOWN) in ORDERS else ""


def order_of(connection: Connection, asked: str, procedure: Procedure) -> tuple[ColumnElement[Any], ...]:
    """What to order rows of cases by. What has no value comes last both ways; the same values are in order of cases."""
    name, down = asked.removeprefix(DOWN), asked.startswith(DOWN)
    found = []
    for column in _columns(connection, name, procedure):
        empty_last = [] if name in NEVER_EMPTY else [column.is_(None)]
        found += [*empty_last, column.desc() if down else column]
    return (*found, case_rows.c.ref)


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
    if name == "held":
        since = select(func.min(obstacles.c.since_on)).where(
            obstacles.c.case_id == row.id, obstacles.c.lifted_on.is_(None)
        )
        return (since.scalar_subquery(),)
    unit = select(units.c.sort_key).where(units.c.id == row.unit_id).scalar_subquery()
    plain = {"unit": unit, "ref": row.ref, "legal": row.legal_on, "plan": row.target_on, "opened": row.opened_on}
    return (plain[name],)


def _ranked(column: ColumnElement[Any], named: Iterable[tuple[Any, str]]) -> ColumnElement[Any]:
    """The place of a code among its names, in the order of the alphabet, which no database knows."""
    places = {code: place for place, (code, _) in enumerate(sorted(named, key=lambda one: alphabetical(one[1])))}
    return case(places, value=column, else_=None) if places else column
