"""A step counts only evidence of the round it belongs to: each condition refused on old evidence, passed on new."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from samples.path_parts import DELETION, POSTING, TAX_REPLY
from samples.paths import PATHS
from tests.procedures.lawful import COMPULSORY, VOLUNTARY, Walk, refusal, step_of, walked

LATER = ("start_compulsory_payout", "propose_compulsory_payout", "approve_compulsory_payout", "record_completion",
         "return_item", "file_compulsory_dossier")  # fmt: skip
CONSULTED: dict[str, Any] = {"consulted_on": "2015-03-02", "bodies": "Liên minh HTX", "opinion": "Thống nhất"}
PROPOSED: dict[str, Any] = {"measure": "consolidate", "reasons": "Theo rà soát"}


def given_up(path: str = "reregistered") -> Walk:
    """A measure was proposed, consulted, checked, decided and given up: the case is back at the proposal."""
    return walked(path, "demand_reregister").do("abandon_remediation", reason="Không thành")


def test_a_new_measure_needs_its_own_proposal_opinion_and_check() -> None:
    walk = given_up()
    assert refusal(walk, "submit_measure") == "not_done_yet"
    assert refusal(walk, "check_legality", "legal", note="Đủ") == "not_done_yet"
    walk.do("propose_measure", **PROPOSED).do("check_legality", "legal", note="Đủ")
    assert refusal(walk, "submit_measure") == "not_done_yet"
    walk.do("record_consultation", **CONSULTED)
    assert walk.do("submit_measure").state.state == "S4"


def test_the_check_is_of_the_latest_text() -> None:
    walk = walked("consolidated", "submit_measure").do("propose_measure", **PROPOSED)
    assert refusal(walk, "submit_measure") == "not_done_yet"
    assert walk.do("check_legality", "legal", note="Đủ").do("submit_measure").state.state == "S4"


def test_a_returned_measure_is_drafted_again() -> None:
    walk = walked("consolidated", "decide_measure").do("return_measure", "leader", remarks="Nêu kinh phí")
    assert refusal(walk, "submit_measure") == "not_done_yet"
    walk.do("propose_measure", **PROPOSED).do("check_legality", "legal", note="Đủ")
    assert walk.do("submit_measure").state.state == "S4"


def again(walk: Walk, measure: str) -> Walk:
    """The same case through a proposal once more."""
    walk.do("propose_measure", measure=measure, reasons="x").do("record_consultation", **CONSULTED)
    walk.do("check_legality", "legal", note="Đủ").do("submit_measure")
    return walk.do("decide_measure", "leader", measure=measure)


@pytest.mark.parametrize(
    ("path", "given_up_before", "verb", "needed"),
    [
        ("consolidated", "record_rescore", "record_rescore", ("record_commitment", "record_annual_meeting")),
        ("reregistered", "receive_file", "receive_file", ("demand_reregister", "record_annual_meeting")),
        ("converted", "record_conversion", "record_conversion", ("record_annual_meeting",)),
        ("merged", "receive_merger_file", "receive_merger_file", ("record_annual_meeting", "record_merger_notice")),
        ("merged", "register_successor", "register_successor", ("record_annual_meeting", "record_merger_notice",
                                                               "receive_merger_file")),
    ],
)  # fmt: skip
def test_meetings_demands_and_files_are_of_the_measure_decided_last(
    path: str, given_up_before: str, verb: str, needed: tuple[str, ...]
) -> None:
    walk = walked(path, given_up_before)
    measure = walk.state.last("decide_measure").data["measure"]  # type: ignore[union-attr]
    walk.do("abandon_remediation", reason="Không thành")
    again(walk, measure)
    step = step_of(path, verb)
    assert refusal(walk, verb, step.role, **step.fields(walk.today)) == "not_done_yet"
    for name in needed:
        walk.take(step_of(path, name))
    assert walk.take(step).state.count(verb) == 1


@pytest.mark.parametrize(("path", "verb"), [(VOLUNTARY, "file_dossier"), (COMPULSORY, "file_compulsory_dossier")])
def test_the_tax_office_answers_anew_before_the_dossier(path: str, verb: str) -> None:
    walk = Walk()
    for step in PATHS[path]:
        if step.verb == verb:
            break
        if step is not TAX_REPLY:
            walk.take(step)
    step = step_of(path, verb)
    assert walk.state.count("record_agency_reply") == 1, "of the review"
    assert refusal(walk, verb, "clerk", **step.fields(walk.today)) == "not_done_yet"
    assert walk.take(TAX_REPLY).take(step).state.count(verb) == 1


def test_the_dossier_is_checked_before_it_is_submitted() -> None:
    """The check of the measure is not one of the dossier."""
    walk, step = walked(COMPULSORY, "check_legality", nth=2), step_of(COMPULSORY, "submit_dossier")
    assert refusal(walk, "submit_dossier", "manager", **step.fields(walk.today)) == "not_done_yet"
    walk.do("check_legality", "legal", note="Đủ").take(step)
    walk.do("return_dossier", "leader", remarks="x").do("prepare_dossier")
    assert refusal(walk, "submit_dossier", "manager", **step.fields(walk.today)) == "not_done_yet"


def served(walk: Walk) -> None:
    walk.do("record_paper_service", deadline="complaint_period", symbol="2/QĐ", way="hand",
            served_on=walk.today.isoformat())  # fmt: skip


def posted(walk: Walk) -> None:
    """Another posting of the decision: the latest counts."""
    walk.take(POSTING)


@pytest.mark.parametrize(
    ("proof", "days", "code"),
    [(None, 1, "proof_missing"), (served, 1, None), (posted, 14, "proof_missing"), (posted, 16, None)],
)
def test_the_name_is_deleted_after_service_or_posting(
    proof: Callable[[Walk], None] | None, days: int, code: str | None
) -> None:
    walk = walked(COMPULSORY, "start_compulsory_payout")
    posting = next(place for place, fact in enumerate(walk.facts) if fact.kind == "record_posting")
    until = (walk.today + timedelta(200)).isoformat()  # long after the dossier
    walk.facts[posting] = replace(walk.facts[posting], data=dict(walk.facts[posting].data, posted_to_on=until))
    for step in PATHS[COMPULSORY]:
        if step.verb in LATER:
            walk.take(step)
    if proof is not None:
        proof(walk)
    fields = DELETION | {"deleted_on": walk.today.isoformat()}
    if code is None:
        assert walk.do("delete_name", "manager", after=days, **fields).state.outcome == "dissolved_compulsory"
    else:
        assert refusal(walk, "delete_name", "manager", after=days, **fields) == code


def test_a_posting_before_the_trace_tells_nothing_of_it() -> None:
    walk = walked("dissolved_compulsory_untraceable", "declare_untraceable")
    assert walk.do("declare_untraceable", after=16, cause="Bỏ đi").state.state == "S2"
