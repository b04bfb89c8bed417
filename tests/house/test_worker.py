"""The worker's loop: it goes on after a failed round, and stops when asked to."""

import asyncio

import pytest

from flows.runtime import worker


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
