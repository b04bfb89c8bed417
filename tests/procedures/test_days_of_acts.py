"""Every rule on a day of the procedure, on the scripted paths: kept on its last lawful day, broken on the next one."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import pytest

from models.errors import CoopcaseError, WrongInput
from procedures.day_vocabulary import OWN, REASON
from procedures.definition.loader import load
from procedures.facts import IRREGULARITIES, Act, Doer
from procedures.former_names import ACT_PREPARED
from procedures.schema import Procedure
from procedures.state_machine.day_rules import Bound, DaysOfAct, bounds_of, broken_days, rules_of
from procedures.state_machine.engine import decide
from samples.complaint_steps import OF_COMMITTEE, OF_OFFICE, SECOND, SECOND_SETTLED, complaint
from samples.path_parts import (
    COMPULSORY_COUNCIL,
    COMPULSORY_DECISION,
    COMPULSORY_END,
    GROUND,
    MEETING,
    RESOLVE,
    REVIEW,
    decided,
)
from samples.path_step import Step, day, later
from samples.paths import PATHS
from tests.builders import doer
from tests.procedures.lawful import PROOF, Walk

Rule = tuple[str, str, str, str]  # verb, field, kind, the other day
LATER = timedelta(days=10)  # the acts are recorded ten days after they happened


@dataclass(frozen=True)
class Tried:
    """An act of a path with one of its bounds, before it is done."""

    walk: Walk
    step: Step
    on: date
    data: Mapping[str, Any]
    bound: Bound

    @property
    def rule(self) -> Rule:
        return self.step.verb, self.bound.field, self.bound.kind, str(self.bound.ref)

    def given(self, typed: date) -> tuple[DaysOfAct, Mapping[str, Any]]:
        """The act with another day in the field of the rule, and its data."""
        own, today = self.bound.field == OWN, self.on + LATER
        on = typed if own else self.on
        data = {**self.data} if own else {**self.data, self.bound.field: typed.isoformat()}
        return DaysOfAct(self.walk.procedure, self.walk.state, max(today, typed), on, data), data

    def breaks(self, on: date) -> bool:
        given, _ = self.given(on)
        found = {(self.step.verb, item.bound.field, item.bound.kind, str(item.bound.ref)) for item in broken_days(
            self.step.verb, given)}  # fmt: skip
        return self.rule in found


NO_QUORUM = {"held_on": day, "session": "1", "cause": "no_quorum", "present": 20, "why": "Không đủ túc số"}
FAILED = Step("record_failed_meeting", data=NO_QUORUM, after=20)
FAILED_AGAIN = replace(FAILED, data={**NO_QUORUM, "session": "2"})
AGAIN: dict[str, Any] = {**MEETING.data, "session": "2", "present": 60, "in_favour": 60}
RESOLVED = replace(RESOLVE, data={**RESOLVE.data, "session": "2", "present": 60, "in_favour": 60})
SUSPENSION = {"notified_on": day, "from_on": later(20), "to_on": later(60)}
STOPPED = {"deadline": "plan_target", "from_on": later(1), "again_on": later(9), "reason": "Chờ hướng dẫn"}
SERVED = {"deadline": "complaint_period", "symbol": "02/QĐ-UBND", "way": "hand", "served_on": day}
COMPLAINT = {
    "received_on": day, "complainant": "Mai Văn Đạt", "against": "Kết luận", "settler": "district_committee",
    "concerns": "dissolution",
}  # fmt: skip
APPEAL = {"way": "suit", "filed_on": day, "who": "Mai Văn Đạt", "body": "Tòa án", "against": "Kết luận"}
SUPERIOR = {
    "body": "UBND thành phố", "decision": "30/QĐ-UBND", "decided_on": day, "result": "amend", "concerns": "measure",
}  # fmt: skip
STAY = {"action": "stay", "reason": "Đơn"}
COMPLAINED = complaint(OF_COMMITTEE, "leader")
SECOND_AGAINST = {**SECOND, "against": "Kết luận"}
ABOVE = Step("record_appeal", data={**SECOND_AGAINST, "settler": "above"})
ORDER = {"verifier": "Thanh tra thành phố", "content": "Hồ sơ", "report_by_on": later(15)}
LATE = {"why": "not_eligible", "reason": "Quá thời hạn"}
DECIDED = (*REVIEW, *decided("dissolve_compulsory"), *GROUND, *COMPULSORY_DECISION)
BESIDE: tuple[tuple[Step, ...], ...] = (  # acts that no path to an outcome needs
    (*REVIEW[:4], replace(REVIEW[3], after=3)),
    (*REVIEW, *decided("consolidate"), FAILED, replace(MEETING, data=AGAIN)),
    (*REVIEW, *decided("consolidate"), FAILED, FAILED_AGAIN, replace(MEETING, data={**AGAIN, "session": "3"})),
    (*REVIEW, *decided("dissolve_voluntary"), FAILED, RESOLVED),
    (*DECIDED, Step("change_decision", "leader", data={"action": "stay", "until_on": later(20), "reason": "Đơn"}),
     Step("end_stay", "leader", data={"how": "lifted", "reason": "Đã rõ"})),
    (*DECIDED, Step("record_paper_service", data=SERVED, proof=True), *COMPULSORY_COUNCIL, *COMPULSORY_END),
    (*REVIEW, *decided("dissolve_compulsory"), GROUND[0],
     replace(GROUND[0], data={"ground": "c", "reply_by_on": later(40)})),
    (REVIEW[0], Step("receive_complaint", data=COMPLAINT),
     Step("decline_complaint", "legal", data={"why": "not_eligible", "reason": "Quá thời hiệu"})),
    (REVIEW[0], Step("record_appeal", data=APPEAL), Step("record_appeal_progress", data={"status": "Đã thụ lý"}),
     Step("record_appeal_result", data={"result": "keep", "decision": "01/BA"}, proof=True)),
    (REVIEW[0], Step("receive_suspension", data=SUSPENSION)),
    (REVIEW[0], Step("record_superior_decision", data=SUPERIOR, proof=True)),
    (*DECIDED, *COMPLAINED[:2], Step("change_decision", "leader", data={**STAY, "until_on": later(10)})),
    (REVIEW[0], *complaint({**OF_OFFICE, "concerns": "other"}, "manager"), Step("record_appeal", data=SECOND_AGAINST),
     Step("decline_second_complaint", "legal", data=LATE)),
    (*DECIDED, *COMPLAINED, ABOVE, Step("accept_second_complaint_above", "legal", above=True),
     Step("verify_second_complaint_above", "legal", data=ORDER, above=True),
     Step("settle_second_complaint_above", "leader", data=SECOND_SETTLED, above=True)),
    (*DECIDED, *COMPLAINED, ABOVE, Step("decline_second_complaint_above", "legal", data=LATE, above=True)),
    (*REVIEW, *decided("consolidate"), Step("suspend_target", "manager", data=STOPPED, proof=True),
     Step("resume_target", "manager", data={"deadline": "plan_target", "again_on": later(1)}),
     Step("commit_new_date", data={"reason": "x", "party": "own", "committed_on": later(9)})),
)  # fmt: skip
OF_THE_OTHER_TRACK = {  # two tracks share these fields, and each has its own acts before them
    ("confirm_dissolution", "deleted_on", "after", "start complaint_period"),
    ("confirm_dissolution", "deleted_on", "not_before", "file_compulsory_dossier.received_on"),
    ("delete_name", "deleted_on", "not_before", "file_dossier.received_on"),
}

ONLY_IN_SCENARIOS = {  # acts of rarer ways, whose days procedures/scenarios keep and break; none is untouched there
    "allow_other_publication", "end_failed_council", "guide_dissolution", "name_successor", "record_attestation",
    "record_contract_end", "record_item_found", "record_land_decision", "record_refusal", "record_representative_death",
    "record_seal_cancellation", "record_state_bank_opinion", "record_support_returned",
}  # fmt: skip


def _doer(step: Step) -> Doer:
    return doer(step.role, district=None if step.above else "HBG")


def tried() -> Iterator[Tried]:
    """Each rule once, where a path comes by it."""
    seen = set[Rule]()
    for path in (*PATHS.values(), *BESIDE):
        walk = Walk()
        for step in path:
            on = walk.today + timedelta(step.after)
            act = Act(step.verb, _doer(step), on, on, step.fields(on), PROOF)
            decision = decide(walk.procedure, walk.state, act)
            data = decision.data["data"] if decision.letter else decision.data  # a preparation keeps them inside
            for bound in bounds_of(step.verb, DaysOfAct(walk.procedure, walk.state, on + LATER, on, data)):
                found = Tried(walk, step, on, data, bound)
                if found.rule not in seen:
                    seen.add(found.rule)
                    yield found
            walk.take(step)


def every_rule(procedure: Procedure) -> set[Rule]:
    return {
        (name, field, kind, str(ref))
        for name, verb in procedure.verbs.items()
        for field, rules in rules_of(procedure, verb)
        for rule in rules
        for kind, ref, _ in rule.bounds()
    }


def test_each_rule_is_kept_on_its_last_lawful_day_and_broken_on_the_next() -> None:
    met = set[Rule]()
    for one in tried():
        limit, step = one.bound.limit, timedelta(days=-1 if one.bound.lower else 1)
        assert not one.breaks(limit), one.rule
        assert one.breaks(limit + step), one.rule
        _is_said(one, limit + step)
        met.add(one.rule)
    general = {
        (verb, OWN, "not_before", since) for verb in load().verbs for since in ("opened", "entered", "conditions")
    }
    left = every_rule(load()) - met - general
    assert {rule for rule in left if rule[0] not in ONLY_IN_SCENARIOS} == OF_THE_OTHER_TRACK
    assert {rule[0] for rule in left} >= ONLY_IN_SCENARIOS, "a path has come by: take the act off the list"
    assert len(met & general) > 40


def _is_said(one: Tried, wrong_day: date) -> None:
    """The act is refused with the field of the rule and both days; an unlawful day is recorded with a reason."""
    given, data = one.given(wrong_day)
    assert given.on is not None
    who = _doer(one.step)
    act = Act(one.step.verb, who, given.on, given.today, data, PROOF)
    with pytest.raises(CoopcaseError) as wrong:
        decide(given.procedure, given.state, act)
    if wrong.value.code == "ground_too_young":
        return  # a ground that begins on the day of the act is too young first of all
    also: Any = wrong.value.params.get("also", ())
    assert isinstance(wrong.value, WrongInput), (one.rule, wrong.value)
    said = {error.field: error.params for error in (wrong.value, *also)}
    broken = broken_days(one.step.verb, given)
    unlawful = all(item.unlawful for item in broken)
    assert said.keys() == {item.bound.field for item in broken if item.unlawful == unlawful} | (
        {REASON} if unlawful else set()
    ), one.rule
    if unlawful:
        kept = decide(
            given.procedure, given.state, Act(act.verb, who, act.occurred_on, act.today, {**data, REASON: "x"}, PROOF)
        )
        recorded = kept.data["data"] if kept.kind == ACT_PREPARED else kept.data
        assert {"rule": one.bound.kind, "field": one.bound.field, "reason": "x"}.items() <= dict(
            next(item for item in recorded[IRREGULARITIES] if item["field"] == one.bound.field)
        ).items()
