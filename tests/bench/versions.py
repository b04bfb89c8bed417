"""Another version of the procedure over 5,000 open cases: looked at, replayed, and put in force."""

import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, Table, insert, select, update

from casework import proposals
from casework.door import apply_in
from casework.evidence_store import keep
from casework.golden_replay import replay
from casework.integrity import verify
from casework.ledger import case_row
from casework.procedure_change import preview
from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, reading, writing
from models.tables import case_rows, deadlines, facts
from rulebook.versions import Versions
from samples.paths import PATHS
from tests.casework.versions import NAME, OWN, text_of
from tests.web.office import CLOCK, TODAY, Office, build_office, login_of

CASES = 5_000
BEFORE_ITS_END = 3  # steps that a case has still before it


def run() -> None:
    """Print the times of previewing, replaying and migrating."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'versions.db'}"
        migrate(url)
        bind = engine(url)
        _fill(bind, build_office(bind))
        mark = _measure(f"preview of {CASES}", lambda: _mark(bind))
        _measure("approval, cases moved", lambda: _approve(bind, mark))
        _measure("verify afterwards", lambda: _verify(bind))
        with writing(bind) as connection:
            connection.execute(update(case_rows).values(closed_on=TODAY))
        _measure(f"replay of {CASES} closed", lambda: _replay(bind))
        bind.dispose()


def _fill(bind: Engine, office: Office) -> None:
    """Four cases well on their way, each over and over again under other references."""
    paths = ("consolidated", "dissolved_voluntary", "dissolved_compulsory", "reregistered")
    refs = (office.first, office.second, office.elsewhere, office.city)
    for ref, name in zip(refs, paths, strict=True):
        _live(bind, ref, name)
    with writing(bind) as connection:
        for place, ref in enumerate(refs):
            _multiply(connection, ref, CASES // len(refs) - 1, 10_000 * (place + 1))


def _live(bind: Engine, ref: str, name: str) -> None:
    with writing(bind) as connection:
        row, day = case_row(connection, ref), date(2015, 3, 2)
        office = row["district_code"] if row["level"] == "district" else None
        for step in PATHS[name][:-BEFORE_ITS_END]:
            day += timedelta(days=step.after)
            by, clock = login_of(step.role, office), FrozenClock.on(day)
            proof = [keep(connection, row["id"], b"x", "x.txt", by=by, now=clock.now())] if step.proof else []
            apply_in(connection, ref, step.verb, by=by, clock=clock, data=step.fields(day), evidence=proof)


def _multiply(connection: Connection, ref: str, times: int, first: int) -> None:
    row = dict(connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one())
    own = row.pop("id")
    rows = [row | {"ref": f"HP-2015-{first + place}"} for place in range(times)]
    made = connection.execute(insert(case_rows).returning(case_rows.c.id), rows).scalars().all()
    for table in (facts, deadlines):
        copied = list(_copies(connection, table, own, made))
        connection.execute(insert(table), copied)


def _copies(connection: Connection, table: Table, own: int, made: Any) -> Iterator[dict[str, Any]]:
    found = [dict(row) for row in connection.execute(select(table).where(table.c.case_id == own)).mappings()]
    for number in made:
        for row in found:
            yield {name: value for name, value in row.items() if name != "id"} | {"case_id": number}


def _mark(bind: Engine) -> str:
    with writing(bind) as connection:
        pin = proposals.add(
            connection,
            text_of("9", base=OWN.replace("term: 6 months", "term: 5 months")),
            "9.yaml",
            by=login_of("manager", None),
            clock=CLOCK,
        )
        proposals.propose(connection, pin, by=login_of("manager", None), clock=CLOCK)
    with reading(bind) as connection:
        change = preview(connection, Versions(connection).of(pin), TODAY)
    _say(f"  {len(change.cases)} cases, {len(change.moved)} dates, {len(change.stuck)} stuck")
    return change.mark


def _approve(bind: Engine, mark: str) -> None:
    proposals.approve(bind, f"{NAME}@9", by=login_of("legal", None), seen=mark, clock=CLOCK)


def _verify(bind: Engine) -> None:
    with reading(bind) as connection:
        found = {fault.code for fault in verify(connection)} - {"fault_chain"}  # copied facts hash another reference
    _say(f"  {found or 'sound'}")


def _replay(bind: Engine) -> None:
    with reading(bind) as connection:
        replay(connection, Versions(connection).in_force)


def _measure(what: str, done: Callable[[], Any]) -> Any:
    start = stopwatch()
    found = done()
    _say(f"{what:24} {stopwatch() - start:8.2f} s")
    return found


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    run()
