"""The council, its sixty days, the pay-out and the dossier (law.md 3.1-3.3, 7.5)."""

from datetime import date, timedelta
from typing import Any

import pytest

from procedures.definition.loader import load
from procedures.facts import FactView
from procedures.state_machine.engine import fold
from samples.invented import ASSETS, COUNCIL, PAYOUT
from samples.paths import PATHS
from tests.builders import opened
from tests.procedures.lawful import COMPULSORY, START, VOLUNTARY, refusal, step_of, walked, wrong_day


@pytest.mark.parametrize(
    ("seat", "code"), [("chair", "council_seat_empty"), ("standing", "council_seat_empty"), ("member", None)]
)
def test_the_states_own_seats_are_filled(seat: str, code: str | None) -> None:
    walk = walked(COMPULSORY, "decide_dissolution")
    on = (walk.today + timedelta(1)).isoformat()
    council = [row if row["seat"] != seat else {"seat": seat, "reason_missing": "không có"} for row in COUNCIL]
    if code:
        assert refusal(walk, "decide_dissolution", "leader", decided_on=on, council=council) == code
    else:
        assert walk.do("decide_dissolution", "leader", decided_on=on, council=council).state.state == "C4"


@pytest.mark.parametrize(("path", "verb"), [(COMPULSORY, "propose_compulsory_payout"), (VOLUNTARY, "propose_payout")])
def test_nobody_is_paid_before_the_last_day_to_claim_is_over(path: str, verb: str) -> None:
    walk = walked(path, verb)
    until = date.fromisoformat(walk.state.last("notify_creditors").data["claims_until_on"])  # type: ignore[union-attr]
    assert wrong_day(walk, verb, after=(until - walk.today).days, **PAYOUT) == {"on": "day_after"}
    assert walk.do(verb, **PAYOUT).state.count(verb) == 1


@pytest.mark.parametrize(("path", "verb"), [(COMPULSORY, "approve_compulsory_payout"), (VOLUNTARY, "approve_payout")])
def test_a_second_person_approves_the_pay_out_as_it_was_drafted(path: str, verb: str) -> None:
    draft = verb.replace("approve", "propose")
    walk = walked(path, draft)
    assert refusal(walk, verb, "manager", **PAYOUT) == "not_done_yet"
    walk.take(step_of(path, draft))
    assert refusal(walk, verb, **PAYOUT) == "wrong_role"
    other: dict[str, Any] = {"available": 12_000_000, "claims": PAYOUT["claims"][:1]}
    assert refusal(walk, verb, "manager", **other) == "not_as_proposed"
    walk.act(draft, on=walk.today, today=walk.today, login="manager.hbg", evidence=("x",), data=PAYOUT)
    assert refusal(walk, verb, "manager") == "four_eyes"
    walk.act(verb, "manager", on=walk.today, today=walk.today, login="deputy.hbg")
    assert walk.state.last(verb).data == PAYOUT  # type: ignore[union-attr]


def test_a_disputed_claim_is_set_aside_and_holds_back_the_dossier_not_the_wages() -> None:
    walk = walked(COMPULSORY, "propose_compulsory_payout").do(
        "raise_overlay", overlay="claim_disputed", reason="Kiện nợ"
    )
    for step in PATHS[COMPULSORY]:
        if step.verb in ("propose_compulsory_payout", "approve_compulsory_payout", "record_completion", "return_item"):
            walk.take(step)
    dossier: dict[str, Any] = {"received_on": (walk.today + timedelta(1)).isoformat()}
    assert refusal(walk, "file_compulsory_dossier", "clerk", **dossier) == "overlay_in_the_way"


def test_issues_of_a_cancelled_decision_do_not_publish_the_next() -> None:
    walk = walked(COMPULSORY, "approve_compulsory_payout").do(
        "cancel_decision", "leader", action="cancel", reason="Sai"
    )
    assert walk.state.state == "S3"
    begun = False
    for step in PATHS[COMPULSORY]:
        begun = begun or step.verb == "propose_measure"
        if not begun or step.verb == "record_newspaper_issue":
            continue
        if step.verb == "start_compulsory_payout":
            break
        walk.take(step)
    assert refusal(walk, "start_compulsory_payout") == "too_few_issues"


def test_undivided_assets_are_handed_on_before_the_dossier() -> None:
    walk = walked(VOLUNTARY, "record_inventory")
    handed_over = {"receiver": "UBND xã", "decision": "03/NQ", "minutes": "BB-02", "state": "handed_over"}
    ditch = {"number": 3, "name": "Kênh mương", "origin": "state", "value": 60_000_000, **handed_over}
    more: dict[str, Any] = {
        "record_inventory": {"undivided": 60_000_000},
        "record_assets": {"assets": [*ASSETS, ditch]},
    }
    started = False
    for step in PATHS[VOLUNTARY]:
        started = started or step.verb == "record_inventory"
        if step.verb == "file_dossier":
            break
        if started:
            walk.take(step, **more.get(step.verb, {}))
    dossier: dict[str, Any] = {"received_on": (walk.today + timedelta(1)).isoformat()}
    assert (
        refusal(walk, "file_dossier", "clerk", after=0, **dossier | {"received_on": walk.today.isoformat()})
        == "undivided_open"
    )
    walk.do("record_undivided_resolution", resolution="03/NQ", receiver="UBND xã")
    assert walk.do("file_dossier", "clerk", received_on=(walk.today + timedelta(1)).isoformat()).state.state == "V5"


@pytest.mark.parametrize(
    ("path", "verb", "clock"),
    [(VOLUNTARY, "file_dossier", "council_term"), (COMPULSORY, "file_compulsory_dossier", "compulsory_council_term")],
)
def test_the_sixty_days_end_with_the_minutes_not_with_the_dossier(path: str, verb: str, clock: str) -> None:
    """Completed on the last day and filed a month later: in time, whenever it was recorded."""
    walk = walked(path, "record_completion")
    last = walk.dates()[clock].ends_on
    assert last is not None
    walk.do("record_completion", after=(last - walk.today).days + 5, completed_on=last.isoformat())
    assert walk.dates()[clock].ended_on == last


def test_a_dossier_filed_under_version_1_ended_the_sixty_days() -> None:
    """Led over to this version, such a case has no act of its own for the minutes."""
    facts = [
        opened(),
        FactView(2, "resolve_dissolution", START, "x", "case_officer", {"held_on": "2016-01-04"}),
        FactView(3, "file_dossier", date(2016, 3, 1), "x", "clerk", {"received_on": "2016-03-01"}),
    ]
    clock = fold(load(), facts).clocks["council_term"]
    assert (clock.status, clock.ended_on) == ("met", date(2016, 3, 1))


def test_the_tax_office_is_the_agency_that_a_dossier_waits_for() -> None:
    path = "dissolved_compulsory_untraceable"
    walk = walked(path, "record_agency_reply").do("record_agency_reply", agency="land")
    for step in PATHS[path]:
        if step.verb in (
            "start_compulsory_payout",
            "propose_compulsory_payout",
            "approve_compulsory_payout",
            "record_completion",
            "return_item",
        ):
            walk.take(step)
    dossier: dict[str, Any] = {"received_on": (walk.today + timedelta(1)).isoformat()}
    assert refusal(walk, "file_compulsory_dossier", "clerk", **dossier) == "not_done_yet"


def test_only_what_was_asked_for_is_waived() -> None:
    walk = walked("dissolved_voluntary_with_waiver", "approve_waiver")
    assert refusal(walk, "approve_waiver", "manager", item="certificate", reason="x") == "not_named_in"
