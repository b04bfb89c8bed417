"""Several cases given to other officers at once."""

import re
from collections.abc import Callable

import pytest

from casework.acts import reassign
from casework.lists.worklist import Filter, worklist
from models.database import reading, writing
from models.tables import officers
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of, new_case
from web.cases.reassignment_pages import IN_SELECTS

As = Callable[..., Visitor]
FIRST, SECOND = login_of("case_officer"), "second.hbg"


@pytest.fixture
def laden(office: Office) -> Office:
    """The first officer of Hồng Bàng has all four cases of the district, the second none, a third two."""
    with writing(office.bind) as connection:
        third = {"login": "third.hbg", "name": "Người thứ ba", "role": "case_officer", "district_code": "HBG"}
        blank = {"title": "", "post": "", "email": "", "lang": "vi", "active": True, "is_sample": True}
        connection.execute(officers.insert().values(**blank, **third))
        refs = [new_case(connection, f"HTX {number}", "HBG") for number in range(4)]
    for ref in (office.first, office.second, *refs[:2]):
        reassign(office.bind, ref, FIRST, by=login_of("manager"), reason="x", clock=CLOCK)
    for ref in refs[2:]:
        reassign(office.bind, ref, "third.hbg", by=login_of("manager"), reason="x", clock=CLOCK)
    return office


def held(office: Office, login: str) -> set[str]:
    with reading(office.bind) as connection:
        return {row.ref for row in worklist(connection, Filter(officer=login), TODAY).rows}


def chosen(text: str) -> dict[str, str]:
    found = re.findall(r'name="(to\.[^"]+)">(.*?)</select>', text, re.S)
    picked = {name: re.findall(r'value="([^"]+)" selected', options) for name, options in found}
    return {name: logins[0] for name, logins in picked.items() if logins}


def test_the_work_of_one_who_leaves_is_shared_out_evenly(laden: Office, as_role: As) -> None:
    manager = as_role("manager")
    address = f"/reassign?officer={FIRST}"
    proposal = chosen(manager.get(f"{address}&even=true").text)
    assert sorted(proposal.values()) == ["second.hbg"] * 3 + ["third.hbg"]  # three each
    answer = manager.send(address, {**proposal, "reason": "Nghỉ thai sản"})
    page = manager.get(answer.headers["location"]).text
    assert page.count("Người thứ ba") == 1 and page.count("Người thứ hai") == 3, "who got what"
    assert page.count(f"Người {FIRST}") == 4 and "Chưa giao ai" not in page, "and who had it before"
    assert held(laden, FIRST) == set()
    assert (len(held(laden, SECOND)), len(held(laden, "third.hbg"))) == (3, 3)
    assert "Nghỉ thai sản" in manager.get(f"/cases/{laden.first}").text


def test_usual_reasons_are_offered_an_absence_that_was_entered_first(laden: Office, as_role: As) -> None:
    manager, address = as_role("manager"), f"/reassign?officer={FIRST}&even=true"
    offered = re.findall(r'data-fills="reason" value="([^"]+)"', manager.get(address).text)
    assert offered[0] == f"Người {FIRST} nghỉ ốm từ 14/03/2016" and len(offered) == 3
    away = {"from_on": "14/03/2016", "to_on": "18/03/2016", "substitute": SECOND, "reason": "x"}
    assert manager.send(f"/office/absences/{FIRST}", away).status_code == 303
    offered = re.findall(r'data-fills="reason" value="([^"]+)"', manager.get(address).text)
    assert offered[0] == f"Người {FIRST} vắng mặt đến hết ngày 18/03/2016" and len(offered) == 4
    assert "data-fills" not in manager.get("/reassign").text, "of cases of several officers nothing is known"


@pytest.mark.parametrize(
    ("to", "reason", "said"),
    [
        pytest.param(SECOND, "", "Lý do", id="no reason"),
        pytest.param("", "Nghỉ", "Chưa chọn người nhận", id="nobody chosen"),
        pytest.param(FIRST, "Nghỉ", "Chưa chọn người nhận", id="who has it already"),
        pytest.param(login_of("case_officer", "ADG"), "Nghỉ", "case_officer.adg", id="of another district"),
        pytest.param(login_of("clerk"), "Nghỉ", "clerk.hbg", id="no case officer"),
    ],
)
def test_one_wrong_choice_and_nothing_changes_hands(
    laden: Office, as_role: As, to: str, reason: str, said: str
) -> None:
    before = held(laden, FIRST)
    sent = {f"to.{laden.first}": to, "reason": reason}
    if to not in ("", FIRST):
        sent[f"to.{laden.second}"] = SECOND
    answer = as_role("manager").send("/reassign", sent)
    assert answer.status_code == 422
    assert said in answer.text
    assert "(reason)" not in answer.text, "a page calls a field by one name"
    assert held(laden, FIRST) == before


def test_a_district_neither_sees_nor_gives_what_others_carry(laden: Office, as_role: As) -> None:
    manager = as_role("manager")
    page = manager.get("/reassign").text
    assert laden.first in page
    assert laden.elsewhere not in page
    assert f"to.{laden.city}" not in page
    for ref, to in ((laden.elsewhere, SECOND), (laden.city, login_of("case_officer", None))):
        before = held(laden, to)
        answer = manager.send("/reassign", {f"to.{ref}": to, "reason": "x"})
        assert answer.status_code == 422
        assert held(laden, to) == before


def test_a_reassignment_is_undone_on_the_same_day_while_the_case_did_not_go_on(laden: Office, as_role: As) -> None:
    manager = as_role("manager")
    given = {f"to.{laden.first}": SECOND, f"to.{laden.second}": SECOND, "reason": "Nghỉ phép"}
    before = held(laden, FIRST)
    where = manager.send("/reassign", given).headers["location"]
    both = {"line": [laden.first, laden.second], "reason": "Giao nhầm"}
    assert as_role("case_officer", "ADG").send(f"{where}/undo", both).status_code == 404
    undone = manager.send(f"{where}/undo", both)
    assert undone.status_code == 303 and held(laden, FIRST) == before
    assert "đã hủy nội dung đã ghi" in manager.get(undone.headers["location"]).text
    assert "Hủy việc hàng loạt số" in manager.get(undone.headers["location"]).text
    assert manager.send(f"{where}/undo", both).status_code == 403


def test_a_case_that_went_on_keeps_its_new_officer(laden: Office, as_role: As) -> None:
    manager = as_role("manager")
    where = manager.send("/reassign", {f"to.{laden.first}": "third.hbg", "reason": "Nghỉ phép"}).headers["location"]
    reassign(laden.bind, laden.first, SECOND, by=login_of("manager"), reason="x", clock=CLOCK)
    answer = manager.send(f"{where}/undo", {"line": laden.first, "reason": "Giao nhầm"})
    assert answer.status_code == 422 and "đã có nội dung mới" in answer.text
    assert laden.first in held(laden, SECOND)


@pytest.fixture
def crowded(laden: Office) -> Office:
    """More colleagues than a page has options for at each case; two of them have one name."""
    blank = {"role": "case_officer", "district_code": "HBG", "title": "", "post": "", "email": "", "lang": "vi"}
    with writing(laden.bind) as connection:
        for number in range(IN_SELECTS):
            person = {"login": f"cv{number}.hbg", "name": f"Chuyên viên {number // 2}", "active": True}
            connection.execute(officers.insert().values(**blank, **person, is_sample=True))
    return laden


def test_a_large_office_has_one_list_of_names_for_all_cases(crowded: Office, as_role: As) -> None:
    manager = as_role("manager")
    text = manager.get("/reassign").text
    assert text.count("<datalist") == 1 and text.count('list="people-HBG"') == 6
    assert text.count('value="Chuyên viên 3 (cv7.hbg)"') == 1, "the list has each person once"
    proposal = manager.get(f"/reassign?give={SECOND}").text
    assert proposal.count(f'value="Người thứ hai ({SECOND})"') == 7, "the list, and the six cases"
    sent = {
        f"to.{crowded.first}": "Chuyên viên 3 (cv7.hbg)",
        f"to.{crowded.second}": "người thứ  hai",
        "reason": "Nghỉ",
    }
    assert manager.send("/reassign", sent).status_code == 303
    assert held(crowded, "cv7.hbg") == {crowded.first} and crowded.second in held(crowded, SECOND)


@pytest.mark.parametrize("typed", ["Chuyên viên 3", "Chuyên viên 99", f"Người {login_of('clerk')}"])
def test_a_name_that_fits_nobody_or_two_is_said_and_stays(crowded: Office, as_role: As, typed: str) -> None:
    before = held(crowded, FIRST)
    sent = {f"to.{crowded.first}": typed, f"to.{crowded.second}": SECOND, "reason": "Nghỉ"}
    answer = as_role("manager").send("/reassign", sent)
    assert answer.status_code == 422 and f"«{typed}»" in answer.text
    assert f'value="{typed}" aria-invalid="true"' in answer.text, "at the case where it was typed"
    assert f'value="Người thứ hai ({SECOND})"' in answer.text, "what was right stays too"
    assert held(crowded, FIRST) == before
