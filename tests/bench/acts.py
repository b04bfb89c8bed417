"""Acts per second and the fold per fact, beside the same rows written by hand with the driver."""

import json
import sqlite3
import sys
import tempfile
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from casework.door import apply
from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, reading
from procedures.fold import fold
from tests.web.office import build_office, login_of

ACTS = 300
CLOCK = FrozenClock.on(date(2016, 3, 14))
NOTE = {"obstacle": "tax_debt", "note": "đo thử"}


def run() -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        bind = engine(url)
        ref = build_office(bind).first
        ours = _acts(bind, ref)
        hand = _by_hand(Path(folder) / "hand.db")
        _say(f"act            {ours * 1000:8.2f} ms   by hand {hand * 1000:8.2f} ms   ratio {ours / hand:5.1f}")
        _say(f"fold           {_fold(bind, ref) * 1e6:8.2f} µs a fact")
        bind.dispose()


def _acts(bind: Engine, ref: str) -> float:
    """Seconds an act: an obstacle named and lifted again, and again."""
    start = stopwatch()
    for turn in range(ACTS):
        verb = "name_obstacle" if turn % 2 == 0 else "lift_obstacle"
        apply(bind, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE)
    return (stopwatch() - start) / ACTS


def _by_hand(path: Path) -> float:
    """Seconds for the same rows: one fact, one case row, one obstacle, one commit."""
    connection: Any = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE fact(id INTEGER PRIMARY KEY, seq INT, data TEXT); CREATE TABLE coop(id INT, seq INT, head TEXT);"
        "CREATE TABLE obstacle(id INTEGER PRIMARY KEY, code TEXT); INSERT INTO coop VALUES (1, 0, '')"
    )
    start = stopwatch()
    for turn in range(ACTS):
        connection.execute("BEGIN IMMEDIATE")
        connection.execute("INSERT INTO fact(seq, data) VALUES (?, ?)", (turn, json.dumps(NOTE)))
        connection.execute("UPDATE coop SET seq = ?, head = ? WHERE id = 1", (turn, "0" * 64))
        connection.execute("INSERT INTO obstacle(code) VALUES ('tax_debt')")
        connection.execute("COMMIT")
    return (stopwatch() - start) / ACTS


def _fold(bind: Engine, ref: str) -> float:
    from casework.ledger import load_case

    with reading(bind) as connection:
        loaded = load_case(connection, ref)
    start = stopwatch()
    for _ in range(50):
        fold(loaded.procedure, loaded.facts)
    return (stopwatch() - start) / 50 / len(loaded.facts)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
