"""Guards on what earlier acts said: the classification, sessions of a meeting, a plan to be approved, a suspension."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from operator import sub
from typing import Any

from models.errors import CoopcaseError, Refused
from procedures.facts import CaseState, ClockState, FactView, Proof
from procedures.legal_time.clocks import day_of
from procedures.money.of_case import payout_of
from procedures.schema import Procedure, Words
from procedures.state_machine.guards_on_days import after_steps

Data = Mapping[str, Any]


def last_says(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The latest act of a verb said one of the values in each field."""
    rule = param["last_says"]
    verb, facts = procedure.verbs[rule["verb"]], _facts(state, rule["verb"], param)
    if not facts:
        return Refused("not_done_yet", verb=_words(verb.label))
    for name, allowed in rule["is"].items():
        if facts[-1].data.get(name) not in allowed:
            spec = verb.needs[name]
            options = [_words(spec.options[code]) for code in allowed if code in spec.options]
            wanted = {lang: ", ".join(option[lang] for option in options) for lang in ("vi", "en")}
            return Refused("last_says_otherwise", verb=_words(verb.label), what=_words(spec.label), wanted=wanted)
    return None


def after_previous(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """A later value of a field follows a latest act that said the one before: a second session a first that failed."""
    rule = param["after_previous"]
    order: list[str] = rule["order"]
    place = order.index(str(data.get(rule["field"]))) if str(data.get(rule["field"])) in order else 0
    if place == 0:
        return None
    facts = _facts(state, rule["verb"], param)
    wanted = {rule["field"]: order[place - 1], **rule.get("where", {})}
    if facts and all(str(facts[-1].data[name]) == value for name, value in wanted.items() if name in facts[-1].data):
        return None
    verb = procedure.verbs[rule["verb"]]
    before = verb.needs[rule["field"]].options.get(order[place - 1])
    return Refused("previous_missing", verb=_words(verb.label), value=_words(before) if before else order[place - 1])


def same_as(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The act says in these fields what the latest act of a verb said: what a second person approves.

    `if_said`: a field that the earlier act does not have binds nothing.
    """
    rule = param["same_as"]
    facts = _facts(state, rule["verb"], param)
    said = facts[-1].data if facts else {}
    bound = [name for name in rule["fields"] if facts and (name in said or not rule.get("if_said"))]
    wrong = next((name for name in bound if data.get(name) != said.get(name)), None)
    if wrong is None:
        return None
    return Refused("not_as_proposed", field_name=wrong, verb=_words(procedure.verbs[rule["verb"]].label))


def one_person_each(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """No person is named in two rows of a table."""
    rule, seen = param["one_person_each"], set()
    for row in data.get(rule["field"]) or ():
        name = " ".join(str(row.get(rule["column"]) or "").casefold().split())
        if name and name in seen:
            return Refused("person_twice", name=row[rule["column"]])
        seen.add(name)
    return None


def served_before(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The letters that a deadline waits for were served before the day that an earlier act gave to reply.

    With `matter`: those of an act that said the same in this field, whichever notices came after it.
    """
    rule = param["served_before"]
    if not (matter := rule.get("matter")):
        clock, fact = state.clocks.get(rule["deadline"]), state.last(rule["verb"])
        return _served_late(procedure, rule, fact, clock) if clock is not None and clock.starts_on else None
    runs = {clock.seq: clock for clock in state.runs(rule["deadline"]) if clock.awaits}
    own = [fact for fact in state.proven(rule["verb"]) if fact.data.get(matter) == data.get(matter)]
    heard = [_heard(procedure, state, rule, fact, runs[fact.seq]) for fact in own if fact.seq in runs]
    return None if None in heard else next(iter(reversed(heard)), None)


def _heard(
    procedure: Procedure, state: CaseState, rule: Mapping[str, Any], fact: FactView, clock: ClockState
) -> CoopcaseError | None:
    """None where the letters of one act were received in time, or their receipt is shown by an answer."""
    proofs = [proof or _later_proof(state, letter, fact) for letter, proof in clock.awaits.items()]
    if None in proofs:
        return Refused("proof_missing", deadline=_words(procedure.deadlines[rule["deadline"]].label))
    answers = {verb for verb, spec in procedure.verbs.items() if spec.serves is not None and spec.serves.when}
    answered = {item.seq for verb in answers for item in state.done.get(verb, ())}
    started = max((proof.on for proof in proofs if proof is not None and proof.seq not in answered), default=None)
    return _served_late(procedure, rule, fact, replace(clock, starts_on=started)) if started else None


def _later_proof(state: CaseState, letter: str, fact: FactView) -> Proof | None:
    """The service of a letter that was proven after its clock had ended."""
    served = (item for item in state.done.get("letter_served", ()) if item.data.get("follows") == fact.seq)
    return next((Proof(item.occurred_on, item.seq) for item in served if item.data.get("template") == letter), None)


def _served_late(
    procedure: Procedure, rule: Mapping[str, Any], fact: FactView | None, clock: ClockState
) -> CoopcaseError | None:
    until = day_of(fact.data, rule["field"]) if fact is not None else None
    if clock.starts_on is None or until is None or clock.starts_on < until:
        return None
    verb = _words(procedure.verbs[rule["verb"]].label)
    return Refused("served_too_late", served=_vi(clock.starts_on), until=_vi(until), verb=verb)


def weighed(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """Time of an overlay within the act's time is answered in a field: the officer weighs it, the law does not say."""
    rule = param["weighed"]
    since, until = day_of(data, rule["since_field"]), data.get("occurred_on")
    if data.get(rule["field"]) or since is None or until is None:
        return None
    found = [
        pause
        for pause in state.times.get(rule["overlay"], ())
        if pause.from_on <= until and (pause.to_on is None or pause.to_on > since)
    ]
    if not found:
        return None
    days = "; ".join(f"{_vi(pause.from_on)} - {_vi(pause.to_on) if pause.to_on else '…'}" for pause in found)
    what = _words(procedure.overlays[rule["overlay"]].label)
    return Refused("not_weighed", what=what, days=days, field_name=rule["field"])


def shortage_weighed(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """Where the latest act of a verb gives `more` as greater than the field `than`, a later act `by` weighs it.

    With `lists`, also where what is listed as assets does not cover what is listed as claims. With `again`, once more
    where that shortage has grown since it was weighed.
    """
    rule = param["shortage_weighed"]
    facts = _facts(state, rule["verb"], param)
    if not facts:
        return None
    more, than = _debts_and_assets(procedure, state, facts[-1], rule)
    if more <= than:
        return None
    verb, stated = _words(procedure.verbs[rule["by"][0]].label), state.latest([rule["verb"]])
    weighed_by = [fact for name in rule["by"] for fact in state.done.get(name, ()) if fact.seq > stated]
    if not weighed_by:
        return Refused("shortage_not_weighed", more=more, than=than, verb=verb)
    if not rule.get("again"):
        return None
    then = replace(state, done=_done_until(state, max(fact.seq for fact in weighed_by)))
    before = sub(*_debts_and_assets(procedure, then, facts[-1], rule))
    if more - than <= before:
        return None
    return Refused("shortage_grew", more=more, than=than, before=max(before, 0), now=more - than, verb=verb)


def _debts_and_assets(
    procedure: Procedure, state: CaseState, stated: FactView, rule: Mapping[str, Any]
) -> tuple[int, int]:
    """The debts and the assets of a case: as stated, or as listed where the statement shows no shortage."""
    more, than = (int(stated.data.get(rule[name]) or 0) for name in ("more", "than"))
    listed = rule.get("lists") and procedure.money is not None and (more <= than or rule.get("again"))
    if not listed:
        return more, than
    payout = payout_of(procedure, state, as_if_sold=True)
    return max((more, than), (payout.pot + payout.short, payout.pot), key=lambda pair: sub(*pair))


def _done_until(state: CaseState, seq: int) -> dict[str, list[FactView]]:
    return {verb: [fact for fact in facts if fact.seq <= seq] for verb, facts in state.done.items()}


def decision_in_force(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The decision by which the case came to a step of `made_at` is in force, or (`is: false`) none is."""
    rule = param["decision_in_force"]
    after = max(after_steps(state, param), state.latest(rule["ended_by"]))
    made = any(step in rule["made_at"] and seq > after for step, _, seq in state.path)
    if made == rule["is"]:
        return None
    if not made:
        return Refused("no_decision_in_force")
    return Refused("decision_in_force", verb=_words(procedure.verbs[rule["ended_by"][0]].label))


def level_is(_procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The case is carried by an office of this level, which decides who is the superior."""
    return None if state.level == param["level_is"] else Refused("level_is_not")


def ground_left(_procedure: Procedure, state: CaseState, _data: Data, _param: Any) -> CoopcaseError | None:
    """A ground has not fallen without another that is still proven."""
    return Refused("ground_fell") if state.fallen and not state.grounds else None


def _facts(state: CaseState, verb: str, param: Any) -> list[FactView]:
    after = after_steps(state, param)
    return [fact for fact in state.done.get(verb, ()) if fact.seq > after]


def _words(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}


def _vi(day: date) -> str:
    return day.strftime("%d/%m/%Y")
