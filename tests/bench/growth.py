"""An act in a small office and in a large one, in a city of two offices and of hundreds: it has to cost the same."""

import sys
import tempfile
from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from statistics import median

from sqlalchemy import Engine, select

from models.database import engine, migrate, refresh_statistics, writing
from models.tables import closings, districts, officers
from tests.bench.acts import CASES, CLOCK, STEPS, counted, live, proof_of, timed
from tests.bench.office import fill
from tests.conftest import postgres_tools, running_postgres
from tests.web.web_office import build_office, login_of, new_case

FEW, MANY, OFFICES = 200, 20_000, 700
CLOSED_DAYS = 2  # of each office
ROUNDS = 6


def run() -> None:
    """Print what an act costs in each, its ratio to the first, and its statements."""
    with tempfile.TemporaryDirectory() as folder:
        _database("SQLite", [f"sqlite:///{Path(folder) / f'{place}.db'}" for place in range(len(CITIES))])
    tools = postgres_tools()
    if tools is None:
        _say("growth of an act, PostgreSQL: not installed")
        return
    with (
        running_postgres(tools, durable=True) as server,
        server.empty_database() as small,
        server.empty_database() as large,
        server.empty_database() as wide,
    ):
        _database("PostgreSQL", [small, large, wide])


def _many_offices(bind: Engine) -> None:
    """Hundreds of offices, each with a case officer and closing days of its own."""
    build_office(bind)
    with writing(bind) as connection:
        codes = [f"Q{place:03}" for place in range(OFFICES)]
        listed = [{"code": code, "kind": "quan", "name": f"Quận {code}", "seat": ""} for code in codes]
        connection.execute(districts.insert(), listed)
        found = select(officers).where(officers.c.login == login_of("case_officer"))
        model = {name: value for name, value in connection.execute(found).mappings().one().items() if name != "id"}
        connection.execute(
            officers.insert(), [model | {"login": f"cv.{code.lower()}", "district_code": code} for code in codes]
        )
        connection.execute(closings.insert(), [_closing(code, at) for code in codes for at in range(CLOSED_DAYS)])


def _closing(code: str, at: int) -> dict[str, object]:
    return {
        "on": date(2016, 4, 4) + timedelta(days=7 * at + int(code[1:]) % 5), "layer": "office", "district_code": code,
        "reason": "Mất điện", "decision": f"{at}/{code}", "adopted_by": login_of("manager", None),
        "adopted_at": CLOCK.now(),
    }  # fmt: skip


CITIES: dict[str, Callable[[Engine], None]] = {
    f"{FEW:,} cases, 2 offices": lambda bind: fill(bind, FEW),
    f"{MANY:,} cases, 2 offices": lambda bind: fill(bind, MANY),
    f"{OFFICES} offices with {OFFICES * CLOSED_DAYS:,} closing days": _many_offices,
}


def _database(name: str, urls: Sequence[str]) -> None:
    binds = [engine(url) for url in urls]
    for url, bind, prepare in zip(urls, binds, CITIES.values(), strict=True):
        migrate(url)
        prepare(bind)
        refresh_statistics(bind)
    found = _in_turn(binds)
    for city, (core, statements) in zip(CITIES, found, strict=True):
        _say(
            f"act, {name}, {city}: {core * 1000:.2f} ms of this process, ratio {core / found[0][0]:.2f}, "
            f"{statements:.1f} statements"
        )
    for bind in binds:
        bind.dispose()


def _in_turn(binds: Sequence[Engine]) -> list[tuple[float, float]]:
    """Of each database the processor seconds of an act, the median of the rounds, and its statements."""
    opened = [_opened(bind) for bind in binds]
    counts = []
    for bind, (refs, proofs) in zip(binds, opened, strict=True):
        with counted(bind) as statements:  # what a process does once in its life is done
            live(bind, refs[:CASES], proofs)
        counts.append(len(statements))
    cores: list[list[float]] = [[] for _ in binds]
    for turn in range(1, ROUNDS + 1):
        for bind, (refs, proofs), own in zip(binds, opened, cores, strict=True):
            some = refs[turn * CASES : (turn + 1) * CASES]
            own.append(timed(lambda bind=bind, some=some, proofs=proofs: live(bind, some, proofs))[1])  # type: ignore[misc]
    acts = CASES * len(STEPS)
    return [(median(own) / acts, count / acts) for own, count in zip(cores, counts, strict=True)]


def _opened(bind: Engine) -> tuple[list[str], dict[str, str]]:
    """Cases to act on, each with a proof."""
    with writing(bind) as connection:
        refs = [new_case(connection, f"HTX {number}", "HBG") for number in range((ROUNDS + 1) * CASES)]
        return refs, {ref: proof_of(connection, ref) for ref in refs}


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run()
