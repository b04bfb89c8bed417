"""A list with its count and the weekly sweep beside hand-written SQL on the same rows, on SQLite and PostgreSQL."""

import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.lists.worklist import Filter, worklist
from flows.jobs import week_digests
from models.clock import stopwatch
from models.database import engine, migrate, reading, refresh_statistics, writing
from models.driver_sql import driver_rows
from models.settings import settings
from models.tables import messages, officers
from tests.bench.many import WEEK
from tests.bench.office import fill
from tests.conftest import postgres_tools, running_postgres
from tests.web.web_office import CLOCK, TODAY

CASES = 5_000
_PAGE = (
    "SELECT c.id, c.ref, c.unit_id, c.unit_name, c.district_code, c.level, c.procedure, c.stage, c.state, c.outcome, "
    "c.opened_on, c.closed_on, c.target_on, c.legal_on, c.due_on, c.overlays, c.obstacles, c.seq, o.login, o.name "
    "FROM coop_case c LEFT JOIN officer o ON o.id = c.officer_id "
    "WHERE c.officer_id = :asked AND c.closed_on IS NULL ORDER BY c.due_on, c.ref LIMIT 50"
)
_COUNT = "SELECT count(*) FROM coop_case WHERE officer_id = :asked AND closed_on IS NULL"
_DUE = (
    "SELECT c.officer_id, c.ref, c.unit_name, d.key, d.ends_on FROM deadline d JOIN coop_case c ON c.id = d.case_id "
    "WHERE d.status = 'open' AND d.ends_on < :asked AND c.closed_on IS NULL ORDER BY d.ends_on"
)


def run() -> None:
    """Print both with their ratios."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COOPCASE_DATA"] = folder
        _database("SQLite", f"sqlite:///{Path(folder) / 'sweeps.db'}")
        tools = postgres_tools()
        if tools is None:
            _say("list and sweep, PostgreSQL: not installed")
            return
        with running_postgres(tools, durable=True) as server, server.empty_database() as url:
            _database("PostgreSQL", url)


def _database(name: str, url: str) -> None:
    os.environ["COOPCASE_DATABASE_URL"] = url
    settings.cache_clear()
    migrate(url)
    bind = engine(url)
    fill(bind, CASES)
    refresh_statistics(bind)
    if name == "PostgreSQL":
        with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM ANALYZE")  # as autovacuum has done in an office
    _list(name, bind)
    _sweep(name, bind)
    bind.dispose()


def _list(name: str, bind: Engine) -> None:
    with reading(bind) as connection:
        officer = connection.scalar(select(officers.c.id).where(officers.c.login == "cv0.hbg")) or 0
        mine = Filter(officer_ids=(officer,))

        def ours() -> None:
            assert worklist(connection, mine, TODAY, limit=50).total

        def by_hand() -> None:
            assert _rows(connection, _PAGE, officer)
            assert _rows(connection, _COUNT, officer)

        _compare(f"list with count, {name}, {CASES:,} cases", ours, by_hand, 20)


def _sweep(name: str, bind: Engine) -> None:
    def ours() -> None:
        week_digests.work(bind, TODAY, CLOCK)

    def by_hand() -> None:
        with writing(bind) as connection:
            _digests(connection)

    _compare(f"weekly sweep, {name}, {CASES:,} cases", ours, by_hand, 1)


def _digests(connection: Connection) -> None:
    """A message a person with the first lines of what is due."""
    lines: dict[int, list[str]] = {}
    for officer, ref, unit, key, ends_on in _rows(connection, _DUE, WEEK.isoformat()):
        lines.setdefault(officer, []).append(f"{ref} {unit}: {key} {ends_on}")
    at = CLOCK.now()
    blank = {
        "case_id": None, "kind": "hand", "deadline_key": "", "html": "", "calendar": "", "link": "", "attempts": 0,
        "created_on": TODAY, "created_at": at, "next_at": at, "message_id": "", "note": "", "status": "pending",
    }  # fmt: skip
    rows: list[dict[str, Any]] = [
        {"key": f"{officer}:hand", "officer_id": officer, "subject": f"{len(due)}", "body": "\n".join(due[:25])} | blank
        for officer, due in lines.items()
    ]
    connection.execute(messages.insert(), rows)


def _rows(connection: Connection, statement: str, asked: Any) -> Sequence[Sequence[Any]]:
    """By the driver alone."""
    mark = "?" if connection.dialect.name == "sqlite" else "%s"
    return driver_rows(connection, statement.replace(":asked", mark), (asked,))


def _compare(label: str, ours: Callable[[], None], by_hand: Callable[[], None], times: int) -> None:
    """The best of so many turns, in turn."""
    taken, hand = [], []
    for _ in range(times):
        taken.append(_seconds(ours))
        hand.append(_seconds(by_hand))
    best, least = min(taken), min(hand)
    _say(f"{label}: {best * 1000:.2f} ms, by hand {least * 1000:.2f}, ratio {best / least:.1f}")


def _seconds(work: Callable[[], None]) -> float:
    start = stopwatch()
    work()
    return stopwatch() - start


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run()
