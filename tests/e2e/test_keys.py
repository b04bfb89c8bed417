"""Two cases in a row without touching the mouse; and the keys can be switched off."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from models.database import writing
from models.tables import case_rows, officers
from tests.conftest import free_port
from tests.e2e.browsing import Browser, serving
from tests.web.web_office import Office, did, login_of

pytestmark = pytest.mark.browser


@pytest.fixture
def page(office: Office, chromium: Path, tmp_path: Path) -> Iterator[Page]:
    """The officer of two cases, signed in and before her list."""
    own = select(officers.c.id).where(officers.c.login == login_of("case_officer")).scalar_subquery()
    with writing(office.bind) as connection:
        of_district = case_rows.c.ref.in_([office.first, office.second])
        connection.execute(case_rows.update().where(of_district).values(officer_id=own))
    with serving(free_port()) as site, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        browser = Browser(opened.new_page(), site, office.first, tmp_path)
        browser.be(login_of("case_officer"))
        yield browser.page
        opened.close()


def press(page: Page, keys: str) -> None:
    for key in keys.split():
        page.keyboard.press(key)


def send_from_first_field(page: Page) -> None:
    """Send the form from its first field, which gets the focus only after the page's load."""
    page.wait_for_selector("main form :focus")
    press(page, "Space Enter")


def test_two_cases_without_the_mouse(page: Page, office: Office) -> None:
    press(page, "j a")
    page.wait_for_url(f"**/cases/{office.first}/acts/accept_case")
    send_from_first_field(page)
    page.wait_for_url(f"**/cases/{office.first}?done=2")
    press(page, "n")
    page.wait_for_url(f"**/cases/{office.second}")
    press(page, "a")
    page.wait_for_url(f"**/cases/{office.second}/acts/accept_case")
    send_from_first_field(page)
    page.wait_for_url(f"**/cases/{office.second}?done=2")
    press(page, "u")
    page.wait_for_url(f"**/work#{office.second}")
    assert page.locator("tr:target a.act").inner_text() == "Ghi biên bản kiểm tra"


def test_the_first_case_is_within_ten_tab_stops(page: Page) -> None:
    """Without the keys of the product: the content comes before the menu and the strip of the sample day."""
    for _ in range(10):
        press(page, "Tab")
        if page.evaluate("document.activeElement.className") == "unit":
            break
    assert page.evaluate("document.activeElement.className") == "unit", "the first case after ten Tab stops"
    press(page, "Enter")
    page.wait_for_url("**/cases/HP-2016-0001")


def test_keys_are_switched_off_and_on(page: Page) -> None:
    page.goto(page.url.replace("/work", "/help"))
    page.click("button[data-keys]")
    page.goto(page.url.replace("/help", "/work"))
    press(page, "j")
    assert page.evaluate("document.activeElement.tagName") == "BODY"
    page.goto(page.url.replace("/work", "/help"))
    page.click("button[data-keys]")
    page.goto(page.url.replace("/help", "/work"))
    press(page, "j")
    assert page.evaluate("document.activeElement.className") == "unit"


def test_an_obstacle_from_its_line_and_a_text_taken_again(page: Page, office: Office) -> None:
    """`o` on a line; a letter chooses; a text of the other case is one press; Ctrl and Enter send it."""
    did(office, office.second, "name_obstacle", obstacle="lost_file", note="Đã hỏi UBND phường")
    press(page, "j o")
    page.wait_for_url(f"**/cases/{office.first}/acts/name_obstacle")
    page.wait_for_selector("main form select:focus")
    page.keyboard.type("m")
    page.click('button[data-fills="f.note"]')
    assert page.locator('[name="f.note"]').input_value() == "Đã hỏi UBND phường"
    press(page, "Control+Enter")
    page.wait_for_url(f"**/cases/{office.first}?done=2")


def test_a_file_dropped_on_a_case_is_its_document(page: Page, office: Office, tmp_path: Path) -> None:
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản", encoding="utf-8")
    press(page, "j Enter")
    page.wait_for_selector("#dropped")
    page.set_input_files("#dropped", proof)
    page.wait_for_url(f"**/cases/{office.first}/documents?added=1&known=0")
