"""The administrator's pages, and a password that was set by an administrator."""

import html
import re
from collections.abc import Callable

from tests.web.web_office import PASSWORD, Office, Visitor

As = Callable[..., Visitor]
FIELDS = {"name": "Trần Thị Lan (thử)", "role": "case_officer", "district": "HBG", "title": "bà", "lang": "vi"}


def given(text: str) -> str:
    found = re.search(r'class="secret">([^<]+)<', text)
    assert found
    return found[1]


def test_a_new_officer_comes_in_and_chooses_a_password(office: Office, as_role: As, anybody: Visitor) -> None:
    admin = as_role("admin", None)
    lent = given(admin.send("/office/people/new", {**FIELDS, "login": "lan.hbg"}).text)
    assert anybody.sign_in("lan.hbg", lent).status_code == 303
    for path in ("/work", "/me", f"/cases/{office.first}"):
        assert anybody.get(path).headers["location"] == "/me/password"
    typed = {"old": lent, "new": "mat khau rieng 1", "again": "mat khau rieng 1"}
    assert anybody.send("/me/password", typed, page="/me/password").status_code == 303
    assert anybody.get("/work").status_code == 200


def test_what_is_wrong_is_named_at_its_field_and_nothing_typed_is_lost(office: Office, as_role: As) -> None:
    typed = {**FIELDS, "login": "Lan Trần", "email": "lan", "role": "king"}
    answer = as_role("admin", None).send("/office/people/new", typed)
    assert answer.status_code == 422
    assert answer.text.count('class="wrong"') == 3  # each at its field, all at once
    assert "Trần Thị Lan (thử)" in answer.text
    assert "không dùng được" in answer.text


def test_a_changed_password_ends_the_other_sessions(office: Office, as_role: As) -> None:
    here, elsewhere = as_role("clerk"), as_role("clerk")
    typed = {"old": PASSWORD, "new": "mat khau rieng 1", "again": "mat khau rieng 1"}
    assert here.send("/me/password", typed).status_code == 303
    assert here.get("/work").status_code == 200
    assert elsewhere.get("/work").headers["location"].startswith("/sign-in")


def test_who_leaves_is_signed_out_and_named_in_the_list(office: Office, as_role: As) -> None:
    clerk, admin = as_role("clerk"), as_role("admin", None)
    answer = admin.send("/office/people/clerk.hbg/leave", {"reason": "nghỉ hưu"})
    assert answer.headers["location"] == "/office/people"
    assert clerk.get("/work").status_code == 303
    assert "đã chuyển công tác, nghỉ việc" in admin.get("/office/people").text


def test_a_district_sees_its_own_people_only(office: Office, as_role: As) -> None:
    text = as_role("manager").get("/office/people?district=ADG").text
    assert "clerk.hbg" in text
    assert "clerk.adg" not in text


def test_the_list_of_people_is_read_by_the_page(office: Office, as_role: As) -> None:
    admin = as_role("admin", None)
    listed = html.unescape(admin.get("/office/people").text)
    assert "clerk.adg" in listed and not re.search(r"<td[^>]*>\s+</td>", listed), "an empty cell is empty"
    assert "Không có trang 9: danh sách hiện có 22 mục" in html.unescape(admin.get("/office/people?p=9").text)
