"""50,000 open cases, forty officers, a fifth due within the week: lists, week, day, the check of all, and every page.

Long works are measured in processes of their own, with their peak of memory, beside the least that SQL by hand does.
"""

import json
import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text

from casework.lists.worklist import Filter, worklist
from models.clock import stopwatch
from models.database import engine, migrate, reading, refresh_statistics
from models.settings import settings
from models.tables import officers
from tests.bench import pages, searching
from tests.bench.office import fill
from tests.web.web_office import TODAY

CASES = 50_000
WEEK = TODAY + timedelta(days=7)
_BARE = (
    "SELECT ref, unit_name, state, legal_on, target_on FROM coop_case "
    "WHERE officer_id = :officer AND closed_on IS NULL ORDER BY due_on LIMIT 50"
)
_DUE = (
    "SELECT c.officer_id, c.id, c.ref, c.unit_name, d.key, d.ends_on "
    "FROM deadline d JOIN coop_case c ON c.id = d.case_id "
    "WHERE d.status = 'open' AND d.ends_on < ? AND c.closed_on IS NULL ORDER BY d.ends_on"
)
_INSERT = (
    "INSERT INTO message(key, officer_id, case_id, kind, deadline_key, subject, body, html, calendar, link, status, "
    "attempts, created_on, created_at, next_at, message_id, note) "
    "VALUES (?, ?, ?, 'hand', '', ?, ?, '', '', '', 'pending', 0, ?, ?, ?, '', '')"
)


def run() -> None:
    """Print every time with its peak of memory and, where there is one, the ratio to SQL by hand."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["COOPCASE_DATA"] = folder
        settings.cache_clear()
        path = Path(folder) / "many.db"
        url = f"sqlite:///{path}"
        os.environ["COOPCASE_DATABASE_URL"] = url
        settings.cache_clear()
        migrate(url)
        bind = engine(url)
        start = stopwatch()
        fill(bind, CASES)
        refresh_statistics(bind)  # as the daily watch does
        _say(f"{CASES:,} cases made in {stopwatch() - start:.0f} s, {path.stat().st_size / 1e6:.0f} MB of database")
        _worklist(bind)
        searching.run(bind, _best, _say)
        bind.dispose()
        _long("week", "weekly run, digests and ledger written", url, _time(path, _week))
        _long("day", "daily watch with the ladder", url, _time(path, _day))
        _long("verify", "verify: hashes, and lists equal to facts", url, None)
        _long("rebuild", "rebuild of every case, each with two faults", url, None)
        pages.run(CASES, _say)


def _worklist(bind: Engine) -> None:
    with reading(bind) as connection:
        officer = connection.scalar(select(officers.c.id).where(officers.c.login == "cv0.hbg")) or 0
        ours = _best(lambda: worklist(connection, Filter(officer_ids=(officer,)), TODAY, limit=50))
        bare = _best(lambda: connection.execute(text(_BARE), {"officer": officer}).all())
    _say(f"worklist of one officer: {ours * 1000:.2f} ms, bare query {bare * 1000:.2f} ms, ratio {ours / bare:.1f}")


def _long(work: str, label: str, url: str, by_hand: float | None) -> None:
    command = [sys.executable, "-m", "tests.bench.measured", work, url]
    done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    beside = f", by hand {by_hand:.2f} s, ratio {done['seconds'] / by_hand:.1f}" if by_hand else ""
    _say(f"{label}: {done['seconds']:.2f} s, peak {done['peak']:.0f} MB{beside}")


def _time(path: Path, work: Callable[[sqlite3.Connection], None]) -> float:
    """Seconds of a work by hand on the same file, committed and then taken out again."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA synchronous=FULL")
    start = stopwatch()
    connection.execute("BEGIN IMMEDIATE")
    work(connection)
    connection.execute("COMMIT")
    seconds = stopwatch() - start
    connection.execute("DELETE FROM message WHERE kind = 'hand'")
    connection.close()
    return seconds


def _week(connection: sqlite3.Connection) -> None:
    """A message a person with the first lines of what is due."""
    lines: dict[int, list[str]] = {}
    for officer, _, ref, unit, key, ends_on in connection.execute(_DUE, (WEEK.isoformat(),)):
        lines.setdefault(officer, []).append(f"{ref} {unit}: {key} {ends_on}")
    rows = [(officer, None, f"{len(due)}", "\n".join(due[:25])) for officer, due in lines.items()]
    _put(connection, rows)


def _day(connection: sqlite3.Connection) -> None:
    """A message for each deadline that is due."""
    found = connection.execute(_DUE, (WEEK.isoformat(),))
    _put(
        connection,
        [(officer, case, f"{ref} {key}", f"{unit}: {ends_on}") for officer, case, ref, unit, key, ends_on in found],
    )


def _put(connection: sqlite3.Connection, rows: list[tuple[Any, ...]]) -> None:
    at = f"{TODAY} 01:00:00.000000"
    listed = [
        (f"{officer}:hand:{place}", officer, case, subject, body, str(TODAY), at, at)
        for place, (officer, case, subject, body) in enumerate(rows)
    ]
    connection.executemany(_INSERT, listed)


def _best(measured: Callable[[], Any]) -> float:
    times = []
    for _ in range(5):
        start = stopwatch()
        measured()
        times.append(stopwatch() - start)
    return min(times)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()
