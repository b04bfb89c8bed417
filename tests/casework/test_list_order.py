"""Orders of a list of cases on both databases: by the alphabet, by steps, what has no value last."""

from datetime import date

from sqlalchemy import Engine, select

from casework.lists.list_order import ORDERS
from casework.lists.worklist import Filter, worklist
from models.database import reading, writing
from models.tables import case_rows, obstacles
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


def test_pages_of_every_order_are_the_whole_list(either_bind: Engine) -> None:
    """Pages beyond the middle are read from the end; those with an obstacle and those without are read apart."""
    office = build_office(either_bind)
    with writing(either_bind) as connection:
        numbers = dict(connection.execute(select(case_rows.c.ref, case_rows.c.id)).tuples().all())
        since = {office.second: date(2016, 2, 1), office.elsewhere: date(2016, 1, 4)}
        rows = [{"case_id": numbers[ref], "code": "tax_debt", "since_on": on} for ref, on in since.items()]
        connection.execute(obstacles.insert(), rows)
    with reading(either_bind) as connection:
        for order in (*ORDERS, *(f"-{order}" for order in ORDERS)):
            whole = [row.ref for row in worklist(connection, Filter(), TODAY, order=order).rows]
            assert len(whole) == len(numbers) == 4
            for size in (1, 2, 3):
                pages = [
                    worklist(connection, Filter(), TODAY, order=order, limit=size, offset=offset)
                    for offset in range(0, 6, size)
                ]
                assert [row.ref for found in pages for row in found.rows] == whole, (order, size)
                assert {found.total for found in pages} == {4}
        held = [row.ref for row in worklist(connection, Filter(), TODAY, order="held").rows]
        back = [row.ref for row in worklist(connection, Filter(), TODAY, order="-held").rows]
    assert (held[:2], back[:2]) == ([office.elsewhere, office.second], [office.second, office.elsewhere])
    assert held[2:] == back[2:] == sorted(held[2:])
