"""What is found of the time before a take-over is added with its source, and the list of gaps gets shorter."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from casework.irregularities import confirm
from casework.office.people import actor
from casework.takeover.found_later import add_found
from casework.takeover.gaps import confirm_gaps
from casework.upkeep.integrity import verify
from correspondence.ink.earlier_papers import earlier
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from oversight.case_histories import histories
from oversight.taken_over import TakenOverCount, count_taken_over
from tests.casework.test_earlier_days import UNLAWFUL
from tests.casework.test_taking_over import (
    CLOCK,
    COMPLAINT_PERIOD,
    COUNCIL_TERM,
    DECIDED,
    DECISION,
    LEADER,
    MANAGER,
    OFFICER,
    count,
    office,
    state,
    taken,
)  # fmt: skip
from tests.web.web_office import TODAY, Office, login_of

__all__ = ["office"]

SOURCE = "tủ lưu trữ"


def found(office: Office, ref: str, values: Mapping[str, Any], *, by: str = OFFICER, source: str = SOURCE) -> None:
    add_found(office.bind, ref, values, source=source, by=by, clock=CLOCK)


def test_a_day_found_later_fills_its_gap_and_starts_the_clock_that_waited_for_it(office: Office) -> None:
    ref = taken(office, {"decide_measure": "02/03/2015", "decide_measure.paper": "88/QĐ-UBND"})
    assert state(office, ref).clocks[COUNCIL_TERM].status == "unknown"
    assert DECISION in state(office, ref).gaps
    found(office, ref, {DECISION: "02/06/2015", f"{DECISION}.served": "10/06/2015"})
    later = state(office, ref)
    assert (later.state, later.clocks[COUNCIL_TERM].starts_on) == ("C4", date(2015, 6, 2))
    assert later.clocks[COMPLAINT_PERIOD].starts_on == date(2015, 6, 10)
    decision, measure = later.last(DECISION), later.last("decide_measure")
    assert decision is not None
    assert measure is not None
    assert (decision.source, measure.source) == (SOURCE, "bản lưu")
    assert measure.data["paper"]["symbol"] == "88/QĐ-UBND"
    assert DECISION not in later.gaps
    assert later.gaps[f"{DECISION}.paper"] == "open"
    found(office, ref, {f"{DECISION}.paper": "214/QĐ-UBND"}, source="sổ văn bản")
    last = state(office, ref)
    assert f"{DECISION}.paper" not in last.gaps
    decision = last.last(DECISION)
    assert decision is not None
    assert decision.source == f"{SOURCE}; sổ văn bản"
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []
        papers = earlier(connection, actor(connection, OFFICER))
        one = next(item for item in histories(connection, TODAY) if item.ref == ref)
    assert {paper["symbol"] for paper in papers} == {"88/QĐ-UBND", "214/QĐ-UBND"}
    assert one.path == [("C4", TODAY)]


def test_what_was_confirmed_stays_confirmed_and_new_gaps_wait(office: Office) -> None:
    ref = taken(office, {})
    confirm_gaps(office.bind, [ref], by=MANAGER, clock=CLOCK)
    found(office, ref, {DECISION: "02/06/2015"})
    gaps = state(office, ref).gaps
    assert gaps[f"{DECISION}.paper"] == "open"
    assert gaps["classify"] == "confirmed"
    with reading(office.bind) as connection:
        assert count_taken_over(connection, "HBG") == TakenOverCount(1, 1, 1)
    confirm_gaps(office.bind, [ref], by=MANAGER, clock=CLOCK)
    with reading(office.bind) as connection:
        assert count_taken_over(connection, "HBG") == TakenOverCount(1, 1, 0)


def test_what_is_known_is_not_changed_and_every_fault_is_named(office: Office) -> None:
    ref, before = taken(office), count(office)
    with pytest.raises(WrongInput) as caught:
        found(office, ref, {DECISION: "03/06/2015", "delete_name": "01/01/2016"}, source=" ")
    wrong = [caught.value, *caught.value.params["also"]]  # type: ignore[misc]
    assert {(error.field, error.code) for error in wrong} == {
        ("source", "missing_field"), (DECISION, "found_already_known"),
    }  # fmt: skip
    for values, code in (({}, "nothing_found_given"), ({"delete_name": "01/01/2016"}, "takeover_not_before"),
                         ({"classify": "01/01/2016"}, "day_not_before")):  # fmt: skip
        with pytest.raises(WrongInput) as caught:
            found(office, ref, values)
        assert caught.value.code == code
    assert count(office) == before


def test_an_unlawful_day_found_later_waits_for_a_second_person_again(office: Office) -> None:
    ref = taken(office, DECIDED | UNLAWFUL)
    seq = state(office, ref).seq
    confirm(office.bind, [(ref, seq)], by=MANAGER, reason="Đã xem", clock=CLOCK)
    assert state(office, ref).irregularities[seq].status == "confirmed"
    found(office, ref, {"notify_creditors": "20/08/2015", "notify_creditors.claims_until_on": "30/10/2015"})
    again = state(office, ref).irregularities[seq]
    assert again.status == "open"
    assert {act.kind for act in again.acts} == {"record_posting", "notify_creditors"}


def test_who_adds_what_was_found(office: Office) -> None:
    ref = taken(office)
    for who in (LEADER, login_of("clerk"), login_of("manager", None)):
        with pytest.raises(Refused, match="found_later_not_yours"):
            found(office, ref, {"classify": "10/12/2014"}, by=who)
    with pytest.raises(NotFound):
        found(office, ref, {"classify": "10/12/2014"}, by=login_of("manager", "ADG"))
    with pytest.raises(Refused, match="not_taken_over"):
        found(office, office.first, {"classify": "10/12/2014"})
    found(office, ref, {"classify": "10/12/2014"}, by=MANAGER)
