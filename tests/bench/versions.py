"""Another version of the procedure over 5,000 open cases: looked at, replayed, and put in force."""

import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, update

from casework.upkeep.integrity import verify
from models.clock import stopwatch
from models.database import engine, migrate, reading, writing
from models.tables import case_rows, deadlines, facts
from rule_changes import version_proposals
from rule_changes.golden_replay import replay
from rule_changes.version_impact import preview
from rulebook.versions import Versions
from tests.bench.multiplied import multiplied
from tests.rule_changes.version_texts import NAME, OWN, text_of
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of

CASES = 5_000


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
    with writing(bind) as connection:
        multiplied(connection, office, CASES, (facts, deadlines))


def _mark(bind: Engine) -> str:
    with writing(bind) as connection:
        pin = version_proposals.add(
            connection,
            text_of("9", base=OWN.replace("term: 6 months", "term: 5 months")),
            "9.yaml",
            by=login_of("manager", None),
            clock=CLOCK,
        )
        version_proposals.propose(connection, pin, by=login_of("manager", None), clock=CLOCK)
    with reading(bind) as connection:
        change = preview(connection, Versions(connection).of(pin), TODAY)
    _say(f"  {len(change.cases)} cases, {len(change.moved)} dates, {len(change.stuck)} stuck")
    return change.mark


def _approve(bind: Engine, mark: str) -> None:
    version_proposals.approve(bind, f"{NAME}@9", by=login_of("legal", None), seen=mark, clock=CLOCK)


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
