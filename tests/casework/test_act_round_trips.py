"""How often an act waits for PostgreSQL, counted in what libpq receives, and its statements on SQLite."""

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event

from casework import known_folds
from casework.evidence_store import keep
from casework.ledger import case_row
from correspondence.effective_papers import act
from models.clock import FrozenClock
from models.database import engine, writing
from tests.web.web_office import build_office, login_of

CLOCK = FrozenClock.on(date(2016, 3, 14))
NOTE = {"obstacle": "tax_debt", "note": "thử"}


def _act(bind: Engine, ref: str, turn: int, evidence: list[str]) -> None:
    verb = "name_obstacle" if turn % 2 == 0 else "lift_obstacle"
    act(bind, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE, evidence=evidence)


def _answers(bind: Engine, folder: Path, work: Callable[[], None]) -> int:
    """How often PostgreSQL was ready for more, on the one connection of the pool."""
    with bind.connect() as connection:
        driver: Any = connection.connection.dbapi_connection
    path = folder / "trace"
    with path.open("w") as trace:
        driver.pgconn.trace(trace.fileno())
        work()
        driver.pgconn.untrace()
    return path.read_text().count("ReadyForQuery")


@pytest.mark.postgres
def test_an_act_waits_three_times(postgres_url: str, tmp_path: Path) -> None:
    """For its beginning with all that decides it, for its writes with the questions of the end, for the commit."""
    bind = engine(postgres_url)
    ref = build_office(bind).first
    with writing(bind) as connection:
        proof = keep(connection, case_row(connection, ref)["id"], b"x", "x.txt", by=login_of("clerk"), now=CLOCK.now())
    for turn in range(6):
        _act(bind, ref, turn, [])  # what is prepared for a connection once is prepared
    assert _answers(bind, tmp_path, lambda: _act(bind, ref, 6, [])) == 3
    assert _answers(bind, tmp_path, lambda: _act(bind, ref, 7, [proof])) == 3
    known_folds.kept.clear()
    assert _answers(bind, tmp_path, lambda: _act(bind, ref, 8, [])) == 4, "the facts are read as well"


def test_the_statements_of_an_act(bind: Engine) -> None:
    """Who acts, the case and its calendars are one; no fact is read by the process that recorded the last one."""
    ref = build_office(bind).first
    _act(bind, ref, 0, [])
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        found.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    _act(bind, ref, 1, [])
    event.remove(bind, "before_cursor_execute", note)
    wanted = [
        "BEGIN IMMEDIATE", "FROM setting", "FROM coop_case LEFT OUTER JOIN officer", "FROM change_note",
        "INSERT INTO fact", "DELETE FROM obstacle", "INSERT INTO obstacle", "UPDATE coop_case", "FROM change_note",
        "DELETE FROM search_stale",
    ]  # fmt: skip
    assert [part in text for part, text in zip(wanted, found, strict=True)] == [True] * len(wanted), found
