"""A standstill of the clock is shown to those who can have it mended, on every page, and to nobody else."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, update

from models.clock import SystemClock
from models.database import writing
from models.setting_keys import DEMO_DAY
from models.tables import day_runs, effects, messages, settings_table
from tests.web.web_office import Office, Visitor

WARNING = "Việc tự động tạm dừng"


@pytest.fixture
def real(office: Office) -> Office:
    """An office that lives by the machine's clock, with nothing pending."""
    with writing(office.bind) as connection:
        connection.execute(delete(settings_table).where(settings_table.c.key == DEMO_DAY))
        connection.execute(update(effects).values(status="done"))
    return office


def enqueue(office: Office, minutes: int) -> None:
    since = SystemClock().now() - timedelta(minutes=minutes)
    row = {"key": "x", "kind": "notice", "payload": {}, "status": "pending", "attempts": 0, "note": ""}
    with writing(office.bind) as connection:
        connection.execute(insert(effects).values(row | {"next_at": since, "created_at": since}))


def write(office: Office, minutes: int) -> None:
    """A message waits to be sent."""
    since = SystemClock().now() - timedelta(minutes=minutes)
    row = {"key": "m", "officer_id": 1, "kind": "notice", "deadline_key": "", "subject": "…", "body": "…", "html": "",
           "calendar": "", "link": "", "status": "pending", "attempts": 0, "created_on": since.date(), "message_id": "",
           "note": "", "handled_by": ""}  # fmt: skip
    with writing(office.bind) as connection:
        connection.execute(insert(messages).values(row | {"next_at": since, "created_at": since}))


def watched(office: Office, hours: int) -> None:
    at = SystemClock().now() - timedelta(hours=hours)
    row: dict[str, Any] = {"name": "daily_watch", "day": at.date(), "started_at": at, "done_at": at, "counts": {}}
    with writing(office.bind) as connection:
        connection.execute(insert(day_runs).values(row))


CASES = [
    pytest.param(lambda o: None, False, id="nothing pending, never watched: a new office"),
    pytest.param(lambda o: enqueue(o, 5), False, id="pending for five minutes"),
    pytest.param(lambda o: enqueue(o, 20), True, id="pending for twenty minutes"),
    pytest.param(lambda o: write(o, 40), False, id="a message for forty minutes, as when a mail server stalls"),
    pytest.param(lambda o: write(o, 90), True, id="a message for an hour and a half"),
    pytest.param(lambda o: watched(o, 25), False, id="watched yesterday morning"),
    pytest.param(lambda o: watched(o, 40), True, id="no watch since the day before yesterday"),
]


@pytest.mark.parametrize(("happens", "shown"), CASES)
def test_heads_are_notified(
    real: Office, as_role: Callable[..., Visitor], happens: Callable[[Office], None], shown: bool
) -> None:
    happens(real)
    assert (WARNING in as_role("manager").get("/work").text) is shown


@pytest.mark.parametrize(
    ("role", "shown"), [("manager", True), ("leader", True), ("admin", True), ("case_officer", False), ("clerk", False)]
)
def test_only_those_who_can_have_it_mended(
    real: Office, as_role: Callable[..., Visitor], role: str, shown: bool
) -> None:
    enqueue(real, 60)
    assert (WARNING in as_role(role).get("/inbox").text) is shown


def test_a_demo_clock_is_never_reported_as_standing_still(office: Office, as_role: Callable[..., Visitor]) -> None:
    enqueue(office, 60)
    assert WARNING not in as_role("manager").get("/work").text
