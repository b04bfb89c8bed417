"""An act on a case with some twenty facts, and the fold per fact, beside the same rows read and written by hand."""

import json
import sqlite3
import sys
import tempfile
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine

from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, reading, writing
from procedures.state_machine.fold import fold
from tests.acting import apply
from tests.web.web_office import build_office, login_of, new_case

CASES, BEFORE, ACTS = 40, 20, 8
CLOCK = FrozenClock.on(date(2016, 3, 14))
NOTE = {"obstacle": "tax_debt", "note": "đo thử"}


def run() -> None:
    """Print both times and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        bind = engine(url)
        build_office(bind)
        with writing(bind) as connection:
            refs = [new_case(connection, f"HTX {number}", "HBG") for number in range(CASES)]
        _acts(bind, refs, BEFORE)
        ours = _acts(bind, refs, ACTS)
        hand = _by_hand(Path(folder) / "hand.db")
        _say(f"act            {ours * 1000:8.2f} ms   by hand {hand * 1000:8.2f} ms   ratio {ours / hand:5.1f}")
        _say(f"fold           {_fold(bind, refs[0]) * 1e6:8.2f} µs a fact")
        bind.dispose()


def _acts(bind: Engine, refs: Sequence[str], turns: int) -> float:
    """Seconds an act: in every case an obstacle named and lifted again, and again."""
    start = stopwatch()
    for turn in range(turns):
        verb = "name_obstacle" if turn % 2 == 0 else "lift_obstacle"
        for ref in refs:
            apply(bind, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE)
    return (stopwatch() - start) / turns / len(refs)


def _by_hand(path: Path) -> float:
    """Seconds for the same rows: the case and its facts read; one fact, one case row, one obstacle, one commit."""
    connection: Any = sqlite3.connect(path, isolation_level=None)
    connection.executescript(
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
        "CREATE TABLE fact(id INTEGER PRIMARY KEY, coop INT, seq INT, data TEXT); CREATE INDEX of ON fact(coop, seq);"
        "CREATE TABLE coop(id INTEGER PRIMARY KEY, seq INT, head TEXT);"
        "CREATE TABLE obstacle(id INTEGER PRIMARY KEY, coop INT, code TEXT)"
    )
    connection.executemany("INSERT INTO coop VALUES (?, 0, '')", [(coop,) for coop in range(CASES)])
    _turns_by_hand(connection, BEFORE)
    start = stopwatch()
    _turns_by_hand(connection, ACTS)
    return (stopwatch() - start) / ACTS / CASES


def _turns_by_hand(connection: Any, turns: int) -> None:
    for turn in range(turns):
        for coop in range(CASES):
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("SELECT seq, head FROM coop WHERE id = ?", (coop,)).fetchone()
            found = connection.execute("SELECT seq, data FROM fact WHERE coop = ? ORDER BY seq", (coop,)).fetchall()
            state = [json.loads(data) for _, data in found]
            row = (coop, len(state), json.dumps(NOTE))
            connection.execute("INSERT INTO fact(coop, seq, data) VALUES (?, ?, ?)", row)
            connection.execute("UPDATE coop SET seq = ?, head = ? WHERE id = ?", (turn, "0" * 64, coop))
            connection.execute("INSERT INTO obstacle(coop, code) VALUES (?, 'tax_debt')", (coop,))
            connection.execute("COMMIT")


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
