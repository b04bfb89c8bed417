"""An act, with all that it does, beside an act of the same shape by hand: on SQLite and PostgreSQL, in turn.

By hand: plain tables with the state in the row of the case, so nothing is folded and no law is asked; one row of the
case, of the fact with its hash, of two deadlines and of the outbox, and one commit that waits for the disk.
"""

import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from statistics import median
from time import process_time

from sqlalchemy import Connection, Engine, event

from casework.evidence_store import keep
from casework.known_folds import kept
from casework.ledger import case_row, load_case
from correspondence.effective_papers import act, act_in
from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, reading, writing
from procedures.state_machine.fold import fold
from procedures.state_machine.replay import first_refusal
from samples.path_parts import REVIEW, decided
from tests.bench.acts_by_hand import ByHand, fold_by_hand, postgres_by_hand, sqlite_by_hand
from tests.bench.measured import peak
from tests.conftest import postgres_tools, running_postgres
from tests.web.web_office import build_office, login_of, new_case

CASES, ROUNDS = 8, 6
DAY = date(2016, 3, 14)
CLOCK = FrozenClock.on(DAY)
PREPARED = "send_visit_notice"  # drafts its paper, which is no part of an act by hand
STEPS = tuple(step for step in (*REVIEW, *decided("reregister")[:4]) if step.verb != PREPARED)
NOTE = {"obstacle": "tax_debt", "note": "đo thử"}
LENGTHS = (20, 100, 1_000)


def run() -> None:
    """Print the times, the ratios, the statements of an act, and what a long case costs more."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'bench.db'}"
        _database("SQLite", url, sqlite_by_hand(Path(folder) / "hand.db", ROUNDS * CASES))
    tools = postgres_tools()
    if tools is None:
        _say("act, PostgreSQL: not installed")
    else:
        with (
            running_postgres(tools, durable=True) as server,
            server.empty_database() as url,
            server.empty_database() as plain,
        ):
            _database("PostgreSQL", url, postgres_by_hand(plain, ROUNDS * CASES))
    _say(f"acts: peak of memory {peak():.0f} MB")


def _database(name: str, url: str, hand: ByHand) -> None:
    migrate(url)
    bind = engine(url)
    build_office(bind)
    with writing(bind) as connection:
        refs = [new_case(connection, f"HTX {number}", "HBG") for number in range((ROUNDS + 2) * CASES)]
        proofs = {ref: proof_of(connection, ref) for ref in refs}
    live(bind, refs[:CASES], proofs)  # what a process does once in its life is done
    taken: dict[str, list[tuple[float, float]]] = {"ours": [], "hand": []}
    with counted(bind) as statements:  # not while it is timed: statements that are listened to take a longer way
        live(bind, refs[-CASES:], proofs)
    for turn in range(ROUNDS):
        some = refs[(turn + 1) * CASES : (turn + 2) * CASES]
        places = range(turn * CASES, (turn + 1) * CASES)
        taken["ours"].append(timed(lambda some=some: live(bind, some, proofs)))  # type: ignore[misc]
        taken["hand"].append(timed(lambda places=places: hand.live(places, len(STEPS))))  # type: ignore[misc]
    (ours, core), (by_hand, core_by_hand) = (_each(taken[who]) for who in ("ours", "hand"))
    _say(
        f"act, {name}: {ours * 1000:.2f} ms ({core * 1000:.2f} of this process), by hand {by_hand * 1000:.2f} "
        f"({core_by_hand * 1000:.2f}), ratio {ours / by_hand:.1f} ({core / core_by_hand:.1f}), "
        f"{len(statements) / CASES / len(STEPS):.1f} statements an act"
    )
    _long(name, bind)
    if name == "SQLite":
        _in_memory(bind, refs[-1])
    bind.dispose()
    hand.close()


def proof_of(connection: Connection, ref: str) -> str:
    number = case_row(connection, ref)["id"]
    return keep(connection, number, b"x", "x.txt", by=login_of("case_officer"), now=CLOCK.now())


def live(bind: Engine, refs: list[str], proofs: dict[str, str]) -> None:
    """The steps of every case, each in a transaction of its own."""
    for step in STEPS:
        for ref in refs:
            evidence = [proofs[ref]] if step.proof else []
            fields = step.fields(DAY)
            act(bind, ref, step.verb, by=login_of(step.role), clock=CLOCK, data=fields, evidence=evidence)


def _long(name: str, bind: Engine) -> None:
    """Acts on cases of so many facts, round about."""
    with writing(bind) as connection:
        refs = {length: new_case(connection, f"HTX dài {length}", "HBG") for length in LENGTHS}
        for length, ref in refs.items():
            for turn in range(length - 1):
                _obstacle(connection, ref, turn)
    for known in (True, False):
        cores = _by_length(bind, refs, known=known)
        said = ", ".join(f"{length:,}: {core * 1000:.2f} ms" for length, core in cores.items())
        met = "that the process knows" if known else "that it meets for the first time"
        ratio = cores[LENGTHS[-1]] / cores[LENGTHS[0]]
        _say(f"act by facts of a case {met}, {name}, of this process: {said}; ratio {ratio:.1f}")


def _by_length(bind: Engine, refs: dict[int, str], *, known: bool) -> dict[int, float]:
    """Seconds of this process for an act on each case: the median of ten, in turn."""
    taken: dict[int, list[float]] = {length: [] for length in refs}
    for turn in range(10):
        for length, ref in refs.items():
            if not known:
                kept.clear()

            def named(ref: str = ref, turn: int = turn + length - 1) -> None:
                with writing(bind) as connection:
                    _obstacle(connection, ref, turn)

            taken[length].append(timed(named)[1])
    return {length: median(cores) for length, cores in taken.items()}


def _obstacle(connection: Connection, ref: str, turn: int) -> None:
    verb = "name_obstacle" if turn % 2 == 0 else "lift_obstacle"
    act_in(connection, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE)


def _in_memory(bind: Engine, ref: str) -> None:
    """The same facts folded, and decided again one by one, without a database."""
    with reading(bind) as connection:
        loaded = load_case(connection, ref)
    acts = len(loaded.facts)
    folded = _best(lambda: fold(loaded.procedure, loaded.facts)) / acts
    by_hand = _best(lambda: fold_by_hand(loaded.facts)) / acts
    decided_again = _best(lambda: first_refusal(loaded.procedure, loaded.facts)) / acts
    _say(
        f"replay in memory: folded {folded * 1e6:.1f} µs a fact, every rule asked again {decided_again * 1e6:.1f}, "
        f"by hand {by_hand * 1e6:.1f}"
    )


@contextmanager
def counted(bind: Engine) -> Iterator[list[str]]:
    """Every statement that is sent meanwhile."""
    found: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_: object) -> None:
        found.append(statement)

    event.listen(bind, "before_cursor_execute", note)
    yield found
    event.remove(bind, "before_cursor_execute", note)


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Seconds, and those of this process alone."""
    start, core = stopwatch(), process_time()
    work()
    return stopwatch() - start, process_time() - core


def _each(taken: list[tuple[float, float]]) -> tuple[float, float]:
    """Of an act, the median of the rounds."""
    acts = CASES * len(STEPS)
    return median(seconds for seconds, _ in taken) / acts, median(core for _, core in taken) / acts


def _best(work: Callable[[], object]) -> float:
    return min(timed(work)[1] for _ in range(200))


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run()
