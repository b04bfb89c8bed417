"""What the worklist finds."""

import pytest
from sqlalchemy import Engine, update

from casework.worklist import Filter, worklist
from models.database import reading, writing
from models.tables import units
from tests.web.office import TODAY, build_office


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("bach dang", 1), ("Bạch Đằng", 1), ("HTX", 3), ("HP-2016-0002", 1), ("hp-2016", 4), ("02.07-A", 1),
        ("0200-1", 1), ("50%", 0), ("_", 0), ("không có", 0), ("\\", 0),
    ],
)  # fmt: skip
def test_a_case_is_found_by_its_name_and_by_its_numbers_as_written(either_bind: Engine, typed: str, found: int) -> None:
    build_office(either_bind)
    with writing(either_bind) as connection:
        connection.execute(
            update(units).where(units.c.id == 2).values(certificate_number="02.07-A15", tax_code="0200-1")
        )
    with reading(either_bind) as connection:
        page = worklist(connection, Filter(search=typed), TODAY)
        assert page.total == found
