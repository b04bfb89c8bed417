"""The pure engine on a small procedure: fold, choices, decisions, guards."""

from datetime import date
from typing import Any

import pytest

from models.errors import CoopcaseError, Refused, WrongInput
from procedures.definition.loader import load
from procedures.facts import FactView
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all
from procedures.state_machine.engine import available, fold
from procedures.state_machine.replay import first_broken
from tests.builders import SMALL, TODAY, Story, doer, opened

VOTE: dict[str, Any] = {"present": 8, "in_favour": 6, "resolved_on": "2016-03-01"}


def ends(story: Story) -> dict[str, date | None]:
    derived = derive_all(story.procedure, story.state, load_calendars())
    return {key: item.ends_on for key, item in derived.items() if item.status == "open"}


def test_a_case_opens_in_the_start_state_with_its_clocks_running() -> None:
    story = Story()
    assert (story.state.state, story.state.stage) == ("OPEN", "review")
    assert ends(story) == {"meeting_target": date(2015, 1, 19), "done_by": date(2016, 12, 31)}


def test_a_vote_that_carries_moves_the_case_and_starts_the_sixty_days_on_the_resolution() -> None:
    story = Story().act("hold_meeting", **VOTE)
    assert story.state.state == "COUNCIL"
    assert ends(story) == {"council_60": date(2016, 5, 4)}


@pytest.mark.parametrize(
    ("in_favour", "present", "carried"),
    [(6, 8, True), (5, 8, False), (8, 8, True), (3, 4, True), (74, 99, False), (75, 100, True)],
)
def test_three_quarters_of_those_present_is_inclusive(in_favour: int, present: int, carried: bool) -> None:
    vote = VOTE | {"in_favour": in_favour, "present": present}
    if carried:
        assert Story().act("hold_meeting", **vote).state.state == "COUNCIL"
    else:
        with pytest.raises(Refused) as refused:
            Story().act("hold_meeting", **vote)
        assert refused.value.code == "vote_not_carried"


@pytest.mark.parametrize(
    ("verb", "role", "fields", "kind", "code"),
    [
        pytest.param("hold_meeting", "leader", VOTE, Refused, "wrong_role", id="nobody but those named"),
        pytest.param("finish", "leader", {}, Refused, "wrong_state", id="not from this state"),
        pytest.param("hold_meeting", "case_officer", {}, WrongInput, "missing_field", id="a field is missing"),
        pytest.param(
            "hold_meeting", "case_officer", VOTE | {"x": 1}, WrongInput, "unknown_field", id="a field too many"
        ),
        pytest.param(
            "hold_meeting",
            "case_officer",
            VOTE | {"resolved_on": "31/02/2016"},
            WrongInput,
            "not_a_date",
            id="no such day",
        ),
        pytest.param(
            "hold_meeting",
            "case_officer",
            VOTE | {"resolved_on": "2016-03-15"},
            WrongInput,
            "date_in_future",
            id="future",
        ),
        pytest.param(
            "hold_meeting", "case_officer", VOTE | {"present": "tám"}, WrongInput, "not_a_number", id="no number"
        ),
        pytest.param("hold_meeting", "case_officer", VOTE | {"present": 0}, WrongInput, "out_of_range", id="too small"),
        pytest.param(
            "record_ground", "case_officer", {"ground": "z"}, WrongInput, "not_an_option", id="no such option"
        ),
        pytest.param("settle_complaint", "leader", {}, Refused, "overlay_missing", id="no complaint to settle"),
        pytest.param("approve_waiver", "manager", {"item": "seal"}, Refused, "not_done_yet", id="nothing asked for"),
        pytest.param("dance", "manager", {}, Refused, "no_such_verb", id="no such verb"),
    ],
)
def test_what_is_refused_changes_nothing_and_says_why(
    verb: str, role: str, fields: dict[str, object], kind: type[CoopcaseError], code: str
) -> None:
    story = Story()
    before = story.state
    with pytest.raises(kind) as refused:
        story.act(verb, role, data=fields)
    assert refused.value.code == code
    assert story.state == before


def test_another_district_and_the_other_level_are_refused() -> None:
    with pytest.raises(Refused, match="out_of_scope"):
        Story().act("hold_meeting", district="LCH", data=VOTE)
    council = Story().act("hold_meeting", **VOTE)
    with pytest.raises(Refused, match="wrong_level"):
        council.act("finish", "leader", district=None, evidence=("x",))


def test_the_same_person_cannot_ask_for_a_waiver_and_approve_it() -> None:
    story = Story().act("request_waiver", "manager", login="one")
    with pytest.raises(Refused, match="four_eyes"):
        story.act("approve_waiver", "manager", login="one", item="seal")
    assert story.act("approve_waiver", "manager", login="two", item="seal").state.count("approve_waiver") == 1


def test_an_overlay_blocks_verbs_and_stops_clocks_until_it_is_lifted() -> None:
    story = Story().act("hold_meeting", on=date(2016, 3, 1), **VOTE)
    story.act("receive_complaint", on=date(2016, 3, 4))
    assert ends(story) == {"council_60": None}
    with pytest.raises(Refused, match="overlay_in_the_way"):
        story.act("finish", "leader", evidence=("x",))
    story.act("settle_complaint", "leader", on=date(2016, 3, 14))
    assert ends(story) == {"council_60": date(2016, 5, 10)}  # ten days suspended
    assert story.act("finish", "leader", evidence=("x",)).state.outcome == "dissolved"


def test_an_extension_is_held_under_its_cap() -> None:
    story = Story().act("hold_meeting", **VOTE)
    story.act("extend", "manager", days=20, decision="05/QĐ-UBND")
    assert ends(story)["council_60"] == date(2016, 5, 20)
    story.act("extend", "manager", days=20, decision="06/QĐ-UBND")
    assert ends(story)["council_60"] == date(2016, 5, 30)


def test_a_late_paper_re_derives_the_dates() -> None:
    story = Story().act("hold_meeting", **VOTE | {"resolved_on": "02/03/2015"})
    assert ends(story)["council_60"] == date(2015, 5, 4)


def test_an_annulled_fact_does_not_count_and_a_fact_that_leans_on_it_is_found() -> None:
    story = (
        Story()
        .act("record_ground", ground="a")
        .act("hold_meeting", **VOTE)
        .act("extend", "manager", days=5, decision="1")
    )
    assert story.annul(2).state.grounds == {}
    assert first_broken(story.procedure, story.facts) is None
    broken = first_broken(story.procedure, story.annul(3).facts)
    assert broken is not None and broken.seq == 4


def test_obstacles_are_named_and_lifted() -> None:
    story = Story().act("name_obstacle", obstacle="lost_seal", on=date(2015, 6, 1))
    assert list(story.state.obstacles) == ["lost_seal"]
    story.act("lift_obstacle", obstacle="lost_seal", on=date(2015, 7, 1))
    assert story.state.obstacles == {}
    assert [(code, fact.occurred_on, on) for code, fact, on in story.state.lifted] == [
        ("lost_seal", date(2015, 6, 1), date(2015, 7, 1))
    ]


def test_choices_tell_every_verb_with_allowed_or_why_not() -> None:
    story = Story()
    listed = {choice.verb: choice for choice in available(story.procedure, story.state, doer())}
    assert set(listed) == set(story.procedure.verbs)
    assert listed["hold_meeting"].allowed
    assert listed["hold_meeting"].reason is None
    assert not listed["finish"].allowed
    assert listed["finish"].reason is not None
    assert listed["record_ground"].needs[0].options == {"a": {"vi": "Ngừng 12 tháng", "en": "Idle for 12 months"}}


def test_reopening_clears_the_outcome() -> None:
    story = Story().act("hold_meeting", **VOTE).act("finish", "leader", evidence=("x",))
    assert story.state.closed_on == TODAY
    story.act("reopen", "manager")
    reopened: tuple[date | None, str | None, str] = (story.state.closed_on, story.state.outcome, story.state.state)
    assert reopened == (None, None, "OPEN")


def test_folding_is_the_same_whether_done_at_once_or_step_by_step() -> None:
    story = Story().act("hold_meeting", **VOTE).act("receive_complaint").act("settle_complaint", "leader")
    facts: list[FactView] = list(story.facts)
    for end in range(1, len(facts) + 1):
        assert fold(load(SMALL), facts[:end]) == fold(load(SMALL), tuple(facts[:end]))


def test_an_act_that_asks_for_a_table_of_its_own_is_no_line_of_a_table_of_cases() -> None:
    procedure = load()
    state = fold(procedure, [opened()])
    state.state = "C3"
    found = {choice.verb: choice.fits_a_line for choice in available(procedure, state, doer("leader"))}
    assert (found["decide_dissolution"], found["return_dossier"]) == (False, True)
