"""The day before which an act cannot have been done: that of the acts which its conditions ask for."""

from collections.abc import Iterator, Mapping
from datetime import date
from functools import lru_cache
from typing import Any

from procedures.day_vocabulary import OWN
from procedures.facts import CaseState, FactView
from procedures.legal_time.clocks import day_of
from procedures.parts import has_values
from procedures.schema import ByIdentity, FieldNeed, Procedure, Verb
from procedures.state_machine.guards_on_days import after_steps

Said = tuple[date, int]  # the day of an act, and the number of its fact


def day_of_conditions(
    procedure: Procedure, state: CaseState, verb: Verb, data: Mapping[str, Any] | None
) -> Said | None:
    """The latest of these days, each of the act that fulfilled its condition first; None where none is on record.

    Without `data` the conditions that depend on the fields of the act are left out.
    """
    found = (
        said
        for guard in verb.guards
        if isinstance(guard, Mapping) and _applies(guard, data)
        for said in _fulfilled(procedure, state, guard, data or {})
    )
    return max(found, default=None)


def is_own_day(spec: FieldNeed) -> bool:
    """Whether a date field says the day of the act: it is required, and may be neither to come nor after the act."""
    if spec.type != "date" or not spec.required or spec.future:
        return False
    bounds = (bound for rule in spec.days if not rule.when and not rule.unless for bound in rule.bounds())
    return any(kind == "not_after" and str(ref) == OWN for kind, ref, _ in bounds)


def _applies(guard: Mapping[str, Any], data: Mapping[str, Any] | None) -> bool:
    when, unless = guard.get("when"), guard.get("unless")
    if data is None:
        return not when and not unless and "named_in" not in guard
    return has_values(data, when or {}) and not (unless and has_values(data, unless))


def _fulfilled(
    procedure: Procedure, state: CaseState, guard: Mapping[str, Any], data: Mapping[str, Any]
) -> Iterator[Said]:
    """For each act that a guard asks for: when it was first done as often and as the guard has it."""
    rule: Mapping[str, Any] = next((guard[name] for name in ("at_least", "last_says", "named_in") if name in guard), {})
    after = after_steps(state, {**guard, **rule})
    for verb in guard.get("done", ()):
        yield from _first(procedure, state, verb, after, guard.get("only") or {})
    if "at_least" in guard:
        yield from _first(procedure, state, rule["verb"], after, {}, rule["times"])
    if "named_in" in guard:
        yield from _first(procedure, state, rule["verb"], after, {rule["field"]: data.get(rule["field"])})
    if "last_says" in guard and (facts := state.proven(rule["verb"])):
        yield _day(procedure, facts[-1])
    if guard.get("ground_proven"):
        proven = {seq for seq in state.grounds.values() if seq > after}
        facts = [fact for name, spec in procedure.verbs.items() if spec.proves for fact in state.proven(name)]
        yield from sorted(_day(procedure, fact) for fact in facts if fact.seq in proven)[:1]


def _first(
    procedure: Procedure, state: CaseState, verb: str, after: int, only: Mapping[str, Any], times: int = 1
) -> list[Said]:
    facts = [fact for fact in state.proven(verb) if fact.seq > after and has_values(fact.data, only)]
    return sorted(_day(procedure, fact) for fact in facts)[times - 1 : times]


def _day(procedure: Procedure, fact: FactView) -> Said:
    """The day of an act: where it was recorded later, the day that its own field says."""
    own = _own_days(ByIdentity(procedure)).get(fact.kind)
    if own is None:
        return fact.occurred_on, fact.seq
    return min([fact.occurred_on, *filter(None, (day_of(fact.data, name) for name in own))]), fact.seq


@lru_cache(maxsize=32)
def _own_days(key: ByIdentity) -> dict[str, tuple[str, ...]]:
    """By verb: the fields that say the day of the act, where there are any."""
    verbs = key.procedure.verbs.items()
    found = {verb: tuple(name for name, need in spec.needs.items() if is_own_day(need)) for verb, spec in verbs}
    return {verb: names for verb, names in found.items() if names}
