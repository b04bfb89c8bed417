"""Orders of a list of cases on both databases: by the alphabet, by steps, what has no value last."""

from sqlalchemy import Engine

from casework.lists.list_order import ORDERS
from casework.lists.worklist import Filter, worklist
from models.database import reading, writing
from models.tables import case_rows
from tests.web.web_office import TODAY, build_office


def test_every_order_is_the_same_on_both_databases(either_bind: Engine) -> None:
    office = build_office(either_bind)
    with writing(either_bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == office.second).values(legal_on=TODAY))
    with reading(either_bind) as connection:
        found = {
            order: [row.ref for row in worklist(connection, Filter(), TODAY, order=order).rows]
            for order in (*ORDERS, *(f"-{order}" for order in ORDERS))
        }
        second = worklist(connection, Filter(), TODAY, order="unit", limit=1, offset=1)
    assert {len(refs) for refs in found.values()} == {4}
    assert found["legal"][0] == found["-legal"][0] == office.second, "a case without a date comes last both ways"
    assert found["unit"] == found["-unit"][::-1]
    assert found["district"][0] == office.elsewhere  # An Dương before Hồng Bàng
    assert ([row.ref for row in second.rows], second.total) == (found["unit"][1:2], 4)
