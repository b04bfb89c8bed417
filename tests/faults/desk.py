"""Officers at their browsers while servers die: a request that is cut off is looked up, and tried again."""

import re
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import Engine, select

from casework.ledger import load_case
from correspondence import drafts
from correspondence.signing import body_for, seat_of
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from models.database import reading
from models.office_clock import clock_of
from models.tables import case_rows, facts, letter_rows
from models.typed_rows.letter_shapes import LetterOfCase
from samples.paperwork import typed_for
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
        """One act, done once however often its answer is lost, and its paper issued where it takes effect by one."""
        self._record(act)
        letter = self._paper(act)
        if letter is not None:
            assert self.carry(letter) == "issued", act
        self.done += 1

    def _record(self, act: Act) -> None:
        before, by = self._seq(act.ref), self._doer(act)
        end = time.monotonic() + PATIENCE
        while True:
            answer = self._act(act, by, before)
            if answer is not None and answer.status_code == 303:
                return
            if self._fact(act, by, before):
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
        """Fill in, submit, sign and number a letter. Returns its status after that, or where an answer refused."""
        ways = {"draft": ("submit", "officer"), "submitted": ("approve", "signer"), "approved": ("issue", "clerk")}
        end = time.monotonic() + PATIENCE
        while (row := self._letter(letter_id))["status"] in ways:
            action, who = ways[row["status"]]
            fields = self._lacking(row)
            login = self._letter_logins(row)["officer" if fields else who]
            path = f"/letters/{letter_id}/{'fill' if fields else action}"
            answer = self._post(login, path, fields)
            refused = answer is not None and answer.status_code not in (303, 503)
            if answer is not None and refused and self._letter(letter_id)["status"] == row["status"]:
                return f"{row['status']}: {_said(answer)}"
            assert time.monotonic() < end, f"letter {letter_id} stays {row['status']}"
        return row["status"]

    def _lacking(self, row: LetterOfCase) -> dict[str, str]:
        """Invented values for what a draft lacks, as its form names them."""
        if row["status"] != "draft":
            return {}
        with reading(self.bind) as connection:
            today = clock_of(connection).today()
        return dict(typed(dict(typed_for(letter_type(row["template"]), row["missing"], today))))

    def _act(self, act: Act, by: str, seen: int) -> httpx.Response | None:
        fields = {"seen": str(seen), "on": act.on.strftime("%d/%m/%Y")} | dict(typed(act.step.fields(act.on)))
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
        """Whether a fact after `after` is the act, or its preparation."""
        found = (
            select(facts.c.kind, facts.c.data)
            .join(case_rows, case_rows.c.id == facts.c.case_id)
            .where(case_rows.c.ref == act.ref, facts.c.seq > after, facts.c.by == by)
        )
        with reading(self.bind) as connection:
            listed = connection.execute(found).all()
        prepared = [row.data["verb"] for row in listed if row.kind == "act_prepared"]
        return act.step.verb in {*prepared, *(row.kind for row in listed)}

    def _paper(self, act: Act) -> int | None:
        """The draft by which the act will take effect, where it is only prepared."""
        with reading(self.bind) as connection:
            case = load_case(connection, act.ref)
            prepared = case.state.prepared.get(act.step.verb)
            if prepared is None:
                return None
            columns = letter_rows.c
            drafted = select(columns.id).where(columns.case_id == case.row["id"], columns.fact_seq == prepared.seq)
            return int(connection.execute(drafted).scalar_one())

    def _letter(self, letter_id: int) -> LetterOfCase:
        with reading(self.bind) as connection:
            return drafts.one_letter(connection, letter_id)

    def _letter_logins(self, row: LetterOfCase) -> dict[str, str]:
        with reading(self.bind) as connection:
            officer = officer_of(connection, row["ref"])
            body = body_for(connection, letter_type(row["template"]), row)
        signer = login_of(bodies()[body].signs, seat_of(body, row))
        return {"officer": officer, "signer": signer, "clerk": login_of("clerk")}


def typed(values: Mapping[str, Any], before: str = "f.") -> list[tuple[str, str]]:
    """The fields as the form names them."""
    found: list[tuple[str, str]] = []
    for name, value in values.items():
        if isinstance(value, list):
            for place, row in enumerate(value):
                found += typed(row, f"{before}{name}.{place}.")
        else:
            found.append((f"{before}{name}", str(value)))
    return found


def _token(browser: httpx.Client, page: str) -> str:
    found = re.search(r'name="csrf" value="([^"]+)"', browser.get(page).text)
    assert found, page
    return found[1]


def _said(answer: httpx.Response) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", answer.text).split())[:600]
