"""The worklist of one officer and the daily watch at 50,000 open cases, beside the bare query."""

import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select, text

from casework.worklist import Filter, worklist
from flows.watching import work
from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, reading, writing
from models.tables import case_rows, deadlines, officers
from tests.web.office import TODAY, build_office, login_of

CASES, OFFICERS = 50_000, 40
_BARE = (
    "SELECT ref, unit_name, state, legal_on, target_on FROM coop_case "
    "WHERE officer_id = :officer AND closed_on IS NULL ORDER BY due_on LIMIT 50"
)


def run() -> None:
    """Print the times and, for the worklist, their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'many.db'}"
        migrate(url)
        bind = engine(url)
        officer = _fill(bind)
        with reading(bind) as connection:
            ours = _best(lambda: worklist(connection, Filter(officer_ids=(officer,)), TODAY, limit=50))
            bare = _best(lambda: connection.execute(text(_BARE), {"officer": officer}).all())
        _say(f"worklist       {ours * 1000:8.2f} ms   bare    {bare * 1000:8.2f} ms   ratio {ours / bare:5.1f}")
        start = stopwatch()
        work(bind, TODAY, FrozenClock.on(TODAY))
        _say(f"day at {CASES}   {stopwatch() - start:8.2f} s")
        bind.dispose()


def _fill(bind: Engine) -> int:
    """Open cases shared by forty officers, a fifth of them due within the week."""
    ref = build_office(bind).first
    with writing(bind) as connection:
        row = dict(connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one())
        del row["id"]
        by_login = select(officers.c.id).where(officers.c.login == login_of("case_officer"))
        first = int(connection.execute(by_login).scalar_one())
        people = list(connection.scalars(select(officers.c.id).order_by(officers.c.id)))
        shared = [people[place % len(people)] for place in range(OFFICERS - 1)] + [first]
        rows = [_case(row, place, shared[place % OFFICERS]) for place in range(CASES)]
        made = connection.execute(case_rows.insert().returning(case_rows.c.id, sort_by_parameter_order=True), rows)
        listed = list(zip(made.scalars(), rows, strict=True))
        connection.execute(deadlines.insert(), [_deadline(number, item["due_on"]) for number, item in listed])
    return first


def _case(row: dict[str, Any], place: int, officer: int) -> dict[str, Any]:
    due = TODAY + timedelta(days=place % 7 if place % 5 == 0 else 20 + place % 200)
    return row | {
        "ref": f"HP-2015-{place + 10_000}", "officer_id": officer, "due_on": due, "target_on": due, "legal_on": None,
    }  # fmt: skip


def _deadline(case_id: int, ends_on: date) -> dict[str, Any]:
    total = {"start": "2016-01-04", "kind": "target", "seq": 1, "term": "30 days"}
    return {
        "case_id": case_id, "key": "visit_target", "kind": "target", "starts_on": date(2016, 1, 4), "ends_on": ends_on,
        "status": "open", "ended_on": None, "who": "case_officer", "article": "", "confidence": "", "sum": total,
        "calendar": "",
    }  # fmt: skip


def _best(measured: Callable[[], Any]) -> float:
    times = []
    for _ in range(5):
        start = stopwatch()
        measured()
        times.append(stopwatch() - start)
    return min(times)


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
