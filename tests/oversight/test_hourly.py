"""Results of large offices are kept for an hour and say when they were made; those of small ones are of the moment."""

from datetime import datetime, timedelta
from itertools import count

import pytest
from sqlalchemy import Engine

from models.clock import HANOI
from models.database import reading
from oversight import remembered
from oversight.remembered import KEPT_FOR, Hourly, is_large
from tests.web.web_office import build_office

NOON = datetime(2016, 3, 14, 12, 0, tzinfo=HANOI)


@pytest.fixture
def offices(either_bind: Engine, monkeypatch: pytest.MonkeyPatch) -> Engine:
    """Three cases in HBG, which is then a large office, and one in ADG, which is not."""
    build_office(either_bind)
    monkeypatch.setattr(remembered, "LARGE", 2)
    return either_bind


def test_an_office_is_large_by_its_cases(offices: Engine) -> None:
    with reading(offices) as connection:
        assert [is_large(connection, code) for code in ("HBG", "ADG", None)] == [True, False, True]


def test_a_large_office_keeps_a_result_for_an_hour_and_no_longer(offices: Engine) -> None:
    numbers, hourly = count(1), Hourly()
    last = NOON + KEPT_FOR - timedelta(seconds=1)
    with reading(offices) as connection:
        found = [
            hourly.of(connection, ("risks",), "HBG", now, lambda: next(numbers))
            for now in (NOON, last, NOON + KEPT_FOR, NOON + KEPT_FOR, NOON)
        ]
    made = [(item.result, item.made_at) for item in found]
    assert made == [(1, NOON), (1, NOON), (2, NOON + KEPT_FOR), (2, NOON + KEPT_FOR), (3, NOON)], "nor one of later on"


def test_what_is_asked_is_kept_apart_by_question_and_office(offices: Engine) -> None:
    numbers, hourly = count(1), Hourly()
    asked = [(("a", 1), "HBG"), (("a", 2), "HBG"), (("a", 1), None), (("a", 1), "HBG")]
    with reading(offices) as connection:
        found = [hourly.of(connection, name, code, NOON, lambda: next(numbers)).result for name, code in asked]
    assert found == [1, 2, 3, 1]


def test_a_small_office_has_its_results_of_the_moment(offices: Engine) -> None:
    numbers, hourly = count(1), Hourly()
    with reading(offices) as connection:
        found = [hourly.of(connection, ("risks",), "ADG", NOON, lambda: next(numbers)) for _ in range(2)]
    assert [(item.result, item.made_at) for item in found] == [(1, None), (2, None)]
