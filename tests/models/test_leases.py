"""Leases are compared by the database's clock, whatever the clocks of the machines say."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from models.clock import SystemClock
from models.clock_watch import BACK
from models.database import reading, writing
from models.leases import LEASE, database_now, is_free
from models.tables import day_runs


@pytest.mark.parametrize("off", [timedelta(seconds=-30), timedelta(minutes=7), timedelta(days=900)])
def test_a_machine_with_a_wrong_clock_reads_the_one_of_the_database(
    either_bind: Engine, monkeypatch: pytest.MonkeyPatch, off: timedelta
) -> None:
    before = datetime.now(UTC) - timedelta(seconds=2)
    monkeypatch.setattr(SystemClock, "offset", off)
    with reading(either_bind) as connection:
        said = database_now(connection)
    assert before <= said <= datetime.now(UTC) + timedelta(seconds=2)


def test_it_goes_on_within_a_transaction(either_bind: Engine) -> None:
    with writing(either_bind) as connection:
        first = database_now(connection)
        assert any(database_now(connection) > first for _ in range(2000))


@pytest.mark.parametrize(
    ("ends_in", "free"),
    [
        pytest.param(None, True, id="never claimed"),
        pytest.param(timedelta(seconds=-1), True, id="ended"),
        pytest.param(timedelta(seconds=1), False, id="not ended"),
        pytest.param(LEASE, False, id="just given"),
        pytest.param(LEASE + timedelta(seconds=30), False, id="given by a server a little ahead, before this one"),
        pytest.param(LEASE + BACK + timedelta(seconds=1), True, id="given before the clock was set back"),
    ],
)
def test_when_a_claim_is_free(either_bind: Engine, ends_in: timedelta | None, free: bool) -> None:
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    with writing(either_bind) as connection:
        row = {"name": "daily_watch", "day": now.date(), "started_at": now, "counts": {}}
        connection.execute(day_runs.insert().values(**row, held_until=None if ends_in is None else now + ends_in))
        found = connection.scalar(select(day_runs.c.name).where(is_free(day_runs.c.held_until, now)))
    assert (found is not None) is free
