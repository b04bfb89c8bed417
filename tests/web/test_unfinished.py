"""Nothing that was typed is lost: session over, token too old, refused field, a case that moved on."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from casework.office import unfinished_forms
from casework.office.unfinished_forms import Upload
from models.clock import SystemClock
from models.settings import settings
from tests.web.typed import FILE, PageForm, Values, forms_of, sent
from tests.web.web_office import Office, Visitor, did, login_of

As = Callable[..., Visitor]
TEXT = 'Đã trao đổi với bà Lan <b>&amp; «ông» "Hùng"\'\nhẹn tuần sau'
ATTACHED = [("evidence", FILE)]


@pytest.fixture
def address(office: Office) -> str:
    """An act with text, a choice and files."""
    did(office, office.first, "accept_case", file_held="true")
    return f"/cases/{office.first}/acts/record_visit"


def drawn(visitor: Visitor, address: str, action: str = "") -> PageForm:
    text = visitor.get(address).text
    return next(form for form in forms_of(text, address) if form.action == (action or address))


def filled(form: PageForm, **values: str) -> Values:
    given = {f"f.{name}": value for name, value in values.items()} | {"on": "14/03/2016"}
    return [(name, value) for name, value in form.values if name not in given] + list(given.items())


def folders() -> list[Path]:
    return list((settings().data.resolve() / "unfinished").glob("*/*"))


def come_back(visitor: Visitor, where: str, login: str) -> str:
    """Sign in at the address that was answered; where that leads."""
    assert where.startswith("/sign-in?")
    assert "được lưu" in visitor.get(where).text
    page = next(form for form in forms_of(visitor.get(where).text, where) if form.secrets)
    answer = visitor.send(
        "/sign-in", {"login": login, "password": "mat-khau-thu", "next": page.of("next")[0]}, page=where
    )
    return str(answer.headers["location"])


def test_an_ended_session_loses_nothing(office: Office, as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    officer.client.cookies.clear()
    status, where = sent(officer, form, filled(form, present=TEXT, findings="Còn hoạt động", signed="yes"), ATTACHED)
    assert status == 303
    assert come_back(officer, where, login_of("case_officer")) == address
    page = officer.get(address).text
    assert "được điền lại" in page
    again = drawn(officer, address)
    assert again.of("f.present") == [TEXT] and again.of("f.signed") == ["yes"] and len(again.of("kept_file")) == 1
    status, where = sent(officer, again, filled(again, visited_on="14/03/2016"))
    assert (status, folders()) == (303, [])
    assert FILE[0] in officer.get(where).text
    assert "/unfinished" not in officer.get("/work").text


def test_it_is_shown_to_the_same_person_alone(office: Office, as_role: As, address: str, anybody: Visitor) -> None:
    officer, other = as_role("case_officer"), as_role("manager")
    form = drawn(officer, address)
    officer.client.cookies.clear()
    sent(officer, form, filled(form, present=TEXT), ATTACHED)
    officer.sign_in(login_of("manager"))
    for visitor in (officer, other):
        assert "bà Lan" not in visitor.get(address).text and "/unfinished" not in visitor.get(address).text
    token = folders()[0].name
    for path in (f"/unfinished/{token}", f"/unfinished/{token}/files/0"):
        assert (other.get(path).status_code, anybody.get(path).status_code) == (404, 303)
        assert as_role("case_officer").get(path).status_code == 200
    assert other.send(f"/unfinished/{token}/discard").status_code == 303
    assert len(folders()) == 1, "another person discards nothing"
    second = Visitor(TestClient(anybody.client.app, raise_server_exceptions=False))
    second.sign_in("second.hbg")
    form = drawn(second, address)
    stolen = [*filled(form, visited_on="14/03/2016", present="x", findings="x"), ("kept_file", f"{token}/0")]
    assert sent(second, form, stolen) == (404, "")


def test_what_is_planted_is_kept_for_nobody(office: Office, as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    officer.client.cookies.clear()
    for mark in ("", "WzEsIi8iXQ.x.y", form.of("drawn")[0][:-1] + "!"):
        values = [(name, value) for name, value in filled(form, present=TEXT) if name != "drawn"]
        assert sent(officer, form, [*values, ("drawn", mark)]) == (303, "/sign-in?next=%2F")
    assert folders() == []


def test_a_form_with_a_token_of_an_earlier_session_is_offered_again(as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    officer.send("/sign-out")
    officer.sign_in(login_of("case_officer"))
    status, _ = sent(officer, form, filled(form, present=TEXT), ATTACHED)
    assert status == 403
    again = drawn(officer, address)
    assert again.of("f.present") == [TEXT] and len(again.of("kept_file")) == 1


def test_a_form_of_another_person_is_kept_for_that_one(as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    officer.send("/sign-out")
    officer.sign_in(login_of("manager"))
    answer = officer.client.post(form.action, data=dict(filled(form, present=TEXT)))
    assert answer.status_code == 403
    assert "do người khác mở" in answer.text and "bà Lan" not in answer.text
    assert drawn(as_role("case_officer"), address).of("f.present") == [TEXT]


def test_a_refused_field_keeps_the_chosen_file(office: Office, as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    values = dict(filled(form, visited_on="31/02/2016", present=TEXT, findings="x", signed="yes"))
    answer = officer.client.post(form.action, data=values, files=[("evidence", FILE)])
    assert answer.status_code == 422
    again = next(form for form in forms_of(answer.text, address) if form.action == address)
    assert again.of("f.present") == [TEXT] and "được điền lại" not in answer.text
    status, where = sent(officer, again, filled(again, visited_on="14/03/2016"))
    assert status == 303 and FILE[0] in officer.get(where).text
    assert folders() == []


def test_a_file_that_is_not_taken_is_not_ticked(as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    files = [("evidence", FILE), ("evidence", ("la.exe", b"MZ\x00", "application/octet-stream"))]
    answer = officer.client.post(
        form.action,
        data=dict(filled(form, visited_on="14/03/2016", present="a", findings="x", signed="yes")),
        files=files,
    )
    again = next(form for form in forms_of(answer.text, address) if form.action == address)
    assert answer.status_code == 422 and len(again.of("kept_file")) == 1 and "la.exe" in answer.text
    assert sent(officer, again, again.values)[0] == 303


def test_rows_added_keep_files_and_come_back(office: Office, as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    answer = officer.client.post(form.action, data=dict(filled(form, present=TEXT)) | {"more": "x"}, files=ATTACHED)
    again = next(form for form in forms_of(answer.text, address) if form.action == address)
    assert answer.status_code == 200 and len(again.of("kept_file")) == 1


def test_a_case_that_moved_on_leaves_the_text_readable(office: Office, as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    values = dict(filled(form, visited_on="14/03/2016", present=TEXT, findings="x", signed="yes"))
    did(office, office.first, "close_as_error", "manager", reason="Trùng hồ sơ")
    answer = officer.client.post(address, data=values, files=[("evidence", FILE)])
    assert answer.status_code in (403, 409)
    token = folders()[0].name
    assert f"/unfinished/{token}" in answer.text
    page = officer.get(f"/unfinished/{token}").text
    assert "bà Lan" in page and FILE[0] in page
    assert "Người có mặt" in page and f"{office.first}: Ghi biên bản kiểm tra" in page
    assert f"{office.first}: Ghi biên bản kiểm tra" in officer.get("/unfinished").text
    assert officer.get(f"/unfinished/{token}/files/0").content == FILE[1]


def test_discarded_is_gone(as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    sent(officer, form, filled(form, present=TEXT), ATTACHED)
    assert "/unfinished" in officer.get("/work").text
    form = next(form for form in forms_of(officer.get(address).text, address) if form.action.endswith("/discard"))
    assert sent(officer, form, form.values) == (303, address)
    assert folders() == [] and TEXT not in drawn(officer, address).of("f.present")
    assert "/unfinished" not in officer.get("/work").text


def test_the_database_being_away_loses_nothing(
    office: Office, as_role: As, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    office.bind.dispose()
    database = Path(str(office.bind.url.database))
    aside = database.with_suffix(".aside")
    database.rename(aside)
    database.mkdir()
    try:
        answer = officer.client.post(form.action, data=dict(filled(form, present=TEXT)), files=ATTACHED)
        assert answer.status_code == 503
        assert "vẫn được lưu" in answer.text and "người khác" not in answer.text
    finally:
        database.rmdir()
        aside.rename(database)
    assert drawn(officer, address).of("f.present") == [TEXT]


def test_files_that_are_too_large_do_not_take_the_text_along(as_role: As, address: str) -> None:
    officer = as_role("case_officer")
    form = drawn(officer, address)
    large = ("lon.txt", b"x" * 30_000_000, "text/plain")
    answer = officer.client.post(form.action, data=dict(filled(form, present=TEXT)), files=[("evidence", large)])
    assert answer.status_code == 413 and "20 MB" in answer.text
    again = drawn(officer, address)
    assert again.of("f.present") == [TEXT] and again.of("kept_file") == []
    huge = officer.client.post(form.action, content=b"", headers={"content-length": "900000000"})
    assert (huge.status_code, huge.text) == (413, "413")


def test_what_a_preview_would_have_done_is_sent_again(office: Office, as_role: As) -> None:
    manager = as_role("manager", None)
    day = {"on": "22/03/2016", "layer": "city", "reason": "Bão", "decision": "15/QĐ-UBND"}
    page = manager.send("/office/closings", day, page="/office/closings").text
    adopt = next(form for form in forms_of(page, "/office/closings") if form.action.endswith("/adopt"))
    manager.client.cookies.clear()
    assert sent(manager, adopt, adopt.values)[0] == 303
    manager.sign_in(login_of("manager", None))
    token = folders()[0].name
    assert f"/unfinished/{token}" in manager.get("/office/closings").text
    shown = manager.get(f"/unfinished/{token}").text
    again = next(form for form in forms_of(shown, "") if form.action.endswith("/adopt"))
    status, where = sent(manager, again, again.values)
    assert (status, where.startswith("/office/closings?done="), folders()) == (303, True, [])
    assert "Bão" in manager.get(where).text


def test_no_password_is_kept(office: Office, as_role: As) -> None:
    officer = as_role("case_officer")
    wrong = {"old": "mat-khau-cu", "new": "mat-khau-moi", "again": "mat-khau-khac"}
    assert officer.send("/me/password", wrong).status_code == 422
    assert officer.send("/me/channels", {"label": "Thư", "address": "mailtos://ten:mat-khau@x"}).status_code == 422
    kept = " ".join((path / "form.json").read_text(encoding="utf-8") for path in folders())
    assert "Thư" in kept and "mat-khau" not in kept


def test_limits_of_one_person(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    now = SystemClock().now()
    for number in range(unfinished_forms.MOST_FORMS + 3):
        at = now - timedelta(minutes=60 - number)
        unfinished_forms.keep(7, "/work", f"/cases/{number}", [("reason", "x")], [Upload("file", "a", b"x")], at)
    kept = unfinished_forms.listed(7, now)
    assert [form.action for form in kept] == [f"/cases/{number}" for number in range(22, 2, -1)]
    assert unfinished_forms.keep(7, "/", "/x", [("reason", "x" * unfinished_forms.MOST_TEXT)], [], now) is None
    monkeypatch.setattr(unfinished_forms, "MOST_UPLOADS", 0)
    full = unfinished_forms.keep(7, "/", "/x", [("reason", "x")], [Upload("file", "a", b"x")], now)
    assert full is not None and full.files == ()


def test_after_a_day_it_is_gone(office: Office) -> None:
    now = SystemClock().now()
    for hours in (23, 25):
        unfinished_forms.keep(
            7, "/work", f"/{hours}", [("reason", "x")], [Upload("file", "a", b"x")], now - timedelta(hours=hours)
        )
    assert [form.action for form in unfinished_forms.listed(7, now)] == ["/23"]
    assert unfinished_forms.clean(now) == 1 and len(folders()) == 1
    assert unfinished_forms.clean(now + timedelta(hours=2)) == 1
    assert list((settings().data.resolve() / "unfinished").iterdir()) == []


def test_only_the_account_of_the_office_reads_them(office: Office) -> None:
    unfinished_forms.keep(7, "/", "/x", [("reason", "x")], [Upload("file", "a", b"x")], SystemClock().now())
    found = list((settings().data.resolve() / "unfinished").rglob("*"))
    assert [oct(path.stat().st_mode & 0o077) for path in found] == ["0o0"] * 4
