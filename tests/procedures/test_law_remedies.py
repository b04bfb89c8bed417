"""Complaint, second complaint and suit, stay, bankruptcy, tracing (law.md 3.4, 7.3)."""

from typing import Any

import pytest

from samples.path_parts import DELETION
from tests.procedures.lawful import COMPULSORY, VOLUNTARY, Walk, refusal, step_of, walked, wrong_day

COMPLAINT: dict[str, Any] = {
    "received_on": "2015-10-01", "complainant": "Ông Ba", "against": "QĐ 12", "settler": "district_committee",
    "concerns": "dissolution",
}  # fmt: skip


def decided() -> Walk:
    walk = walked(COMPULSORY, "record_posting")
    return walk.do("receive_complaint", "clerk", **COMPLAINT | {"received_on": walk.today.isoformat()})


def test_a_complaint_that_is_not_to_be_taken_up_is_declined_with_reasons() -> None:
    walk = decided().do("decline_complaint", "legal", why="not_eligible", reason="Quá thời hiệu")
    assert not walk.state.overlays
    assert walk.dates()["accept_complaint_term"].status == "met"


def test_one_that_was_taken_up_is_settled() -> None:
    walk = decided()
    walk.do("accept_complaint", "legal")
    assert refusal(walk, "decline_complaint", "legal", why="not_ours", reason="x") == "already_done"


def test_a_suit_is_the_courts_and_needs_nobody_here_to_accept_it() -> None:
    walk = walked(COMPULSORY, "delete_name")
    filed = walk.today.isoformat()
    walk.do("record_appeal", way="suit", filed_on=filed, who="Ông Ba", body="TAND thành phố", against="QĐ 12")
    assert walk.dates()["appeal_target"].status == "open"
    deleted: dict[str, Any] = DELETION | {"deleted_on": filed}
    assert refusal(walk, "delete_name", "manager", after=0, **deleted) == "overlay_in_the_way"
    walk.do("record_appeal_result", result="keep", decision="Bản án 3/HC-ST")
    assert walk.do("delete_name", "manager", **deleted).state.outcome == "dissolved_compulsory"


def test_a_complaint_stops_no_statutory_days_of_a_voluntary_dissolution() -> None:
    walk = walked(VOLUNTARY, "confirm_dissolution")
    before = walk.dates()["confirmation_term"].ends_on
    walk.do("receive_complaint", "clerk", after=0, **COMPLAINT | {"received_on": walk.today.isoformat()})
    assert walk.dates()["confirmation_term"].ends_on == before
    done = walk.do("confirm_dissolution", "manager", **DELETION | {"deleted_on": walk.today.isoformat()})
    assert done.state.outcome == "dissolved_voluntary"


def test_a_stayed_decision_pays_nobody_until_it_goes_on() -> None:
    walk = walked(COMPULSORY, "approve_compulsory_payout")
    walk.do("change_decision", "leader", action="amend", changes="Thay ủy viên", reason="Nghỉ hưu")
    assert not walk.state.overlays
    walk.do("change_decision", "leader", action="stay", until_on="2016-12-30", reason="Khó khắc phục")
    assert refusal(walk, "approve_compulsory_payout", "manager") == "overlay_in_the_way"
    walk.do("end_stay", "leader", how="lifted", reason="Đã giải quyết")
    assert walk.do("approve_compulsory_payout", "manager").state.state == "C6"


def test_a_cancelled_decision_is_stayed_no_more() -> None:
    walk = walked(COMPULSORY, "approve_compulsory_payout")
    walk.do("change_decision", "leader", action="stay", until_on="2016-12-30", reason="x")
    assert walk.do("cancel_decision", "leader", action="cancel", reason="x").state.overlays == {}


@pytest.mark.parametrize(("concerns", "code"), [("dissolution", "overlay_in_the_way"), ("other", None)])
def test_a_council_stops_when_its_decision_falls(concerns: str, code: str | None) -> None:
    walk = walked(COMPULSORY, "start_compulsory_payout")
    received = {"received_on": walk.today.isoformat(), "concerns": concerns}
    walk.do("receive_complaint", "clerk", **COMPLAINT | received)
    walk.do("accept_complaint", "legal")
    walk.do("settle_complaint", "leader", result="cancel", consequences="Bàn giao lại", conclusion="Khiếu nại đúng")
    if code is None:
        assert walk.do("start_compulsory_payout").state.state == "C5"
    else:
        assert refusal(walk, "start_compulsory_payout") == code
        assert walk.do("cancel_decision", "leader", action="cancel", reason="x").state.state == "S3"


@pytest.mark.parametrize(("path", "before"), [(COMPULSORY, "prepare_dossier"), ("consolidated", "record_commitment")])
def test_a_court_takes_a_petition_of_anybody_at_any_time(path: str, before: str) -> None:
    walk = walked(path, before)
    walk.do("record_petition", court="TAND huyện", accepted_on=walk.today.isoformat())
    assert walk.do("record_bankruptcy", decision="01/QĐ-TBPS").state.outcome == "bankrupt"


@pytest.mark.parametrize(("path", "before"), [(COMPULSORY, "approve_compulsory_payout"), (VOLUNTARY, "start_payout")])
def test_a_council_at_work_waits_for_the_court_and_may_end_in_bankruptcy(path: str, before: str) -> None:
    walk = walked(path, before).do("raise_overlay", overlay="court_hold", reason="Tòa thụ lý đơn phá sản")
    step = step_of(path, before)
    assert refusal(walk, before, step.role, after=9, **step.fields(walk.today)) == "overlay_in_the_way"
    walk.do("record_bankruptcy", decision="01/QĐ-TBPS")
    assert walk.state.outcome == "bankrupt"
    dates = walk.dates()
    assert {dates[key].status for key in ("council_term", "compulsory_council_term") if key in dates} == {"dropped"}


def test_nobody_is_untraceable_while_the_posting_hangs() -> None:
    walk = walked("dissolved_compulsory_untraceable", "declare_untraceable")
    assert wrong_day(walk, "declare_untraceable", after=15, cause="Bỏ đi") == {"on": "day_after"}
