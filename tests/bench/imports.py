"""An import of 20,000 units in an office at work: what it costs, and how long another officer waits for her acts."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import median
from time import sleep

from sqlalchemy import Engine

from models.clock import stopwatch
from models.database import engine, migrate, writing
from models.tables import districts
from samples.invented_people import places
from tests.acting import apply
from tests.bench.acts import CLOCK, NOTE
from tests.bench.register import register_file
from tests.conftest import postgres_tools, running_postgres
from tests.web.web_office import OFFICES, build_office, login_of

BETWEEN = 0.2  # seconds between two acts


def run() -> None:
    """Print both for an import of new units, and for one that changes every one of them."""
    with tempfile.TemporaryDirectory() as folder:
        _database("SQLite", f"sqlite:///{Path(folder) / 'bench.db'}", Path(folder))
        tools = postgres_tools()
        if tools is None:
            print("import, PostgreSQL: not installed")
            return
        with running_postgres(tools, durable=True) as server, server.empty_database() as url:
            _database("PostgreSQL", url, Path(folder))


def _database(name: str, url: str, folder: Path) -> None:
    migrate(url)
    bind = engine(url)
    ref = build_office(bind).first
    with writing(bind) as connection:
        rows = [{"code": code, "kind": place.kind, "name": place.name, "seat": ""} for code, place in places().items()]
        connection.execute(districts.insert(), [row for row in rows if row["code"] not in OFFICES])
    for more, what in enumerate(("new", "changed")):
        file = folder / f"{what}.xlsx"
        file.write_bytes(register_file(more))
        command = [sys.executable, "-m", "tests.bench.one_import", url, str(file)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
            waits = acts_beside(bind, ref, child)
            done = json.loads(child.communicate()[0])
        print(
            f"import, {name}: {done['units']} units {what}, {done['cases']} cases, {said(done, waits)}",
            flush=True,
        )
    bind.dispose()


def said(done: Mapping[str, float], waits: Sequence[float]) -> str:
    """What a work cost, its longest transaction, and how long another officer's acts took meanwhile."""
    return (
        f"{done['core']:.1f} s of processor; longest transaction {done['held']:.2f} s of it, "
        f"{done['held_for']:.2f} s on the wall; another officer's {len(waits)} acts: "
        f"median {median(waits) * 1000:.0f} ms, longest {max(waits):.2f} s"
    )


def acts_beside(bind: Engine, ref: str, child: subprocess.Popen[str]) -> list[float]:
    """Seconds that each of an officer's acts took until the other process ended."""
    waits: list[float] = []
    while child.poll() is None:
        verb = "lift_obstacle" if len(waits) % 2 else "name_obstacle"
        start = stopwatch()
        apply(bind, ref, verb, by=login_of("case_officer"), clock=CLOCK, data=NOTE)
        waits.append(stopwatch() - start)
        sleep(BETWEEN)
    if len(waits) % 2:
        apply(bind, ref, "lift_obstacle", by=login_of("case_officer"), clock=CLOCK, data=NOTE)
    return waits


if __name__ == "__main__":
    run()
