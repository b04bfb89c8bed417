"""A successor who was named before a take-over, or is found later, represents the unit in the register."""

from sqlalchemy import select

from casework.acts import annul
from casework.takeover.found_later import add_found
from models.database import reading
from models.tables import case_rows, units
from tests.casework.test_taking_over import CLOCK, DECIDED, MANAGER, OFFICER, both, office, state, taken, unit
from tests.web.web_office import Office

__all__ = ["both", "office"]

SUCCESSOR = {
    "record_representative_death": "20/05/2015", "record_representative_death.person": "ông Vũ Văn An",
    "name_successor": "28/05/2015", "name_successor.successor": "Đào Thị Nhàn",
    "name_successor.phone": "0225 3 700 001",
}  # fmt: skip


def in_register(office: Office, ref: str) -> tuple[str, str]:
    with reading(office.bind) as connection:
        number = select(case_rows.c.unit_id).where(case_rows.c.ref == ref).scalar_subquery()
        found = connection.execute(select(units.c.representative, units.c.phone).where(units.c.id == number)).one()
    return found[0], found[1]


def test_a_successor_of_before_represents_the_unit_in_the_register(both: Office) -> None:
    ref = taken(both, {**DECIDED, **SUCCESSOR})
    assert in_register(both, ref) == ("Đào Thị Nhàn", "0225 3 700 001")
    assert state(both, ref).unit["representative"] == "Đào Thị Nhàn"
    undone = taken(both, {**DECIDED, **SUCCESSOR}, unit=unit(both, "HTX Cũ hai", representative="ông Vũ Văn An"))
    annul(both.bind, undone, state(both, undone).seq, by=MANAGER, reason="Nhầm", clock=CLOCK)
    assert in_register(both, undone)[0] == "ông Vũ Văn An"


def test_a_successor_found_later_is_written_to_the_register_too(office: Office) -> None:
    ref = taken(office)
    add_found(office.bind, ref, SUCCESSOR, source="biên bản của xã", by=OFFICER, clock=CLOCK)
    assert in_register(office, ref)[0] == "Đào Thị Nhàn"
