"""The editions of the days off: a published one never changes, and each can still be counted by."""

import hashlib
from datetime import date
from pathlib import Path

import pytest

import procedures
from models.errors import NotFound
from procedures.legal_time.calendar import load_calendars, schedules_of
from procedures.legal_time.calendar_editions import edition_of, editions, newest_edition

FOLDER = Path(procedures.__file__).parent / "calendars"
# The hash of every published text from its schedules on. Offices count by these: an edition is never edited, it gets a
# successor (docs/how-to-add-a-holiday.md).
PUBLISHED = {
    1: "f87d3049ab887263",
    2: "100eeffe68ddc4f7",
}


@pytest.fixture(autouse=True)
def _calendars_of_this_test() -> None:
    """Every test builds its calendars itself: one that reads what another has built would notice no change there."""
    load_calendars.cache_clear()


def text_of(number: int) -> str:
    path = FOLDER / ("national.yaml" if number == newest_edition() else f"former/national@{number}.yaml")
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("number", editions())
def test_a_published_edition_is_as_it_was(number: int) -> None:
    schedules = text_of(number).partition("schedules:")[2]
    known = hashlib.sha256(schedules.encode()).hexdigest()[:16]
    assert PUBLISHED.get(number) == known, (
        f"the days off of edition {number} are other ones: copy the published text to "
        "procedures/calendars/former/, raise `edition` in national.yaml and add its hash here"
    )


def test_the_editions_are_numbered_without_a_gap_and_say_what_they_changed() -> None:
    assert list(editions()) == list(range(1, newest_edition() + 1)) == list(PUBLISHED)
    for number, edition in editions().items():
        assert (edition.number, edition_of(number)) == (number, edition)
        assert edition.changes["vi"] != edition.changes["en"]
    assert edition_of(None).number == newest_edition()


def test_an_unknown_edition_is_refused_by_name() -> None:
    with pytest.raises(NotFound) as error:
        load_calendars(edition=99)
    assert error.value.code == "no_such_edition"
    assert error.value.params["edition"] == 99


def test_the_first_edition_is_what_offices_have_counted_by() -> None:
    """Their deadlines carry this hash; a day more or less would make every stored row another one."""
    first = load_calendars(edition=1)
    assert (first.version, first.edition) == ("a0ca94653528", 1)
    assert load_calendars("draft", edition=1).version == "3af9d99bf5ed"
    assert first.agency.add_working_days(date(2014, 1, 27), 1) == date(2014, 1, 28)
    assert load_calendars().version != first.version
    assert load_calendars().edition == newest_edition()


def test_a_schedule_is_of_its_edition() -> None:
    assert (schedules_of(2014, 1), schedules_of(2014)) == (["computed"], ["final"])
