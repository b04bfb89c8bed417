"""One office, counted by every page, file, message and command that counts it: all say the same."""

import io
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import product
from typing import Any

import pytest
from openpyxl import load_workbook
from sqlalchemy import Connection, select

from casework.lists.at_risk import date_risks
from cli.app import app
from flows.jobs.month_report import work as month_report
from models.clock import FrozenClock
from models.database import writing
from models.office_clock import set_demo_day
from models.tables import case_rows, deadlines, officers
from notifications.weekly.digest import weekly
from oversight.case_flow import flows_of
from oversight.case_flow import total as total_flow
from oversight.lights import OPEN_LIGHTS
from oversight.thresholds import Thresholds
from procedures.legal_time.calendar import load_calendars
from templates.words import t
from tests.command_line import CliRunner
from tests.web.web_office import Office, Visitor, did, login_of, new_case

As = Callable[..., Visitor]
Counts = dict[str, int]
AWAY = (None, -1, 0, 7, 14, 22)  # calendar days to the legal limit and to the date of the plan; on both sides of soon
CLOSED_AGO = 3
OBSTACLE = "tax_debt"


@dataclass(frozen=True)
class Made:
    """A case with the dates it was given."""

    legal: date | None
    target: date | None
    held: bool
    officer: str | None
    closed: bool

    @property
    def due(self) -> date | None:
        return min((day for day in (self.legal, self.target) if day), default=None)


@dataclass(frozen=True)
class Spread:
    """An office of Hồng Bàng with every pair of dates, and what a reader counts in it by hand."""

    office: Office
    day: date
    soon: int
    upcoming: int
    cases: tuple[Made, ...]

    def _light(self, case: Made) -> str:
        if case.legal and case.legal < self.day:
            return "past_legal"
        if case.legal and case.legal <= _after(self.day, self.soon):
            return "legal_soon"
        if case.target and case.target < self.day:
            return "late"
        return "due_soon" if case.due and case.due <= _after(self.day, self.soon) else "green"

    def lights(self, officer: str | None = "everyone") -> Counts:
        """Open cases by their lights, of one officer or of all."""
        found = Counter(
            self._light(case) for case in self.cases if not case.closed and officer in ("everyone", case.officer)
        )
        return {name: found[name] for name in OPEN_LIGHTS}

    @property
    def open(self) -> int:
        return sum(not case.closed for case in self.cases)

    @property
    def held(self) -> int:
        return sum(case.held and not case.closed for case in self.cases)

    @property
    def coming(self) -> int:
        until = _after(self.day, self.upcoming)
        return sum(
            any(day and self.day <= day <= until for day in (case.legal, case.target)) and not case.closed
            for case in self.cases
        )


def _after(day: date, count: int) -> date:
    """The day so many working days later, counted one by one."""
    calendar = load_calendars().agency
    while count:
        day += timedelta(days=1)
        count -= calendar.is_working(day)
    return day


@pytest.fixture(
    params=[
        pytest.param((date(2016, 3, 14), Thresholds()), id="as the office counts"),
        pytest.param((date(2016, 3, 14), Thresholds(due_soon=5, upcoming=2)), id="a shorter week ahead"),
        pytest.param((date(2016, 3, 14), Thresholds(due_soon=0, upcoming=0)), id="today alone"),
        pytest.param((date(2016, 4, 27), Thresholds(due_soon=3, upcoming=6)), id="before the holidays of 30 April"),
        pytest.param((date(2016, 5, 2), Thresholds(due_soon=15, upcoming=9)), id="on a holiday, far ahead"),
    ]
)
def spread(request: pytest.FixtureRequest, office: Office, monkeypatch: pytest.MonkeyPatch) -> Iterator[Spread]:
    day, thresholds = request.param
    monkeypatch.setattr("oversight.thresholds.THRESHOLDS", thresholds)
    with writing(office.bind) as connection:
        connection.execute(deadlines.delete())
        connection.execute(case_rows.update().values(closed_on=date(2016, 3, 2)))  # those of the small office
        refs = [new_case(connection, f"HTX {place}", "HBG") for place in range(len(AWAY) ** 2)]
    for ref in refs[::3]:
        did(office, ref, "name_obstacle", obstacle=OBSTACLE, note="x")
    with writing(office.bind) as connection:
        set_demo_day(connection, day)
        pairs = zip(refs, product(AWAY, AWAY), strict=True)
        cases = [_dated(connection, ref, day, *pair, place) for place, (ref, pair) in enumerate(pairs)]
    yield Spread(office, day, thresholds.due_soon, thresholds.upcoming, tuple(cases))


def _dated(
    connection: Connection, ref: str, day: date, legal: int | None, target: int | None, place: int
) -> Made:  # fmt: skip
    """A case is given two dates, an officer or none; some are closed."""
    ends = {
        "legal": None if legal is None else day + timedelta(days=legal),
        "target": None if target is None else day + timedelta(days=target),
    }
    officer = (login_of("case_officer"), "second.hbg", None)[place % 4 % 3]
    closed = place % 10 == 7
    made = Made(ends["legal"], ends["target"], place % 3 == 0, officer, closed)
    number = connection.scalar(select(officers.c.id).where(officers.c.login == officer))
    case = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == ref))
    values: dict[str, Any] = {"legal_on": None, "target_on": None, "due_on": None, "officer_id": number}
    if closed:
        values |= {"closed_on": day - timedelta(days=CLOSED_AGO), "outcome": "withdrawn"}
    else:
        values |= {"legal_on": made.legal, "target_on": made.target, "due_on": made.due}
    connection.execute(case_rows.update().where(case_rows.c.id == case).values(values))
    connection.execute(deadlines.delete().where(deadlines.c.case_id == case))
    for kind, on in ends.items():
        if on and not closed:
            connection.execute(deadlines.insert().values(_deadline(case, kind, on)))
    return made


def _deadline(case: int | None, kind: str, on: date) -> dict[str, Any]:
    return {
        "case_id": case, "key": "review_by" if kind == "legal" else "treatment_by", "kind": kind,
        "starts_on": date(2016, 3, 1), "ends_on": on, "status": "open", "ended_on": None, "who": "case_officer",
        "article": "", "confidence": "", "sum": {}, "calendar": "",
    }  # fmt: skip


def _lights_in_links(text: str, *also: str) -> Counts:
    """Numbers that lead to the list of a light, added up; of links that have the other words too."""
    found: Counts = dict.fromkeys(OPEN_LIGHTS, 0)
    for address, inner in re.findall(r'<a\s+href="([^"]*light=[^"]*)"[^>]*>(.*?)</a>', text, re.S):
        light = re.search(r"light=(\w+)", address)
        digits = re.findall(r"\d+", re.sub(r"<[^>]+>", " ", inner))
        if light and digits and all(word in address for word in also):
            found[light[1]] += int(digits[-1])
    return found


def _said(key: str, text: str, **named: str) -> tuple[int, ...]:
    """The numbers that a sentence of the catalogue has in a text."""
    pattern = re.escape(t(key, "vi", **{name: f"<{name}>" for name in named}))
    for name, digits in named.items():
        pattern = pattern.replace(re.escape(f"<{name}>"), digits)
    found = re.search(pattern, " ".join(text.split()))
    assert found, (key, text)
    return tuple(int(group) for group in found.groups())


NUMBER = r"(\d+)"


def test_the_worklist_counts_by_the_parameters(spread: Spread, as_role: As) -> None:
    text = as_role("manager").get("/work?scope=office").text
    counted = _lights_in_links(text)
    assert counted == spread.lights()
    assert _said("pages.coming_days", text, count=NUMBER) == (spread.upcoming,)
    assert re.search(rf"coming=true[^>]*>[^<]*<b>{spread.coming}</b>", text)
    assert re.search(rf"{t('pages.all_open', 'vi')}\s*<b>{spread.open}</b>", text)


def test_each_light_of_the_worklist_lists_as_many_as_its_tab_says(spread: Spread, as_role: As) -> None:
    visitor, found = as_role("manager"), {}
    for light in OPEN_LIGHTS:
        rows = _rows(visitor.get(f"/work.xlsx?light={light}").content)
        assert {row[9] for row in rows} <= {t(f"casework.light_{light}", "vi")}
        found[light] = len(rows)
    assert found == spread.lights()
    assert len(_rows(visitor.get("/work.xlsx?coming=true").content)) == spread.coming
    everything = Counter(row[9] for row in _rows(visitor.get("/work.xlsx").content))
    assert everything == Counter({t(f"casework.light_{name}", "vi"): n for name, n in spread.lights().items()})


def _rows(content: bytes) -> list[tuple[Any, ...]]:
    (sheet,) = load_workbook(io.BytesIO(content)).worksheets
    return [row for row in sheet.values if row[0] and str(row[0]).startswith("HP-")]


def test_the_late_page_counts_as_the_worklist(spread: Spread, as_role: As) -> None:
    counts = spread.lights()
    text = _groups(as_role("manager").get("/late").text)
    by_officer = _lights_in_links(text, "officer=")
    by_stage = _lights_in_links(text, "stage=")
    assert by_officer == by_stage == counts | {"green": 0}
    second = _lights_in_links(text, "officer=second.hbg")
    assert second == spread.lights("second.hbg") | {"green": 0}
    city = _lights_in_links(_groups(as_role("manager", None).get("/late").text), "district=HBG", "light=")
    assert {name: city[name] for name in counts if name != "green"} == {
        name: count for name, count in counts.items() if name != "green"
    }


def _groups(text: str) -> str:
    """The tables by district, officer and stage, without the answers above them."""
    return text[text.index('class="stack groups"') :]


def test_the_report_counts_as_the_worklist(spread: Spread, as_role: As) -> None:
    counts = spread.lights()
    first, last = date(2016, 3, 1), spread.day
    address = f"/late/report?from_on={first:%d/%m/%Y}&to_on={last:%d/%m/%Y}"
    text = as_role("manager").get(address).text
    names = dict.fromkeys(("open", "past", "law_soon", "late", "soon", "held"), NUMBER)
    assert _said("report.now", text, **names) == (
        spread.open, counts["past_legal"], counts["legal_soon"], counts["late"], counts["due_soon"], spread.held,
    )  # fmt: skip
    closing = _said("report.sum", text, opening=NUMBER, opened=NUMBER, closed=NUMBER, closing=NUMBER)[-1]
    assert closing == spread.open


def test_the_weekly_message_counts_as_the_worklist(spread: Spread) -> None:
    for login in (login_of("manager"), login_of("leader", None)):
        lines = _standing_lines(_message(spread, login))
        assert lines == _message_counts(spread, login), login


def _message(spread: Spread, login: str) -> str:
    """The text of the digest that a person gets on the day."""
    with writing(spread.office.bind) as connection:
        planned = weekly(connection, spread.day, now=FrozenClock.on(spread.day).now(), risks=date_risks)
    message = next(item.message for item in planned if item.login == login)
    assert message is not None
    return message.body


def _standing_lines(text: str) -> list[Counts]:
    """The lines of the table of officers or districts, each with its numbers by their words."""
    names = ("count_open", "count_past", "count_legal_soon", "count_late", "count_soon")
    patterns = {name: re.escape(t(f"messages.{name}", "vi", count="N")).replace("N", NUMBER, 1) for name in names}
    start = (
        text.index(t("messages.by_officer", "vi").upper())
        if t("messages.by_officer", "vi").upper() in text
        else (text.index(t("messages.by_district", "vi").upper()))
    )
    found = []
    for line in text[start:].splitlines()[1:]:
        if not line.startswith("- "):
            break
        numbers = {name: re.search(rf"(?:: |, ){pattern}(?:,|$| \()", line) for name, pattern in patterns.items()}
        found.append({name: int(match[1]) if match else 0 for name, match in numbers.items()})
    return found


def _message_counts(spread: Spread, login: str) -> list[Counts]:
    groups: list[Mapping[str, int]] = (
        [spread.lights()]
        if login == login_of("leader", None)
        else [spread.lights(officer) for officer in {case.officer for case in spread.cases}]
    )
    listed = [
        {
            "count_open": sum(group.values()), "count_past": group["past_legal"],
            "count_legal_soon": group["legal_soon"], "count_late": group["late"], "count_soon": group["due_soon"],
        }
        for group in groups
    ]  # fmt: skip
    worst = ("count_past", "count_legal_soon", "count_late", "count_open")
    return sorted(listed, key=lambda item: tuple(-item[name] for name in worst))


def test_the_command_line_counts_as_the_worklist(spread: Spread) -> None:
    counts = spread.lights()
    day = json.loads(CliRunner().invoke(app, ["day", "--json"]).stdout)
    without_green = {name: count for name, count in counts.items() if name != "green"}
    assert {name: day[name] for name in without_green} == without_green
    assert day["open"] == spread.open
    cases = json.loads(CliRunner().invoke(app, ["cases", "--json", "--limit", "1000"]).stdout)
    assert cases["total"] == spread.open
    assert Counter(case["light"] for case in cases["cases"]) == Counter(counts)
    late = json.loads(CliRunner().invoke(app, ["cases", "--late", "--json"]).stdout)
    assert late["total"] == counts["past_legal"] + counts["late"]


def test_the_monthly_figures_count_as_the_worklist(spread: Spread) -> None:
    counts = spread.lights()
    with writing(spread.office.bind) as connection:
        until_today = total_flow(flows_of(connection, date(2016, 3, 1), spread.day))
    assert (until_today.closing, until_today.past_legal, until_today.late) == (
        spread.open, counts["past_legal"], counts["late"],
    )  # fmt: skip
    first_of_next = (spread.day.replace(day=1) + timedelta(days=32)).replace(day=1)
    month = month_report(spread.office.bind, first_of_next, FrozenClock.on(first_of_next))
    assert month["total"]["closing"] == spread.open


def test_those_who_take_cases_over_are_counted_as_on_the_worklist(spread: Spread, as_role: As) -> None:
    text = as_role("manager").get("/reassign").text
    for login in (login_of("case_officer"), "second.hbg"):
        counts = spread.lights(login)
        row = next(row for row in re.findall(r"<tr>(.*?)</tr>", text, re.S) if f"officer={login}" in row)
        numbers = [int(n) for n in re.findall(r">\s*(\d+)\s*<", row)]
        assert numbers[:3] == [sum(counts.values()), counts["past_legal"], counts["late"]]
