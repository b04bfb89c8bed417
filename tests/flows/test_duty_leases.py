"""A duty of a day by several workers: one does it, the others see that; when it ends on the way another takes over."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from cli.output import duty_of_others
from flows.jobs import duty_leases
from flows.jobs.day_watch import watch
from flows.jobs.duties import due_duties, once
from models.clock import Clock, FrozenClock
from models.database import engine, reading, writing
from models.leases import LEASE, database_now
from models.settings import settings
from models.tables import day_runs, messages
from tests.web.web_office import build_office

ROOT = Path(__file__).parents[2]
DAY = date(2016, 3, 14)
CLOCK = FrozenClock.on(DAY, 8)
OTHER_HOST = "by:may-khac:0a1b2c3d:77:12345"
FOLLOWER = """
import json, sys, time
from datetime import date, timedelta
from pathlib import Path
from flows.jobs.duties import once
from models.clock import FrozenClock, SystemClock
from models.database import engine

url, log, seconds, off = sys.argv[1:]
SystemClock.offset = timedelta(seconds=float(off))
clock = FrozenClock.on(date(2016, 3, 14), 8)
clock.at += SystemClock.offset

def work(bind, day, at):
    with Path(log).open("a") as lines:
        lines.write("begun\\n")
    time.sleep(float(seconds))
    return {"written": 7}

print(json.dumps(once(engine(url), "weekly_reminders", clock.today(), clock, work)))
"""


class Followers:
    """Processes that do the week's duty, each with a clock of its own."""

    def __init__(self, bind: Engine, log: Path) -> None:
        self.url, self.log = bind.url.render_as_string(hide_password=False), log
        self.started: list[subprocess.Popen[str]] = []

    def start(self, seconds: float, off: float = 0.0) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", FOLLOWER, self.url, str(self.log), str(seconds), str(off)]
        self.started.append(subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True))
        return self.started[-1]

    def begun(self) -> int:
        return self.log.read_text().count("begun") if self.log.exists() else 0

    def end(self) -> None:
        for process in self.started:
            process.kill()
            process.communicate()


@pytest.fixture
def followers(either_bind: Engine, tmp_path: Path) -> Iterator[Followers]:
    found = Followers(either_bind, tmp_path / "begun")
    yield found
    found.end()


def eventually(holds: Callable[[], bool], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)


def work(_bind: Engine, _day: date, _clock: Clock) -> dict[str, Any]:
    return {"written": 9}


def do(bind: Engine, job: Callable[[Engine, date, Clock], dict[str, Any]] = work) -> dict[str, Any]:
    return once(bind, "weekly_reminders", DAY, CLOCK, job)


def ledger(bind: Engine) -> Mapping[str, Any]:
    with reading(bind) as connection:
        found = select(day_runs).where(day_runs.c.name == "weekly_reminders")
        return dict(connection.execute(found).mappings().one())


def change(bind: Engine, **values: Any) -> None:
    with writing(bind) as connection:
        connection.execute(update(day_runs).values(values))


def held_elsewhere(bind: Engine) -> None:
    """A worker of another machine is at it."""
    with writing(bind) as connection:
        row = {"name": "weekly_reminders", "day": DAY, "started_at": CLOCK.now(), "counts": {}, "holder": OTHER_HOST}
        until = database_now(connection) + LEASE
        connection.execute(day_runs.insert().values(**row, claim=1, held_until=until))


def lapse(bind: Engine) -> None:
    with reading(bind) as connection:
        now = database_now(connection)
    change(bind, held_until=now - timedelta(seconds=1))


@pytest.mark.parametrize("off", [(-15.0, 15.0), (120.0, -120.0)], ids=str)
def test_two_followers_do_it_once(either_bind: Engine, followers: Followers, off: tuple[float, float]) -> None:
    both = [followers.start(4, by) for by in off]
    eventually(lambda: followers.begun() > 0)
    assert "weekly_reminders" not in {name for name, _ in due_duties(either_bind, CLOCK)}
    answers = [json.loads(process.communicate(timeout=60)[0]) for process in both]
    assert followers.begun() == 1
    assert {"written": 7} in answers
    assert all(one.get("held") or one.get("already") for one in answers if one != {"written": 7})
    row = ledger(either_bind)
    assert (row["counts"], row["claim"], row["holder"], row["held_until"]) == ({"written": 7}, 1, "", None)
    assert do(either_bind) == {"written": 7, "already": True}


def test_a_killed_one_is_replaced_at_once_on_its_machine(either_bind: Engine, followers: Followers) -> None:
    killed = followers.start(60)
    eventually(lambda: followers.begun() > 0)
    assert do(either_bind) == {"held": True}
    killed.kill()
    killed.wait()
    assert ("weekly_reminders", DAY) in due_duties(either_bind, CLOCK)
    assert do(either_bind) == {"written": 9}


def test_one_of_another_machine_is_replaced_when_its_lease_has_ended(either_bind: Engine) -> None:
    held_elsewhere(either_bind)
    assert do(either_bind) == {"held": True}
    assert "weekly_reminders" not in {name for name, _ in due_duties(either_bind, CLOCK)}
    lapse(either_bind)
    assert ("weekly_reminders", DAY) in due_duties(either_bind, CLOCK)
    assert do(either_bind) == {"written": 9}


def test_who_comes_back_after_its_lease_overwrites_nothing(either_bind: Engine, followers: Followers) -> None:
    def slow(bind: Engine, _day: date, _clock: Clock) -> dict[str, Any]:
        lapse(bind)  # as after a machine that was suspended
        followers.start(0).communicate(timeout=60)
        return {"written": 0}

    assert do(either_bind, slow) == {"written": 7, "already": True}
    assert ledger(either_bind)["counts"] == {"written": 7}


def test_it_is_renewed_while_the_work_lasts(either_bind: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(duty_leases, "RENEWED_EVERY", timedelta(milliseconds=50))

    def slow(bind: Engine, _day: date, _clock: Clock) -> dict[str, Any]:
        given = ledger(bind)["held_until"]
        eventually(lambda: ledger(bind)["held_until"] > given, 20)
        return {"written": 1}

    assert do(either_bind, slow) == {"written": 1}
    row = ledger(either_bind)
    time.sleep(0.2)
    assert ledger(either_bind) == row
    assert row["held_until"] is None, "nothing is renewed afterwards"


def test_it_is_given_back_by_work_that_fails(either_bind: Engine) -> None:
    def failing(_bind: Engine, _day: date, _clock: Clock) -> dict[str, Any]:
        raise OSError("no room")

    with pytest.raises(OSError, match="no room"):
        do(either_bind, failing)
    row = ledger(either_bind)
    assert (row["done_at"], row["holder"], row["held_until"]) == (None, "", None)
    assert do(either_bind) == {"written": 9}


def test_two_threads_of_a_process_do_it_once(either_bind: Engine) -> None:
    begun: list[date] = []

    def slow(_bind: Engine, day: date, _clock: Clock) -> dict[str, Any]:
        begun.append(day)
        time.sleep(1)
        return {"written": 3}

    with ThreadPoolExecutor(2) as two:
        first = two.submit(do, either_bind, slow)
        eventually(lambda: bool(begun))
        assert two.submit(do, either_bind, slow).result() == {"held": True}
        assert "weekly_reminders" not in {name for name, _ in due_duties(either_bind, CLOCK)}
        assert first.result() == {"written": 3}
    assert begun == [DAY]


def test_a_watch_that_another_does_writes_nothing(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    monkeypatch.setenv("COOPCASE_LANG", "en")
    settings.cache_clear()
    office = build_office(engine(sqlite_url))
    held_elsewhere(office.bind)
    change(office.bind, name="daily_watch")
    found = watch(office.bind, DAY, CLOCK)
    assert found == {"held": True}
    assert "Another process is doing this now" in duty_of_others(found, "cli.day_already")
    with reading(office.bind) as connection:
        assert connection.scalars(select(messages.c.id)).all() == []
