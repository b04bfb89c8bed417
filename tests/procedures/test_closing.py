"""What holds the closing of a case: papers, overlays, open duties; and how each is settled."""

from datetime import timedelta
from typing import Any

import pytest

from models.errors import Refused
from procedures.facts import FactView
from procedures.schema import BUILT_IN
from procedures.state_machine.closing import closing_holds
from samples.invented import CLAIMS, LISTED_CLAIMS
from samples.paths import PATHS
from tests.procedures.lawful import COMPULSORY, Walk, refusal, step_of, walked

COMPLAINT: dict[str, Any] = {
    "complainant": "Ông Ba",
    "against": "QĐ 12",
    "settler": "district_committee",
    "concerns": "dissolution",
}


def recorded(walk: Walk, kind: str, **data: Any) -> Walk:
    """A fact that is no verb, such as a letter issued."""
    assert kind in BUILT_IN
    walk.facts.append(FactView(len(walk.facts) + 1, kind, walk.today, "clerk.hbg", "clerk", data))
    return walk


def held(walk: Walk) -> set[str]:
    return {hold.key for hold in closing_holds(walk.procedure, walk.state)}


def at_the_end(path: str = COMPULSORY) -> Walk:
    """The closing report is written and every paper waived; only the approval of the closing is left."""
    return walked(path, "close_case")


def test_no_case_is_closed_while_its_papers_are_drafts() -> None:
    walk = walked(COMPULSORY, "request_paper_waiver")
    assert {"decision_measure", "submission_compulsory", "closing_report"} <= held(walk)
    assert refusal(walk, "close_case", "manager") == "closing_paper_unissued"


def test_a_decision_is_issued_and_proven() -> None:
    walk = walked(COMPULSORY, "request_paper_waiver")
    seq = walk.state.done["decide_measure"][-1].seq
    recorded(walk, "letter_issued", template="decision_measure", follows=seq)
    (lack,) = (hold for hold in closing_holds(walk.procedure, walk.state) if hold.key == "decision_measure")
    assert (lack.reason.code, lack.fact) == ("closing_paper_unproven", seq)
    recorded(walk, "letter_served", template="decision_measure", follows=seq)
    assert "decision_measure" not in held(walk)


def test_a_letter_of_another_decision_proves_nothing() -> None:
    walk = walked(COMPULSORY, "request_paper_waiver")
    recorded(walk, "letter_issued", template="decision_measure", follows=2)
    assert "decision_measure" in held(walk)


def test_papers_are_waived_by_a_second_person_for_what_lacks_then() -> None:
    walk = walked(COMPULSORY, "request_paper_waiver")
    lacking = held(walk)
    walk.do("request_paper_waiver", "case_officer", reason="Bản giấy trong hồ sơ")
    named = {row["paper"] for row in walk.state.last("request_paper_waiver").data["papers"]}  # type: ignore[union-attr]
    assert named == lacking
    assert walk.do("approve_paper_waiver", "manager", reason="Đã xem").state.waived.keys() == lacking
    assert held(walk) == set()
    assert walk.do("close_case", "manager").state.closed_on == walk.today


def test_what_was_not_asked_for_is_not_waived() -> None:
    walk = walked(COMPULSORY, "request_paper_waiver")
    walk.do("request_paper_waiver", papers=[{"paper": "inquiries"}], reason="Mất")
    more: Any = [{"paper": "inquiries"}, {"paper": "decision_measure"}]
    assert refusal(walk, "approve_paper_waiver", "manager", papers=more, reason="x") == "not_named_in"
    walk.do("approve_paper_waiver", "manager", reason="x")
    assert "decision_measure" in held(walk)
    assert refusal(walk, "approve_paper_waiver", "manager", reason="x") == "not_done_yet"


def test_a_waiver_covers_no_later_act() -> None:
    walk = at_the_end()
    walk.do("write_closing_report", checklist="Lần hai")
    assert held(walk) == {"closing_report"}


@pytest.mark.parametrize("overlay", ["claim_disputed", "asset_pending", "land_pending", "court_hold"])
def test_what_lies_over_the_case_holds_it(overlay: str) -> None:
    walk = at_the_end().do("raise_overlay", overlay=overlay, reason="x")
    assert refusal(walk, "close_case", "manager") == "closing_held"
    walk.do("lift_overlay", overlay=overlay, reason="x")
    assert walk.do("close_case", "manager").state.closed_on == walk.today


@pytest.mark.parametrize(
    ("overlay", "letter"), [("land_pending", "land_letter"), ("asset_pending", "undivided_asset_letter")]
)
def test_what_was_referred_with_receipt_does_not_hold(overlay: str, letter: str) -> None:
    walk = at_the_end().do("raise_overlay", overlay=overlay, reason="x")
    recorded(walk, "letter_served", template=letter, follows=None)
    assert walk.do("close_case", "manager").state.closed_on == walk.today


def test_a_disputed_claim_with_money_set_aside_does_not_hold() -> None:
    listed = [row | {"disputed": row["amount"] if row["kind"] == "cost" else 0} for row in LISTED_CLAIMS]
    table = [row | {"set_aside": row["rank"] == 1} for row in CLAIMS]
    changed = {"record_claims": listed, "propose_compulsory_payout": table}
    walk, steps = walked(COMPULSORY, "record_claims"), PATHS[COMPULSORY]
    for step in steps[steps.index(step_of(COMPULSORY, "record_claims")) :]:
        if step.verb != "close_case":
            walk.take(step, **{"claims": changed[step.verb]} if step.verb in changed else {})
    walk.do("raise_overlay", overlay="claim_disputed", reason="x")
    assert walk.do("close_case", "manager").state.closed_on == walk.today


def test_a_complaint_and_its_duties_hold_the_days_to_complain_do_not() -> None:
    walk = at_the_end()
    assert walk.dates()["complaint_period"].status == "waiting"
    walk.do("receive_complaint", "clerk", received_on=walk.today.isoformat(), **COMPLAINT)
    assert held(walk) == {"complaint", "accept_duty"}
    walk.do("accept_complaint", "legal")
    assert held(walk) == {"complaint", "settle_duty", "complaint_acceptance"}
    assert refusal(walk, "close_case", "manager") == "closing_held"


def test_a_suit_holds() -> None:
    walk = at_the_end()
    filed = walk.today.isoformat()
    walk.do("record_appeal", way="suit", filed_on=filed, who="Ông Ba", body="TAND thành phố", against="QĐ 12")
    assert held(walk) == {"appeal"}
    walk.do("record_appeal_result", result="keep", decision="Bản án 3/HC-ST")
    assert walk.do("close_case", "manager").state.closed_on == walk.today


@pytest.mark.parametrize("own", [0, 1])
def test_who_wrote_any_closing_report_does_not_close(own: int) -> None:
    """Two people wrote it, one after the other: a third closes."""
    walk = walked(COMPULSORY, "write_closing_report")
    logins = ["manager.hbg", "officer.hbg"] if own == 0 else ["officer.hbg", "manager.hbg"]
    for login in logins:
        walk.act("write_closing_report", on=walk.today, today=walk.today, login=login, data={"checklist": "x"})
    walk.do("request_paper_waiver", reason="x").do("approve_paper_waiver", "manager", reason="x")
    with pytest.raises(Refused) as refused:
        walk.act("close_case", "manager", on=walk.today + timedelta(1), today=walk.today + timedelta(1))
    assert refused.value.code == "four_eyes"
