"""The resident worker: one process that looks for pending effects and calls the flows of their cases.

Beside its rounds, which a night's copy may hold up for long, it orders what is new in the office's log.
"""

import asyncio
import logging
import os
import signal
from collections.abc import Awaitable, Callable
from pathlib import Path

from models.clock import SystemClock
from models.database import engine
from models.settings import settings

PAUSE = 1.0  # seconds between two looks at the outbox
LONGEST_PAUSE = 60.0  # while rounds fail, for example because Prefect does not answer

Drain = Callable[[], Awaitable[int]]
log = logging.getLogger("coopcase.worker")


async def follow(stop: asyncio.Event, drain: Drain, done: Callable[[], None] = lambda: None) -> None:
    """Drain again and again until `stop`; `done` is called after every round, failed or not.

    A failed round is logged and tried again later: what is pending stays pending.
    """
    pause = PAUSE
    while not stop.is_set():
        try:
            await drain()
            pause = PAUSE
        except Exception:
            log.exception("round_failed")
            pause = min(LONGEST_PAUSE, pause * 2)
        done()
        await _rest(stop, pause)


async def _rest(stop: asyncio.Event, seconds: float) -> None:
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return


async def one_round() -> int:
    """Follow every case with pending effects. Imported late: a broken flow is a failed round, not a dead worker."""
    from flows.runtime.worker_round import go_round

    return await go_round(engine())


async def order_log() -> int:
    """Give what is new in the office's log its place, and the log its checkpoint. Returns how many entries."""
    from audit_log.sequencer import sequence

    return await asyncio.to_thread(sequence, engine(), settings().data.resolve(), SystemClock().now())


async def work(stop: asyncio.Event, go_round: Drain, done: Callable[[], None] = lambda: None) -> None:
    """Go round, and order the log, each at its own pace, until `stop`."""
    await asyncio.gather(follow(stop, go_round, done), follow(stop, order_log))


def beats(data: Path, pid: int) -> bool:
    """True when the worker of this process id has made a round."""
    try:
        return _beat(data).read_text() == str(pid)
    except OSError:
        return False


def _beat(data: Path) -> Path:
    return data / "worker.pid"


def _mark_beat() -> None:
    if not beats(settings().data, os.getpid()):
        _beat(settings().data).write_text(str(os.getpid()))


async def _run() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop.set)
    await work(stop, one_round, _mark_beat)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)  # it logs every request
    asyncio.run(_run())


if __name__ == "__main__":
    main()
