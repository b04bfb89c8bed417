"""The daily watch: done once for a day, and it says what passed its date since the watch before."""

from datetime import date

import pytest

from flows.jobs.day_watch import StuckLetter, watch
from flows.run_tables import reminded, stuck, turned_late
from models.clock import FrozenClock
from models.database import engine
from models.settings import settings
from tests.web.web_office import Office, build_office


@pytest.fixture
def office(sqlite_url: str, tmp_path: object, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    monkeypatch.setenv("COOPCASE_LANG", "en")
    settings.cache_clear()
    return build_office(engine(sqlite_url))


def late_on(office: Office, day: date) -> list[tuple[str, str]]:
    found = watch(office.bind, day, FrozenClock.on(day))
    return [(row["ref"], row["ended_on"]) for row in found["turned_late"]]


def test_a_date_is_listed_when_it_passed_and_not_again(office: Office) -> None:
    """All four cases have an internal date on 15/03/2016."""
    refs = [office.first, office.second, office.elsewhere, office.city]
    passed = [(ref, "2016-03-15") for ref in refs]
    late_on(office, date(2016, 3, 14))
    assert {day: late_on(office, date(2016, 3, day)) for day in (15, 16, 17)} == {15: [], 16: passed, 17: []}


def test_what_passed_while_the_machine_was_off_is_listed_when_it_is_on(office: Office) -> None:
    late_on(office, date(2016, 3, 14))
    assert (office.first, "2016-03-15") in late_on(office, date(2016, 3, 21))


def test_a_day_that_is_done_says_again_what_it_came_to(office: Office) -> None:
    day = date(2016, 3, 16)
    first = watch(office.bind, day, FrozenClock.on(day))
    assert watch(office.bind, day, FrozenClock.on(day, 15)) == {**first, "already": True}


def test_tables_are_in_words(office: Office) -> None:
    rows = watch(office.bind, date(2016, 3, 16), FrozenClock.on(date(2016, 3, 16)))["turned_late"]
    row = next(row for row in rows if row["ended_on"] == "2016-03-15")
    shown = dict(turned_late([row])[0])
    assert (shown["Case"], shown["Ended on"], shown["Legal limit"]) == (office.first, "15/03/2016", "")
    assert shown["Open"] == f"{settings().site()}/cases/{office.first}"
    letter = StuckLetter(ref="HP-1", unit="HTX", letter="visit_notice", status="issued", since_on="2016-03-01", id=7)
    assert dict(stuck([letter])[0])["Since"] == "01/03/2016"
    assert dict(reminded([{"login": "a", "name": "A", "why": "due"}])[0])["Why"] == "has work"
