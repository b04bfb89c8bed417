"""Nobody is dissolved unheard or on a ground that is not there (law.md 3.1, 7.2 step C1)."""

from datetime import date, timedelta
from typing import Any

import pytest

from procedures.legal_time.terms import add_months
from samples.paths import PATHS
from tests.procedures.lawful import COMPULSORY, Walk, refusal, walked, wrong_day


def asked(ground: str = "a") -> Walk:
    walk = walked(COMPULSORY, "request_explanation")
    return walk.do("request_explanation", ground=ground, reply_by_on=(walk.today + timedelta(16)).isoformat())


def served(walk: Walk) -> Walk:
    return walk.do("record_paper_service", deadline="explain_target", symbol="3/TB", way="hand",
                   served_on=(walk.today + timedelta(1)).isoformat())  # fmt: skip


def test_silence_counts_only_after_notice() -> None:
    assert refusal(asked(), "record_explanation", after=30, answered=False) == "proof_missing"


def test_nobody_is_silent_before_the_day_to_reply_is_over() -> None:
    walk = served(asked())
    assert wrong_day(walk, "record_explanation", after=14, answered=False) == {"on": "day_after"}
    assert wrong_day(walk, "record_explanation", answered=False) == {
        "irregularity_reason": "irregularity_needs_reason", "on": "day_after"
    }, "the day to reply is over, but not the days to explain since the notice came"  # fmt: skip
    assert walk.do("record_explanation", after=4, answered=False).state.count("record_explanation") == 1


def test_an_answer_is_taken_at_any_time() -> None:
    assert asked().do("record_explanation", answered=True, content="Vẫn hoạt động").state.count("record_explanation")


def proof(ground: str, since: str = "2012-01-01") -> dict[str, Any]:
    return {"ground": ground, "from_on": since, "proof": "Có xác nhận"}


def test_a_ground_that_nobody_was_asked_about_is_not_proven() -> None:
    walk = asked("a").do("record_explanation", answered=True, content="x")
    assert refusal(walk, "prove_ground", **proof("c")) == "not_named_in"
    walk.do("request_explanation", ground="c", reply_by_on=(walk.today + timedelta(16)).isoformat())
    assert refusal(walk, "prove_ground", **proof("c")) == "not_done_yet"
    walk.do("record_explanation", answered=True, content="x")
    assert walk.do("prove_ground", **proof("c")).state.grounds.keys() == {"c"}


@pytest.mark.parametrize("ground", ["d", "dd"])
def test_a_withdrawn_certificate_and_a_court_speak_for_themselves(ground: str) -> None:
    walk = walked(COMPULSORY, "request_explanation")
    walk.do("prove_ground", ground=ground, proof="Quyết định số 7")
    assert walk.do("prepare_dossier").state.state == "C2"


@pytest.mark.parametrize(("ground", "months"), [("a", 12), ("b", 12), ("c", 18)])
def test_a_ground_has_lasted_its_months(ground: str, months: int) -> None:
    """The months are full when the corresponding day ends (Civil Code art. 153)."""
    since = date(2014, 8, 15)
    walk = asked(ground).do("record_explanation", answered=True, content="x")
    assert refusal(walk, "prove_ground", ground=ground, proof="x") == "ground_since_missing"
    full = add_months(since, months)
    assert (
        refusal(walk, "prove_ground", after=(full - walk.today).days, **proof(ground, since.isoformat()))
        == "ground_too_young"
    )
    assert walk.do("prove_ground", **proof(ground, since.isoformat())).state.grounds.keys() == {ground}


def test_a_ground_of_before_the_revival_is_proven_anew() -> None:
    walk = walked(COMPULSORY, "submit_dossier").do("revive", "manager", reason="Ký lại hợp đồng")
    for step in PATHS[COMPULSORY]:
        if step.verb in (
            "propose_measure",
            "record_consultation",
            "check_legality",
            "submit_measure",
            "decide_measure",
        ):
            walk.take(step)
        if step.verb == "decide_measure":
            break
    assert refusal(walk, "prepare_dossier") == "no_ground_proven"


def test_what_cannot_be_proven_goes_back_to_another_measure() -> None:
    walk = walked(COMPULSORY, "prove_ground").do("abandon_remediation", reason="Có lý do chính đáng")
    assert walk.state.state == "S3"
    assert walk.dates()["explain_target"].status in ("met", "dropped")
