"""What rests on a recorded act: it is not annulled from under a later one, and missed where older cases did that."""

import pytest

from casework.upkeep.contradictions import of_facts
from procedures.facts import FactView
from procedures.state_machine.resting import left_hanging, not_redone
from tests.procedures.lawful import COMPULSORY, VOLUNTARY, Walk, walked

RESTS = (  # what a later step rests on, and the first that does
    (COMPULSORY, "delete_name", "record_inventory", "start_compulsory_payout"),
    (COMPULSORY, "delete_name", "prove_ground", "prepare_dossier"),
    (COMPULSORY, "delete_name", "check_legality", "submit_dossier"),
    (COMPULSORY, "delete_name", "record_posting", "start_compulsory_payout"),
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
def test_what_later_acts_rest_on_is_not_annulled(path: str, before: str, verb: str, first: str) -> None:
    walk = walked(path, before)
    fact = walk.state.last(verb)
    assert fact is not None
    found = left_hanging(walk.procedure, walk.facts, fact.seq)
    assert (found.kind if found else "") == first


def test_where_the_case_was_led_back_what_it_did_in_between_is_done_again() -> None:
    walk = walked(COMPULSORY, "decide_dissolution")
    heard = walk.state.last("record_explanation")
    assert heard is not None
    found = [left_hanging(walk.procedure, walk.facts, heard.seq)]
    walk.do("return_dossier", "leader", remarks="Thiếu chứng cứ")
    found += [left_hanging(walk.procedure, walk.facts, heard.seq)]
    walk.do("prove_ground", ground="a", from_on="2012-06-01", proof="Xác nhận của UBND xã")
    found += [left_hanging(walk.procedure, walk.facts, heard.seq)]
    assert [fact.kind if fact else "" for fact in found] == ["prove_ground", "", "prove_ground"]
    assert found[-1] != found[0]


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
