"""A corrected register reaches open cases: offered by field, taken in for the ticked ones, printed from then on."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.acts import annul
from casework.ledger import load_case
from casework.office.people import actor
from casework.register_corrections import Correction, bring_over, corrections
from casework.register_import import commit
from casework.upkeep.integrity import verify
from correspondence.drafts import draft_by_hand, live, one_letter
from models.database import reading, writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.tables import case_rows, facts, units
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of

OFFICER = login_of("case_officer")
FILE = """Tên hợp tác xã;Quận/huyện;Xếp loại;Tình trạng;Số GCN;Ngày cấp;Người đại diện
HTX Dịch vụ nông nghiệp Bạch Đằng;Hồng Bàng;Yếu;Hoạt động, chưa đúng Luật;0207000123;05/03/2003;Nguyễn Văn Mới
"""


@pytest.fixture
def office(bind: Engine) -> Office:
    return build_office(bind)


def imported(office: Office) -> None:
    commit(office.bind, FILE.encode(), "so.csv", by=login_of("manager"), clock=CLOCK)


def pending(office: Office, district: str | None = "HBG") -> list[Correction]:
    with reading(office.bind) as connection:
        return corrections(connection, district)


def change(office: Office, ref: str, **fields: Any) -> None:
    with writing(office.bind) as connection:
        unit = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == ref))
        connection.execute(units.update().where(units.c.id == unit).values(**fields))


def brought(office: Office, *refs: str, by: str = OFFICER, source: str = "Sổ tháng 3", **marks: str) -> int:
    return bring_over(office.bind, {ref: marks.get("mark", "") for ref in refs}, source, by=by, clock=CLOCK)


def printed(office: Office) -> str:
    with writing(office.bind) as connection:
        person = actor(connection, OFFICER)
        number = draft_by_hand(connection, office.first, "name_deletion_notice", person, now=CLOCK.now(), today=TODAY)
        return str(live(connection, one_letter(connection, number), TODAY).letter)


def test_a_case_just_opened_agrees_with_the_register(office: Office) -> None:
    assert pending(office, None) == []


def test_an_import_is_offered_and_letters_print_it_once_it_is_brought_over(office: Office) -> None:
    imported(office)
    (found,) = pending(office)
    assert found.ref == office.first
    said = {item.name: (item.old, item.new) for item in found.fields}
    assert said["certificate_number"][1] == "0207000123"
    assert said["certificate_on"][1] == "2003-03-05"
    assert said["representative"][1] == "Nguyễn Văn Mới"
    assert "0207000123" not in printed(office)
    assert brought(office, office.first, mark=found.mark) == 1
    assert "0207000123" in printed(office)
    assert pending(office) == []
    assert brought(office, office.first) == 0
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []
        fact = load_case(connection, office.first).facts[-1]
    assert (fact.kind, fact.data["source"]) == ("register_corrected", "Sổ tháng 3")


def test_a_new_name_is_that_of_the_case(office: Office) -> None:
    change(office, office.first, name="HTX Bạch Đằng Mới")
    brought(office, office.first)
    with reading(office.bind) as connection:
        assert load_case(connection, office.first).row["unit_name"] == "HTX Bạch Đằng Mới"


def test_what_was_looked_at_is_what_comes_over(office: Office) -> None:
    change(office, office.first, phone="1")
    (found,) = pending(office)
    change(office, office.first, phone="2")
    with pytest.raises(Conflict):
        brought(office, office.first, mark=found.mark)
    assert len(pending(office)) == 1


def test_an_annulled_correction_is_offered_again(office: Office) -> None:
    change(office, office.first, phone="1")
    brought(office, office.first)
    with reading(office.bind) as connection:
        seq = load_case(connection, office.first).state.seq
    annul(office.bind, office.first, seq, by=OFFICER, reason="Nhầm", clock=CLOCK)
    assert [item.ref for item in pending(office)] == [office.first]


def test_many_come_over_or_none_and_only_by_their_office(office: Office) -> None:
    for ref in (office.first, office.second, office.elsewhere, office.city):
        change(office, ref, phone="1")
    with pytest.raises(NotFound):
        brought(office, office.first, office.elsewhere)
    with pytest.raises(Refused):
        brought(office, office.first, by=login_of("clerk"))
    with pytest.raises(Refused):
        brought(office, office.city)
    with pytest.raises(WrongInput, match="missing_field"):
        brought(office, office.first, source=" ")
    with pytest.raises(WrongInput, match="nothing_ticked"):
        brought(office)
    with reading(office.bind) as connection:
        assert connection.scalars(select(facts.c.id).where(facts.c.kind == "register_corrected")).all() == []
    assert brought(office, office.first, office.second) == 2
    assert [item.ref for item in pending(office, None)] == [office.elsewhere, office.city]


def test_a_closed_case_is_not_offered(office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == office.first).values(closed_on=date(2016, 3, 1)))
    change(office, office.first, phone="1")
    assert pending(office) == []
    with pytest.raises(Refused, match="case_closed"):
        brought(office, office.first)
