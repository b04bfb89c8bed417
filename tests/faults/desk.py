"""Officers at their browsers while servers die: a request that is cut off is looked up, and tried again."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, select

from correspondence.signing import CITY_BODIES, signing_body
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from models.database import reading
from models.tables import case_rows, facts, letter_rows
from samples.path_step import Step
from tests.faults.year import Act, officer_of
from tests.web.web_office import PASSWORD, login_of

PROOF = "Chứng cứ (thử)".encode()
PATIENCE = 150.0  # seconds until a dead server has to be back


@dataclass
class Desk:
    """The browsers of one office."""

    site: str
    bind: Engine
    browsers: dict[str, httpx.Client] = field(default_factory=dict)
    tokens: dict[str, str] = field(default_factory=dict)
    done: int = 0
    cut_off: int = 0  # requests whose answer never came
    done_unseen: int = 0  # of these, how many had been done

    def do(self, act: Act) -> None:
        """One act, done once however often its answer is lost."""
        before, by = self._seq(act.ref), self._doer(act)
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._act(act, by, before)
            if answer is not None and answer.status_code == 303:
                self.done += 1
                return
            if self._fact(act, by, before):
                self.done += 1
                self.done_unseen += 1
                return
            assert answer is None or answer.status_code in (409, 503), (act, answer.status_code, _said(answer))
            assert time.monotonic() < end, f"{act} could not be done"
            before = self._seq(act.ref)

    def once(self, act: Act) -> int:
        """One try. Returns the status of the answer, 0 when none came."""
        answer = self._act(act, self._doer(act), self._seq(act.ref))
        return answer.status_code if answer is not None else 0

    def issue(self, letter_id: int) -> int:
        """One try of the clerk to number a letter."""
        answer = self._post(login_of("clerk"), f"/letters/{letter_id}/issue", {})
        return answer.status_code if answer is not None else 0

    def read(self, login: str, page: str) -> httpx.Response:
        return self._browser(login).get(page)

    def carry(self, letter_id: int) -> str:
        """Submit, sign and number a letter. Returns its status after that."""
        ways = {"draft": ("submit", "officer"), "submitted": ("approve", "signer"), "approved": ("issue", "clerk")}
        end = time.monotonic() + PATIENCE
        while (row := self._letter(letter_id))["status"] in ways:
            action, who = ways[row["status"]]
            login = self._letter_logins(row)[who]
            answer = self._post(login, f"/letters/{letter_id}/{action}", {})
            if answer is not None and answer.status_code != 303 and self._letter(letter_id)["status"] == row["status"]:
                return str(row["status"])
            assert time.monotonic() < end, f"letter {letter_id} stays {row['status']}"
        return str(row["status"])

    def _act(self, act: Act, by: str, seen: int) -> httpx.Response | None:
        fields = {"seen": str(seen), "on": act.on.strftime("%d/%m/%Y")} | dict(typed(act.step, act.step.fields(act.on)))
        files = {"evidence": ("chung-cu.txt", PROOF, "text/plain")} if act.step.proof else None
        return self._post(by, f"/cases/{act.ref}/acts/{act.step.verb}", fields, files)

    def _post(self, login: str, path: str, fields: Mapping[str, str], files: Any = None) -> httpx.Response | None:
        """The answer; none when it never came."""
        try:
            browser = self._browser(login)
            answer = browser.post(path, data={"csrf": self.tokens[login], **fields}, files=files)
        except httpx.TransportError:
            self.cut_off += 1
            time.sleep(0.1)
            return None
        if answer.status_code == 303 and "/sign-in" in answer.headers["location"]:
            del self.browsers[login]
            return None
        return answer

    def _browser(self, login: str) -> httpx.Client:
        if login not in self.browsers:
            browser = httpx.Client(base_url=self.site, timeout=httpx.Timeout(90, connect=5))
            asked = browser.post(
                "/sign-in", data={"csrf": _token(browser, "/sign-in"), "login": login, "password": PASSWORD}
            )
            assert asked.status_code == 303, _said(asked)
            self.tokens[login] = _token(browser, "/me")
            self.browsers[login] = browser
        return self.browsers[login]

    def _doer(self, act: Act) -> str:
        with reading(self.bind) as connection:
            return officer_of(connection, act.ref) if act.step.role == "case_officer" else login_of(act.step.role)

    def _seq(self, ref: str) -> int:
        with reading(self.bind) as connection:
            return int(connection.execute(select(case_rows.c.seq).where(case_rows.c.ref == ref)).scalar_one())

    def _fact(self, act: Act, by: str, after: int) -> bool:
        found = (
            select(facts.c.id)
            .join(case_rows, case_rows.c.id == facts.c.case_id)
            .where(case_rows.c.ref == act.ref, facts.c.seq > after, facts.c.kind == act.step.verb, facts.c.by == by)
        )
        with reading(self.bind) as connection:
            return connection.execute(found).first() is not None

    def _letter(self, letter_id: int) -> dict[str, Any]:
        joined = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
        found = select(letter_rows, case_rows.c.ref, case_rows.c.level).select_from(joined)
        with reading(self.bind) as connection:
            return dict(connection.execute(found.where(letter_rows.c.id == letter_id)).mappings().one())

    def _letter_logins(self, row: Mapping[str, Any]) -> dict[str, str]:
        key = signing_body(letter_type(row["template"]), row["level"])
        with reading(self.bind) as connection:
            officer = officer_of(connection, row["ref"])
        signer = login_of(bodies()[key].signs, None if key in CITY_BODIES else "HBG")
        return {"officer": officer, "signer": signer, "clerk": login_of("clerk")}


def typed(step: Step, values: Mapping[str, Any], before: str = "f.") -> list[tuple[str, str]]:
    """The fields as the form names them."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, list):
            for place, row in enumerate(value):
                found += typed(step, row, f"{before}{name}.{place}.")
        else:
            found.append((f"{before}{name}", str(value)))
    return found


def _token(browser: httpx.Client, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert found, page
    return found[1]


def _said(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())[:600]
