"""The act that carries a case on, and the roles that may do it, in the procedure of Hai Phong."""

import pytest

from procedures.definition.loader import load
from procedures.facts import FactView
from procedures.state_machine.ahead import moves_ahead
from procedures.state_machine.next_act import next_act, states_of_role
from tests.builders import TODAY, Story, doer
from tests.procedures.test_ahead import PROOF, at_the_council


def next_of(story: Story, role: str) -> tuple[str, str]:
    found = next_act(story.procedure, story.state, doer(role))
    assert found is not None
    return found.verb, "mine" if found.mine else str(found.reason.code if found.reason else "")


@pytest.mark.parametrize("role", ["case_officer", "manager", "clerk"])
@pytest.mark.parametrize(
    ("state", "verb", "roles"),
    [
        ("S0", "accept_case", {"case_officer"}),
        ("S1", "record_visit", {"case_officer"}),  # what classifying still lacks
        ("S2", "start_proposal", {"case_officer", "manager"}),  # not the ways out, which lead further
        ("B2", "record_court_status", {"case_officer"}),  # a step before the way to the end
        ("R2F", "issue_certificate", {"manager"}),
        ("C7", "delete_name", {"manager"}),
    ],
)
def test_one_act_comes_next_and_is_assigned_to_roles(state: str, verb: str, roles: set[str], role: str) -> None:
    story = Story(load())
    there = story.state
    there.state = state
    found = next_act(story.procedure, there, doer(role))
    assert found is not None and found.verb == verb
    assert found.mine == (role in roles)
    assert found.mine or (found.reason is not None and found.reason.code == "wrong_role")


@pytest.mark.parametrize(("kind", "verb"), [("htx", "start_proposal"), ("quy_tin_dung", "ask_state_bank")])
def test_an_act_of_another_kind_of_unit_does_not_come_next(kind: str, verb: str) -> None:
    story = Story(load(), kind=kind)
    there = story.state
    there.state = "S2"
    found = next_act(story.procedure, there, doer())
    assert found is not None and (found.verb, found.mine) == (verb, True)


def test_what_waits_for_an_answer_does_not_come_next_again() -> None:
    story = Story(load(), kind="quy_tin_dung")
    story.facts.append(FactView(2, "ask_state_bank", TODAY, "x", "case_officer", {}))
    there = story.state
    there.state = "S2"
    found = next_act(story.procedure, there, doer())
    assert found is not None and (found.verb, found.mine) == ("start_proposal", True)
    there.state = "S3"
    asked_for = {lack.verb for move in moves_ahead(story.procedure, there) for lack in move.lacks}
    assert "record_state_bank_opinion" in asked_for and "ask_state_bank" not in asked_for


def test_a_rare_act_does_not_come_next() -> None:
    procedure = load()
    for key in (name for name, state in procedure.states.items() if not state.final):
        there = Story(procedure).state
        there.state = key
        found = next_act(procedure, there, doer())
        assert found is not None and not procedure.verbs[found.verb].rare, key


def test_the_move_comes_next_once_nothing_lacks() -> None:
    story = Story(load()).act("accept_case", file_held=True)
    assert next_of(story, "case_officer") == ("record_visit", "mine")
    story.act("record_visit", evidence=PROOF, visited_on="2016-03-01", present="Ông A", findings="x", signed=True)
    assert next_of(story, "case_officer") == ("classify", "mine")
    assert next_of(story, "manager") == ("classify", "wrong_role")


def test_of_several_that_lack_the_one_that_this_person_may_do() -> None:
    story = at_the_council()
    assert next_of(story, "case_officer") == ("record_newspaper_issue", "mine")
    assert next_of(story, "clerk") == ("record_newspaper_issue", "mine")
    assert next_of(story, "leader") == ("record_newspaper_issue", "wrong_role")


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        ("case_officer", ("record_completion", "mine")),
        ("clerk", ("return_item", "mine")),
        ("manager", ("record_completion", "wrong_role")),
    ],
)
def test_the_council_completes_before_its_dossier_is_filed(role: str, expected: tuple[str, str]) -> None:
    story = Story(load())
    there = story.state
    there.state = "V4"
    found = next_act(story.procedure, there, doer(role))
    assert found is not None
    assert (found.verb, "mine" if found.mine else found.reason and found.reason.code) == expected


def test_nothing_comes_next_at_the_end() -> None:
    story = Story(load())
    there = story.state
    there.state = "S9"
    assert next_act(story.procedure, there, doer()) is None


def test_states_of_a_role_are_those_where_it_may_come_next() -> None:
    procedure = load()
    of_manager = states_of_role(procedure, "manager", "same", but="case_officer")
    assert {"R2F", "R4", "V3", "C5", "C7", "S2"} <= of_manager
    assert not of_manager & {"S0", "S1"}, "nothing but rare acts and ways aside: most cases of an office are there"
    assert "S3" in states_of_role(procedure, "legal", "same", but="case_officer")
    assert states_of_role(procedure, "clerk", "same", but="case_officer") == set()
