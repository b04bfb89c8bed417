"""Find by the keyboard alone: the key, some letters, arrows, Enter; and the same without scripts."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from tests.conftest import free_port
from tests.e2e.browsing import Browser, serving
from tests.web.web_office import Office, login_of

pytestmark = pytest.mark.browser


@pytest.fixture
def chrome(chromium: Path) -> Iterator[Chromium]:
    with sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def site(office: Office) -> Iterator[str]:
    with serving(free_port()) as address:
        yield address


def signed_in(page: Page, site: str, office: Office, tmp_path: Path) -> Page:
    Browser(page, site, office.first, tmp_path).be(login_of("clerk"))
    return page


def test_a_case_is_opened_by_the_keyboard(chrome: Chromium, site: str, office: Office, tmp_path: Path) -> None:
    page = signed_in(chrome.new_page(viewport={"width": 390, "height": 800}), site, office, tmp_path)
    problems: list[str] = []
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.keyboard.press("/")
    page.keyboard.type("cam htx")
    page.wait_for_selector("#hits [role=option]")
    assert page.get_attribute("#find", "aria-expanded") == "true"
    assert page.inner_text("#hits-said") == "2 gợi ý"
    colours = page.eval_on_selector(
        "#find", "box => [getComputedStyle(box).color, getComputedStyle(box).backgroundColor]"
    )
    assert colours[0] != colours[1], "what is typed can be read"
    page.keyboard.press("ArrowUp")
    assert page.get_attribute("#find", "aria-activedescendant") == "hit-1"
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#find", "aria-activedescendant") is None
    page.keyboard.press("Escape")
    assert page.is_hidden("#hits")
    page.keyboard.press("ArrowDown")
    page.wait_for_selector("#hits [role=option]")
    page.keyboard.press("ArrowDown")
    assert page.get_attribute("#hit-0", "aria-selected") == "true"
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/cases/{office.second}")
    page.keyboard.press("/")
    page.keyboard.type("cam")
    page.keyboard.press("Enter")
    page.wait_for_url("**/search?q=cam")
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert problems == [], "nothing is refused by the page's policy"


def test_the_box_works_without_scripts(chrome: Chromium, site: str, office: Office, tmp_path: Path) -> None:
    page = signed_in(chrome.new_context(java_script_enabled=False).new_page(), site, office, tmp_path)
    page.fill("#find", "bach dang")
    page.press("#find", "Enter")
    page.wait_for_url("**/search?q=bach+dang")
    page.click(f'main a[href="/cases/{office.first}"]')
    page.wait_for_url(f"**/cases/{office.first}")
