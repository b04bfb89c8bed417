"""What the office's log costs: the same acts with it and without it, round about, in one run."""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from statistics import median
from unittest.mock import patch

from sqlalchemy import Engine

from models.clock import stopwatch
from models.database import engine, migrate, writing
from models.log_triggers import drop_statements, install
from tests.acting import apply
from tests.bench.acts import CLOCK, NOTE
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import build_office, login_of, new_case

CASES, ROUNDS, LETTERS = 20, 12, 2


def run() -> None:
    """Print the cost of the log for an act on a case, and for a letter from its draft to its proof of service."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        migrate(url)
        bind = engine(url)
        build_office(bind)
        with writing(bind) as connection:
            refs = [new_case(connection, f"HTX {number}", "HBG") for number in range(CASES)]
            others = iter([new_case(connection, f"HTX thư {number}", "HBG") for number in range(2 * ROUNDS * LETTERS)])
        acts: dict[bool, list[float]] = {True: [], False: []}
        letters: dict[bool, list[float]] = {True: [], False: []}
        for turn in range(ROUNDS):
            for logged in (True, False) if turn % 2 else (False, True):  # neither is always the first
                with nullcontext() if logged else _without_log(bind):
                    acts[logged].append(_acts(bind, refs))
                    letters[logged].append(_letters(bind, others))
        _print("act", acts)
        _print("letter", letters)
        bind.dispose()


@contextmanager
def _without_log(bind: Engine) -> Iterator[None]:
    """No trigger, no note, no entry: as before there was a log."""
    _switch(bind, on=False)
    with patch.multiple("models.database", begin_noting=lambda _: 0, log_changes=lambda *_: None):
        yield
    _switch(bind, on=True)


def _switch(bind: Engine, *, on: bool) -> None:
    with bind.connect().execution_options(coopcase_write=True) as connection, connection.begin():
        if on:
            install(connection)
            return
        for statement in drop_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)


def _acts(bind: Engine, refs: list[str]) -> float:
    """Seconds of an act: an obstacle named and lifted in every case."""
    start = stopwatch()
    for verb in ("name_obstacle", "lift_obstacle"):
        for ref in refs:
            apply(bind, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE)
    return (stopwatch() - start) / 2 / len(refs)


def _letters(bind: Engine, refs: Iterator[str]) -> float:
    """Seconds of a letter's life: two acts, draft, signature, number, file, proof of service."""
    start = stopwatch()
    for _ in range(LETTERS):
        papers = Paperwork(bind, next(refs))
        papers.do("accept_case", file_held="true")
        visit = papers.do("send_visit_notice", visit_on="2016-03-24", place="Trụ sở")
        papers.issued(papers.requested("visit_notice", visit))
        papers.proof()
    return (stopwatch() - start) / LETTERS


def _print(name: str, seconds: dict[bool, list[float]]) -> None:
    with_log, without = median(seconds[True]), median(seconds[False])
    sys.stdout.write(
        f"log, {name:8} {with_log * 1000:8.2f} ms   without {without * 1000:8.2f} ms   "
        f"cost {100 * (with_log / without - 1):+5.1f} %   {1 / with_log:6.1f} and {1 / without:6.1f} a second\n"
    )
