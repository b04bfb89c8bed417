"""A machine that was off on Monday sends on Tuesday, once; off for three weeks: one digest that covers all three."""

from datetime import date, timedelta

import pytest

from flows.jobs.duties import due_duties
from models.clock import FrozenClock
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at

WEEK = timedelta(days=7)


def due_weeks(desk: Desk, clock: FrozenClock) -> list[date]:
    return [day for name, day in due_duties(desk.bind, clock) if name == "weekly_reminders"]


def round_of(desk: Desk, clock: FrozenClock) -> None:
    """What the worker does of the weekly reminders at an instant."""
    for day in due_weeks(desk, clock):
        desk.remind(day, clock)


def digests(desk: Desk, login: str = MANAGER) -> list[dict[str, str]]:
    return desk.rows(login=login, kind="digest")


def test_off_on_monday_sends_on_tuesday_once(either_desk: Desk) -> None:
    tuesday = MONDAY + timedelta(days=1)
    for hour in (9, 10, 15):
        round_of(either_desk, at(tuesday, hour))
    (digest,) = digests(either_desk)
    assert "tuần 15/03" in digest["subject"], "it counts from the day it is written"
    for later in range(2, 7):
        round_of(either_desk, at(MONDAY + timedelta(days=later)))
    assert len(digests(either_desk)) == 1


def test_off_for_three_weeks_is_one_digest_that_tells_of_all_three(desk: Desk) -> None:
    round_of(desk, at(MONDAY, 8))
    back = MONDAY + 3 * WEEK + timedelta(days=2)
    desk.act(
        "receive_complaint",
        MONDAY + WEEK,
        "clerk",
        received_on="2016-03-21",
        complainant="X",
        against="Y",
        settler="district_committee",
        concerns="dissolution",
    )
    round_of(desk, at(back))
    assert len(digests(desk)) == 2
    assert "Số hồ sơ từ 14/03/2016 đến 05/04/2016" in digests(desk)[-1]["body"]
    assert "21/03/2016: Đã nhận khiếu nại" in digests(desk, OFFICER)[-1]["body"], "of a week that had no digest"


def test_periods_follow_upon_each_other_without_gap_or_overlap(desk: Desk) -> None:
    for day in (MONDAY, MONDAY + WEEK + timedelta(days=1), MONDAY + 2 * WEEK):
        round_of(desk, at(day, 8))
    periods = [row["body"].split("Số hồ sơ từ ")[1].split(":")[0] for row in digests(desk)]
    assert periods == [
        "07/03/2016 đến 13/03/2016", "14/03/2016 đến 21/03/2016", "22/03/2016 đến 27/03/2016",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(at(MONDAY + WEEK, 6, 30), at(MONDAY + WEEK, 8), id="started on Monday before eight"),
        pytest.param(at(MONDAY + timedelta(days=5), 10), at(MONDAY + WEEK, 8), id="started on Saturday"),
        pytest.param(at(MONDAY + timedelta(days=4), 19), at(MONDAY + WEEK, 8), id="started on Friday evening"),
    ],
)
def test_a_missed_week_is_left_to_the_next_when_that_comes_first(
    desk: Desk, first: FrozenClock, second: FrozenClock
) -> None:
    """Otherwise two digests would reach people within the hour."""
    round_of(desk, first)
    assert digests(desk) == []
    round_of(desk, second)
    assert len(digests(desk)) == 1


@pytest.mark.parametrize(
    ("clock", "pending"),
    [
        pytest.param(at(MONDAY, 7, 59), [], id="Monday before eight"),
        pytest.param(at(MONDAY, 8), [MONDAY], id="Monday at eight"),
        pytest.param(at(date(2016, 2, 9), 9), [], id="in the week of Tết"),
        pytest.param(at(date(2016, 2, 15), 8), [date(2016, 2, 15)], id="the Monday after Tết"),
        pytest.param(at(date(2016, 4, 18), 9), [], id="Monday 18/04, a day in lieu"),
        pytest.param(at(date(2016, 4, 19), 8), [date(2016, 4, 19)], id="and so Tuesday is the day"),
    ],
)
def test_when_the_week_is_due(desk: Desk, clock: FrozenClock, pending: list[date]) -> None:
    assert due_weeks(desk, clock) == pending
