"""Typed text and chosen files in a real browser: the session ends, a field is refused, the page is opened anew."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from models.database import reading
from models.tables import evidence
from tests.conftest import free_port
from tests.e2e.browsing import Browser, serving
from tests.web.web_office import PASSWORD, Office, did, login_of

pytestmark = pytest.mark.browser
TEXT = "Đã trao đổi với bà Lan <b>&amp;\nhẹn tuần sau"
SEND = "form.sheet button.first"


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def browser(request: pytest.FixtureRequest, office: Office, chromium: Path, tmp_path: Path) -> Iterator[Browser]:
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản (thử)", encoding="utf-8")
    did(office, office.first, "accept_case", file_held="true")
    with serving(free_port()) as site, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = opened.new_context(java_script_enabled=request.param).new_page()
        found = Browser(page, site, office.first, proof)
        found.be(login_of("case_officer"))
        yield found
        opened.close()


def fill(browser: Browser, visited_on: str = "14/03/2016") -> None:
    """The form of a visit, with the minutes as its file."""
    page = browser.page
    page.goto(f"{browser.site}/cases/{browser.ref}/acts/record_visit")
    page.fill('[name="f.visited_on"]', visited_on)
    page.fill('[name="f.present"]', TEXT)
    page.fill('[name="f.findings"]', "Còn hoạt động")
    page.check('[name="f.signed"][value=yes]')
    page.set_input_files("#evidence", browser.proof)


def is_there(browser: Browser) -> None:
    page = browser.page
    assert page.input_value('[name="f.present"]') == TEXT
    assert page.is_checked('[name="f.signed"][value=yes]')
    assert page.is_checked("[name=kept_file]") and "bien-ban.txt" in page.inner_text("form.sheet")


def is_done(browser: Browser, office: Office) -> None:
    """The act is recorded with its file, and nothing is kept any more."""
    browser.page.click(SEND)
    browser.page.wait_for_url("**/cases/*?done=*")
    with reading(office.bind) as connection:
        assert [row.name for row in connection.execute(evidence.select())] == ["bien-ban.txt"]
    assert "chưa gửi xong" not in browser.page.inner_text("body")
    browser.page.goto(f"{browser.site}/cases/{browser.ref}/acts/record_visit")
    assert browser.page.input_value('[name="f.findings"]') == ""


def sign_in(browser: Browser, role: str) -> None:
    browser.page.fill("#login", login_of(role))
    browser.page.fill("#password", PASSWORD)
    browser.page.press("#password", "Enter")


def test_the_session_ends_while_a_form_is_filled_in(browser: Browser, office: Office) -> None:
    fill(browser)
    browser.page.context.clear_cookies()
    browser.page.click(SEND)
    assert "được lưu" in browser.page.inner_text("main")
    sign_in(browser, "case_officer")
    browser.page.wait_for_url("**/acts/record_visit")
    is_there(browser)
    is_done(browser, office)


def test_another_person_signs_in_at_the_same_browser(browser: Browser) -> None:
    fill(browser)
    browser.page.context.clear_cookies()
    browser.page.click(SEND)
    sign_in(browser, "manager")
    browser.page.wait_for_url("**/acts/record_visit")
    assert "bà Lan" not in browser.page.content() and "bien-ban.txt" not in browser.page.content()


def test_a_refused_field_keeps_text_and_file(browser: Browser, office: Office) -> None:
    fill(browser, "31/02/2016")
    browser.page.click(SEND)
    is_there(browser)
    browser.page.reload()  # the browser sends the form once more
    is_there(browser)
    browser.page.go_back()
    is_there(browser)
    browser.page.goto(f"{browser.site}/work")
    browser.page.click("text=Biểu mẫu chưa gửi xong (1)")
    browser.page.click("text=Mở lại biểu mẫu")
    is_there(browser)
    browser.page.fill('[name="f.visited_on"]', "14/03/2016")
    is_done(browser, office)


def test_what_is_kept_is_discarded(browser: Browser) -> None:
    fill(browser, "31/02/2016")
    browser.page.click(SEND)
    browser.page.goto(f"{browser.site}/cases/{browser.ref}/acts/record_visit")
    browser.page.click("text=Xóa nội dung đã lưu")
    browser.page.wait_for_url("**/acts/record_visit")
    assert (
        browser.page.input_value('[name="f.findings"]') == "" and browser.page.locator("[name=kept_file]").count() == 0
    )


def test_a_token_of_an_earlier_session(browser: Browser, office: Office) -> None:
    fill(browser)
    other = browser.page.context.new_page()
    other.goto(f"{browser.site}/work")
    other.click('form[action="/sign-out"] button')
    other.fill("#login", login_of("case_officer"))
    other.fill("#password", PASSWORD)
    other.press("#password", "Enter")
    other.wait_for_url("**/work**")
    browser.page.click(SEND)
    assert browser.page.locator("h1").inner_text().endswith("(403)")
    browser.page.click("text=Mở lại biểu mẫu")
    is_there(browser)
    is_done(browser, office)


def test_files_that_are_too_large_do_not_take_the_text_along(browser: Browser, office: Office, tmp_path: Path) -> None:
    large = tmp_path / "lon.txt"
    large.write_bytes(b"x" * 30_000_000)
    fill(browser)
    browser.page.set_input_files("#evidence", large)
    browser.page.click(SEND)
    assert "20 MB" in browser.page.inner_text("main")
    browser.page.click("text=Mở lại biểu mẫu")
    assert browser.page.input_value('[name="f.present"]') == TEXT
    browser.page.set_input_files("#evidence", browser.proof)
    is_done(browser, office)
