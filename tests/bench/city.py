"""Forecasts of a city of 50,000 cases: all fixed dates with their fans and districts, in a process of their own.

The cases are those of the sample office, each many times over on other days; none went through the door.
"""

import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from casework.opening import snapshot_of
from casework.unit_rows import values_of
from models.clock import FrozenClock, stopwatch
from models.database import engine, migrate, writing
from models.tables import case_rows, facts, units
from procedures.definition.loader import load
from register.flags import flags_of
from samples.histories import TODAY, Life, lives
from samples.invented_people import places
from samples.invented_units import units as invented_units
from samples.seed import SEED
from tests.web.web_office import build_office

CASES, BATCH = 50_000, 2_000
FIRST_ID = 10_000  # above those of the small office
SPREAD = 300  # days over which the copies of a case are spread back from it


def run() -> None:
    """Print seconds and peak of memory, each in its own process: folding and storing all histories, then forecasts."""
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'city.db'}"
        migrate(url)
        bind, start = engine(url), stopwatch()
        count = fill(bind, CASES)
        _say(f"{CASES:,} cases with {count:,} facts made in {stopwatch() - start:.0f} s")
        bind.dispose()
        for work in ("histories", "forecasts"):
            command = [sys.executable, "-m", "tests.bench.measured", work, url]
            done = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
            taken = f"{done['seconds']:.2f} s, {done['core']:.2f} s of a core, peak {done['peak']:.0f} MB"
            _say(f"{work} of a city of {CASES:,} cases: {taken}")


def fill(bind: Engine, cases: int) -> int:
    """The office with so many cases; how many facts they have."""
    build_office(bind)
    dice = random.Random(SEED)
    found, names = [], {code: place.name for code, place in places().items()}
    for number, unit in enumerate(invented_units(dice), 1):
        flags = flags_of(values_of(unit, names[unit["district_code"]]), TODAY)
        found.append(unit | {"id": number, "flags": list(flags)})
    likes, count = lives(dice, found), 0  # type: ignore[arg-type]
    with writing(bind) as connection:
        unit_id = connection.scalar(select(units.c.id).limit(1)) or 0
        for first in range(0, cases, BATCH):
            copies = [Copy.of(number, likes, unit_id) for number in range(first, min(first + BATCH, cases))]
            connection.execute(case_rows.insert(), [one.case() for one in copies])
            rows = [row for one in copies for row in one.facts()]
            connection.execute(facts.insert(), rows)
            count += len(rows)
    return count


@dataclass(frozen=True)
class Copy:
    """The life of a case of the sample office, some days earlier."""

    number: int
    life: Life
    back: timedelta
    unit_id: int

    @classmethod
    def of(cls, number: int, likes: Sequence[Life], unit_id: int) -> "Copy":
        turn, place = divmod(number, len(likes))
        return cls(number, likes[place], timedelta(days=turn * 7 % SPREAD), unit_id)

    def case(self) -> dict[str, Any]:
        """The row; its projections are not those of the facts, which alone are read here."""
        unit, procedure = self.life.unit, load()
        return {
            "id": FIRST_ID + self.number, "ref": f"HP-2014-{FIRST_ID + self.number}", "unit_id": self.unit_id,
            "unit_name": unit["name"], "unit_sort": unit["sort_key"], "district_code": unit["district_code"],
            "level": "district", "procedure": procedure.pin, "officer_id": None,
            "stage": procedure.states[procedure.start].stage, "state": procedure.start,
            "opened_on": self.life.opened_on - self.back, "overlays": [], "obstacles": [], "seq": 0,
            "head": str(self.number), "touched_at": FrozenClock.on(TODAY).now(),
        }  # fmt: skip

    def facts(self) -> Iterator[dict[str, Any]]:
        """The opening, then each act of the life; no chain of hashes."""
        about = snapshot_of(load(), self.life.unit) | {"level": "district", "district": self.life.unit["district_code"]}
        yield self._fact(1, "opened", self.life.opened_on - self.back, about)
        for seq, item in enumerate(self.life.happened, 2):
            on = item.on - self.back
            yield self._fact(seq, item.step.verb, on, item.step.fields(on))

    def _fact(self, seq: int, kind: str, on: date, data: dict[str, Any]) -> dict[str, Any]:
        return {
            "case_id": FIRST_ID + self.number, "seq": seq, "kind": kind, "occurred_on": on,
            "recorded_at": FrozenClock.on(on).now(), "by": "", "role": "", "data": data, "evidence": [],
            "annuls": None, "previous": "", "hash": "",
        }  # fmt: skip


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


if __name__ == "__main__":
    run()
