"""What rests on a recorded act: it is annulled where it can be recorded again, and missed where that is not done."""

import pytest

from casework.upkeep.contradictions import of_facts
from procedures.facts import FactView
from procedures.state_machine.resting import left_hanging, not_redone, resting_on
from tests.procedures.lawful import COMPULSORY, VOLUNTARY, Walk, walked

RESTS = (  # what a later step rests on, and the first that does
    (COMPULSORY, "delete_name", "record_inventory", "start_compulsory_payout"),
    (COMPULSORY, "delete_name", "prove_ground", "prepare_dossier"),
    (COMPULSORY, "delete_name", "check_legality", "submit_dossier"),
    (COMPULSORY, "delete_name", "record_posting", ""),
    (VOLUNTARY, "file_dossier", "record_completion", ""),
    (VOLUNTARY, "confirm_dissolution", "record_inventory", "start_payout"),
)


def annulled(walk: Walk, verb: str) -> int:
    """The latest act of a verb annulled, as older cases have it, whatever rests on it."""
    fact = walk.state.last(verb)
    assert fact is not None
    walk.facts.append(FactView(len(walk.facts) + 1, "annulled", walk.today, "m", "manager", {}, (), fact.seq))
    return fact.seq


@pytest.mark.parametrize(("path", "before", "verb", "first"), RESTS)
def test_what_later_steps_rest_on_is_not_annulled_where_it_cannot_be_recorded_again(
    path: str, before: str, verb: str, first: str
) -> None:
    walk = walked(path, before)
    fact = walk.state.last(verb)
    assert fact is not None
    found = left_hanging(walk.procedure, walk.facts, fact.seq)
    assert (found.kind if found else "") == first


def test_an_act_of_the_present_step_is_corrected_by_annulling_it() -> None:
    walk = walked(COMPULSORY, "prepare_dossier")
    heard = walk.state.last("record_explanation")
    assert heard is not None
    assert (found := resting_on(walk.procedure, walk.facts, heard.seq)) is not None and found.kind == "prove_ground"
    assert left_hanging(walk.procedure, walk.facts, heard.seq) is None


def test_an_annulled_act_is_missed_until_it_is_recorded_again() -> None:
    walk = walked(COMPULSORY, "close_case")
    seq = annulled(walk, "record_agency_reply")
    assert [(gone.seq, resting.kind) for gone, resting in not_redone(walk.procedure, walk.facts)] == [
        (seq, "file_compulsory_dossier")
    ]
    assert "contradiction_annulled" in {item.code for item in of_facts(walk.procedure, "HP", walk.facts)}
    walk.do("record_agency_reply", agency="tax", symbol="12/CCT", debt=0)
    assert list(not_redone(walk.procedure, walk.facts)) == []


def test_an_annulled_act_on_which_nothing_rests_is_not_missed() -> None:
    walk = walked(COMPULSORY, "classify")
    annulled(walk, "ask_agencies")
    assert list(not_redone(walk.procedure, walk.facts)) == []
