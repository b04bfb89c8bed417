"""The last day that still makes a fixed date, held against the same acts folded forward by the engine."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from procedures.definition.loader import load
from procedures.facts import CaseState, FactView
from procedures.law.notices import notices
from procedures.legal_time.backwards import latest_start
from procedures.legal_time.calendar import Calendars, Closing, load_calendars
from procedures.legal_time.date_computation import ends_on
from procedures.legal_time.deadlines import derive
from procedures.legal_time.terms import Term
from procedures.schema import FromField, Procedure
from procedures.state_machine.fold import step
from procedures.state_machine.last_days import ActDay, LastDays, last_days
from procedures.state_machine.lawful_way import lawful_ways
from tests.builders import Story
from tests.procedures.test_ahead import PROOF, at_the_council

ONE = timedelta(days=1)
TREATMENT, CONVERSION = "treatment_done", "conversion_done"
CLOSED = (
    Closing(date(2016, 10, 31), "city", "Mất điện", "12/QĐ"),
    Closing(date(2016, 12, 30), "office", "Kiểm kê", "15/QĐ"),
)
OPEN_STATES = sorted(load().open_states - {"S8"})


def standing_at(state: str) -> CaseState:
    return CaseState(state, load().states[state].stage)


def of(state: str, milestone: str = TREATMENT, on: date | None = None, closed: bool = False) -> LastDays:
    found = last_days(
        moved(milestone, on), standing_at(state), milestone, load_calendars(closings=CLOSED if closed else ())
    )
    assert found is not None
    return found


def moved(milestone: str, on: date | None) -> Procedure:
    procedure = load()
    if on is None:
        return procedure
    fixed = procedure.programme[milestone].model_copy(update={"on": on})
    return procedure.model_copy(update={"programme": {**procedure.programme, milestone: fixed}})


def day(found: LastDays, verb: str) -> ActDay:
    return next(act for act in found.acts if act.verb == verb)


def data_of(procedure: Procedure, act: ActDay) -> dict[str, Any]:
    to = procedure.verbs[act.verb].to
    if not isinstance(to, FromField):
        return {}
    return {to.field: next((said for said, target in to.map.items() if target == act.to), act.to)}


def forward(procedure: Procedure, found: LastDays, place: int, on: date, calendars: Calendars) -> date:
    """The day of the last act if this one is done `on` and every legal term is then used to its last day."""
    state = standing_at(found.acts[place].at)
    given: dict[str, date] = {}
    for seq, act in enumerate(found.acts[place:], 1):
        verb = procedure.verbs[act.verb]
        if seq > 1:
            ends = [
                derive(procedure, state, clock, calendars).ends_on or date.max
                for key, clock in state.clocks.items()
                if key in verb.meets and not clock.ended and procedure.deadlines[key].kind == "legal"
                if procedure.deadlines[key].term
            ]
            asked = [
                guard["past"]["verb"]
                for guard in verb.guards
                if isinstance(guard, dict) and set(guard) - {"since"} == {"past"}
            ]
            over = [given[name] + ONE for name in asked if name in given]
            on = calendars.agency.next_working(max([on, *ends, *over]))
        given[act.verb] = on
        step(procedure, state, FactView(seq, act.verb, on, data=data_of(procedure, act)))
    return on


@settings(max_examples=120, deadline=None)
@given(
    state=st.sampled_from(OPEN_STATES),
    milestone=st.sampled_from([TREATMENT, CONVERSION]),
    on=st.dates(date(2015, 6, 1), date(2017, 6, 30)),
    closed=st.booleans(),
    pick=st.integers(0, 30),
)
def test_the_last_day_makes_it_and_the_next_working_day_does_not(
    state: str, milestone: str, on: date, closed: bool, pick: int
) -> None:
    calendars = load_calendars(closings=CLOSED if closed else ())
    procedure = moved(milestone, on)
    found = of(state, milestone, on, closed)
    place = pick % len(found.acts)
    last = found.acts[place].on
    assert calendars.agency.is_working(last)
    assert forward(procedure, found, place, last, calendars) <= on
    assert forward(procedure, found, place, calendars.agency.next_working(last + ONE), calendars) > on


@given(
    end=st.dates(date(2014, 1, 1), date(2017, 12, 31)),
    amount=st.integers(0, 400),
    unit=st.sampled_from(["days", "working days", "weeks", "months"]),
)
def test_a_term_counted_back_is_over_in_time_and_a_day_later_it_is_not(end: date, amount: int, unit: str) -> None:
    calendars, term = load_calendars(closings=CLOSED), Term.parse(f"{amount // (20 if unit == 'months' else 1)} {unit}")
    start = latest_start(end, term, calendars)
    assert (ends_on(start, term, calendars) or date.max) <= end
    assert (ends_on(start + ONE, term, calendars) or date.max) > end


def test_the_dissolution_decision_is_signed_sixty_days_before_the_last_working_day() -> None:
    found = of("C3")
    assert found.on == date(2016, 10, 31)
    because = found.next.because
    assert (because.code, because.key, because.before, because.article) == (
        "term", "compulsory_council_term", "record_completion", "l2012.54.3",
    )  # fmt: skip
    assert because.to_on == date(2016, 12, 30)  # 31/12/2016 is a Saturday
    assert found.acts[-1].because.code == "fixed"


def test_the_calendar_of_the_office_moves_the_day() -> None:
    assert of("C3", closed=True).on < of("C3").on  # its last day and the day of signing are closed


def test_a_filing_leaves_the_registrar_five_working_days_and_a_meeting_its_notice() -> None:
    found = of("R2", CONVERSION)
    assert day(found, "receive_file").on == date(2016, 6, 24)
    assert day(found, "receive_file").because.key == "certificate_term"
    notice = day(found, "record_annual_meeting").notices[0]
    assert (notice.key, notice.on, notice.article) == ("meeting_notice", date(2016, 6, 17), "l2012.33")


def test_a_measure_that_has_been_drafted_is_the_way() -> None:
    story = Story(load()).act("accept_case", file_held=True)
    state = story.state
    state.state, state.stage, state.path = "S3", "proposal", [("S3", date(2016, 5, 4), 5)]
    measure = {"measure": "dissolve_compulsory"}
    state.done["propose_measure"] = [FactView(6, "propose_measure", date(2016, 5, 5), data=measure)]
    found = last_days(load(), state, TREATMENT, load_calendars())
    assert found is not None and found.on == date(2016, 10, 31)
    state.path.append(("S3", date(2016, 6, 1), 7))  # proposed again since: the older draft says nothing any more
    state.path[0] = ("C1", date(2016, 5, 20), 6)
    again = last_days(load(), state, TREATMENT, load_calendars())
    assert again is not None and again.on == date(2016, 12, 30)


def test_what_is_done_is_not_on_the_way_any_more() -> None:
    story = at_the_council()
    before = last_days(story.procedure, story.state, TREATMENT, load_calendars())
    story.act("notify_registrar", evidence=PROOF, notified_on="2016-03-02")
    found = last_days(story.procedure, story.state, TREATMENT, load_calendars())
    assert found is not None and before is not None
    assert {act.verb for act in before.acts} - {act.verb for act in found.acts} == {"notify_registrar"}
    assert [item.key for item in found.running] == ["council_term"]


@pytest.mark.parametrize("state", ["S8", "S9"])
def test_a_case_that_has_its_outcome_has_no_way(state: str) -> None:
    assert last_days(load(), standing_at(state), TREATMENT, load_calendars()) is None


def test_a_case_that_takes_another_measure_is_released_by_its_outcome() -> None:
    assert {way[-1].verb for way in lawful_ways(load(), standing_at("C3"), CONVERSION)} == {"delete_name"}


def test_what_a_case_waits_for() -> None:
    story = Story(load())
    state = story.act("name_obstacle", obstacle="lost_seal").state
    state.state, state.stage = "C7", "dissolution"
    state.overlays["complaint"] = date(2016, 6, 1)
    found = last_days(load(), state, TREATMENT, load_calendars())
    assert found is not None
    assert [(item.kind, item.key, item.verb) for item in found.awaited] == [
        ("obstacle", "lost_seal", ""),
        ("overlay", "complaint", "delete_name"),
    ]


def test_the_acts_of_notices_are_acts_of_the_procedure() -> None:
    procedure = load()
    assert all(key in procedure.terms and procedure.terms[key].term.endswith("before") for key in notices())
    assert {verb for verbs in notices().values() for verb in verbs} <= procedure.verbs.keys()
