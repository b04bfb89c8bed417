"""The office as an event log: who is bound to which date since when, what releases, and what was known on a day."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from casework.acts import annul
from casework.ledger import case_row, facts_of
from foresight.log import EventLog
from models.clock import FrozenClock
from models.database import reading
from models.settings import settings
from oversight.case_histories import histories
from oversight.event_log import end_of, event_log
from oversight.lights import Dates, cut_offs
from samples.path_step import Step, day
from tests.oversight.histories import act, flagged, live
from tests.renamed_parts import led_over
from tests.web.web_office import build_office, login_of

FIRST, LIMIT = date(2014, 9, 15), date(2016, 7, 1)
ABANDON = Step("abandon_remediation", data={"reason": "Không họp được"})
FAILED = Step(
    "record_failed_meeting", data={"held_on": day, "session": "1", "cause": "no_quorum", "why": "Không đủ túc số"}
)


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)  # opens four cases on 01/03/2016, of units that are weak and no more
    return either_bind


def log(bind: Engine, today: date, towards: str | None = None, **asked: Any) -> EventLog:
    with reading(bind) as connection:
        return event_log(histories(connection, today, **asked), today, towards)


def bound(bind: Engine, today: date, towards: str = "conversion_done", **asked: Any) -> set[str]:
    """Who is bound at the end of the day."""
    found = log(bind, today, towards, **asked)
    still = found.open_at(found.day(today))
    return {one for one, is_open in zip(found.ids, still, strict=True) if is_open}


def test_a_flagged_unit_is_bound_to_the_limit_of_the_law_before_anything_is_decided(bind: Engine) -> None:
    ref = flagged(bind, "HTX Chưa quyết định", FIRST)
    other = flagged(bind, "HTX Yếu", FIRST, flags=["weak"])
    assert bound(bind, FIRST) == {ref}
    assert bound(bind, FIRST, "treatment_done") == {ref, other}


def test_a_history_is_the_same_after_its_verbs_got_other_names(bind: Engine) -> None:
    ref = flagged(bind, "HTX Đổi tên bước", FIRST)
    live(bind, ref, "reregistered", FIRST, "decide_measure")
    later = FIRST + timedelta(days=300)
    with reading(bind) as connection:
        (before,) = [one for one in histories(connection, later) if one.ref == ref]
    led_over(bind, accept_case="take_case", decide_measure="settle_measure")
    with reading(bind) as connection:
        (after,) = [one for one in histories(connection, later) if one.ref == ref]
    assert len(before.path) > 2
    assert replace(after, procedure=before.procedure) == before


def test_a_unit_that_gave_up_remediation_stays_bound_and_attempts_release_nobody(bind: Engine) -> None:
    ref = flagged(bind, "HTX Bỏ củng cố", FIRST)
    decided = live(bind, ref, "reregistered", FIRST, "decide_measure")
    act(bind, ref, FAILED, decided + timedelta(days=10))
    act(bind, ref, ABANDON, decided + timedelta(days=20))
    later = decided + timedelta(days=30)
    assert bound(bind, later) == bound(bind, later, "treatment_done") == {ref}


def test_giving_up_remediation_never_hides_a_limit_that_is_past(bind: Engine) -> None:
    ref = flagged(bind, "HTX Bỏ sau hạn", FIRST)
    decided = live(bind, ref, "reregistered", FIRST, "decide_measure")
    act(bind, ref, FAILED, decided + timedelta(days=10))
    late = LIMIT + timedelta(days=20)
    act(bind, ref, ABANDON, late)
    with reading(bind) as connection:
        row = case_row(connection, ref)
    assert row["legal_on"] == LIMIT
    assert cut_offs(late).light(Dates(row["legal_on"], row["target_on"])) == "past_legal"
    assert ref in bound(bind, late)


def test_one_decided_into_re_registration_is_bound_from_that_day_though_no_flag_said_so(bind: Engine) -> None:
    ref = flagged(bind, "HTX Không gắn cờ", FIRST, flags=["weak"])
    decided = live(bind, ref, "reregistered", FIRST, "decide_measure")
    assert bound(bind, decided - timedelta(days=1)) == set()
    assert bound(bind, decided) == {ref}


def test_a_classification_under_the_same_article_binds_as_the_flag_does(bind: Engine) -> None:
    ref = flagged(bind, "HTX Xếp loại B2", FIRST, flags=["weak"])
    step = Step("classify", data={"grade": "yeu", "status": "B2", "cause": "-", "responsible": "-"}, after=8)
    visited = live(bind, ref, "reregistered", FIRST, "record_agency_reply")
    act(bind, ref, step, visited + timedelta(days=1))
    assert bound(bind, visited + timedelta(days=1)) == {ref}


@pytest.mark.parametrize("path", ["reregistered", "converted", "dissolved_voluntary", "merged", "no_action"])
def test_an_outcome_releases_on_its_day(bind: Engine, path: str) -> None:
    ref = flagged(bind, "HTX Đến cùng", FIRST)
    end = live(bind, ref, path, FIRST)
    found = log(bind, end, "conversion_done")
    released = found.origin + timedelta(days=int(found.closed[found.ids.index(ref)]))
    assert FIRST < released < end  # before the file is closed
    assert bound(bind, released - timedelta(days=1)) == {ref}
    assert bound(bind, released) == bound(bind, released, "treatment_done") == set()


def test_one_bound_again_is_a_case_of_its_own(bind: Engine) -> None:
    ref = flagged(bind, "HTX Hai lần", FIRST)
    decided = live(bind, ref, "reregistered", FIRST, "decide_measure")
    assert bound(bind, decided, "proposal_done") == set()
    act(bind, ref, ABANDON, decided + timedelta(days=20))
    assert bound(bind, decided + timedelta(days=20), "proposal_done") == {f"{ref}#2"}


def test_what_was_recorded_later_was_not_known_then(bind: Engine) -> None:
    ref = flagged(bind, "HTX Ghi muộn", FIRST)
    filed = live(bind, ref, "reregistered", FIRST, "receive_file")
    issue = Step(
        "issue_certificate", "manager", data={"certificate_number": "02/1", "issued_on": filed.isoformat()}, proof=True
    )
    act(bind, ref, issue, filed, recorded=filed + timedelta(days=30))
    assert bound(bind, filed) == set()
    assert bound(bind, filed, known_before=end_of(filed)) == {ref}


def test_what_was_annulled_later_counted_then(bind: Engine) -> None:
    ref = flagged(bind, "HTX Hủy ghi", FIRST)
    end = live(bind, ref, "transferred_out", FIRST, "transfer_out")
    annul(bind, ref, 2, by=login_of("manager"), reason="Nhầm", clock=FrozenClock.on(end + timedelta(days=5)))
    assert bound(bind, end) == {ref}
    assert bound(bind, end, known_before=end_of(end)) == set()


def test_the_log_of_all_cases_has_steps_closings_and_since_when_each_is_bound(bind: Engine) -> None:
    ref, open_one = flagged(bind, "HTX Đóng", FIRST), flagged(bind, "HTX Mở", FIRST + timedelta(days=1))
    end = live(bind, ref, "no_action", FIRST)
    found = log(bind, end)
    assert found.ids == (ref, open_one)
    assert found.closed[0] == found.day(end)
    assert [found.steps[step] for step in found.step[found.case == 0]] == ["S0", "S1", "S2", "S8"]
    assert found.bound["conversion_done"][1] == 1
    assert found.offices == ("HBG",)


def test_a_district_sees_its_own_and_an_office_without_cases_has_an_empty_log(bind: Engine) -> None:
    flagged(bind, "HTX Kiến An", FIRST, district="ADG")
    assert bound(bind, FIRST, district="HBG") == set()
    assert log(bind, FIRST, district="HBG").ids == ()


def test_a_history_read_before_is_read_again_once_its_case_has_another_head(bind: Engine) -> None:
    ref = flagged(bind, "HTX Đọc lại", FIRST)
    later = FIRST + timedelta(days=400)
    assert ref in bound(bind, later, "treatment_done")
    last = live(bind, ref, "no_action", FIRST, "close_no_action")
    assert ref not in bound(bind, later, "treatment_done")
    assert ref in bound(bind, last - timedelta(days=1), "treatment_done"), "an earlier day is not that of the memory"
    with reading(bind) as connection:
        (seq,) = [
            one.seq for one in facts_of(connection, case_row(connection, ref)["id"]) if one.kind == "close_no_action"
        ]
    annul(bind, ref, seq, by=login_of("manager", "HBG"), reason="Nhầm", clock=FrozenClock.on(later))
    assert ref in bound(bind, later, "treatment_done")
