"""Legal time: deadlines a minute, the fold of a long case, 50,000 deadlines re-derived, lists of a day gone by."""

import json
import sqlite3
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import closing as closed_at_the_end
from datetime import date, timedelta
from pathlib import Path
from time import process_time
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from casework.as_of import AsOf
from casework.lists.as_of_tables import lists_as_of
from casework.lists.worklist import Filter, light_counts, worklist
from models.clock import stopwatch
from models.database import engine, migrate, reading, writing
from models.tables import facts
from oversight.workload import workloads
from procedures.definition.loader import load
from procedures.facts import FactView
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import end_of_sum, explain_sum
from procedures.state_machine.fold import fold
from rule_changes.closing_days import NewClosing, adopt, preview_now, revoke_closing
from tests.bench.multiplied import multiplied
from tests.builders import opened
from tests.rule_changes.many_deadlines import STORM, fill
from tests.web.web_office import CLOCK, TODAY, build_office, login_of

TERMS = (
    "60 days",
    "5 working days",
    "30 working days",
    "12 months",
    "90 days",
    "10 working days",
    "15 days",
    "36 months",
)
COMPUTED, OPEN, CASES, FACTS = 200_000, 50_000, 5_000, 200


class Taken(NamedTuple):
    """Seconds by the clock, and seconds that one core worked."""

    clock: float
    core: float


def run() -> None:
    """Print each time beside a hand-written minimum, and the ratio."""
    _deadlines()
    _fold()
    with tempfile.TemporaryDirectory() as folder:
        _many_deadlines(Path(folder))
        _past_lists(Path(folder))


def _deadlines() -> None:
    """End dates from sums as the database keeps them, beside bare arithmetic that knows no law."""
    _counted("deadlines", [_sum(place, TERMS[place % len(TERMS)]) for place in range(COMPUTED)])
    _counted("no term twice", [_sum(place, _another(place)) for place in range(COMPUTED // 4)])
    stopped = {"pauses": [["2016-01-11", "2016-01-20", "x", [1]], ["2016-01-15", "2016-02-01", "y", [2]]]}
    longer = {"extensions": [[10, "1/QĐ", 3]], "cap": "60 days"}
    _counted(
        "stopped and extended", [_sum(place, _another(place)) | stopped | longer for place in range(COMPUTED // 4)]
    )
    calendars = load_calendars()
    sums = [_sum(place, TERMS[place % len(TERMS)]) for place in range(COMPUTED // 10)]
    _rate("explained line by line", len(sums), _time(lambda: [explain_sum(total, calendars) for total in sums]))


def _sum(place: int, term: str) -> dict[str, Any]:
    start = date(2014, 1, 2) + timedelta(days=place * 37 % 900)
    return {"start": start.isoformat(), "kind": "legal", "term": term}


def _another(place: int) -> str:
    """So many terms in turn that none is remembered when it comes again."""
    unit = ("days", "working days", "weeks", "months")[place % 4]
    return f"{1 + place // 4 % (100 if unit in ('weeks', 'months') else 500)} {unit}"


def _counted(what: str, sums: list[dict[str, Any]]) -> None:
    calendars = load_calendars()
    ours = _time(lambda: [end_of_sum(total, calendars) for total in sums])
    _rate(what, len(sums), ours, _time(lambda: [_bare_end(total["start"], total["term"]) for total in sums]))


def _rate(what: str, count: int, ours: Taken, hand: Taken | None = None) -> None:
    _say(what, ours, hand, f"{count / ours.core * 60 / 1e6:.1f} million a minute on one core")


_OFF = frozenset(load_calendars().agency.marked)


def _bare_end(start: str, term: str) -> date:
    """No law: days are added, working days walked, a day off is left for the next."""
    amount, unit = term.split(" ", 1)
    day, left = date.fromisoformat(start), int(amount)
    if unit == "working days":
        while left:
            day += timedelta(days=1)
            left -= day.weekday() < 5 and day not in _OFF
        return day
    day += timedelta(days=left * 30 if unit == "months" else left)
    while day.weekday() >= 5 or day in _OFF:
        day += timedelta(days=1)
    return day


def _fold() -> None:
    """A case of 200 facts, beside a dictionary that does the same by hand."""
    procedure, on = load(), date(2015, 1, 6)
    listed = [opened()]
    for seq in range(2, FACTS + 1):
        kind = "name_obstacle" if seq % 2 == 0 else "lift_obstacle"
        listed.append(FactView(seq, kind, on, "a", "case_officer", {"obstacle": "tax_debt", "note": "x"}))
    ours = _time(lambda: [fold(procedure, listed) for _ in range(100)])
    hand = _time(lambda: [_bare_fold(listed) for _ in range(100)])
    _say(f"100 folds of {FACTS} facts", ours, hand)


def _bare_fold(listed: list[FactView]) -> dict[str, FactView]:
    standing: dict[str, FactView] = {}
    gone = {fact.annuls for fact in listed}
    for fact in listed:
        if fact.seq in gone:
            continue
        if fact.kind == "name_obstacle":
            standing[fact.data["obstacle"]] = fact
        elif fact.kind == "lift_obstacle":
            standing.pop(fact.data["obstacle"], None)
    return standing


def _many_deadlines(folder: Path) -> None:
    """A closing day of the city over 50,000 open deadlines: previewed, adopted, taken back."""
    bind = _database(folder / "closings.db")
    fill(bind, build_office(bind), OPEN)
    day = [NewClosing(STORM, "city", None, "Bão", "1/QĐ")]
    who: dict[str, Any] = {"by": login_of("manager", None), "clock": CLOCK}
    seen = _time(lambda: preview_now(bind, day, TODAY))
    adopted = _time(lambda: adopt(bind, day, **who))
    back = _time(lambda: revoke_closing(bind, 1, "Nhầm", **who))
    bind.dispose()
    hand = _time(lambda: _bare_update(folder / "closings.db"))
    _say(f"preview of {OPEN}", seen)
    _say(f"{OPEN} re-derived", adopted, hand)
    _say("taken back", back, hand)


def _bare_update(path: Path) -> None:
    """Read every open deadline and write a day for those of working days, with the driver alone."""
    with closed_at_the_end(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        rows = connection.execute("SELECT id, case_id, ends_on, sum FROM deadline WHERE status = 'open'").fetchall()
        moved = [(end, number) for number, _, end, total in rows if "working" in json.loads(total).get("term", "")]
        connection.executemany("UPDATE deadline SET ends_on = ? WHERE id = ?", moved)
        connection.execute("COMMIT")


def _past_lists(folder: Path) -> None:
    """The two lists of a day in the past over 5,000 cases, beside reading their facts and counting them."""
    bind = _database(folder / "past.db")
    office = build_office(bind)
    with writing(bind) as connection:
        multiplied(connection, office, CASES, (facts,))
    with reading(bind) as connection:
        for at in (AsOf(as_of=date(2015, 9, 1)), AsOf(known_on=date(2015, 9, 1))):
            ours = _time(lambda at=at: _lists(connection, at))  # type: ignore[misc]
            hand = _time(lambda: _bare_lists(folder / "past.db"))
            _say(f"lists as they {'stood' if at.as_of else 'were known'}", ours, hand)
    bind.dispose()


def _lists(connection: Connection, at: AsOf) -> None:
    day = at.day(TODAY)
    with lists_as_of(connection, at):
        worklist(connection, Filter(), day, limit=50)
        light_counts(connection, Filter(), day)
        for group in ("district", "officer", "stage"):
            workloads(connection, group, day)


def _bare_lists(path: Path) -> None:
    with closed_at_the_end(sqlite3.connect(path)) as connection:
        found = connection.execute(
            "SELECT case_id, kind, occurred_on, data FROM fact WHERE occurred_on <= '2015-09-01' ORDER BY case_id, seq"
        )
        states = {case_id: (kind, json.loads(data)) for case_id, kind, _, data in found}
        Counter(kind for kind, _ in states.values())


def _database(path: Path) -> Engine:
    migrate(f"sqlite:///{path}")
    return engine(f"sqlite:///{path}")


def _time(measured: Callable[[], Any]) -> Taken:
    start, worked = stopwatch(), process_time()
    measured()
    return Taken(stopwatch() - start, process_time() - worked)


def _say(what: str, ours: Taken, hand: Taken | None = None, more: str = "") -> None:
    """Seconds by the clock, and those that one core worked: on a busy machine only the second can be compared."""
    figures = f"{what:24} {ours.clock * 1000:9.2f} ms, worked {ours.core * 1000:9.2f} ms"
    beside = f"   by hand {hand.core * 1000:9.2f} ms   ratio {ours.core / hand.core:5.1f}" if hand else ""
    sys.stdout.write(f"{figures}{beside}   {more}".rstrip() + "\n")


if __name__ == "__main__":
    run()
