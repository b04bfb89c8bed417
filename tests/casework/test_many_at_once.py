"""Transactions that touch many cases, beside each other and beside single acts: one behind the other, none lost.

On PostgreSQL, where many write at once. SQLite queues every writer by itself.
"""

import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, func, select

from casework.ledger import load_case
from casework.register_import import commit
from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from correspondence.effective_papers import act
from models.clock import FrozenClock
from models.database import engine, reading, writing
from models.errors import Conflict, Refused
from models.settings import settings
from models.tables import units
from rule_changes.closing_days import NewClosing, adopt
from tests.acting import apply_in
from tests.casework.desk import NEXT, Desk
from tests.rule_changes.version_texts import SHORTER
from tests.web.web_office import CLOCK, TODAY, Office, build_office, did, login_of, new_case

pytestmark = pytest.mark.postgres
T = TypeVar("T")
HEADER = "Tên hợp tác xã;Quận/huyện;Lĩnh vực;Xếp loại;Tình trạng"
CITY = login_of("manager", None)


@pytest.fixture
def office(postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return build_office(engine(postgres_url))


@dataclass
class Waiting(FrozenClock):
    """A clock that says that it was asked for the time, and waits with its answer until it may go on."""

    asked: threading.Event
    go: threading.Event

    def now(self) -> datetime:
        self.asked.set()
        self.go.wait(20)
        return self.at


def closed_on(days: int) -> list[NewClosing]:
    return [NewClosing(TODAY + timedelta(days=days), "city", None, "Bão", "1/QĐ")]


def register_of(names: Iterable[str], grade: str = "Yếu") -> bytes:
    return "\n".join([HEADER, *(f"{name};Hồng Bàng;Nông nghiệp;{grade};Ngừng hoạt động" for name in names)]).encode()


def faults(bind: Engine) -> list[Any]:
    with reading(bind) as connection:
        return list(verify(connection))


def while_open(act: Callable[[], Any], other: Callable[[threading.Event], Any]) -> Any:
    """`other` holds its transaction open until signalled; meanwhile `act` begins."""
    go = threading.Event()
    with ThreadPoolExecutor(2) as pool:
        held = pool.submit(other, go)
        waiting = pool.submit(act)
        threading.Event().wait(1.0)
        go.set()
        held.result(30)
        return waiting.result(30)


def test_a_date_derived_while_a_closing_day_is_adopted_counts_that_day(office: Office) -> None:
    derived = threading.Event()

    def close() -> None:
        derived.wait(20)
        adopt(office.bind, closed_on(1), by=CITY, clock=CLOCK)

    while_open(close, lambda go: _accepted_slowly(office, derived, go))
    assert faults(office.bind) == []


def test_an_act_that_waits_while_a_closing_day_is_adopted_counts_that_day(office: Office) -> None:
    """What it is decided by is asked together with the lock that it waits for."""
    taken = threading.Event()

    def accept() -> None:
        taken.wait(20)
        _accept(office)

    def close(go: threading.Event) -> None:
        adopt(office.bind, closed_on(1), by=CITY, clock=Waiting(CLOCK.now(), taken, go))

    while_open(accept, close)
    assert faults(office.bind) == []


def test_an_act_that_waits_for_its_case_is_decided_by_what_the_other_did(office: Office) -> None:
    done = threading.Event()

    def second() -> None:
        done.wait(20)
        with pytest.raises(Refused):
            _accept(office)
        with pytest.raises(Conflict) as stale:
            _accept(office, seen=1)
        assert stale.value.code == "stale_case"

    while_open(second, lambda go: _accepted_slowly(office, done, go))
    with reading(office.bind) as connection:
        assert load_case(connection, office.first).row["seq"] == 2
    assert faults(office.bind) == []


def _accepted_slowly(office: Office, done: threading.Event, go: threading.Event) -> None:
    with writing(office.bind) as connection:
        apply_in(
            connection, office.first, "accept_case", by=login_of("case_officer"), clock=CLOCK,
            data={"file_held": "yes"}, on=TODAY,
        )  # fmt: skip
        done.set()
        go.wait(20)


def _accept(office: Office, seen: int | None = None) -> None:
    act(
        office.bind, office.first, "accept_case", by=login_of("case_officer"), clock=CLOCK,
        data={"file_held": "yes"}, on=TODAY, seen=seen,
    )  # fmt: skip


def test_the_same_file_twice_at_once_brings_each_unit_once(office: Office) -> None:
    data, begun, ended = register_of(["HTX Nông nghiệp Minh Tân"]), threading.Event(), threading.Event()

    def first() -> int:
        def slowly(items: Iterable[T], total: int) -> Iterable[T]:
            begun.set()
            ended.wait(30)
            return items

        return commit(office.bind, data, "a.csv", by="clock", clock=CLOCK, track=slowly).counts()["new"]

    def second() -> int:
        begun.wait(30)
        try:
            return commit(office.bind, data, "a.csv", by="clock", clock=CLOCK).counts()["new"]
        finally:
            ended.set()

    with ThreadPoolExecutor(2) as pool:
        came = [pool.submit(work) for work in (first, second)]
        assert [one.result(60) for one in came] == [0, 1], "the second does not wait for the first, which compares anew"
    with reading(office.bind) as connection:
        named = select(func.count()).select_from(units).where(units.c.name == "HTX Nông nghiệp Minh Tân")
        assert connection.scalar(named) == 1


def test_everything_at_once_ends_and_leaves_no_fault(office: Office) -> None:
    """Closing days, a version, two imports in opposite order, a rebuild and officers' acts; no deadlock."""
    desk = Desk(office)
    desk.brought(SHORTER)
    with writing(office.bind) as connection:
        refs = [new_case(connection, f"HTX Vận tải số {number}", "HBG") for number in range(24)]
    names = [f"HTX Đánh cá {word}" for word in ("Bình Minh", "Hải Âu", "Cát Hải", "Phù Long", "Gia Luận", "Việt Hải")]
    commit(office.bind, register_of(names), "a.csv", by="clock", clock=CLOCK)

    def imported(order: int) -> None:
        commit(office.bind, register_of(names[::order], "Trung bình"), "b.csv", by="clock", clock=CLOCK)

    def days() -> None:
        for number in (2, 3, 4):
            adopt(office.bind, closed_on(number), by=CITY, clock=CLOCK)

    def acts(mine: list[str]) -> int:
        return sum(bool(did(office, ref, "accept_case", file_held="yes")) for ref in mine)

    def mended() -> None:
        assert list(rebuild(office.bind, CLOCK, size=5)) == []

    def version() -> str:
        for _ in range(20):
            try:
                desk.approve()
            except Conflict:  # a legal limit moved since it was looked at
                continue
            return desk.status(NEXT)
        return "never"

    with ThreadPoolExecutor(8) as pool:
        done = [pool.submit(acts, refs[start::3]) for start in range(3)]
        others = [pool.submit(days), pool.submit(imported, 1), pool.submit(imported, -1), pool.submit(mended)]
        approved = pool.submit(version)
        assert [one.result(60) for one in done] == [8, 8, 8]
        for other in others:
            other.result(60)
        assert approved.result(60) == "in_force"
    assert faults(office.bind) == []
