"""The worker's loop: it goes on after a failed round, and stops when asked to."""

import asyncio
from pathlib import Path

import pytest

from audit_log.sequencer import unordered
from flows.runtime import worker
from models.database import engine, reading
from models.settings import settings
from tests.web.web_office import build_office


@pytest.fixture(autouse=True)
def _no_waiting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "PAUSE", 0.001)


def rounds(failing: int, wanted: int) -> tuple[int, int]:
    """(rounds made, rounds reported) when the first `failing` fail and it is stopped in the last wanted."""
    made = reported = 0
    stop = asyncio.Event()

    async def drain() -> int:
        nonlocal made
        made += 1
        if made == wanted:
            stop.set()
        if made <= failing:
            raise ConnectionError("Prefect is away")
        return 0

    def done() -> None:
        nonlocal reported
        reported += 1

    asyncio.run(worker.follow(stop, drain, done))
    return made, reported


@pytest.mark.parametrize(
    ("failing", "wanted"), [pytest.param(0, 3, id="all well"), pytest.param(2, 4, id="Prefect away for two rounds")]
)
def test_it_goes_round_until_it_is_stopped(failing: int, wanted: int) -> None:
    assert rounds(failing, wanted) == (wanted, wanted)


def test_it_does_not_start_a_round_once_it_is_stopped() -> None:
    stop = asyncio.Event()
    stop.set()

    async def drain() -> int:
        raise AssertionError("a round after the stop")

    asyncio.run(worker.follow(stop, drain))


def test_the_log_is_ordered_while_a_round_takes_long(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    engine.cache_clear()
    build_office(engine())
    left = []

    def count() -> int:
        with reading(engine()) as connection:
            return unordered(connection)

    async def night() -> int:
        """A round that lasts until the log is ordered."""
        left.append(await asyncio.to_thread(count))
        while await asyncio.to_thread(count):
            await asyncio.sleep(0.05)
        stop.set()
        return 0

    stop = asyncio.Event()

    async def work() -> None:
        await asyncio.wait_for(worker.work(stop, night), 30)

    asyncio.run(work())
    assert left
    assert count() == 0
    engine().dispose()
    engine.cache_clear()
