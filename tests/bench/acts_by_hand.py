"""The least that an act can cost: plain tables, hand-written SQL, the same rows as an act of ours writes."""

import hashlib
import json
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy.engine import make_url

from procedures.facts import FactView

_TABLES = (
    "CREATE TABLE coop (id INTEGER PRIMARY KEY, state TEXT, due TEXT, seq INTEGER, head TEXT)",
    "CREATE TABLE fact (id {number}, coop INTEGER, seq INTEGER, kind TEXT, at TEXT, by TEXT, data TEXT, hash TEXT, "
    "UNIQUE (coop, seq))",
    "CREATE TABLE clock (id {number}, coop INTEGER, key TEXT, ends TEXT, status TEXT, UNIQUE (coop, key))",
    "CREATE TABLE outbox (id {number}, key TEXT UNIQUE, payload TEXT)",
)
_FIND = "SELECT state, seq, head FROM coop WHERE id = ?"
_FACT = "INSERT INTO fact (coop, seq, kind, at, by, data, hash) VALUES (?, ?, ?, ?, ?, ?, ?)"
_CLOCKS = (
    "INSERT INTO clock (coop, key, ends, status) VALUES (?, ?, ?, ?), (?, ?, ?, ?) "
    "ON CONFLICT (coop, key) DO UPDATE SET ends = excluded.ends, status = excluded.status"
)
_CASE = "UPDATE coop SET state = ?, due = ?, seq = ?, head = ? WHERE id = ?"
_OUTBOX = "INSERT INTO outbox (key, payload) VALUES (?, ?)"
_DATA = {"findings": "Còn con dấu; không còn dịch vụ cho thành viên", "present": "Tổ công tác", "signed": True}


class ByHand:
    """A database of plain tables, by its driver alone."""

    def __init__(self, connection: Any, *, lock: str = "", begin: str = "BEGIN") -> None:
        self._connection = connection
        marks: Callable[[str], str] = (lambda text: text.replace("?", "%s")) if lock else (lambda text: text)
        self._find, self._begin = marks(_FIND) + lock, begin
        self._fact, self._clocks, self._case, self._outbox = map(marks, (_FACT, _CLOCKS, _CASE, _OUTBOX))

    def live(self, cases: Sequence[int], acts: int) -> None:
        """So many acts in every case."""
        for turn in range(acts):
            for case in cases:
                self._act(case, f"step{turn}")

    def close(self) -> None:
        self._connection.close()

    def _act(self, case: int, verb: str) -> None:
        run = self._connection.execute
        run(self._begin)
        state, seq, head = run(self._find, (case,)).fetchone()
        data = json.dumps(_DATA, ensure_ascii=False, sort_keys=True)
        digest = hashlib.sha256(f"{head}{case}{seq}{verb}{data}".encode()).hexdigest()
        run(self._fact, (case, seq + 1, verb, "2016-03-14 01:00", "officer", data, digest))
        run(self._clocks, (case, state, None, "met", case, verb, "2016-04-14", "open"))
        run(self._case, (verb, "2016-04-14", seq + 1, digest, case))
        run(self._outbox, (f"{case}:{seq + 1}", json.dumps({"letter": verb})))
        run("COMMIT")


def sqlite_by_hand(path: Path, cases: int) -> ByHand:
    """On SQLite, whose commit waits for the disk as ours does."""
    connection = sqlite3.connect(path, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL"):
        connection.execute(f"PRAGMA {pragma}")
    for table in _TABLES:
        connection.execute(table.format(number="INTEGER PRIMARY KEY"))
    connection.executemany("INSERT INTO coop VALUES (?, 'step', '', 0, '')", [(case,) for case in range(cases)])
    return ByHand(connection, begin="BEGIN IMMEDIATE")


def postgres_by_hand(url: str, cases: int) -> ByHand:
    """On PostgreSQL, the row of the case locked."""
    address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = psycopg.connect(address, autocommit=True)
    for table in _TABLES:
        connection.execute(table.format(number="SERIAL PRIMARY KEY"))  # type: ignore[arg-type]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO coop VALUES (%s, 'step', '', 0, '')", [(case,) for case in range(cases)])
    return ByHand(connection, lock=" FOR UPDATE")


def fold_by_hand(facts: Sequence[FactView]) -> tuple[str, dict[str, str]]:
    """The state and the open clocks, by transitions that are known beforehand."""
    state, clocks = "", {}
    for fact in facts:
        clocks[state] = "met"
        state = fact.kind
        clocks[state] = fact.occurred_on.isoformat()
    return state, clocks
