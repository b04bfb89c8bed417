"""A transferred case opens at the office that receives it."""

import pytest
from sqlalchemy import Engine, select

from casework.ledger import load_case
from flows.jobs.effects import drain
from models.database import reading
from models.errors import Refused
from models.tables import case_rows, units
from tests.acting import apply
from tests.web.web_office import CLOCK, Office, build_office, login_of


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


DATA = {"to_body": "Cơ quan nhận (thử)", "reason": "Không thuộc thẩm quyền"}


@pytest.mark.parametrize(
    ("to_office", "level", "district"), [("ADG", "district", "ADG"), ("city", "city", "HBG"), ("elsewhere", "", "HBG")]
)
def test_the_receiver_gets_a_case_of_its_own(office: Office, to_office: str, level: str, district: str) -> None:
    done = apply(
        office.bind, office.first, "transfer_out", by=login_of("manager"), clock=CLOCK,
        data={**DATA, "to_office": to_office},
    )  # fmt: skip
    drain(office.bind, CLOCK)
    drain(office.bind, CLOCK)
    with reading(office.bind) as connection:
        assert (done.state, done.outcome) == ("S8", "transferred_out")
        old = load_case(connection, office.first).row
        of_unit = select(case_rows.c.ref, case_rows.c.level).where(case_rows.c.unit_id == old["unit_id"])
        opened = connection.execute(of_unit.where(case_rows.c.ref != office.first)).tuples().all()
        assert [found for _, found in opened] == ([level] if level else [])
        for ref, _ in opened:
            fresh = load_case(connection, ref).state
            assert (fresh.state, fresh.unit["transferred_from"], fresh.district) == ("S0", office.first, district)
        assert connection.scalar(select(units.c.district_code).where(units.c.id == old["unit_id"])) == district


def test_a_case_is_not_transferred_to_its_own_office(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        apply(
            office.bind, office.first, "transfer_out", by=login_of("manager"), clock=CLOCK,
            data={**DATA, "to_office": "HBG"},
        )  # fmt: skip
    assert refused.value.code == "same_office"
