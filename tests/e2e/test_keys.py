"""Two cases in a row without touching the mouse; and the keys can be switched off."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from casework.evidence_store import keep
from casework.ledger import case_row
from models.database import writing
from models.tables import case_rows, officers
from tests.acting import apply
from tests.conftest import free_port
from tests.e2e.browsing import Browser, serving
from tests.e2e.keystroke_level import Hand
from tests.web.web_office import CLOCK, Office, did, login_of, new_case

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


def test_a_visit_from_its_line_with_the_texts_of_the_last(page: Page, office: Office, tmp_path: Path) -> None:
    """Minutes dropped on the line open its form with them; the down key takes the text of another visit."""
    did(office, office.first, "accept_case", file_held="true")
    did(office, office.second, "accept_case", file_held="true")
    with writing(office.bind) as connection:
        case = case_row(connection, office.second)["id"]
        minutes = keep(connection, case, b"%PDF-1.4", "cu.pdf", by=login_of("case_officer"), now=CLOCK.now())
    seen = {"visited_on": "2016-03-14", "present": "Bà Lan", "findings": "Đóng cửa từ 2011", "signed": "true"}
    who: dict[str, Any] = {"by": login_of("case_officer"), "clock": CLOCK}
    apply(office.bind, office.second, "record_visit", **who, data=seen, evidence=[minutes])
    page.reload()
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản", encoding="utf-8")
    Hand(page).drop_on(f'tr:has(a.act[href="/cases/{office.first}/acts/record_visit"])', proof)
    assert page.url.endswith(f"/cases/{office.first}/acts/record_visit")
    page.wait_for_selector('[name="f.findings"]:focus')
    assert page.locator('[name="f.present"]').input_value().startswith("Ông Vũ Văn An")
    press(page, "ArrowDown Tab Space")
    assert page.locator('[name="f.findings"]').input_value() == "Đóng cửa từ 2011"
    press(page, "Control+Enter")
    page.wait_for_url(f"**/cases/{office.first}?done=3")
    assert page.locator("text=bien-ban.txt").count()


def test_figures_that_are_typed_anywhere_are_looked_for(page: Page, office: Office) -> None:
    with writing(office.bind) as connection:
        new_case(connection, "HTX Thêu ren Cát Bà", "HBG", phone="0225 3982170")
    press(page, "j")
    page.keyboard.type("982170")
    page.wait_for_selector("#hits [role=option]")
    assert page.input_value("#find") == "982170"
    assert "Thêu ren Cát Bà" in page.inner_text("#hits")
    page.goto(page.url.replace("/work", "/me"))
    page.locator("main input[type=text]").first.press("7")
    assert page.input_value("#find") == "", "a field keeps what is typed into it"


def test_a_head_shares_out_by_keys(page: Page, office: Office) -> None:
    Browser(page, page.url.split("/work")[0], office.first, Path()).be(login_of("manager"))
    page.goto(page.url.split("/work")[0] + "/work")
    press(page, "r")
    page.wait_for_url("**/reassign")
    press(page, "j a")
    page.wait_for_url("**/reassign?officer=*")
    page.wait_for_selector("#reason:focus")
    press(page, "ArrowDown")
    assert "nghỉ ốm từ" in page.input_value("#reason")
    page.goto(page.url.split("/reassign")[0] + "/work")
    press(page, "l")
    page.wait_for_url("**/work?scope=office")


def test_the_desk_of_obstacles_by_keys(page: Page, office: Office) -> None:
    """`v` leads to it, `x` ticks all, Tab goes on to what is recorded for them."""
    for ref in (office.first, office.second):
        did(office, ref, "name_obstacle", obstacle="silent_agency")
    press(page, "v")
    page.wait_for_url("**/obstacles")
    press(page, "x Tab ArrowDown Tab Tab")
    assert page.locator("[name=chosen]:checked").count() == 2
    assert page.evaluate("document.activeElement.id") == "note", "what only a try asks is passed over"
    page.check("[name=do][value=lift]")
    page.locator("#note").focus()
    press(page, "Control+Enter")
    page.wait_for_url("**/obstacles?*done=lift&count=2")
