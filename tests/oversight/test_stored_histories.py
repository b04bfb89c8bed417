"""Stored histories are those of the facts: read by another process, passed over once the case has changed, verified."""

from collections.abc import Iterable
from datetime import date, timedelta
from itertools import islice
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, delete, update

from casework.acts import annul
from casework.ledger import case_row
from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from models.clock import FrozenClock
from models.database import reading, writing
from models.settings import settings
from models.tables import case_histories, case_rows
from oversight import case_histories as module
from oversight.case_histories import histories, store_histories
from oversight.history_folding import History
from samples.path_step import Step
from tests.oversight.histories import act, flagged, live
from tests.web.web_office import build_office, login_of

FIRST, TODAY = date(2014, 9, 15), date(2016, 3, 14)
CLOCK = FrozenClock.on(TODAY)
T = TypeVar("T")
ABANDON = Step("abandon_remediation", data={"reason": "Không họp được"})


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)
    return either_bind


def anew(bind: Engine, today: date = TODAY) -> list[History]:
    """As a process reads them that has just begun."""
    module._of_databases.clear()
    module._whole.forget()
    with reading(bind) as connection:
        return histories(connection, today)


def folded(bind: Engine, today: date = TODAY) -> list[History]:
    """From the facts alone."""
    with writing(bind) as connection:
        connection.execute(delete(case_histories))
    return anew(bind, today)


def test_what_is_stored_is_what_the_facts_say(bind: Engine) -> None:
    refs = [flagged(bind, f"HTX Lưu {number}", FIRST) for number in range(3)]
    live(bind, refs[0], "reregistered", FIRST)
    assert store_histories(bind, TODAY) == 3 + 4  # and the four of the small office
    assert store_histories(bind, TODAY) == 0
    read = anew(bind)
    assert store_histories(bind, TODAY) == 0  # what was read from there is not written again
    before = FIRST + timedelta(days=3)
    then = anew(bind, before)  # what came later is stored, and not read
    assert read == folded(bind)
    assert then == folded(bind, before) != read
    assert any(one.closed for one in read) and any(one.is_bound("treatment_done") for one in read)


def test_what_is_stored_part_by_part_is_the_whole_office_and_a_cut_off_run_goes_on(
    bind: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    refs = [flagged(bind, f"HTX Lưu {number}", FIRST) for number in range(3)]
    live(bind, refs[0], "reregistered", FIRST)
    monkeypatch.setattr(module, "_AT_ONCE", 2)

    def cut_off(items: Iterable[T], total: int) -> Iterable[T]:
        assert total == 4  # of seven cases
        return islice(items, 2)

    assert store_histories(bind, TODAY, cut_off) == 4
    assert store_histories(bind, TODAY) == 3
    assert anew(bind) == folded(bind)


def test_a_case_that_has_changed_is_folded_and_the_others_are_not(bind: Engine) -> None:
    refs = [flagged(bind, f"HTX Lưu {number}", FIRST) for number in range(2)]
    live(bind, refs[0], "reregistered", FIRST, "decide_measure")
    store_histories(bind, TODAY)
    act(bind, refs[0], ABANDON, FIRST + timedelta(days=200))
    changed = anew(bind)
    assert store_histories(bind, TODAY) == 1
    assert changed == folded(bind)
    store_histories(bind, TODAY)
    with reading(bind) as connection:
        last = case_row(connection, refs[0])["seq"]
    annul(bind, refs[0], last, by=login_of("manager", "HBG"), reason="Ghi nhầm", clock=CLOCK)
    assert anew(bind) == folded(bind) != changed


def test_a_false_history_is_found_and_mended(bind: Engine) -> None:
    ref = flagged(bind, "HTX Sai", FIRST)
    live(bind, ref, "reregistered", FIRST)
    store_histories(bind, TODAY)
    with writing(bind) as connection:
        course = {"steps": ["S0"], "days": [FIRST.toordinal()], "bound": {}, "closed": False, "held": False}
        of_case = connection.scalar(case_rows.select().where(case_rows.c.ref == ref).with_only_columns(case_rows.c.id))
        connection.execute(update(case_histories).where(case_histories.c.case_id == of_case).values(course=course))
    with reading(bind) as connection:
        assert [(fault.ref, fault.code) for fault in verify(connection)] == [(ref, "fault_history")]
    assert [fault.code for fault in rebuild(bind, CLOCK)] == ["fault_history"]
    with reading(bind) as connection:
        assert list(verify(connection)) == []
    assert anew(bind) == folded(bind)
