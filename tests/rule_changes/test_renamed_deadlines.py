"""Cases that move to a version with another name for a deadline keep its clock, what was announced, and what is due."""

import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.evidence_store import keep
from casework.ledger import case_row
from casework.sums.deadline_sums import explain
from casework.upkeep.integrity import verify
from flows.jobs.effects import drain
from models.clock import FrozenClock
from models.database import reading, writing
from models.settings import settings
from models.tables import deadlines, messages
from notifications.ladder import climb
from tests.acting import apply
from tests.casework.desk import LATER, Desk
from tests.rule_changes import version_texts as made
from tests.web.web_office import CLOCK, build_office, login_of

OLD, NEW = "accept_target", "file_check"
NEAR = FrozenClock.on(date(2016, 3, 24))
HEAD = f"  {NEW}: {{"
RENAMED = re.sub(rf"\b{OLD}\b", NEW, made.OWN).replace(HEAD, f"{HEAD}formerly: {OLD}, ", 1)


@pytest.fixture
def desk(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    settings.cache_clear()
    return Desk(build_office(either_bind))


def rows(desk: Desk, table: Any, **wanted: Any) -> list[dict[str, Any]]:
    found = select(table).order_by(table.c.id)
    for name, value in wanted.items():
        found = found.where(table.c[name] == value)
    with reading(desk.bind) as connection:
        return [dict(row) for row in connection.execute(found).mappings()]


def remind(desk: Desk) -> int:
    return sum(climb(desk.bind, NEAR.today(), now=NEAR.now()).values())


def moved(desk: Desk) -> None:
    desk.brought(base=RENAMED)
    change = desk.approve()
    assert (change.stuck, change.moved) == ((), ()), "another name moves no date"
    drain(desk.bind, LATER)


def test_the_row_of_the_deadline_goes_along(desk: Desk) -> None:
    before = rows(desk, deadlines, key=OLD)
    moved(desk)
    after = rows(desk, deadlines, key=NEW)
    assert [row["id"] for row in after] == [row["id"] for row in before]
    assert rows(desk, deadlines, key=OLD) == []
    assert [row["sum"] for row in after] == [row["sum"] for row in before]
    with reading(desk.bind) as connection:
        assert list(verify(connection)) == []
        assert [item.key for item in explain(connection, desk.office.first, OLD)] == [NEW]


def test_nobody_is_reminded_again_and_nothing_is_corrected(desk: Desk) -> None:
    assert remind(desk) > 0
    before = rows(desk, messages, deadline_key=OLD)
    moved(desk)
    assert remind(desk) == 0
    after = rows(desk, messages, deadline_key=NEW)
    assert [(row["id"], row["status"]) for row in after] == [(row["id"], row["status"]) for row in before]
    assert rows(desk, messages, kind="correction") == []


def stopped(desk: Desk) -> int:
    """The target of the first case is stopped for two weeks; returns the id of the case."""
    data = {"deadline": OLD, "from_on": "2016-03-15", "again_on": "2016-03-29", "reason": "Chờ"}
    ref, by = desk.office.first, login_of("manager")
    with writing(desk.bind) as connection:
        case_id = case_row(connection, ref)["id"]
        kept = keep(connection, case_id, b"x", "x.txt", by=by, now=CLOCK.now())
    apply(desk.bind, ref, "suspend_target", by=by, clock=CLOCK, data=data, evidence=[kept])
    return case_id


def test_an_effect_that_was_waiting_corrects_the_date_under_the_new_name(desk: Desk) -> None:
    remind(desk)
    case_id = stopped(desk)
    moved(desk)
    found = rows(desk, messages, kind="correction")
    assert {(row["case_id"], row["deadline_key"]) for row in found} == {(case_id, NEW)}


def test_a_fact_that_names_the_deadline_counts_for_it_still(desk: Desk) -> None:
    case_id = stopped(desk)
    (before,) = rows(desk, deadlines, key=OLD, case_id=case_id)
    moved(desk)
    (after,) = rows(desk, deadlines, key=NEW, case_id=case_id)
    assert (after["ends_on"], after["sum"]) == (before["ends_on"], before["sum"])
    assert after["sum"]["pauses"]
