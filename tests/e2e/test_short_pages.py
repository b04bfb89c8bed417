"""No page of any role is long, on a phone or at a desk, or has more than 100 kB.

In a city of fifteen districts, each with people, cases and obstacles.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, sync_playwright
from sqlalchemy import Connection

from casework.opening import open_case
from models.database import writing
from models.tables import districts, officers
from samples.invented_people import places
from tests.acting import apply
from tests.conftest import free_port
from tests.e2e.browsing import serving
from tests.e2e.test_accessible import CITY_MANAGER, fuller, pages_of
from tests.web.web_office import CLOCK, PASSWORD, ROLES, Office, login_of, new_case, new_unit
from web.access import may_open
from web.rendering import MENU

pytestmark = pytest.mark.browser

PHONE, DESK, HEIGHT = 390, 1440, 844
MOST = {PHONE: 6_000, DESK: 4_000}  # px: some seven screens of a phone, the menu at their end among them; under five
HEAVIEST = 100_000  # bytes
CASES = 6  # of each district
OWN = 30  # of one district besides, so that each of its two officers has many
LONGER = {  # a list has a whole page of its lines, to be sought in and ticked; each of these cases has two obstacles
    DESK: {"/work?scope=office": 5_500, "/work?scope=office&sort=unit": 5_500, "/work?scope=office&held=true": 5_500},
    PHONE: {},
}
LONG = {  # if nothing on them were folded
    PHONE: {"/late", "/obstacles", "/calendar?scope=office", "/work"},
    DESK: {"/late", "/help/situations", "/calendar?scope=office", "/work"},
}
UNFOLD = """() => {
  for (const part of document.querySelectorAll("details.whole")) part.open = true;
  for (const box of document.querySelectorAll(".rest input")) box.checked = true;
  return document.documentElement.scrollHeight;
}"""
CITYS = (  # lists whose lines are of all districts, as managers and leaders of the city read them
    "/late", "/late/risk", "/late/report", "/late/what-if", "/late/contradictions", "/obstacles",
    "/obstacles?by=commune", "/calendar?scope=office", "/work?scope=office", "/work?scope=office&sort=unit",
    "/work?scope=office&held=true", "/register", "/outstanding", "/irregularities", "/reassign", "/office/people",
    "/office/communes", "/office/week",
)  # fmt: skip


def whole_city(office: Office) -> None:
    """The other districts of the city, with an officer and a manager each; every case has an obstacle or two.

    Cases are opened on different days, so that the calendar has many.
    """
    with writing(office.bind) as connection:
        for code, place in places().items():
            if code not in ("HBG", "ADG"):
                connection.execute(districts.insert().values(code=code, kind=place.kind, name=place.name, seat=""))
                for role in ("case_officer", "manager"):
                    _person(connection, role, code)
        refs = [
            (code, _opened(connection, code, f"{place.name} {number}", date(2016, 3, 1 + number % 14)))
            for code, place in places().items()
            for number in range(CASES + OWN * (code == "ADG"))
        ]
    for number, (code, ref) in enumerate(refs):
        for obstacle in ("lost_file", "silent_agency", "tax_debt")[number % 3 :][:2]:
            by = login_of("case_officer", code)
            apply(office.bind, ref, "name_obstacle", by=by, clock=CLOCK, data={"obstacle": obstacle})


def _opened(connection: Connection, district: str, name: str, on: date) -> str:
    unit = new_unit(connection, f"HTX Dịch vụ nông nghiệp và kinh doanh tổng hợp {name}", district)
    return open_case(connection, unit, by="clock", role="clock", clock=CLOCK, on=on)


def _person(connection: Connection, role: str, code: str) -> None:
    connection.execute(
        officers.insert().values(
            login=login_of(role, code),
            name=f"Nguyễn Thị Ngọc Ánh {code}",
            role=role,
            district_code=code,
            title="bà",
            post="",
            email=f"{role}.{code.lower()}@van-phong.example",
            lang="vi",
            active=True,
            is_sample=True,
            password_hash="",
        )
    )


@dataclass(frozen=True)
class Seen:
    """A page in px as it comes in a window of a width and when all of it is asked for, and its size in bytes."""

    login: str
    path: str
    width: int
    high: int
    unfolded: int
    size: int


@pytest.mark.timeout(900)
def test_no_page_is_long_on_a_phone_or_heavy(office: Office, chromium: Path) -> None:
    going = pages_of(fuller(office))
    whole_city(office)
    going[CITY_MANAGER] = [*dict.fromkeys([*going[CITY_MANAGER], *CITYS])]
    going["leader", None] = list(CITYS)
    for role in ROLES:
        for place in ("ADG", None):
            menu = [path for item, path in MENU.items() if may_open(item, role, place)]
            going[role, place] = [*dict.fromkeys([*going.get((role, place), ()), *menu])]
    with serving(free_port()) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        seen = [
            one
            for (role, place), paths in going.items()
            for one in looked_at(browser, site, login_of(role, place), paths)
        ]
        browser.close()
    faults = [
        str(one) for one in seen if one.high > LONGER[one.width].get(one.path, MOST[one.width]) or one.size > HEAVIEST
    ]
    assert not faults, "\n".join(faults)
    for width, most in MOST.items():
        long = {one.path for one in seen if one.width == width and one.unfolded > most}
        assert long >= LONG[width], "the office has too few rows to tell"


def looked_at(browser: Browser, site: str, login: str, paths: list[str]) -> Iterator[Seen]:
    """Each page in a window as wide as a phone, and in one as wide as a screen on a desk."""
    context = browser.new_context()
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/work**")
    for path in paths:
        answer = page.goto(site + path)
        assert answer is not None
        high = {width: _height(page, width, "document.documentElement.scrollHeight") for width in MOST}
        unfolded = {width: _height(page, width, UNFOLD) for width in MOST}
        for width in MOST:
            yield Seen(login, path, width, high[width], unfolded[width], len(answer.body()))
    context.close()


def _height(page: Page, width: int, script: str) -> int:
    page.set_viewport_size({"width": width, "height": HEIGHT})
    return int(page.evaluate(script))


def test_a_long_table_shows_its_first_lines_until_all_are_asked_for(office: Office, chromium: Path) -> None:
    with writing(office.bind) as connection:
        refs = [new_case(connection, f"HTX Đồng Tâm {number}", "HBG") for number in range(20)]
    with serving(free_port()) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = _signed_in(browser.new_context(viewport={"width": PHONE, "height": HEIGHT}), site)
        lines = page.locator("table.cases tbody tr:not(.group)")
        page.goto(f"{site}/work?scope=office&sort=unit")
        first, every = _shown(page), lines.count()
        assert first == 12 < every
        page.check(".rest input")
        assert _shown(page) == every
        page.goto(f"{site}/work?scope=office&sort=unit#{refs[-1]}")
        assert page.locator(f"tr[id='{refs[-1]}']").is_visible(), "the line that an address names"
        page.goto(f"{site}/work?scope=office&sort=unit")
        page.evaluate("for (const box of document.querySelectorAll('table.cases input')) box.checked = true")
        assert _shown(page) == every, "what is done with the ticked lines is done with none that is out of sight"
        page.set_viewport_size({"width": 1440, "height": 900})
        assert _shown(page) == every, "a list is sought in and ticked as a whole at a desk"
        assert not page.locator(".rest").is_visible()
        browser.close()


def test_the_home_shows_its_first_lines_at_a_desk_until_all_are_asked_for(office: Office, chromium: Path) -> None:
    with writing(office.bind) as connection:
        refs = [new_case(connection, f"HTX Đồng Tâm {number}", "ADG") for number in range(36)]
    for ref in refs[:13]:
        by = login_of("case_officer", "ADG")
        apply(office.bind, ref, "name_obstacle", by=by, clock=CLOCK, data={"obstacle": "lost_file"})
    with serving(free_port()) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": DESK, "height": HEIGHT})
        page = _signed_in(context, site, login_of("case_officer", "ADG"))
        for section, first in (("mine", 20), ("others", 10)):
            lines = page.locator(f"[aria-labelledby=home-{section}] table.stack tbody tr")
            every = lines.count()
            assert _seen(lines) == first < every, section
            page.focus(f"[aria-labelledby=home-{section}] .rest input")
            page.keyboard.press("Space")
            assert _seen(lines) == every, section
        page.reload()
        page.emulate_media(media="print")
        assert _seen(page.locator("table.stack tbody tr")) == page.locator("table.stack tbody tr").count()
        browser.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_what_an_address_names_is_unfolded_and_print_unfolds_all(
    office: Office, chromium: Path, scripts: bool
) -> None:  # fmt: skip
    with writing(office.bind) as connection:
        for number in range(14):
            _opened(connection, "HBG", f"Tháng Ba {number}", date(2016, 3, 1 + number))
    with serving(free_port()) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        context = browser.new_context(viewport={"width": DESK, "height": HEIGHT}, java_script_enabled=scripts)
        page = _signed_in(context, site)
        for path, folded, link in (
            ("/calendar", "#d2016-03-02", ".calendar a"),
            ("/help", "#chapter-4", "nav.noprint a"),
            ("/help/situations", "#another_registry", ""),
        ):
            page.goto(site + path)
            part = page.locator(folded)
            assert not part.is_visible(), path
            page.emulate_media(media="print")
            assert part.is_visible(), path
            page.emulate_media(media="screen")
            if link:
                page.click(f"{link}[href='{folded}']")
                part.wait_for(state="visible")
        browser.close()


def _shown(page: Page) -> int:
    return _seen(page.locator("table.cases tbody tr:not(.group)"))


def _seen(lines: Locator) -> int:
    return sum(line.is_visible() for line in lines.all())


def _signed_in(context: BrowserContext, site: str, login: str = "manager.hbg") -> Page:
    page = context.new_page()
    page.goto(f"{site}/sign-in")
    page.fill("[name=login]", login)
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/work**")
    return page
