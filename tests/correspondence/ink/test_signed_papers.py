"""Papers signed in ink: entered by one person, confirmed from the scan by another, never by the same."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from casework.acts import annul
from correspondence.drafts import cancel_drafts_of
from correspondence.ink.ink_lists import last_remarks, to_confirm, to_enter
from correspondence.ink.signatories import Signatory
from correspondence.ink.signed_papers import InkPaper, scan_of
from correspondence.letter_queue import letter_list_page, on_paper_count, waiting_count
from correspondence.letter_rights import ENTERERS
from correspondence.number_book import book
from correspondence.signed_versions import versions
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import case_rows, signed_papers
from templates.words import say
from tests.correspondence.ink.desk import BOOK, HEAD, SCAN, InkDesk
from tests.web.web_office import ROLES, TODAY, Office, login_of


def line(letter: int, number: str = "41", **changes: Any) -> InkPaper:
    return replace(InkPaper(letter, HEAD.name, "", TODAY, number, SCAN), **changes)


def test_a_confirmed_paper_is_issued_with_the_number_and_day_it_has(desk: InkDesk) -> None:
    letter, day = desk.waiting(), date(2016, 3, 10)
    paper = desk.enter(letter, signed_on=day, signer="đào  thị én")
    assert desk.status(letter) == "entered"
    assert desk.confirm(paper) == [letter]
    row = desk.row(letter)
    assert (row["status"], row["number"], row["issued_on"], row["approved_by"]) == ("issued", 41, day, "clerk.hbg")
    fact = desk.facts("letter_issued")[0]
    assert (fact["occurred_on"], fact["data"]["number"]) == (day, f"41/{row['symbol']}")
    assert "Đào Thị Én" in desk.reads(letter) and "ngày 10 tháng 3 năm 2016" in desk.reads(letter)
    with reading(desk.bind) as connection:
        assert [item["sha256"] for item in versions(connection, letter)] == [desk.entries()[0]["sha256"]]
        lines = book(connection, desk.person("clerk"), year=2016, issuer=BOOK)
        assert [(item["number"], item["id"]) for item in lines] == [(41, letter)]
        assert scan_of(connection, paper, desk.person("clerk"))[0] == SCAN[1]


def test_many_papers_are_confirmed_at_once_or_none(desk: InkDesk) -> None:
    letters = [desk.waiting() for _ in "123"]
    made = desk.enter_all([line(letter, str(90 - place)) for place, letter in enumerate(letters)])
    desk.send_back(made[2])
    with pytest.raises(Refused) as refused:
        desk.confirm(*made)
    assert refused.value.code == "ink_decided_already"
    assert [desk.status(letter) for letter in letters] == ["entered", "entered", "submitted"]
    assert desk.confirm(*made[:2]) == letters[:2]
    assert [desk.row(letter)["number"] for letter in letters] == [90, 89, None]


@pytest.mark.parametrize("role", ROLES)
def test_each_role_enters_and_confirms_as_it_may(desk: InkDesk, role: str) -> None:
    letter = desk.waiting()
    if role not in ENTERERS:
        with pytest.raises(Refused) as refused:
            desk.enter(letter, by=role)
        assert refused.value.code == "ink_not_yours"
    other = "manager" if role == "case_officer" else "case_officer"
    paper = desk.enter(letter, by=role if role in ENTERERS else other)
    if role in ENTERERS:
        for act in (lambda: desk.confirm(paper, by=role), lambda: desk.send_back(paper, by=role)):
            with pytest.raises(Refused) as refused:
                act()
            assert refused.value.code == "ink_four_eyes"
        desk.confirm(paper, by=other)
        return
    for act in (lambda: desk.confirm(paper, by=role), lambda: desk.send_back(paper, by=role)):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "ink_not_yours"
    assert desk.status(letter) == "entered"


@pytest.mark.parametrize("place", ["ADG", None])
def test_another_office_neither_enters_nor_confirms(desk: InkDesk, place: str | None) -> None:
    letter, login = desk.waiting(), login_of("clerk", place)
    wanted: type[CoopcaseError] = NotFound if place else Refused
    with pytest.raises(wanted):
        desk.enter(letter, by=login)
    paper = desk.enter(letter)
    for act in (lambda: desk.confirm(paper, by=login), lambda: desk.send_back(paper, by=login)):
        with pytest.raises(wanted):
            act()
    if place:
        with reading(desk.bind) as connection, pytest.raises(NotFound):
            scan_of(connection, paper, desk.person(login))


@pytest.mark.parametrize("status", ["draft", "submitted", "returned", "approved", "issued", "cancelled", "entered"])
def test_a_paper_is_entered_while_its_letter_waits_for_a_signature(desk: InkDesk, status: str) -> None:
    letter = desk.drafted(deleted_on="25/03/2016")
    if status != "draft":
        desk.submitted(letter)
    if status in ("entered", "approved", "issued"):
        paper = desk.enter(letter, by="case_officer")
    if status == "issued":
        desk.confirm(paper)
    if status == "approved":
        desk.withdraw(paper)
        desk.on_paper(BOOK, date(2016, 1, 1), mode="kept_here")
        desk.confirm(desk.enter(letter, number=""))
    if status == "returned":
        desk.withdraw(desk.enter(letter))
    if status == "cancelled":
        desk.confirm(desk.enter(letter))
        desk.cancelled(letter, "Sai")
    if status in ("draft", "submitted", "returned"):
        desk.enter(letter, number="77")
        assert desk.status(letter) == "entered"
        return
    with pytest.raises(Refused) as refused:
        desk.enter(letter, number="77")
    assert refused.value.code == "letter_not_in_status"


def test_a_returned_or_withdrawn_entry_leaves_the_letter_as_it_was(desk: InkDesk) -> None:
    draft, handed_in = desk.drafted(deleted_on="25/03/2016"), desk.waiting()
    before = [desk.row(letter) for letter in (draft, handed_in)]
    desk.send_back(desk.enter(draft))
    desk.withdraw(desk.enter(handed_in))
    for row in before:
        now = desk.row(row["id"])
        assert {name: now[name] for name in ("status", "data", "symbol", "issuer", "content_hash")} == {
            name: row[name] for name in ("status", "data", "symbol", "issuer", "content_hash")
        }
    with reading(desk.bind) as connection:
        assert last_remarks(connection, [draft, handed_in]) == {draft: "Sai số"}
    assert [item["status"] for item in desk.entries()] == ["returned", "withdrawn"]
    desk.confirm(desk.enter(draft))
    assert desk.row(draft)["number"] == 41


def test_only_who_entered_it_takes_an_entry_back_and_a_return_needs_a_remark(desk: InkDesk) -> None:
    paper = desk.enter(desk.waiting())
    with pytest.raises(Refused) as refused:
        desk.withdraw(paper, by="clerk")
    assert refused.value.code == "ink_not_yours_to_withdraw"
    with pytest.raises(WrongInput) as wrong:
        desk.send_back(paper, remarks="  ")
    assert wrong.value.field == "remarks"
    with pytest.raises(NotFound):
        desk.confirm(paper + 99)


@pytest.mark.parametrize(
    ("changes", "field", "code"),
    [
        ({"signer": ""}, "signer", "missing_field"),
        ({"signer": "Người manager.hbg"}, "signer", "named_may_not_sign"),
        ({"authority": "KT"}, "authority", "named_signs_otherwise"),
        ({"authority": "XX"}, "authority", "not_an_option"),
        ({"signed_on": None}, "signed_on", "missing_field"),
        ({"signed_on": TODAY + timedelta(days=1)}, "signed_on", "issue_in_future"),
        ({"signed_on": date(2014, 12, 31)}, "signer", "named_may_not_sign"),
        ({"number": ""}, "number", "number_from_paper"),
        ({"number": "41/QĐ"}, "number", "number_not_of_book"),
        ({"number": "0"}, "number", "number_not_of_book"),
        ({"file": None}, "file", "ink_needs_scan"),
        ({"file": ("a.txt", b"abc")}, "file", "ink_scan_kind"),
        ({"file": ("a.pdf", b"MZ")}, "file", "evidence_kind"),
    ],
)
def test_a_wrong_field_of_an_entry_is_named(desk: InkDesk, changes: dict[str, Any], field: str, code: str) -> None:
    letter = desk.waiting()
    with pytest.raises(WrongInput) as wrong:
        desk.enter(letter, **changes)
    assert (wrong.value.field, wrong.value.code) == (field, code)
    assert all("{" not in say(wrong.value, lang) for lang in ("vi", "en"))
    assert desk.status(letter) == "submitted"


def test_a_refusal_names_who_may_sign_and_what_would_let_another(desk: InkDesk) -> None:
    with pytest.raises(WrongInput) as wrong:
        desk.enter(desk.waiting(), signer="Người manager.hbg")
    said = say(wrong.value, "vi")
    assert "Người ký được: Đào Thị Én." in said
    assert "KT. cho cấp phó (Phó trưởng phòng)" in said
    assert "Cơ quan › Ủy quyền ký" in said


def test_where_nobody_is_recorded_the_refusal_names_the_post(small: Office) -> None:
    desk = InkDesk(small.bind, small.first)
    desk.open()
    letter = desk.waiting()
    with pytest.raises(WrongInput) as wrong:
        desk.enter(letter, signed_on=date(2014, 12, 31))
    assert "Người ký được: Trưởng phòng Tài chính - Kế hoạch." in say(wrong.value, "vi")


def test_every_wrong_cell_of_a_grid_is_named_at_once_and_nothing_is_entered(desk: InkDesk) -> None:
    first, second, third = (desk.waiting() for _ in "123")
    with pytest.raises(WrongInput) as wrong:
        desk.enter_all([line(first, "5"), line(second, "5"), line(third, "", file=None)])
    also: Any = wrong.value.params["also"]
    assert [error.field for error in (wrong.value, *also)] == [f"number.{second}", f"file.{third}"]
    assert desk.entries() == []
    assert desk.status(first) == "submitted"


def test_a_letter_with_a_field_missing_is_filled_in_first(desk: InkDesk) -> None:
    letter = desk.drafted("name_deletion_notice")
    with pytest.raises(Refused) as refused:
        desk.enter(letter)
    assert refused.value.code == "letter_incomplete"
    with pytest.raises(WrongInput) as wrong:
        desk.enter_all([line(letter), line(desk.waiting(), "42")])
    assert (wrong.value.field, wrong.value.code) == (f"letter.{letter}", "letter_incomplete")


def test_a_deputy_signs_under_kt_by_a_right_that_was_recorded(desk: InkDesk) -> None:
    letter = desk.waiting()
    deputy = Signatory("Vũ Bình", "Phó Trưởng phòng", "finance_office", date(2016, 3, 1), authority="KT")
    desk.signatory(deputy)
    desk.confirm(desk.enter(letter, signer="Vũ Bình", authority="KT."))
    assert desk.row(letter)["data"]["frozen"]["authority"] == ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]


def test_where_the_book_is_kept_here_the_confirmed_letter_waits_for_its_number(desk: InkDesk) -> None:
    desk.on_paper(BOOK, date(2016, 1, 1), mode="kept_here")
    letter = desk.waiting()
    with pytest.raises(WrongInput) as wrong:
        desk.enter(letter)
    assert wrong.value.code == "number_by_hand"
    assert desk.confirm(desk.enter(letter, number="")) == []
    assert desk.status(letter) == "approved"
    assert desk.row(desk.issue(letter))["number"] == 1


def test_an_entry_of_a_fact_that_was_annulled_is_not_confirmed(desk: InkDesk) -> None:
    desk.do("accept_case", file_held=True)
    seq = desk.do("ask_agencies", tax_period="2010-2014")
    letter = desk.filled(desk.requested("tax_inquiry", seq), reply_by_on="05/04/2016")
    paper = desk.enter(letter)
    annul(desk.bind, desk.ref, seq, by=login_of("case_officer"), reason="x", clock=desk.clock)
    with writing(desk.bind) as connection:
        cancel_drafts_of(connection, desk.row(letter)["case_id"], seq, now=desk.clock.now())
    assert desk.status(letter) == "cancelled"
    with pytest.raises(Refused) as refused:
        desk.confirm(paper)
    assert refused.value.code == "ink_decided_already"


def waits(desk: InkDesk, login: str) -> int:
    with reading(desk.bind) as connection:
        return waiting_count(connection, desk.person(login), desk.today)


def listed(desk: InkDesk, login: str, status: str) -> list[int]:
    with reading(desk.bind) as connection:
        rows, _ = letter_list_page(connection, desk.person(login), desk.today, status=status, limit=50, offset=0)
    return [row["id"] for row in rows]


def test_what_is_signed_on_paper_waits_for_officer_and_clerk_then_for_a_second_person(desk: InkDesk) -> None:
    logins = [login_of(role) for role in ROLES] + [login_of("clerk", "ADG"), login_of("clerk", None)]
    letter = desk.waiting()
    assert {login for login in logins if waits(desk, login)} == {"clerk.hbg", "case_officer.hbg"}
    with writing(desk.bind) as connection:
        other = desk.person("second.hbg").id
        connection.execute(update(case_rows).where(case_rows.c.ref == desk.ref).values(officer_id=other))
    assert {login for login in logins if waits(desk, login)} == {"clerk.hbg"}
    assert listed(desk, "clerk.hbg", "on_paper") == [letter]
    assert listed(desk, login_of("clerk", "ADG"), "on_paper") == []
    with reading(desk.bind) as connection:
        assert on_paper_count(connection, desk.person("clerk"), desk.today) == 1
        assert [row["id"] for row in to_enter(connection, desk.person("clerk"))] == [letter]
    paper = desk.enter(letter, by="clerk")
    assert waits(desk, "clerk.hbg") == 0
    assert waits(desk, "manager.hbg") == 1
    assert listed(desk, "clerk.hbg", "entered") == [letter]
    with reading(desk.bind) as connection:
        readers = ["clerk.hbg", "manager.hbg", "leader.hbg", login_of("manager", "ADG"), login_of("manager", None)]
        shown = {
            login: [(item["entry"]["id"], item["mine"]) for item in to_confirm(connection, desk.person(login))]
            for login in readers
        }
    assert shown.pop("clerk.hbg") == [(paper, True)]
    assert shown.pop("manager.hbg") == [(paper, False)]
    assert not any(shown.values())


def test_two_people_who_confirm_at_once_issue_it_once(either_desk: InkDesk) -> None:
    desk = either_desk
    letter = desk.waiting()
    paper = desk.enter(letter)
    with ThreadPoolExecutor(2) as hands:
        tries = [hands.submit(desk.confirm, paper, by=who) for who in ("clerk", "manager")]
    errors = [one.exception() for one in tries]
    assert sorted(type(error).__name__ for error in errors) == ["NoneType", "Refused"]
    assert len(desk.facts("letter_issued")) == 1


def test_a_number_entered_twice_at_once_is_given_once(either_desk: InkDesk) -> None:
    desk = either_desk
    first, second = desk.waiting(), desk.waiting()
    one = desk.enter(first)
    desk.withdraw(one)
    papers = [desk.enter(first, number="8"), desk.enter(second, number="9")]
    with writing(desk.bind) as connection:  # as two people may have entered it in the same moment
        connection.execute(update(signed_papers).where(signed_papers.c.id == papers[1]).values(number=8))
    with ThreadPoolExecutor(2) as hands:
        tries = [hands.submit(desk.confirm, paper) for paper in papers]
    errors = [error for one in tries if (error := one.exception())]
    assert [(type(error), getattr(error, "code", "")) for error in errors] == [(WrongInput, "number_taken")]
    assert sorted(desk.status(letter) for letter in (first, second)) == ["entered", "issued"]
