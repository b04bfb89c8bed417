"""Days on which the machine was off, and clocks that are set: what is due is done once, however late."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select, update

from models.clock import SteppedClock
from models.database import reading, writing
from models.leases import database_now
from models.tables import day_runs, effects, messages, officers
from tests.conftest import free_port
from tests.faults.acting import act, pending, step_to, unsent
from tests.faults.stack import Stack, require, running
from tests.web.web_office import Office

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
MONDAY = date(2016, 3, 14)


@pytest.fixture
def stack(data: Path, prefect: Stack) -> Stack:
    return Stack(data, free_port(), prefect.prefect_port, ("worker",))


@pytest.fixture
def reached(office: Office) -> Office:
    """An office whose people have e-mail addresses; its mails are files."""
    with writing(office.bind) as connection:
        connection.execute(update(officers).values(email=officers.c.login + "@van-phong.example"))
    return office


def on(bind: Engine, day: date) -> None:
    with writing(bind) as connection:
        step_to(connection, day)


def is_done(bind: Engine, name: str, day: date) -> bool:
    with reading(bind) as connection:
        found = select(day_runs.c.done_at).where(day_runs.c.name == name, day_runs.c.day == day)
        return connection.scalar(found) is not None


def digests(bind: Engine) -> Counter[str]:
    """Digests by week; each person has at most one of a week."""
    with reading(bind) as connection:
        keys = connection.scalars(select(messages.c.key).where(messages.c.kind == "digest")).all()
    assert len(set(keys)) == len(keys)
    return Counter(key.rpartition(":")[2] for key in keys)


@pytest.mark.parametrize(
    ("days", "weeks"),
    [
        pytest.param([MONDAY + timedelta(days=1)], ["2016-W11"], id="off on Monday: on Tuesday, once"),
        pytest.param(
            [MONDAY, MONDAY + timedelta(days=22)], ["2016-W11", "2016-W14"], id="off for three weeks: one, not three"
        ),
    ],
)
def test_a_digest_that_was_missed(reached: Office, stack: Stack, days: Sequence[date], weeks: list[str]) -> None:
    for day in days:
        on(reached.bind, day)
        for _ in "12":  # switched on, off and on again
            with running(stack):
                require(lambda day=day: is_done(reached.bind, "daily_watch", day), 60, stack)  # type: ignore[misc]
                require(lambda: len(digests(reached.bind)) >= len(weeks[: days.index(day) + 1]), 30, stack)  # noqa: B023
    found = digests(reached.bind)
    assert sorted(found) == weeks
    mails = len(list((stack.data / "outgoing").glob("*.eml")))
    with reading(reached.bind) as connection:
        sent = select(func.count(messages.c.message_id.distinct())).where(messages.c.status == "sent")
        assert connection.scalar(sent) == mails


def test_a_clock_that_is_set(reached: Office, stack: Stack) -> None:
    """An hour back: what was scheduled or claimed by the old hour is carried out. A day on and back: no duty twice."""
    on(reached.bind, MONDAY)
    act(reached, reached.first, "accept_case", file_held="true")
    ahead = SteppedClock(MONDAY).now() + timedelta(hours=1)
    with writing(reached.bind) as connection:
        tried = update(effects).where(effects.c.status == "pending")
        connection.execute(tried.values(attempts=3, next_at=ahead + timedelta(seconds=8)))
    tuesday, wednesday = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
    with running(stack):
        require(lambda: settled(reached), 60, stack, "scheduled for an hour that has not come yet")
        on(reached.bind, tuesday)
        require(lambda: is_done(reached.bind, "daily_watch", tuesday) and settled(reached), 60, stack)
        with writing(reached.bind) as connection:
            sent = update(messages).where(messages.c.status == "sent")
            ahead = database_now(connection) + timedelta(hours=1, minutes=5)
            assert connection.execute(sent.values(status="pending", claimed_until=ahead)).rowcount
        require(lambda: settled(reached), 60, stack, "claimed until an hour that has not come yet")
        runs = {}
        for day in (wednesday, tuesday, wednesday):
            on(reached.bind, day)
            require(lambda day=day: is_done(reached.bind, "daily_watch", day) and settled(reached), 60, stack)  # type: ignore[misc]
            with reading(reached.bind) as connection:
                runs[day] = connection.execute(select(day_runs).where(day_runs.c.day == day)).mappings().all()
        again = {day: begun(reached.bind, day) for day in runs}
    assert again == {day: sorted(str(row["started_at"]) for row in rows) for day, rows in runs.items()}
    assert set(digests(reached.bind)) == {"2016-W11"}


def settled(office: Office) -> bool:
    return not pending(office) and not unsent(office)


def begun(bind: Engine, day: date) -> list[str]:
    with reading(bind) as connection:
        return sorted(map(str, connection.scalars(select(day_runs.c.started_at).where(day_runs.c.day == day))))
