"""Two cooperatives dissolved together through grids alone; what they did not hand in stays listed after the closing."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, func, select

from casework.ledger import load_case
from casework.outstanding_entries import Entry, confirm, enter, take_back
from correspondence.grid.acting import do
from correspondence.grid.columns import Asked, Line
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import CoopcaseError
from models.settings import settings
from models.tables import letter_rows, operations
from oversight.outstanding import Wanted, counts_of, outstanding
from samples.paths import PATHS
from tests.acting import issue_draft
from tests.correspondence.grid_desk import SCAN, GridDesk, more_cases
from tests.web.web_office import TODAY, build_office

OWN = {"return_item": "receipt"}  # a field that differs in each case
PATH = "dissolved_voluntary_with_waiver"


@pytest.fixture
def desk(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> GridDesk:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(bind)
    return GridDesk(bind, more_cases(bind, 2))


def carried(desk: GridDesk) -> date:
    """Every step of the way as one act for both cases; its papers are signed. Returns the last day."""
    day = TODAY
    for step in PATHS[PATH]:
        day += timedelta(days=step.after)
        clock = FrozenClock.on(day)
        own = OWN.get(step.verb, "")
        lines = tuple(Line(ref, {own: f"{place}/BN"} if own else {}) for place, ref in enumerate(desk.refs, start=1))
        asked = Asked(step.verb, lines, step.fields(day), (SCAN,) if step.proof else ())
        with writing(desk.bind) as connection:
            do(connection, asked, desk.person(step.role), clock=clock)
            for ref in desk.refs:
                _papers(connection, ref, step.verb, clock)
    return day


def _papers(connection: Connection, ref: str, verb: str, clock: FrozenClock) -> None:
    loaded = load_case(connection, ref)
    if (prepared := loaded.state.prepared.get(verb)) is not None:
        row = letter_rows.c
        drafted = select(row.id).where(row.case_id == loaded.row["id"], row.fact_seq == prepared.seq)
        issue_draft(connection, connection.scalars(drafted.where(row.status == "draft")).one(), clock)


def refused(desk: GridDesk, role: str, act: Any, *args: Any, day: date) -> str:
    with pytest.raises(CoopcaseError) as wrong, writing(desk.bind) as connection:
        act(connection, *args, desk.person(role), clock=FrozenClock.on(day))
    return wrong.value.code


def test_two_are_dissolved_by_grids_and_what_lacks_stays_listed(desk: GridDesk) -> None:
    last = carried(desk)
    with reading(desk.bind) as connection:
        for ref in desk.refs:
            assert load_case(connection, ref).state.outcome == "dissolved_voluntary"
        assert connection.scalar(select(func.count()).select_from(operations)) == len(PATHS[PATH])
        items = outstanding(connection, "HBG")
        assert outstanding(connection, "ADG") == []
    assert counts_of(items) == {
        kind: {"returned": returned, "waived": 2 - returned, "cancelled": 0, "missing": 0}
        for kind, returned in (("seal", 0), ("certificate", 2))
    }
    lacking = [item for item in items if Wanted().takes(item)]
    assert [(item.ref, item.kind, item.status) for item in lacking] == [(ref, "seal", "waived") for ref in desk.refs]
    _after_the_closing(desk, last)


def _after_the_closing(desk: GridDesk, last: date) -> None:
    """A seal is cancelled by the police, an account cannot be closed: said by one, approved by another."""
    first, second = desk.refs
    cancelled = Entry("seal", "cancelled", last, paper="12/QĐ-CA", files=[SCAN])
    account = Entry("account", "not_recoverable", last, reason="Ngân hàng không còn", files=[SCAN])
    assert (
        refused(desk, "case_officer", enter, first, replace(cancelled, files=()), day=last) == "outstanding_needs_proof"
    )
    assert refused(desk, "case_officer", enter, first, replace(account, reason=""), day=last) == "missing_field"
    assert refused(desk, "commune", enter, first, cancelled, day=last) == "outstanding_not_yours"
    assert refused(desk, "case_officer", enter, "HP-2016-0001", cancelled, day=last) == "outstanding_not_dissolved"
    clock, officer = FrozenClock.on(last), desk.person()
    with writing(desk.bind) as connection:
        seal = enter(connection, first, cancelled, officer, clock=clock)
        number = enter(connection, second, account, officer, clock=clock)
    assert refused(desk, "case_officer", confirm, number, day=last) == "outstanding_four_eyes"
    assert refused(desk, "manager", confirm, seal, day=last) == "outstanding_nothing_to_confirm"
    assert _statuses(desk) == {(first, "seal"): "cancelled", (second, "seal"): "waived", (second, "account"): "asked"}
    with writing(desk.bind) as connection:
        confirm(connection, number, desk.person("manager"), clock=clock)
        take_back(connection, seal, "Nhầm đơn vị", officer, clock=clock)
    assert _statuses(desk) == {(first, "seal"): "waived", (second, "seal"): "waived", (second, "account"): "waived"}


def _statuses(desk: GridDesk) -> dict[tuple[str, str], str]:
    with reading(desk.bind) as connection:
        items = outstanding(connection, "HBG")
    return {(item.ref, item.kind): item.status for item in items if item.kind != "certificate"}
