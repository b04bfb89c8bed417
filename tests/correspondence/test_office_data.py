"""Letters say what the office entered of its surroundings, and ask for what it has not."""

import pytest
from sqlalchemy import delete, update

from casework.office import agencies, plans, unit_communes
from casework.office.agencies import AgencyEntry
from casework.office.plans import PlanEntry
from correspondence import drafts
from letters.output.plain import plain
from letters.tree import Letter
from models.database import reading, writing
from models.errors import Refused
from models.tables import agencies as agency_rows
from models.tables import case_rows, communes, programme_plans
from tests.correspondence.paperwork import Paperwork
from tests.tampering import behind_the_program
from tests.web.web_office import TODAY, login_of, new_case


def letter_of(papers: Paperwork, letter: int) -> Letter:
    with reading(papers.bind) as connection:
        row = drafts.one_letter(connection, letter)
        return drafts.live(connection, row, TODAY).letter


def asked(papers: Paperwork, letter: int) -> list[str]:
    return [item.name for item in letter_of(papers, letter).missing if item.name.startswith("office.")]


def test_an_inquiry_goes_to_named_banks(papers: Paperwork) -> None:
    letter = papers.handed_in_as_draft("inquiries")
    assert "Ngân hàng Thử" in letter_of(papers, letter).addressees
    with writing(papers.bind) as connection:
        manager = papers.person("manager")
        for name in ("Ngân hàng Một", "Ngân hàng Hai"):
            agencies.add(connection, AgencyEntry("bank", name, "", "HBG"), by=manager, clock=papers.clock)
    found = letter_of(papers, letter)
    assert found.addressees[1:3] == ("Ngân hàng Một", "Ngân hàng Hai"), "its own before the city's"
    assert "Đề nghị Ngân hàng Một, Ngân hàng Hai cho biết:" in plain(found)


def test_without_a_bank_an_inquiry_is_not_submitted(papers: Paperwork) -> None:
    with writing(papers.bind) as connection:
        connection.execute(delete(agency_rows))
    letter = papers.drafted("inquiries", reply_by_on="2016-04-05")
    assert asked(papers, letter) == ["office.bank"]
    with pytest.raises(Refused) as refused:
        papers.submitted(letter)
    assert "ngân hàng" in str(refused.value.params["fields"])


def test_the_plan_is_cited_with_its_number_or_asked_for(papers: Paperwork) -> None:
    letter = papers.drafted("tax_inquiry")
    assert "Thực hiện Kế hoạch số 15/KH-UBND ngày 12 tháng 5 năm 2014 của Ủy ban" in plain(letter_of(papers, letter))
    with behind_the_program(papers.bind) as connection:
        connection.execute(delete(programme_plans))
    assert asked(papers, letter) == ["office.plan"]
    assert "Kế hoạch" not in plain(letter_of(papers, letter)).split("Thực hiện")[1].split(",")[0]


def test_a_plan_of_a_later_day_is_not_cited(papers: Paperwork) -> None:
    letter = papers.drafted("tax_inquiry")
    with behind_the_program(papers.bind) as connection:
        connection.execute(update(programme_plans).values(signed_on=TODAY.replace(year=TODAY.year + 1)))
    assert asked(papers, letter) == ["office.plan"]


def test_a_district_cites_its_own_plan_once_it_is_entered(papers: Paperwork) -> None:
    letter = papers.drafted("review_report")
    assert "quận Hồng Bàng rà soát" not in plain(letter_of(papers, letter))
    assert asked(papers, letter) == []
    entry = PlanEntry("7/KH-UBND", TODAY.replace(year=2014), "Ủy ban nhân dân quận Hồng Bàng", "rà soát", "HBG")
    with writing(papers.bind) as connection:
        plans.record(connection, entry, by=papers.person("manager"), clock=papers.clock)
    assert "Kế hoạch số 7/KH-UBND ngày 14 tháng 3 năm 2014 của Ủy ban nhân dân quận Hồng Bàng rà soát" in plain(
        letter_of(papers, letter)
    )


def test_a_commune_that_is_not_known_is_asked_for_and_set_once(papers: Paperwork) -> None:
    with writing(papers.bind) as connection:
        papers.ref = new_case(connection, "HTX Kênh Mới", "HBG", commune="Kênh Mới", address="Tổ 5")
    letter = papers.drafted("name_deletion_notice")
    assert asked(papers, letter) == ["office.commune"]
    assert "Kênh Mới" not in plain(letter_of(papers, letter)).replace("Hợp tác xã Kênh Mới", "")
    with writing(papers.bind) as connection:
        unit = connection.scalar(
            case_rows.select().where(case_rows.c.ref == papers.ref).with_only_columns(case_rows.c.unit_id)
        )
        unit_communes.set_commune(connection, int(unit or 0), "HBG07", by=papers.person("manager"), clock=papers.clock)
    assert asked(papers, letter) == []
    assert "Ủy ban nhân dân phường Quán Toan" in plain(letter_of(papers, letter))


@pytest.mark.parametrize("text", ["Minh Khai", "minh khai", "P. Minh Khai", "phường Minh Khai", "Xã Minh Khai"])
def test_however_the_register_writes_it_a_commune_has_its_type(papers: Paperwork, text: str) -> None:
    with writing(papers.bind) as connection:
        papers.ref = new_case(connection, "HTX Thử Tên", "HBG", commune=text, address=f"Tổ 5, {text}")
    said = plain(letter_of(papers, papers.drafted("name_deletion_notice")))
    assert "Ủy ban nhân dân phường Minh Khai" in said
    for place in range(len(said)):
        if said.startswith("Minh Khai", place):
            assert said[:place].lower().endswith(("phường ", "xã ", "p. ")), said[place - 20 : place + 20]


def test_a_corrected_list_reaches_letters_at_once(papers: Paperwork) -> None:
    letter = papers.drafted("name_deletion_notice")
    with writing(papers.bind) as connection:
        connection.execute(
            update(communes).where(communes.c.code == "HBG01").values(name="Hạ Lý Mới", former=["Hạ Lý"])
        )
    assert "Ủy ban nhân dân phường Hạ Lý Mới" in plain(letter_of(papers, letter))


@pytest.mark.parametrize("role", ["case_officer", "leader", "legal", "clerk", "commune"])
def test_others_than_managers_and_administrators_enter_nothing(papers: Paperwork, role: str) -> None:
    by, clock = papers.person(role), papers.clock
    plan = PlanEntry("7/KH-UBND", TODAY.replace(year=2014), "Ủy ban nhân dân quận Hồng Bàng", "", "HBG")
    with writing(papers.bind) as connection:
        for act in (
            lambda: agencies.add(connection, AgencyEntry("bank", "X", "", "HBG"), by=by, clock=clock),
            lambda: plans.record(connection, plan, by=by, clock=clock),
            lambda: unit_communes.set_commune(connection, 1, "HBG01", by=by, clock=clock),
        ):
            with pytest.raises(Refused):
                act()


def test_a_manager_enters_nothing_for_another_office(papers: Paperwork) -> None:
    manager, clock = papers.person(login_of("manager", "ADG")), papers.clock
    with writing(papers.bind) as connection:
        for district in ("HBG", None):
            with pytest.raises(Refused):
                agencies.add(connection, AgencyEntry("bank", "X", "", district), by=manager, clock=clock)
