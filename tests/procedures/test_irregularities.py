"""Irregular acts: what they count for, what cures them, and random days that never leave a case in contradiction."""

from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models.errors import CoopcaseError, WrongInput
from procedures.day_vocabulary import REASON
from procedures.definition.loader import ProcedureBroken, load
from procedures.facts import IRREGULARITIES, FactView
from procedures.legal_time.clocks import day_of
from procedures.state_machine.day_rules import DaysOfAct, broken_days
from procedures.state_machine.engine import available
from samples.paths import PATHS
from tests.builders import doer
from tests.procedures.lawful import PROOF, Walk, refusal, walked
from tests.rule_changes.version_texts import version

TRACED = "traced_on: {type: date, required: true, days: [{not_before: "
UNTRACEABLE = "dissolved_compulsory_untraceable"


def traced_twice_on_one_day() -> Walk:
    walk = walked(UNTRACEABLE, "record_trace", nth=2)
    return walk.do("record_trace", "commune", 0, traced_on=walk.today.isoformat(), findings="Không có ai",
                   irregularity_reason="Chiều quay lại")  # fmt: skip


def posted(walk: Walk) -> Walk:
    until = (walk.today + timedelta(16)).isoformat()
    days = {"posted_from_on": (walk.today + timedelta(1)).isoformat(), "posted_to_on": until}
    return walk.do("record_posting", "commune", 1, **days, place="UBND xã", witness="Đào Văn Phong")


def test_an_irregular_act_does_not_count_until_it_is_done_again() -> None:
    walk = posted(traced_twice_on_one_day())
    (irregular,) = walk.state.irregularities.values()
    assert (irregular.status, irregular.items[0]["rule"], irregular.items[0]["reason"]) == (
        "open",
        "least",
        "Chiều quay lại",
    )
    assert refusal(walk, "declare_untraceable", after=20, cause="Bỏ đi") == "too_few"
    walk.do("record_trace", "commune", 1, traced_on=(walk.today + timedelta(1)).isoformat(), findings="Không có ai")
    assert (next(iter(walk.state.irregularities.values()))).status == "cured"
    assert walk.do("declare_untraceable", after=1, cause="Bỏ đi").state.state == "S2"


def test_what_the_body_accepted_counts() -> None:
    walk = posted(traced_twice_on_one_day())
    (seq,) = walk.state.irregularities
    for kind, status in (("irregularity_confirmed", "confirmed"), ("irregularity_accepted", "accepted")):
        walk.facts.append(FactView(len(walk.facts) + 1, kind, walk.today, "x", "manager", {"of": seq}))
        assert walk.state.irregularities[seq].status == status
    assert walk.do("declare_untraceable", after=20, cause="Bỏ đi").state.state == "S2"


def test_a_message_names_both_days_and_where_the_other_was_recorded() -> None:
    walk = walked("dissolved_compulsory", "approve_compulsory_payout")
    counted = walk.state.last("record_inventory")
    assert counted is not None
    typed = {"completed_on": "2015-01-05"}
    broken = broken_days("record_completion", DaysOfAct(walk.procedure, walk.state, walk.today, walk.today, typed))
    found = next(item for item in broken if item.bound.other.seq == counted.seq)
    assert (found.day, found.bound.other.on.isoformat()) == (date(2015, 1, 5), counted.data["taken_on"])


def test_an_answer_before_the_service_is_proven_proves_receipt_on_its_day() -> None:
    walk = walked("dissolved_compulsory", "record_paper_service")
    walk.do("record_explanation", after=3, answered=True, content="Vẫn hoạt động")
    clock = walk.state.clocks["explain_target"]
    assert (clock.starts_on, clock.status, clock.ended_on) == (walk.today, "met", walk.today)


def test_issues_in_a_row_are_printed_one_after_the_other() -> None:
    walk = walked("dissolved_voluntary", "record_newspaper_issue")
    printed = (walk.today + timedelta(1)).isoformat()
    for number in (1, 2, 3):
        walk.do("record_newspaper_issue", newspaper="Báo Hải Phòng", issue_number=number, printed_on=printed)
    for step in PATHS["dissolved_voluntary"]:
        if step.verb in ("notify_creditors", "record_inventory", "close_branches"):
            walk.take(step)
    assert refusal(walk, "start_payout") == "too_few_issues"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("days: [{not_before: on}], label", "label"), "procedure_day_undeclared"),
        ((f"{TRACED}start_trace.on}}", f"{TRACED}start_tracing.on}}"), "procedure_unknown_verb"),
        ((f"{TRACED}start_trace.on}}", f"{TRACED}start_trace.begun_on}}"), "procedure_unknown_field"),
        ((f"{TRACED}start_trace.on}}", f"{TRACED}traced_on}}"), "procedure_day_of_itself"),
        (("{after: {end: explain_target}", "{after: {end: explain}"), "procedure_unknown_deadline"),
        (("most: suspension_longest", "most: suspension_long"), "procedure_unknown_term"),
        (("kind: unlawful, article: tt03.2014, accept: manager", "kind: unlawful, article: tt03, accept: manager"),
         "procedure_unknown_article"),
        (("article: tt03.2014, accept: manager", "article: tt03.2014, accept: boss"), "procedure_unknown_role"),
    ],
)  # fmt: skip
def test_days_that_name_nothing_are_refused(change: tuple[str, str], code: str) -> None:
    with pytest.raises(ProcedureBroken) as broken:
        version("9", change)
    assert code in {problem.code for problem in broken.value.problems}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    path=st.sampled_from(sorted(PATHS)),
    shifts=st.lists(st.integers(-40, 40), min_size=45, max_size=45),
    own=st.lists(st.booleans(), min_size=45, max_size=45),
)
def test_random_days_never_leave_a_case_in_contradiction(path: str, shifts: list[int], own: list[bool]) -> None:
    walk = Walk()
    for step, shift, moves_own in zip(PATHS[path], shifts, own, strict=False):
        on = walk.today + timedelta(step.after)
        if not _tried(walk, step.verb, step.role, on, step.fields(on), shift, moves_own):
            try:
                walk.take(step)
            except CoopcaseError:
                return  # the days recorded so far leave no room for the path as it is written
        walk.today = max(on, walk.today)
        _agrees(walk)


def _tried(
    walk: Walk, verb: str, role: str, on: date, fields: dict[str, Any], shift: int, moves_own: bool
) -> bool:  # fmt: skip
    """Try the act with its days moved; whether it was recorded."""
    dated = [name for name, need in walk.procedure.verbs[verb].needs.items() if need.type == "date" and name in fields]
    moved = dict(fields)
    if not moves_own:
        for name in dated[:1]:
            moved[name] = (date.fromisoformat(str(fields[name])) + timedelta(shift)).isoformat()
    happened = on + timedelta(min(shift, 0)) if moves_own else on
    for reason in ({}, {REASON: "Xảy ra như vậy"}):
        before = len(walk.facts)
        try:
            walk.act(verb, role, on=happened, today=on, evidence=PROOF, data={**moved, **reason})
        except CoopcaseError as error:
            if not isinstance(error, WrongInput):
                return False
            continue
        recorded = walk.facts[before]
        assert bool(reason) == bool(recorded.data.get(IRREGULARITIES))
        if recorded.data.get(IRREGULARITIES):  # taken back, so that the path goes on
            walk.facts.pop()
            return False
        return True
    return False


def _agrees(walk: Walk) -> None:
    """Clocks end no earlier than they start, states follow each other, and no recorded day breaks a rule unseen."""
    state = walk.state
    entered = [on for _, on, _ in state.path]
    assert entered == sorted(entered)
    for clock in state.clocks.values():
        kind = walk.procedure.deadlines[clock.key]
        fixed = kind.until or kind.kind == "target"  # a visit may be made before the office's own target for it begins
        if clock.status == "met" and clock.starts_on is not None and clock.ended_on is not None and not fixed:
            assert clock.ended_on >= clock.starts_on, clock
    for fact in walk.facts[-1:]:
        verb = walk.procedure.verbs.get(fact.kind)
        for name in verb.needs if verb else ():
            day = day_of(fact.data, name) if verb and verb.needs[name].type == "date" else None
            late = verb is not None and verb.needs[name].future
            assert day is None or late or day <= walk.today, (fact.kind, name)
    assert all(choice.reason is not None or choice.allowed for choice in available(load(), state, doer()))
