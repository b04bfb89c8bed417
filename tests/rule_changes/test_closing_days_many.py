"""A closing day over many deadlines: all of them follow, four times as many cost four times the work."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event, select

from models.database import engine, reading
from models.tables import case_rows, deadlines, effects
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import end_of_sum
from rule_changes.closing_days import NewClosing, adopt
from rule_changes.moved_deadlines import TOGETHER
from rulebook.office_calendar import calendars_of
from tests.rule_changes.many_deadlines import STORM, fill
from tests.web.web_office import CLOCK, build_office, login_of

CITY = login_of("manager", None)
CLOSED = [NewClosing(STORM, "city", None, "Bão", "1/QĐ")]


@contextmanager
def counting(bind: Engine) -> Iterator[list[int]]:
    """The thousands of steps that SQLite takes meanwhile."""
    steps: list[int] = []

    def watch(connection: Any, *_: Any) -> None:
        connection.set_progress_handler(lambda: steps.append(1), 1_000)

    bind.dispose()
    event.listen(bind, "connect", watch)
    yield steps
    event.remove(bind, "connect", watch)


def steps_for(path: Path, count: int) -> int:
    bind = engine(f"sqlite:///{path}")
    fill(bind, build_office(bind), count)
    with counting(bind) as steps:
        adopt(bind, CLOSED, by=CITY, clock=CLOCK)
    bind.dispose()
    return len(steps)


def test_no_deadline_is_looked_for_among_all_the_others(sqlite_form: Path, tmp_path: Path) -> None:
    """Four times as many cost about four times the work, not sixteen times."""
    few, many = [steps_for(Path(shutil.copy(sqlite_form, tmp_path / f"{count}.db")), count) for count in (1_000, 4_000)]
    assert 50 < few < many < 6 * few


def test_every_deadline_its_case_and_its_calendar_follow(either_bind: Engine) -> None:
    fill(either_bind, build_office(either_bind), 250)
    moved = adopt(either_bind, CLOSED, by=CITY, clock=CLOCK)
    assert len(moved) == 188
    with reading(either_bind) as connection:
        calendars = calendars_of(connection)
        same = case_rows.c.id == deadlines.c.case_id
        found = connection.execute(select(deadlines, case_rows.c.due_on).join(case_rows, same)).mappings().all()
        pending = connection.scalars(select(effects.c.payload).where(effects.c.kind == "withdraw")).all()
    assert {row["calendar"] for row in found} == {calendars.version}
    for row in found:
        assert row["ends_on"] == end_of_sum(row["sum"], calendars)
    followed = [row for row in found if row["ends_on"] != end_of_sum(row["sum"], load_calendars())]
    assert {row["id"] for row in followed} == {item.deadline_id for item in moved}
    assert all(row["due_on"] == row["ends_on"] for row in followed if row["key"] == "visit_target")
    corrected = [case_id for payload in pending for case_id, _ in payload["cases"]]
    assert sorted(corrected) == sorted({item.case_id for item in moved})
    assert [len(payload["cases"]) for payload in pending] == [TOGETHER, len(moved) - TOGETHER]
