"""Whose act comes next, for lists of last days."""

from oversight.answering import answering
from procedures.definition.loader import load


def test_the_signatory_answers_for_an_act_that_takes_effect_by_a_paper() -> None:
    assert answering(load(), "decide_dissolution") == ("leader",)
    assert answering(load(), "request_explanation") == ("manager",)


def test_who_may_do_an_act_without_a_paper_answers_for_it() -> None:
    procedure = load()
    verb = procedure.verbs["record_explanation"]
    assert not verb.takes_effect_by
    assert answering(procedure, "record_explanation") == verb.by
