"""Persons, sessions, hearing and grounds: each condition refused once and passed once."""

from datetime import timedelta
from typing import Any

import pytest

from models.errors import Refused
from samples.invented import COUNCIL
from tests.procedures.lawful import COMPULSORY, Walk, refusal, step_of, walked, wrong_day

FAILED: dict[str, Any] = {"present": 20, "why": "Vắng nhiều", "cause": "no_quorum"}
HELD: dict[str, Any] = {"members_total": 100, "present": 60, "in_favour": 60, "resolution": "02/NQ"}


@pytest.mark.parametrize("verb", ["submit_dossier", "decide_dissolution"])
def test_one_person_one_seat(verb: str) -> None:
    walk, step = walked(COMPULSORY, verb), step_of(COMPULSORY, verb)
    twice = [row | ({"name": "nguyễn văn  HÙNG"} if row["seat"] == "member" else {}) for row in COUNCIL]
    fields = step.fields(walk.today + timedelta(step.after))
    assert refusal(walk, verb, step.role, step.after, **fields | {"council": twice}) == "person_twice"
    assert walk.take(step, **({"decided_on": walk.today.isoformat()} if "decided_on" in fields else {})).state.count(
        verb
    )


def test_a_second_session_follows_a_first_that_had_no_quorum() -> None:
    walk = walked("dissolved_voluntary", "resolve_dissolution")

    def failed(session: str, **more: Any) -> Walk:
        return walk.do(
            "record_failed_meeting", held_on=walk.today.isoformat(), **FAILED | {"session": session} | more
        )  # fmt: skip

    def resolved(session: str) -> dict[str, Any]:
        on, called = walk.today.isoformat(), (walk.today - timedelta(9)).isoformat()
        return HELD | {"called_on": called, "held_on": on, "council_formed_on": on, "session": session}

    assert refusal(walk, "resolve_dissolution", **resolved("2")) == "previous_missing"
    fields = FAILED | {"session": "2", "held_on": walk.today.isoformat()}
    assert refusal(walk, "record_failed_meeting", **fields) == "previous_missing"
    failed("1", cause="not_carried")
    assert refusal(walk, "resolve_dissolution", **resolved("2")) == "previous_missing", "it was held, but not carried"
    failed("1")
    assert refusal(walk, "resolve_dissolution", **resolved("3")) == "previous_missing"
    assert walk.do("resolve_dissolution", **resolved("2")).state.state == "V2"


def test_only_a_conforming_and_fair_unit_needs_no_action() -> None:
    walk = walked("no_action", "classify")
    words: dict[str, Any] = {"cause": "x", "responsible": "x"}
    walk.do("classify", grade="kha", status="B4", **words)
    assert refusal(walk, "close_no_action", "manager", reason="x") == "last_says_otherwise"
    walk.do("reclassify", "manager", reason="x").do("classify", grade="tot", status="B1", **words)
    assert walk.do("close_no_action", "manager", reason="x").state.outcome == "no_action"


def test_who_cannot_be_reached_is_not_closed_as_conforming() -> None:
    walk = walked("no_action", "close_no_action").do("reclassify", "manager", reason="x")
    walk.do("start_trace", reason="x").do("record_trace", traced_on=walk.today.isoformat(), findings="x")
    walk.do("record_trace", after=7, traced_on=walk.today.isoformat(), findings="x")
    on, until = walk.today.isoformat(), (walk.today + timedelta(15)).isoformat()
    walk.do("record_posting", posted_from_on=on, posted_to_on=until, place="x", witness="x")
    walk.do("declare_untraceable", after=17, cause="x")
    assert refusal(walk, "close_no_action", "manager", reason="x") == "not_done_yet"


def asked(walk: Walk, ground: str, days: int) -> Walk:
    until = (walk.today + timedelta(days)).isoformat()
    return walk.do("request_explanation", ground=ground, reply_by_on=until)


def proven_served(walk: Walk, after: int = 1) -> Walk:
    on = (walk.today + timedelta(after)).isoformat()
    return walk.do("record_paper_service", after=after, deadline="explain_target", symbol="3/TB", way="hand",
                   served_on=on)  # fmt: skip


def test_a_notice_that_came_after_its_own_day_to_reply_hears_nobody() -> None:
    walk = asked(walked(COMPULSORY, "request_explanation"), "a", 6)
    proven_served(walk, 9)
    assert refusal(walk, "record_explanation", answered=False) == "served_too_late"
    proven_served(asked(walk, "a", 20))
    assert walk.do("record_explanation", after=30, answered=False).state.count("record_explanation") == 1


def test_a_later_notice_gives_no_earlier_day_to_reply() -> None:
    """Silence is recorded once for all of them, after the day of the last."""
    walk = asked(walked(COMPULSORY, "request_explanation"), "c", 60)
    until = (walk.today + timedelta(15)).isoformat()
    assert wrong_day(walk, "request_explanation", ground="a", reply_by_on=until) == {"reply_by_on": "day_not_before"}
    assert asked(walk, "a", 65).state.count("request_explanation") == 2


def test_a_suspension_on_file_is_weighed_when_ground_a_is_proven() -> None:
    walk = walked("consolidated", "accept_case", nth=1)
    walk = walked(COMPULSORY, "request_explanation")
    notified = walk.today.isoformat()
    begins, ends = walk.today + timedelta(20), walk.today + timedelta(60)
    walk.do("receive_suspension", notified_on=notified, from_on=begins.isoformat(), to_on=ends.isoformat())
    proven_served(asked(walk, "a", 20))
    walk.do("record_explanation", after=30, answered=False)
    proof: dict[str, Any] = {"ground": "a", "from_on": "2013-01-01", "proof": "x"}
    assert refusal(walk, "prove_ground", **proof) == "not_weighed"
    walk.do("prove_ground", **proof, suspension_weighed="Đã ngừng từ trước khi thông báo tạm ngừng")
    assert walk.state.grounds.keys() == {"a"}


def test_a_ground_is_dropped_by_another_than_who_proved_it() -> None:
    walk = walked(COMPULSORY, "prepare_dossier")
    proven = walk.state.last("prove_ground")
    assert proven is not None
    with pytest.raises(Refused) as refused:
        walk.act("withdraw_ground", "legal", on=walk.today, today=walk.today, login=proven.by,
                 data={"ground": "a", "reason": "x"})  # fmt: skip
    assert refused.value.code == "four_eyes"
    assert walk.do("withdraw_ground", "legal", ground="a", reason="x").state.grounds == {}


def complained(walk: Walk, result: str, concerns: str | None) -> Walk:
    on, settled = walk.today.isoformat(), {"settler": "finance_office", "concerns": concerns or "withdrawal"}
    walk.do("receive_complaint", "clerk", after=0, received_on=on, complainant="Ông Ba", against="QĐ 9", **settled)
    walk.do("accept_complaint", "legal", after=0)
    return walk.do("settle_complaint", "leader", result=result, conclusion="x", consequences="Trả lại giấy")


def judged(walk: Walk, result: str) -> Walk:
    filed: dict[str, Any] = {"filed_on": walk.today.isoformat(), "settler": "district_committee"}
    walk.do("record_appeal", way="second", who="x", body="x", against="x", **filed)
    return walk.do("record_appeal_result", result=result, concerns="withdrawal", decision="Số 5")


def test_ground_d_falls_with_the_withdrawal_and_returns_with_it() -> None:
    walk = walked("dissolved_compulsory_by_withdrawal", "prepare_dossier")
    assert walk.state.grounds.keys() == {"d"}
    complained(walk, "cancel", "withdrawal")
    assert walk.state.grounds == {}
    assert set(walk.state.fallen) == {"d"}
    assert refusal(walk, "prepare_dossier") == "no_ground_proven"
    judged(walk, "restore")
    assert walk.do("prepare_dossier").state.state == "C2"


@pytest.mark.parametrize(("result", "concerns"), [("keep", None), ("cancel", "other")])
def test_ground_d_is_kept_where_the_withdrawal_is(result: str, concerns: str | None) -> None:
    walk = walked("dissolved_compulsory_by_withdrawal", "prepare_dossier")
    assert complained(walk, result, concerns).state.grounds.keys() == {"d"}


def test_a_council_stops_when_the_only_ground_falls() -> None:
    walk = walked("dissolved_compulsory_by_withdrawal", "start_compulsory_payout")
    complained(walk, "cancel", "withdrawal")
    assert refusal(walk, "start_compulsory_payout") == "ground_fell"
    judged(walk, "restore")
    assert walk.do("start_compulsory_payout").state.state == "C5"


def test_the_same_thing_is_not_waived_twice() -> None:
    walk = walked("dissolved_voluntary_with_waiver", "approve_waiver")
    assert refusal(walk, "request_waiver", item="seal", reason="x") == "already_done"
    assert walk.do("request_waiver", item="certificate", reason="x").state.count("request_waiver") == 2


def test_a_measure_counts_as_proposed_when_it_is_submitted() -> None:
    walk = walked("consolidated", "submit_measure")
    assert walk.dates()["proposal_by"].status == "open"
    walk.do("submit_measure")
    assert (walk.dates()["proposal_by"].status, walk.dates()["proposal_by"].ended_on) == ("met", walk.today)
    walk.do("return_measure", "leader", remarks="x")
    assert walk.dates()["proposal_by"].status == "open", "what was returned is to be proposed again"


def test_giving_up_a_conversion_drops_no_limit_of_the_law() -> None:
    walk = walked("reregistered", "receive_file").do("abandon_remediation", reason="x")
    assert (walk.state.state, walk.dates()["conversion_by"].status) == ("S3", "open")
    walk.do("propose_measure", measure="consolidate", reasons="x")
    walk.do("record_consultation", consulted_on=walk.today.isoformat(), bodies="x", opinion="x")
    walk.do("check_legality", "legal", note="x").do("submit_measure")
    walk.do("decide_measure", "leader", measure="consolidate")
    assert walk.dates()["conversion_by"].status == "open"
    for verb in ("record_commitment", "record_annual_meeting", "record_rescore"):
        walk.take(step_of("consolidated", verb))
    assert walk.dates()["conversion_by"].status == "dropped", "a case with an outcome is bound no more"
