"""Every page in a real browser, light and wide, dark and narrow, in both languages: axe finds nothing serious.

Nor does a page scroll sideways, from 360 to 1440 px, at 200 % zoom or in print, or show a code. The pages are those of
the table of access.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from fastapi.testclient import TestClient
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright

from casework.acts import record
from casework.ledger import NewFact, load_case
from casework.takeover.known import Known
from casework.takeover.taking_over import Request, take_over_in
from letters.catalogue import letter_types
from letters.output.html import html
from letters.specimen import preview
from models.database import writing
from procedures.definition.loader import load
from tests.conftest import free_port
from tests.e2e.browsing import serving
from tests.web.strangers import Theirs, theirs
from tests.web.test_access import routes_of
from tests.web.test_strangers import READ
from tests.web.web_office import CLOCK, PASSWORD, ROLES, Office, Visitor, login_of, new_case, new_unit
from web.access import CITY, PAGES, may_open
from web.app import create_app
from web.rendering import MENU

pytestmark = pytest.mark.browser

OPTIONS = {"resultTypes": ["violations"]}
SERIOUS = ("serious", "critical")
WIDE, NARROW, ZOOMED, HEIGHT = 1440, 360, 720, 900  # zoomed: 200 % of a window of 1440 px
FILES = {
    "home", "healthz", "static", "favicon", "robots", "feed", "search_hits", "take_over_template", "grid_form",
    "letter_pdf", "letter_docx", "letter_signed", "letters_ticked", "bulk_pdf", "bulk_zip",
    "ink_scan", "earlier_scan", "paper_form", "evidence", "council_minutes", "import_form", "proof", "bulk_choose",
}  # fmt: skip
ASKED = {
    "next_steps": "/letters/next?letter={draft},{letter}", "obstacle_letter": "/obstacles/letter?body=lost_seal",
    "search": "/search?q=htx", "grid": "/grid?verb=accept_case&case={case}", "calendar": "/calendar?scope=office",
    "version": "/office/versions/{pin}", "reading_preview": "/office/readings/suspension_and_ground_a?way=stops",
}  # fmt: skip
INSTEAD = {
    "take_over_found": "/take-over/cases/{taken}", "outstanding_case": "/outstanding/cases/{taken}",
    "act_paper": "/cases/{bare}/papers/2",
}  # fmt: skip
BY = {
    "next_steps": "case_officer",
    "act": "case_officer", "take_over_found": "case_officer", "act_paper": "case_officer", "batch_act": "legal",
}  # fmt: skip
ACTS = {
    "case": ("record_visit", "name_obstacle", "raise_overlay", "receive_complaint", "ask_agencies"),
    "taken": ("record_claims", "record_assets", "record_members", "record_posting"),
}  # short forms, and forms with tables
CITY_MANAGER = ("manager", None)
ELSEWHERE = ("{own}", "incoming_city", "acts/accept_file")  # not theirs, or not to be done now
REFUSED = ("/cases/HP-1999-0001", "/bulk?page=cases")
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b|\b[A-Z]+_[A-Z_]+\b|[\w-]+@\d+\b|\bYAML\b|\b[a-z_]+\.(?:hbg|adg|tp)\b")
INVENTED = re.compile(r"Người \S+")  # people of the small office are named by their sign-in names
WITH_SIGN_IN_NAMES = ("/office/people", "/office/versions", "/office/week", "/office/messages", "/me", "/reassign")
STYLES = Path(__file__).parents[2] / "templates" / "static" / "coopcase.css"
SHEET = 620  # px that a letter has beside its buttons in a window of 1440


@dataclass
class Walk:
    """A person's pages in a window of one width; `faults` keeps what was wrong and where."""

    page: Page
    site: str
    width: int
    faults: list[str] = field(default_factory=list)

    def look(self, path: str, lang: str) -> None:
        self.page.context.add_cookies([{"name": "coopcase_lang", "value": lang, "url": self.site}])
        answer = self.page.goto(self.site + path)
        if answer is None or (answer.status >= 400 and path not in REFUSED):
            self.faults.append(f"{path}: answered {answer.status if answer else 'nothing'}")
        found = violations(self.page) + sideways(self.page) + codes(self.page, path)
        if self.width == WIDE:
            self.page.set_viewport_size({"width": ZOOMED, "height": HEIGHT})
            found += sideways(self.page)
            self.page.emulate_media(media="print")  # a sheet of A4 between its margins is as wide
            found += [f"printed, {fault}" for fault in sideways(self.page)]
            self.page.emulate_media(media="screen")
            self.page.set_viewport_size({"width": WIDE, "height": HEIGHT})
        self.faults += [f"{path} ({lang}, {self.width} px): {one}" for one in found]


def violations(page: Page) -> list[str]:
    """What axe calls serious or critical, with its first places."""
    found: list[dict[str, Any]] = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{one['id']}: {[node['html'][:200] for node in one['nodes'][:3]]}" for one in found if one["impact"] in SERIOUS
    ]


def sideways(page: Page) -> list[str]:
    """By how much the document is wider than the window."""
    inner, outer = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"{inner} px wide in a window of {outer} px"] if inner > outer else []


def codes(page: Page, path: str) -> list[str]:
    """What only a program calls so: keys, variables, versions by their file, sign-in names where a name belongs."""
    if path == "/office" or path.startswith(WITH_SIGN_IN_NAMES):
        return []
    return [f"code on the page: {found}" for found in CODE.findall(INVENTED.sub("", page.inner_text("main")))]


def fuller(office: Office) -> Theirs:
    """What the office of An Dương has, a case taken over while assets are sold, and one decided without a paper."""
    others = theirs(office)
    with writing(office.bind) as connection:
        unit = new_unit(connection, "HTX Dịch vụ nông nghiệp và kinh doanh tổng hợp Đồng Tâm An Dương", "ADG")["id"]
        request = Request(unit, Known("C5", "Sổ văn bản", {}))
        taken = take_over_in(connection, request, by=login_of("case_officer", "ADG"), clock=CLOCK).ref
        bare = new_case(connection, "HTX Vận tải An Đồng", "ADG")
        said = {"decided_on": "2016-03-10"}
        decided = NewFact("decide_dissolution", date(2016, 3, 10), CLOCK.now(), "leader.adg", "leader", said)
        record(connection, load_case(connection, bare, lock=True), decided)
    return Theirs({**others.names, "taken": taken, "bare": bare, "pin": load().pin})


def pages_of(others: Theirs) -> dict[tuple[str, str | None], list[str]]:
    """Whom to sign in, by role and office, and where to go: each page once, by one of those who may open it."""
    app = create_app()
    visitors = {role: Visitor(TestClient(app, raise_server_exceptions=False)) for role in ROLES}
    for role, visitor in visitors.items():
        visitor.sign_in(login_of(role, "ADG"))
    going: dict[tuple[str, str | None], list[str]] = {(role, "ADG"): [] for role in ROLES}
    going[CITY_MANAGER] = []
    for place, (name, path) in enumerate(addresses(others)):
        allowed = [role for role in ROLES if role in PAGES.get(name, ROLES)]
        in_turn = [BY[name]] if name in BY else [*allowed[place % len(allowed) :], *allowed[: place % len(allowed)]]
        answering = (role for role in in_turn if visitors[role].get(path).status_code < 400)
        role = in_turn[0] if name in CITY else next(answering, in_turn[0])
        going[CITY_MANAGER if name in CITY else (role, "ADG")].append(path)
    return going


def addresses(others: Theirs) -> list[tuple[str, str]]:
    """Every page that is shown, by its name and an address of something that is there."""
    found: list[tuple[str, str]] = []
    for route in routes_of(create_app()):
        if "GET" not in (route.methods or ()) or route.name in FILES or route.name.endswith("_file"):
            continue
        asked = INSTEAD.get(route.name) or ASKED.get(route.name)
        forms = (asked,) if asked else READ.get(route.name, (route.path,))
        found += [(route.name, form) for form in forms if not any(other in form for other in ELSEWHERE)]
    found += [("act", f"/cases/{{{case}}}/acts/{verb}") for case, verbs in ACTS.items() for verb in verbs]
    return [(name, others.path(form)) for name, form in found]


def windows(browser: Browser, site: str, login: str) -> Iterator[tuple[Walk, int]]:
    """A person signed in twice: by day at a desk, by night with a phone. The number tells the two apart."""
    for place, (width, look) in enumerate(((WIDE, "light"), (NARROW, "dark"))):
        size: ViewportSize = {"width": width, "height": HEIGHT}
        context = browser.new_context(viewport=size, color_scheme=look)  # type: ignore[arg-type]
        context.set_default_timeout(30_000)
        page = context.new_page()
        page.goto(f"{site}/sign-in")
        page.fill("[name=login]", login)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url("**/work**")
        yield Walk(page, site, width), place
        context.close()


@pytest.mark.timeout(1500)
def test_every_page_is_fit_for_everybody(office: Office, chromium: Path) -> None:
    going, faults = pages_of(fuller(office)), []
    with serving(free_port()) as site, sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        for (role, place), paths in going.items():
            for walk, window in windows(browser, site, login_of(role, place)):
                for at, path in enumerate(paths):
                    walk.look(path, ("vi", "en")[(at + window) % 2])
                menu = [path for item, path in MENU.items() if may_open(item, role, place)]
                for at, path in enumerate(menu[window::2]):
                    walk.look(path, ("vi", "en")[at % 2])
                walk.look(REFUSED[window], "vi")
                faults += walk.faults
        browser.close()
    assert not faults, "\n".join(faults)


def test_the_tables_of_every_letter_fit_its_sheet(chromium: Path) -> None:
    """On a phone a wide one scrolls by itself, and not the page."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page, styles, faults = browser.new_page(), STYLES.read_text(encoding="utf-8"), []
        for name in sorted(letter_types()):
            page.set_content(f"<style>{styles}</style>{html(preview(name), 5)}")
            page.set_viewport_size({"width": SHEET, "height": HEIGHT})
            wide = page.evaluate("[...document.querySelectorAll('.scroll')].filter(t => t.scrollWidth > t.clientWidth)")
            page.set_viewport_size({"width": NARROW, "height": HEIGHT})
            faults += [name for fault in [*wide, *sideways(page)] if fault is not None]
        browser.close()
    assert not faults, "\n".join(faults)


def test_what_is_wrong_is_noticed(chromium: Path) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=str(chromium), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": NARROW, "height": HEIGHT})
        page.set_content('<html lang="vi"><title>x</title><main><h1>x</h1><p style="width: 900px">x</p></main>')
        assert (violations(page), sideways(page)) == ([], ["908 px wide in a window of 360 px"])
        page.set_content('<html lang="vi"><title>x</title><main><h1>x</h1><input><p style="color: #aaa">abc</p></main>')
        assert [fault.split(":")[0] for fault in violations(page)] == ["color-contrast", "label"]
        page.set_content("<main>ghi bởi clerk.hbg, bản htx@6, record_visit; Người clerk.hbg</main>")
        assert [fault.split(": ")[1] for fault in codes(page, "/x")] == ["clerk.hbg", "htx@6", "record_visit"]
        browser.close()
