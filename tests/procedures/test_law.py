"""What the law lets an officer do, and what not: meetings, the registrar's terms (law.md 3 and 7, law_checked.md)."""

from datetime import date, timedelta
from typing import Any

import pytest

from samples.other_kinds import FUND_PATHS, GROUP_PATHS
from samples.path_parts import MEMBERS
from samples.path_step import Step
from samples.paths import PATHS
from tests.procedures.lawful import Walk, refusal, step_of, walked, wrong_day


@pytest.mark.parametrize("name", PATHS)
def test_every_path_is_walked_to_its_outcome(name: str) -> None:
    walk = Walk()
    for step in PATHS[name]:
        walk.take(step)
    assert walk.state.closed_on is not None
    assert name == "reopened" or name.startswith(str(walk.state.outcome))


@pytest.mark.parametrize(
    ("kind", "outcome", "steps"),
    [("to_hop_tac", name, steps) for name, steps in GROUP_PATHS.items()]
    + [("quy_tin_dung", name, steps) for name, steps in FUND_PATHS.items()],
)
def test_a_path_of_another_kind_is_walked_to_its_outcome(kind: str, outcome: str, steps: tuple[Step, ...]) -> None:
    walk = Walk(kind=kind)
    for step in steps:
        walk.take(step)
    assert (walk.state.outcome, walk.state.closed_on is not None) == (outcome, True)


MEETING: dict[str, Any] = {**MEMBERS, "resolution": "01/NQ", "members_total": 100, "present": 80}


@pytest.mark.parametrize(
    ("matter", "in_favour", "code"),
    [
        pytest.param("form", 60, None, id="the charter by exactly three quarters"),
        pytest.param("form", 59, "vote_not_carried", id="the charter by less"),
        pytest.param("other", 41, None, id="a board by more than half"),
        pytest.param("other", 40, "vote_not_over", id="a board by exactly half"),
        pytest.param("", 59, "vote_not_carried", id="not said what on: three quarters"),
    ],
)
def test_a_meeting_carries_by_what_it_votes_on(matter: str, in_favour: int, code: str | None) -> None:
    walk = walked("consolidated", "record_annual_meeting")
    days = {"called_on": (walk.today - timedelta(7)).isoformat(), "held_on": walk.today.isoformat()}
    fields = MEETING | days | {"in_favour": in_favour, "matter": matter}
    if code is None:
        assert walk.do("record_annual_meeting", **fields).state.count("record_annual_meeting") == 1
    else:
        assert refusal(walk, "record_annual_meeting", **fields) == code


@pytest.mark.parametrize(
    ("path", "then", "role"),
    [("reregistered", "receive_file", "clerk"), ("converted", "record_conversion", "case_officer"),
     ("merged", "receive_merger_file", "clerk")],
)  # fmt: skip
def test_a_new_form_needs_the_vote_on_the_form(path: str, then: str, role: str) -> None:
    """A board elected by half of them decides no charter, no conversion and no merger."""
    walk = walked(path, "record_annual_meeting")
    walk.take(step_of(path, "record_annual_meeting"), matter="other")
    if path == "merged":
        walk.take(step_of(path, "record_merger_notice"))
    step = step_of(path, then)
    assert refusal(walk, then, role, step.after, **step.fields(walk.today + timedelta(step.after))) == "not_done_yet"


def test_a_merger_is_registered_within_five_working_days() -> None:
    walk = walked("merged", "register_successor")
    assert walk.dates()["certificate_term"].status == "open"


def test_a_supplement_is_asked_for_once_in_each_filing() -> None:
    path = "reregistered_after_refusal"
    walk = walked(path, "receive_file").do("request_supplement", missing="Danh sách thành viên")
    assert refusal(walk, "request_supplement", missing="Điều lệ") == "already_done"
    walk.take(step_of(path, "receive_file")).take(step_of(path, "refuse_certificate"))
    assert walk.do("request_supplement", missing="Điều lệ").state.state == "R2"


def test_a_certificate_counts_from_its_own_day() -> None:
    walk = walked("reregistered", "issue_certificate")
    on = walk.today + timedelta(days=1)
    walk.do("issue_certificate", "manager", after=40, certificate_number="1", issued_on=on.isoformat())
    assert walk.dates()["certificate_term"].ended_on == on


def test_suspensions_in_a_row_last_a_year_together() -> None:
    walk = walked("consolidated", "record_annual_meeting")
    first: dict[str, Any] = {"notified_on": "2015-03-01", "from_on": "2015-04-01", "to_on": "2015-12-31"}
    walk.do("receive_suspension", **first)
    more: dict[str, Any] = {"notified_on": "2015-12-01", "from_on": "2016-01-01", "to_on": "2016-04-02"}
    walk.today = date(2015, 12, 1)
    too_long = {"irregularity_reason": "irregularity_needs_reason", "to_on": "day_most"}
    assert wrong_day(walk, "receive_suspension", **more) == too_long
    walk.do("receive_suspension", **more | {"to_on": "2016-04-01"})
    assert wrong_day(walk, "receive_suspension", **more | {"from_on": "2016-04-02", "to_on": "2016-05-01"}) == too_long
    walk.do("receive_suspension", **more | {"from_on": "2016-04-03", "to_on": "2016-05-01"})
