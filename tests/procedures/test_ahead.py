"""What still lacks before a case can go on, in the procedure of Hai Phong."""

from datetime import date
from functools import partial
from typing import Any

import pytest

from procedures.definition.loader import load
from procedures.state_machine.ahead import moves_ahead
from tests.builders import Story

MEETING = {"called_on": "2016-02-20", "held_on": "2016-03-01", "session": "1", "members_total": 20, "present": 16,
           "in_favour": 16, "resolution": "01/NQ"}  # fmt: skip
PROOF = ("0" * 64,)


def at_the_council() -> Story:
    story = Story(load())
    do = partial(story.act, on=date(2016, 3, 1))
    do("accept_case", file_held=True)
    do("record_visit", evidence=PROOF, visited_on="2016-03-01", present="Ông A", findings="x", signed=True)
    do("classify", grade="yeu", status="B3", cause="x", responsible="x")
    do("start_proposal")
    do("propose_measure", measure="dissolve_voluntary", reasons="x")
    do("record_consultation", consulted_on="2016-03-01", bodies="x", opinion="x")
    do("check_legality", "legal", note="x")
    do("submit_measure")
    do("decide_measure", "leader", measure="dissolve_voluntary")
    return do("resolve_dissolution", evidence=PROOF, council_formed_on="2016-03-01", data=MEETING)


def lacking(story: Story, verb: str) -> list[tuple[str, str | None]]:
    (move,) = [move for move in moves_ahead(story.procedure, story.state) if move.verb == verb]
    return [(lack.reason.code, lack.verb) for lack in move.lacks]


def test_everything_that_lacks_is_named_with_the_verb_that_settles_it() -> None:
    story = at_the_council()
    assert lacking(story, "start_payout") == [
        ("too_few_issues", "record_newspaper_issue"),
        ("not_done_yet", "notify_registrar"),
        ("not_done_yet", "notify_creditors"),
        ("not_done_yet", "record_inventory"),
        ("not_done_yet", "close_branches"),
    ]


def test_what_is_done_lacks_no_more() -> None:
    story = at_the_council().act("notify_registrar", evidence=PROOF, notified_on="2016-03-02")
    for number in (7, 8, 9):
        story.act("record_newspaper_issue", evidence=PROOF, newspaper="Báo Hải Phòng", issue_number=number,
                  printed_on=f"2016-03-0{number}")  # fmt: skip
    assert [verb for _, verb in lacking(story, "start_payout")] == [
        "notify_creditors", "record_inventory", "close_branches"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("state", "verb", "helps"),
    [
        ("S3", "submit_measure", ["propose_measure", "record_consultation", "check_legality"]),
        ("C1", "prepare_dossier", ["prove_ground"]),
        ("V4", "file_dossier", ["record_completion", "return_item", "record_agency_reply"]),
        ("X1", "declare_untraceable", ["record_trace", "record_posting"]),
        ("S8", "close_case", ["write_closing_report"]),
    ],
)
def test_a_fresh_case_in_a_state_has_its_way_listed(state: str, verb: str, helps: list[str]) -> None:
    story = Story(load())
    there: Any = story.state
    there.state = state
    (move,) = [move for move in moves_ahead(story.procedure, there) if move.verb == verb]
    assert [lack.verb for lack in move.lacks] == helps


def test_ways_back_wait_for_nothing_and_are_not_listed() -> None:
    story = at_the_council()
    assert {move.verb for move in moves_ahead(story.procedure, story.state)} == {"start_payout"}
