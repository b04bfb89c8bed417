"""A person at a real browser: signs in, fills forms in by their names, sends them."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from playwright.sync_api import Page
from sqlalchemy import select

from casework.ledger import load_case
from models.clock import FrozenClock
from models.database import engine, writing
from models.office_clock import set_demo_day
from models.tables import letter_rows
from samples.path_step import Step
from tests.acting import issue_draft
from tests.e2e.walking import START
from tests.web.web_office import PASSWORD, login_of
from web.app import create_app


@contextmanager
def serving(port: int) -> Iterator[str]:
    """The pages on a port of this machine, until the block ends."""
    server = uvicorn.Server(uvicorn.Config(create_app(), host="127.0.0.1", port=port, log_level="warning"))
    thread = Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started and thread.is_alive():
        thread.join(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join(10)


@dataclass
class Browser:
    """A page of a browser, the address it visits, and the day the office has come to."""

    page: Page
    site: str
    ref: str
    proof: Path
    who: str = ""
    today: date = START

    def be(self, login: str) -> None:
        """Sign in as a person, in place of the one before."""
        if self.who == login:
            return
        self.page.context.clear_cookies()
        self.page.goto(f"{self.site}/sign-in")
        self.page.fill("[name=login]", login)
        self.page.fill("[name=password]", PASSWORD)
        self.page.press("[name=password]", "Enter")
        self.page.wait_for_url("**/work**")
        self.who = login

    def take(self, step: Step) -> None:
        """One act through the case's page, on its day."""
        self.today += timedelta(days=step.after)
        with writing(engine()) as connection:
            set_demo_day(connection, self.today)
        self.be(login_of(step.role))
        self.page.goto(f"{self.site}/cases/{self.ref}")
        link = self.page.locator(f'main a[href="/cases/{self.ref}/acts/{step.verb}"]').first
        if not link.is_visible():
            self.page.click("summary:has-text('Nghiệp vụ khác')")
        link.click()
        for fold in self.page.locator("form.sheet details:not([open]) > summary:has-text('Chi tiết thêm')").all():
            fold.click()
        for name, value in step.fields(self.today).items():
            self._fill(f"f.{name}", value)
        if step.proof:
            self.page.set_input_files("#evidence", self.proof)
        with_next = self.page.locator("form.sheet button.first[name=then]").count()
        self.page.click("form.sheet .row button:not([name])" if with_next else "form.sheet button.first")
        self.page.wait_for_url(lambda address: f"/acts/{step.verb}" not in address)
        self._issue_papers()

    def _issue_papers(self) -> None:
        """The paper that an act waits for is signed and numbered; the pages for that have tests of their own."""
        with writing(engine()) as connection:
            loaded = load_case(connection, self.ref)
            for fact in loaded.state.prepared.values():
                own = letter_rows.c.case_id == loaded.row["id"], letter_rows.c.fact_seq == fact.seq
                (letter,) = connection.scalars(select(letter_rows.c.id).where(*own))
                issue_draft(connection, letter, FrozenClock.on(self.today, 17))

    def _fill(self, name: str, value: Any) -> None:
        if isinstance(value, list):
            for place, row in enumerate(value):
                if self.page.locator(f'[name^="{name}.{place}."]').count() == 0:
                    self.page.click(f'button[name=more][value="{name.removeprefix("f.")}"]')
                    self.page.wait_for_selector(f'[name^="{name}.{place}."]')
                for column, cell in row.items():
                    self._fill(f"{name}.{place}.{column}", cell)
            return
        text = {"True": "yes", "true": "yes", "False": "no", "false": "no"}.get(str(value), str(value))
        where = self.page.locator(f'[name="{name}"]')
        kind = where.first.evaluate("element => element.type || element.tagName")
        if kind == "radio":
            self.page.check(f'[name="{name}"][value="{text}"]')
        elif kind == "select-one":
            where.select_option(text)
        else:
            where.fill(text)
