"""The pure engine: which acts are allowed now, for whom, and which fact an act produces. No database, no clock."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.errors import CoopcaseError, Refused, WrongInput
from procedures.facts import (
    CLOCK,
    PAPER,
    Act,
    CaseState,
    Choice,
    Decision,
    Doer,
    EffectRequest,
    FactView,
    Need,
    Paper,
)
from procedures.legal_time.calendar import Calendars
from procedures.parts import has_values
from procedures.schema import Procedure, Verb
from procedures.state_machine.acts_on_paper import completed, paper_of
from procedures.state_machine.asked_fields import asked_of, needs_of, nothing_to_choose, pair
from procedures.state_machine.day_rules import DaysOfAct
from procedures.state_machine.field_values import parse_fields
from procedures.state_machine.fold import fold
from procedures.state_machine.guards import check_guards
from procedures.state_machine.irregularities import reason_apart, typed_again, with_irregularities
from procedures.state_machine.whole_check import lacks_evidence, parse_act

__all__ = ["available", "clock_verbs", "decide", "decide_again", "decide_by_paper", "fold", "why_not"]


def available(procedure: Procedure, state: CaseState, doer: Doer) -> list[Choice]:
    """Return every verb of the procedure, each with whether this person may do it now, or the reason why not."""
    return [
        Choice(
            name,
            pair(verb.label),
            (reason := why_not(procedure, state, name, doer)) is None,
            reason,
            asked_of(procedure, verb, state),
            state.state in procedure.sources(verb),
            verb.evidence,
            tuple(paper.letter for paper in verb.takes_effect_by),
            state.prepared[name].seq if name in state.prepared else None,
            verb.rare,
        )
        for name, verb in procedure.verbs.items()
    ]


def why_not(procedure: Procedure, state: CaseState, name: str, doer: Doer) -> CoopcaseError | None:
    """Return why this person may not do this now, checked before the form is filled in; None: allowed."""
    verb = procedure.verbs[name]
    return (
        _already_prepared(state, name, verb)
        or _wrong_state(procedure, state, verb)
        or _wrong_person(procedure, state, verb, doer)
        or _blocked(procedure, state, name)
        or _papers_pending(procedure, state, verb)
        or _second_person(procedure, state, name, doer, None)
        or check_guards(procedure, state, verb.guards, None)
        or _nothing_to_choose(procedure, state, verb)
    )


def decide(procedure: Procedure, state: CaseState, act: Act, calendars: Calendars | None = None) -> Decision:
    """Check an act and return the fact to record and the effects to enqueue.

    An act that takes effect by a paper is only prepared: the fact is `act_prepared`, and the state does not move.
    `calendars`: of the office, for days that have to lie within a deadline; None: the national ones.

    Raises:
        Refused: a rule forbids the act.
        WrongInput: a field is wrong, missing or unknown.
    """
    verb = procedure.verbs.get(act.verb)
    if verb is None:
        raise Refused("no_such_verb", verb=act.verb)
    if refusal := why_not(procedure, state, act.verb, act.doer):
        raise refusal
    typed, reason = reason_apart(act.data)
    needs = asked_of(procedure, verb, state)
    given = DaysOfAct(procedure, state, act.today, act.occurred_on, None, calendars, verb)
    data = parse_act(act.verb, needs, as_proposed(needs, typed), given, act.evidence)
    _check_occasion(act.occurred_on, act.today)
    if refusal := _second_person(procedure, state, act.verb, act.doer, data):
        raise refusal
    _check_content(procedure, state, verb, data, act.occurred_on, act.evidence)
    given = DaysOfAct(procedure, state, act.today, act.occurred_on, data, calendars, verb)
    data = with_irregularities(act.verb, given, data, reason)
    paper = paper_of(verb, data)
    if paper is None:
        return Decision(act.verb, data, act.occurred_on, _effects_of(verb, data))
    prepared = {"verb": act.verb, "letter": paper.letter, "data": data}
    return Decision("act_prepared", prepared, act.occurred_on, (), paper.letter)


def decide_by_paper(
    procedure: Procedure,
    state: CaseState,
    name: str,
    paper: Paper,
    today: date,
    calendars: Calendars | None = None,
) -> Decision:
    """Check a prepared act again on the day its paper is issued, and return its fact, dated like the paper.

    Who prepared it was checked then; who may sign the paper is the letter's to check. Raises Refused.
    """
    verb, prepared = procedure.verbs.get(name), state.prepared.get(name)
    if verb is None:
        raise Refused("no_such_verb", verb=name)
    spec = paper_of(verb, prepared.data["data"]) if prepared is not None else None
    if prepared is None or spec is None:
        raise Refused("act_not_prepared", verb=pair(verb.label))
    if refusal := _wrong_state(procedure, state, verb) or _blocked(procedure, state, name):
        raise refusal
    _check_occasion(paper.on, today)
    typed, reason = typed_again(prepared.data["data"])
    try:
        data = parse_fields(needs_of(procedure, verb, state), completed(spec, typed, paper), today)
    except WrongInput as wrong:  # the form of the paper has no such field: the act is withdrawn and prepared anew
        label = pair(verb.needs[wrong.field].label) if wrong.field in verb.needs else wrong.field
        raise Refused("act_no_longer_fits", verb=pair(verb.label), label=label) from wrong
    _check_content(procedure, state, verb, data, paper.on, prepared.evidence)
    given = DaysOfAct(procedure, state, today, paper.on, data, calendars)
    try:
        data = with_irregularities(name, given, data, reason, ask=False)
    except WrongInput as wrong:  # the day of the paper does not fit
        raise Refused(wrong.code, **wrong.params) from wrong
    return Decision(name, {**data, PAPER: paper.document()}, paper.on, _effects_of(verb, data))


def decide_again(procedure: Procedure, state: CaseState, fact: FactView, act: Act) -> None:
    """Check whether a recorded act would be lawful where `state` was reached. Raises Refused, WrongInput.

    An act that took effect by its paper was recorded by the person who issued it, whose role is not asked for.
    """
    verb = procedure.verbs.get(act.verb)
    if verb is None:
        raise Refused("no_such_verb", verb=act.verb)
    by_paper = _wrong_state(procedure, state, verb) or _blocked(procedure, state, act.verb)
    if refusal := by_paper if PAPER in fact.data else why_not(procedure, state, act.verb, act.doer):
        raise refusal
    typed, reason = typed_again(act.data)
    needs = needs_of(procedure, verb, state)
    data = parse_fields(needs, as_proposed(needs, typed), act.today)
    _check_occasion(act.occurred_on, act.today)
    if refusal := _second_person(procedure, state, act.verb, act.doer, data):
        raise refusal
    _check_content(procedure, state, verb, data, act.occurred_on, act.evidence)
    given = DaysOfAct(procedure, state, act.today, act.occurred_on, data, verb=verb)
    with_irregularities(act.verb, given, data, reason, ask=PAPER not in fact.data)


def _check_content(
    procedure: Procedure,
    state: CaseState,
    verb: Verb,
    data: Mapping[str, Any],
    on: date,
    evidence: Sequence[str],
) -> None:
    """Evidence and guards of an act on its day. Raises Refused."""
    if lacks_evidence(verb, evidence):
        raise Refused("evidence_required", verb=pair(verb.label))
    if refusal := check_guards(procedure, state, verb.guards, {**data, "occurred_on": on}):
        raise _in_words(refusal, verb)


def _in_words(refusal: CoopcaseError, verb: Verb) -> CoopcaseError:
    """Replace field names and codes in a guard's refusal by their labels."""
    for key in ("field_name", "first", "second"):
        if (field := refusal.params.get(key)) in verb.needs:
            refusal.params[key] = pair(verb.needs[field].label)
    if isinstance(said := refusal.params.get("value"), bool):
        refusal.params["value"] = {"vi": "có", "en": "yes"} if said else {"vi": "không", "en": "no"}
    return refusal


def clock_verbs(procedure: Procedure, deadline: str) -> list[str]:
    """Return the verbs that the system itself does when a deadline has passed."""
    return [name for name, verb in procedure.verbs.items() if verb.auto and verb.auto.after == deadline]


def _wrong_state(procedure: Procedure, state: CaseState, verb: Verb) -> CoopcaseError | None:
    if state.state in procedure.sources(verb):
        return None
    if state.state not in procedure.states:
        return Refused("case_without_facts")
    if procedure.states[state.state].final:
        return Refused("case_closed")
    return Refused("wrong_state", state=pair(procedure.states[state.state].label))


def _already_prepared(state: CaseState, name: str, verb: Verb) -> CoopcaseError | None:
    return Refused("act_prepared_already", verb=pair(verb.label)) if name in state.prepared else None


def _papers_pending(procedure: Procedure, state: CaseState, verb: Verb) -> CoopcaseError | None:
    """A case is not closed over an act that waits for its paper."""
    final = isinstance(verb.to, str) and procedure.states[verb.to].final
    waiting = next((name for name in state.prepared if name in procedure.verbs), None)
    if not final or waiting is None:
        return None
    return Refused("act_waits_for_paper", verb=pair(procedure.verbs[waiting].label))


def _wrong_person(procedure: Procedure, state: CaseState, verb: Verb, doer: Doer) -> CoopcaseError | None:
    if doer.role not in verb.by:
        roles = [role for role in verb.by if role in procedure.roles]
        joined = {lang: ", ".join(procedure.roles[role][lang] for role in roles) for lang in ("vi", "en")}
        return Refused("wrong_role", roles=joined)
    if doer.role == CLOCK:
        return None
    if verb.level == "same" and procedure.level_of_office(doer.district) != state.level:
        return Refused("wrong_level", level=state.level)
    own = procedure.office_at(state.level, state.district)
    if verb.level == "above":
        return None if own and doer.district is None else Refused("not_office_above")
    return None if doer.district == own else Refused("out_of_scope")


def _blocked(procedure: Procedure, state: CaseState, name: str) -> CoopcaseError | None:
    for overlay in state.overlays:
        if name in procedure.overlays[overlay].blocks:
            return Refused("overlay_in_the_way", overlay=pair(procedure.overlays[overlay].label))
    return None


def _second_person(
    procedure: Procedure, state: CaseState, name: str, doer: Doer, data: Mapping[str, Any] | None
) -> CoopcaseError | None:
    """Who did the first act, since this one was last done, may not do the second on the same matter.

    Without data: refused when nobody else has done the first.
    """
    verb = procedure.verbs[name]
    after = state.latest([name]) if verb.four_eyes else 0
    for first in verb.four_eyes:
        facts = [fact for fact in state.done.get(first, ()) if fact.seq > after]
        own = [fact for fact in facts if fact.by == doer.login]
        if data is not None:
            own = [fact for fact in own if _same_matter(verb, fact.data, data)]
        if own and (data is not None or len(own) == len(facts)):
            return Refused("four_eyes", verb=pair(procedure.verbs[first].label))
    return None


def _same_matter(verb: Verb, earlier: Mapping[str, Any], data: Mapping[str, Any]) -> bool:
    """Whether two acts chose the same in every field that both have."""
    chosen = [name for name, spec in verb.needs.items() if spec.type == "choice" and name in earlier and name in data]
    return all(earlier[name] == data[name] for name in chosen)


def as_proposed(needs: Sequence[Need], data: Mapping[str, Any]) -> Mapping[str, Any]:
    """The data, with the proposed value of every field that was left empty and takes it."""
    empty: tuple[Any, ...] = (None, "", [])
    taken = {need.name: need.proposed for need in needs if need.proposed_if_empty and need.proposed not in empty}
    if not taken:
        return data
    return {**data, **{name: value for name, value in taken.items() if data.get(name) in empty}}


def _nothing_to_choose(procedure: Procedure, state: CaseState, verb: Verb) -> CoopcaseError | None:
    for spec in verb.needs.values():
        if nothing_to_choose(procedure, spec, state):
            return Refused("nothing_to_choose", label=pair(spec.label))
    return None


def _check_occasion(on: date, today: date) -> None:
    if on > today:
        raise Refused("occurred_in_future", on=on.strftime("%d/%m/%Y"))
    if on.year < 1950:
        raise Refused("occurred_too_early", on=on.strftime("%d/%m/%Y"))


def _effects_of(verb: Verb, data: Mapping[str, Any]) -> tuple[EffectRequest, ...]:
    pending = [EffectRequest("letter", {"template": template}) for template in verb.letters]
    rule = verb.tells_above
    above = list(rule.roles) if rule is not None and has_values(data, rule.when) else []
    if verb.tells or above:
        pending.append(EffectRequest("notice", {"roles": list(verb.tells), **({"above": above} if above else {})}))
    if verb.opens is not None and (office := verb.opens.pick(data)) is not None:
        pending.append(EffectRequest("open_case", {"office": office}))
    return tuple(pending)
