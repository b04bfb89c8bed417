"""Acts that take effect by a paper: prepared first, effective on the day of the paper, checked again then."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest

from models.errors import Refused, WrongInput
from procedures.definition.known_letters import KnownLetter
from procedures.definition.loader import ProcedureBroken, read
from procedures.facts import Act, CaseState, Doer, FactView, Paper
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import without_paper
from procedures.state_machine.engine import available, decide, decide_by_paper
from procedures.state_machine.replay import first_refusal, unknown_code
from procedures.state_machine.resting import resting_on
from tests.builders import SMALL, TODAY, Story, doer

BY_PAPER = """
  settle_complaint:
    label: {vi: Giải quyết, en: Settle}
    done: {vi: Đã giải quyết, en: Settled}
    by: [leader, case_officer]
    from: any_open
    needs:
      result:
        type: choice
        required: true
        label: {vi: Kết quả, en: Result}
        options: {keep: {vi: Giữ, en: Keep}, withdrawn: {vi: Rút, en: Withdrawn}}
      settled_on: {type: date, free: {vi: Tùy, en: Any}, label: {vi: Ngày, en: Day}}
      decision: {type: text, label: {vi: Số, en: Number}}
    guards: [{overlay_on: complaint}]
    lifts: complaint
    takes_effect_by: {letter: complaint_settlement, body: district_committee%s}
"""
FILLS = ", fills: {settled_on: day, decision: symbol}"
ONLY_KEPT = ", when: {result: keep}"
PAPER = Paper("complaint_settlement", "05/QĐ-UBND", date(2016, 3, 10), "Lê An", "TM.")


def procedure(more: str = FILLS) -> Procedure:
    text = SMALL.read_text(encoding="utf-8")
    begin = text.index("  settle_complaint:")
    end = text.index("  extend:")
    return read(text[:begin] + BY_PAPER.strip("\n") % more + "\n" + text[end:], "paper.yaml", None)


def complained(more: str = FILLS) -> Story:
    return Story(procedure(more), name="HTX thử").act("receive_complaint", on=date(2016, 3, 1))


def take_effect(story: Story, paper: Paper = PAPER, today: date = TODAY) -> Story:
    decision = decide_by_paper(story.procedure, story.state, "settle_complaint", paper, today)
    seq = len(story.facts) + 1
    story.facts.append(FactView(seq, decision.kind, decision.occurred_on, "clerk.hbg", "clerk", decision.data))
    return story


def choice(story: Story, role: str = "case_officer") -> Any:
    listed = available(story.procedure, story.state, doer(role))
    return next(item for item in listed if item.verb == "settle_complaint")


def code(story: Story, today: date = TODAY, paper: Paper = PAPER) -> str:
    with pytest.raises(Refused) as refused:
        take_effect(story, paper, today)
    return refused.value.code


def test_doing_it_prepares_it_and_nothing_moves() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    prepared = story.facts[-1]
    assert prepared.kind == "act_prepared"
    assert prepared.data == {
        "verb": "settle_complaint", "letter": "complaint_settlement", "data": {"result": "keep"},
    }  # fmt: skip
    assert "complaint" in story.state.overlays
    assert story.state.last("settle_complaint") is None
    assert story.state.prepared == {"settle_complaint": prepared}


def test_what_the_paper_gives_is_not_asked_for() -> None:
    story = complained()
    assert [need.name for need in choice(story).needs] == ["result"]
    assert choice(story).paper == ("complaint_settlement",)
    with pytest.raises(WrongInput) as wrong:
        act = Act("settle_complaint", doer(), TODAY, TODAY, {"result": "keep", "settled_on": "2016-03-01"})
        decide(story.procedure, story.state, act)
    assert wrong.value.code == "unknown_field"


def test_the_paper_gives_the_day_and_the_number() -> None:
    story = take_effect(complained().act("settle_complaint", issued=False, data={"result": "keep"}))
    fact = story.state.last("settle_complaint")
    assert fact is not None
    assert fact.occurred_on == date(2016, 3, 10)
    assert fact.data == {
        "result": "keep", "settled_on": "2016-03-10", "decision": "05/QĐ-UBND", "paper": PAPER.document(),
    }  # fmt: skip
    assert "complaint" not in story.state.overlays
    assert story.state.prepared == {}


def test_it_is_not_prepared_twice() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    assert choice(story).reason.code == "act_prepared_already"
    assert choice(story).prepared == story.facts[-1].seq
    with pytest.raises(Refused):
        story.act("settle_complaint", issued=False, data={"result": "keep"})


def test_nothing_that_was_not_prepared_takes_effect() -> None:
    assert code(complained()) == "act_not_prepared"


def test_it_is_checked_again_on_the_day_of_the_paper() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    moved = Story(story.procedure)
    moved.facts = [*story.facts, FactView(4, "annulled", TODAY, "manager.hbg", "manager", {}, (), 2)]
    assert code(moved) == "overlay_missing"
    assert code(story, today=date(2016, 3, 9)) == "occurred_in_future"


def test_a_withdrawn_preparation_waits_for_nothing() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    gone = {"verb": "settle_complaint", "prepared": 3, "reason": "Ghi nhầm"}
    story.facts.append(FactView(4, "act_withdrawn", TODAY, "case_officer.hbg", "case_officer", gone))
    assert story.state.prepared == {}
    assert choice(story).allowed
    assert code(story) == "act_not_prepared"


def test_a_case_is_not_closed_over_a_preparation() -> None:
    meeting = {"present": 10, "in_favour": 10, "resolved_on": "2016-03-01"}
    story = complained().act("hold_meeting", data=meeting)
    story.act("settle_complaint", issued=False, data={"result": "keep"})
    final = next(name for name, verb in story.procedure.verbs.items() if isinstance(verb.to, str) and verb.to == "END")
    role = story.procedure.verbs[final].by[0]
    act = Act(final, Doer(f"{role}.x", role, "HBG"), TODAY, TODAY)
    state = story.state
    state.overlays.clear()
    with pytest.raises(Refused) as refused:
        decide(story.procedure, state, act)
    assert refused.value.code == "act_waits_for_paper"


def test_a_paper_for_some_results_only() -> None:
    story = complained(ONLY_KEPT).act("settle_complaint", data={"result": "withdrawn"})
    assert story.state.last("settle_complaint") is not None
    story = complained(ONLY_KEPT).act("settle_complaint", issued=False, data={"result": "keep"})
    assert "settle_complaint" in story.state.prepared


def test_replayed_it_is_lawful_by_any_role_that_issued_it() -> None:
    story = take_effect(complained().act("settle_complaint", issued=False, data={"result": "keep"}))
    assert first_refusal(story.procedure, story.facts) is None


def test_an_act_recorded_without_paper_still_folds_and_lacks_it() -> None:
    story = complained()
    old = FactView(3, "settle_complaint", TODAY, "leader.hbg", "leader", {"result": "keep", "settled_on": "2016-03-14"})
    story.facts.append(old)
    assert "complaint" not in story.state.overlays
    assert first_refusal(story.procedure, story.facts) is None
    assert without_paper(story.procedure, story.state) == [old]
    issued = {"letter": 7, "template": "complaint_settlement", "follows": 3, "number": "05/QĐ-UBND"}
    entered = {"act": 3, "letter": "complaint_settlement"}
    assert lacking(story, ("letter_issued", issued)) == []
    assert lacking(story, ("paper_entered", entered)) == [old], "a second person confirms it first"
    assert lacking(story, ("paper_entered", entered), ("paper_confirmed", {"entered": 4})) == []
    other = entered | {"letter": "creditor_notice"}
    assert lacking(story, ("paper_entered", other), ("paper_confirmed", {"entered": 4})) == [old]


def lacking(story: Story, *more: tuple[str, Mapping[str, Any]]) -> list[FactView]:
    listed = (FactView(seq, kind, TODAY, "clerk.hbg", "clerk", data) for seq, (kind, data) in enumerate(more, 4))
    other = Story(story.procedure)
    other.facts = [*story.facts, *listed]
    return without_paper(other.procedure, other.state)


def test_an_act_by_paper_lacks_none() -> None:
    story = take_effect(complained().act("settle_complaint", issued=False, data={"result": "keep"}))
    assert without_paper(story.procedure, story.state) == []


def test_what_rests_on_an_act() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    assert resting_on(story.procedure, story.facts, 2) is None
    take_effect(story)
    found = resting_on(story.procedure, story.facts, 2)
    assert found is not None
    assert found.kind == "settle_complaint"


def test_a_version_without_the_act_cannot_hold_its_preparation() -> None:
    story = complained().act("settle_complaint", issued=False, data={"result": "keep"})
    other = read(SMALL.read_text(encoding="utf-8"), "small.yaml", None)
    assert unknown_code(other, story.state) == "settle_complaint"
    assert unknown_code(story.procedure, story.state) is None
    assert unknown_code(other, CaseState()) is None


@pytest.mark.parametrize(
    ("more", "problem"),
    [
        (FILLS + ONLY_KEPT, "procedure_paper_fills"),
        (", fills: {settled_on: symbol}", "procedure_paper_type"),
        (", fills: {nowhere: day}", "procedure_unknown_field"),
        (", when: {nowhere: keep}", "procedure_unknown_field"),
        ("}\n    letters: [complaint_settlement]\n    help: {vi: a, en: b", "procedure_paper_twice"),
        ("}\n    auto: {after: meeting_target}\n    help: {vi: a, en: b", "procedure_paper_auto"),
    ],
)
def test_a_file_that_is_wrong_about_papers(more: str, problem: str) -> None:
    with pytest.raises(ProcedureBroken) as broken:
        procedure(more)
    assert problem in {item.code for item in broken.value.problems}


def test_the_body_is_the_issuer_of_the_letter() -> None:
    text = SMALL.read_text(encoding="utf-8")
    begin, end = text.index("  settle_complaint:"), text.index("  extend:")
    text = text[:begin] + BY_PAPER.strip("\n") % FILLS + "\n" + text[end:]
    letters = {name: KnownLetter((), "finance_office") for name in ("complaint_settlement", "creditor_notice")}
    with pytest.raises(ProcedureBroken) as broken:
        read(text, "paper.yaml", letters)
    assert "procedure_paper_body" in {item.code for item in broken.value.problems}
