"""A case from opened to closed, and a letter from draft to served, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from casework.case_view import case_document
from flows.jobs.effects import drain
from models.database import reading
from models.office_clock import clock_of
from samples.paths import PATHS
from tests.conftest import free_port
from tests.e2e.browsing import Browser, serving
from tests.web.web_office import Office, login_of

pytestmark = pytest.mark.browser


@pytest.fixture(params=[True, False], ids=["with scripts", "without scripts"])
def browser(request: pytest.FixtureRequest, office: Office, chromium: Path, tmp_path: Path) -> Iterator[Browser]:
    proof = tmp_path / "bien-ban.txt"
    proof.write_text("Biên bản (thử)", encoding="utf-8")
    with serving(free_port()) as site, sync_playwright() as play:
        opened = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = opened.new_context(java_script_enabled=request.param).new_page()
        yield Browser(page, site, office.first, proof)
        opened.close()


@pytest.mark.parametrize(
    ("browser", "path"),
    [pytest.param(True, "reregistered", id="with scripts"), pytest.param(False, "dissolved_voluntary", id="without")],
    indirect=["browser"],
)
def test_a_case_is_carried_to_its_end(browser: Browser, office: Office, path: str) -> None:
    for step in PATHS[path]:
        browser.take(step)
    with reading(office.bind) as connection:
        case = case_document(connection, browser.ref, today=browser.today)
    assert (case["outcome"], case["closed_on"] is not None) == (path, True)


def test_a_letter_is_signed_numbered_and_served(browser: Browser, office: Office) -> None:
    for step in PATHS["consolidated"][:3]:
        browser.take(step)
    with reading(office.bind) as connection:
        clock = clock_of(connection)
    drain(office.bind, clock)
    page = browser.page
    browser.be(login_of("case_officer"))
    page.goto(f"{browser.site}/letters")
    page.click("table a.unit")
    address = page.url
    page.click("button[name=then]")
    browser.be(login_of("manager"))
    page.goto(address)
    page.click('form[action$="/approve"] button')
    browser.be(login_of("clerk"))
    page.goto(address)
    page.click('form[action$="/issue"] button')
    assert "02/" in page.inner_text("main")
    page.fill("#serve-hand-served-receiver", "Bà Lan")
    page.set_input_files("#serve-hand-served-evidence", browser.proof)
    page.click("#serve-hand-served button")
    assert page.url.endswith("did=serve"), "on to the next letter that waits for service"
    page.goto(address)
    assert "Đã giao" in page.inner_text("main")
    page.goto(f"{browser.site}/book")
    assert "01/" in page.inner_text("main")
