"""What the worklist finds."""

from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select, update

from casework.lists.worklist import Filter, light_counts, worklist
from models.database import reading, writing
from models.tables import case_rows, units
from oversight.thresholds import due_soon_until
from tests.web.web_office import TODAY, build_office, new_case


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bach dang", 1), ("Bạch Đằng", 1), ("HTX", 3), ("HP-2016-0002", 1), ("hp-2016", 4), ("02.07-A15", 1),
        ("0207a15", 1), ("0200-17", 1), ("50%", 0), ("_", 0), ("không có", 0), ("\\", 0),
    ],
)  # fmt: skip
def test_a_case_is_found_by_its_name_and_by_its_numbers(either_bind: Engine, typed: str, found: int) -> None:
    build_office(either_bind)
    with writing(either_bind) as connection:
        connection.execute(
            update(units).where(units.c.id == 2).values(certificate_number="02.07-A15", tax_code="0200-17")
        )
    with reading(either_bind) as connection:
        page = worklist(connection, Filter(search=typed), TODAY)
        assert page.total == found


DAYS = (None, TODAY - timedelta(days=9), TODAY - timedelta(days=1), TODAY, TODAY + timedelta(days=3))


def _dated(bind: Engine) -> list[tuple[int, date, str]]:
    """Cases with every pair of dates, in the order that a list has to have."""
    build_office(bind)
    with writing(bind) as connection:
        connection.execute(case_rows.update().values(legal_on=None, target_on=None, due_on=None))
        for legal in DAYS:
            for target in DAYS:
                ref = new_case(connection, f"HTX {legal} {target}", "HBG")
                due = min((day for day in (legal, target) if day), default=None)
                dates = {"legal_on": legal, "target_on": target, "due_on": due}
                connection.execute(case_rows.update().where(case_rows.c.ref == ref).values(**dates))
        rows = connection.execute(select(case_rows.c.legal_on, case_rows.c.due_on, case_rows.c.ref)).all()
    soon = due_soon_until(TODAY)
    return sorted(
        (0, row.legal_on, row.ref)
        if row.legal_on is not None and row.legal_on <= soon
        else (1, row.due_on or date.max, row.ref)
        for row in rows
    )


@pytest.mark.parametrize(
    "criteria", [Filter(), Filter(district="HBG"), Filter(stage="review")], ids=lambda item: str(item)
)
def test_pages_follow_each_other_worst_first(either_bind: Engine, criteria: Filter) -> None:
    expected = [ref for _, _, ref in _dated(either_bind)]
    with reading(either_bind) as connection:
        everything = worklist(connection, criteria, TODAY, limit=1_000)
        refs = [row.ref for row in everything.rows]
        assert refs == [ref for ref in expected if ref in refs]
        assert everything.total == len(refs) > 20
        for size in (1, 4, 7):
            pages = [
                worklist(connection, criteria, TODAY, limit=size, offset=at) for at in range(0, len(refs) + 3, size)
            ]
            assert [row.ref for page in pages for row in page.rows] == refs
            assert {page.total for page in pages} == {len(refs)}
        assert sum(light_counts(connection, criteria, TODAY).values()) == len(refs)
