"""What a deadline is derived from, as the database keeps it: everything that a date, its lines and its facts need."""

from datetime import date
from typing import Any

import pytest

from procedures.definition.loader import read
from procedures.facts import CaseState, ClockState, FactView, Lengthening, Pause, Proof
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.clocks import work_on
from procedures.legal_time.date_computation import Line
from procedures.legal_time.deadlines import Derived, derive, end_of_sum, explain_sum, lacking, nearest, sum_of
from procedures.schema import Verb
from tests.builders import SMALL

START = date(2016, 3, 1)  # sixty days end on 30 April, which with its days in lieu makes way for 4 May
TEXT = SMALL.read_text(encoding="utf-8")
PROCEDURE = read(TEXT, "small.yaml", None)
OF_AGENCY = read(TEXT.replace("term: 60 days,", "term: 60 days, calendar: agency,"), "small.yaml", None)


def on(day: int, month: int = 3) -> date:
    return date(2016, month, day)


def of(clock: ClockState, *times: Pause) -> CaseState:
    """A case with one clock, with a complaint pending at these times."""
    return CaseState(clocks={clock.key: clock}, times={"complaint": list(times)} if times else {})


def council(**fields: Any) -> ClockState:
    usual: dict[str, Any] = {"starts_on": START, "seq": 4, "triggered_on": START}
    return ClockState("council_60", **(usual | fields))


def total(clock: ClockState, *times: Pause) -> dict[str, Any]:
    return sum_of(PROCEDURE, of(clock, *times), clock)


def test_a_plain_sum_names_its_start_its_kind_its_term_and_its_fact() -> None:
    assert total(council()) == {"start": "2016-03-01", "kind": "legal", "seq": 4, "term": "60 days"}
    fixed = ClockState("done_by", START, 1, START)
    assert total(fixed) == {"start": "2016-03-01", "kind": "programme", "seq": 1, "until": "2016-12-31"}


def test_a_deadline_is_what_its_kind_and_its_clock_say() -> None:
    clock = council(status="met", ended_on=on(20, 4))
    assert derive(PROCEDURE, of(clock), clock, load_calendars()) == Derived(
        "council_60", "legal", START, on(4, 5), "met", on(20, 4), "case_officer", "l2012.54.1", START, total(clock)
    )


def test_a_calendar_named_by_the_procedure_counts() -> None:
    """31 December 2014 and sixty days before: 2 January 2015 is off for agencies alone."""
    clock = council(starts_on=date(2014, 11, 3))
    named = sum_of(OF_AGENCY, of(clock), clock)
    assert named["calendar"] == "agency"
    ends = [end_of_sum(item, load_calendars()) for item in (named, total(clock))]
    assert ends == [date(2015, 1, 5), date(2015, 1, 2)]
    explained = [explain_sum(item, load_calendars()) for item in (named, total(clock))]
    assert [item.ends_on for item in explained if item] == ends


def test_what_waits_for_proof_says_since_when_and_for_what() -> None:
    proof = Proof(on(5), 7)
    waiting = council(starts_on=None, status="waiting", awaits={"notice": proof, "decision": None}, not_before=on(9))
    assert total(waiting) == {
        "start": None, "kind": "legal", "seq": 4, "term": "60 days", "asked": "2016-03-01", "not_before": "2016-03-09",
        "awaits": {"notice": ["2016-03-05", 7], "decision": None},
    }  # fmt: skip
    assert (end_of_sum(total(waiting), load_calendars()), explain_sum(total(waiting), load_calendars())) == (None, None)
    assert (lacking(total(waiting)), lacking(total(council()))) == (["decision"], [])


def test_a_fixed_date_has_no_lines() -> None:
    fixed = total(ClockState("done_by", START, 1, START))
    assert end_of_sum(fixed, load_calendars()) == date(2016, 12, 31)
    assert explain_sum(fixed, load_calendars()) is None


PAUSES = [
    pytest.param(Pause(on(10), on(20), "complaint", 5, 6), council(), [["2016-03-10", "2016-03-20"]], id="inside"),
    pytest.param(Pause(on(10), None, "complaint", 5), council(), [["2016-03-10", None]], id="without an end"),
    pytest.param(Pause(on(1, 2), on(10), "complaint", 5, 6), council(), [["2016-03-01", "2016-03-10"]], id="before it"),
    pytest.param(Pause(on(1, 2), on(1), "complaint", 5, 6), council(), [], id="over on the day of the start"),
    pytest.param(Pause(on(1, 2), on(2), "complaint", 5, 6), council(), [["2016-03-01", "2016-03-02"]], id="one day"),
    pytest.param(
        Pause(on(20), None, "complaint", 5), council(status="met", ended_on=on(20)), [["2016-03-20", None]],
        id="from the day on which it ended",
    ),
    pytest.param(
        Pause(on(21), None, "complaint", 5), council(status="met", ended_on=on(20)), [], id="after it had ended"
    ),
    pytest.param(
        Pause(on(1, 2), on(10, 2), "complaint", 5, 6), council(starts_on=None, status="waiting"),
        [["2016-02-01", "2016-02-10"]], id="while it waits for proof",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("pause", "clock", "written"), PAUSES)
def test_a_sum_has_the_pauses_that_touch_its_time(pause: Pause, clock: ClockState, written: list[list[str]]) -> None:
    facts = [5] if pause.ended_by is None else [5, 6]
    assert total(clock, pause).get("pauses", []) == [[*days, "complaint", facts] for days in written]


def lines(found: dict[str, Any]) -> dict[str, Line]:
    explained = explain_sum(found, load_calendars())
    assert explained is not None
    return {line.code: line for line in explained.lines}


def test_a_line_knows_its_facts_its_reason_and_its_decision() -> None:
    clock = council(
        pauses=[Pause(on(10), on(12), "chờ quận", 5, 6)],
        extensions=[Lengthening(20, "1/QĐ", 7), Lengthening(20, "2/QĐ", 8)],
    )
    found = lines(total(clock))
    assert (found["suspended"].facts, found["suspended"].params) == ((5, 6), {"reason": "chờ quận", "end": on(2, 5)})
    assert (found["extended"].facts, found["extended"].params) == ((7,), {"decision": "1/QĐ", "asked": 20})
    assert (found["capped"].facts, found["capped"].params) == ((8,), {"decision": "2/QĐ", "asked": 20})
    assert found["capped"].days == 10, "thirty days are the most"
    still = lines(total(council(pauses=[Pause(on(10), None, "chờ quận", 5)])))["stands_still"]
    assert (still.facts, still.params, still.from_on) == ((5,), {"reason": "chờ quận"}, on(10))


@pytest.mark.parametrize(
    ("cap", "end"), [("30 days", on(10, 5)), ("3 days", on(4, 5)), ("unlimited", on(10, 5)), (None, on(4, 5))]
)
def test_an_extension_counts_up_to_the_cap_and_not_at_all_without_one(cap: str | None, end: date) -> None:
    """Ten days from 30 April end on 10 May, three on 3 May, which is off; without a cap there is nothing to extend."""
    found = total(council()) | {"extensions": [[10, "1/QĐ", 7]], "cap": cap}
    assert end_of_sum(found, load_calendars()) == end
    assert ("extended" in lines(found) or "capped" in lines(found)) is (cap is not None)


def item(kind: str, day: date | None, status: str = "open") -> Derived:
    return Derived("x", kind, START, day, status, None, "", "", START, {})


def test_the_nearest_open_dates_are_distinguished() -> None:
    listed = [
        item("legal", on(20)), item("legal", on(10), "met"), item("legal", None), item("legal", on(15)),
        item("target", on(9)), item("programme", on(8)), item("target", on(2), "dropped"), item("period", on(1)),
    ]  # fmt: skip
    assert (nearest(listed, legal=True), nearest(listed, legal=False)) == (on(15), on(8))
    assert (nearest([], legal=True), nearest([item("period", on(1))], legal=False)) == (None, None)


def done(act: str, data: dict[str, Any], clock: ClockState) -> ClockState:
    """The clock after an act that works on it: fact 9, written down on 14 March."""
    verb = PROCEDURE.verbs["extend"].model_dump(by_alias=True) | {"extends": None} | {act: OF_CLOCK[act]}
    work_on(of(clock), Verb.model_validate(verb), FactView(9, "x", on(14), "x", "manager", data))
    return clock


OF_CLOCK = {
    "extends": {"deadline": "council_60", "days_field": "days", "decision_field": "decision"},
    "suspends": {"deadline": "council_60", "from_field": "since", "to_field": "until", "reason_field": "why"},
    "resumes": {"deadline": "council_60", "on_field": "on"},
}


def test_an_extension_keeps_its_decision_and_its_fact() -> None:
    assert done("extends", {"days": 5, "decision": "1/QĐ"}, council()).extensions == [Lengthening(5, "1/QĐ", 9)]
    assert done("extends", {}, council()).extensions == [Lengthening(0, "", 9)]


def test_a_suspension_keeps_its_reason_and_its_fact_and_only_a_running_clock_is_suspended() -> None:
    typed = {"since": "2016-03-10", "until": "2016-03-12", "why": "chờ"}
    assert done("suspends", typed, council()).pauses == [Pause(on(10), on(12), "chờ", 9)]
    assert done("suspends", {}, council()).pauses == [Pause(on(14), None, "", 9)]
    assert done("suspends", typed, council(status="met", ended_on=on(9))).pauses == []


def test_going_on_again_keeps_its_fact_and_leaves_what_is_over() -> None:
    over, lasting = Pause(on(2), on(5), "x", 5, 6), Pause(on(8), None, "y", 7)
    clock = done("resumes", {"on": "2016-03-12"}, council(pauses=[over, lasting]))
    assert clock.pauses == [Pause(on(2), on(5), "x", 5, 6), Pause(on(8), on(12), "y", 7, 9)]
    touching = done("resumes", {"on": "2016-03-12"}, council(pauses=[Pause(on(8), on(12), "y", 7, 8)]))
    assert touching.pauses[0].ended_by == 8, "it had ended on that day already"
