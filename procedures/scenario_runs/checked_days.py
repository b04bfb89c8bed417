"""The rules on days that an act is checked against, each with its place in the procedure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from models.errors import WrongInput
from procedures.day_vocabulary import OWN, DayRule
from procedures.legal_time.clocks import day_of
from procedures.schema import Procedure, Verb
from procedures.state_machine.asked_fields import needs_of
from procedures.state_machine.day_rules import Bound, DaysOfAct, bounds_of, general_rules, rules_of
from procedures.state_machine.engine import as_proposed
from procedures.state_machine.field_values import parse_fields
from procedures.state_machine.irregularities import reason_apart

Rule = tuple[str, DayRule]  # its name in the list of what scenarios touch, and the rule


@dataclass(frozen=True, slots=True)
class CheckedDay:
    """One end of the lawful range of a day that an act gives, and whether the day is outside."""

    item: str
    field: str
    broken: bool


def checked_days(name: str, given: DaysOfAct, data: Mapping[str, Any]) -> Iterator[CheckedDay]:
    """Yield every bound that the days of an act are compared with; none where a field cannot be read."""
    verb = given.procedure.verbs[name]
    try:
        needs = needs_of(given.procedure, verb, given.state)
        typed = parse_fields(needs, as_proposed(needs, reason_apart(data)[0]), given.today)
    except WrongInput:
        return
    known = replace(given, data=typed)
    for bound in bounds_of(name, known):
        day = given.on if bound.field == OWN else day_of(typed, bound.field)
        if day is not None:
            yield CheckedDay(_item(given.procedure, name, verb, bound), bound.field, bound.broken_by(day))


def day_items(procedure: Procedure) -> Iterator[str]:
    """Yield the name of every bound of the procedure; the rules for the day of any act are named once."""
    if procedure.own_days is not None:
        for part in ("moving", "staying"):
            for place, rule in enumerate(getattr(procedure.own_days, part), start=1):
                yield from (f"own_days {part} {place} {kind}" for kind, _, _ in rule.bounds())
    for name, verb in procedure.verbs.items():
        for field, rules in rules_of(procedure, verb):
            general = general_rules(procedure, verb)[1] if field == OWN else ()
            for place, rule in enumerate(rules[len(general) :], start=1):
                yield from (f"{name}.{field} {place} {kind}" for kind, _, _ in rule.bounds())


def _item(procedure: Procedure, name: str, verb: Verb, bound: Bound) -> str:
    part, general = general_rules(procedure, verb)
    rules = next(rules for field, rules in rules_of(procedure, verb) if field == bound.field)
    place = next(place for place, rule in enumerate(rules) if rule is bound.rule)
    if bound.field != OWN:
        return f"{name}.{bound.field} {place + 1} {bound.kind}"
    if place < len(general):
        return f"own_days {part} {place + 1} {bound.kind}"
    return f"{name}.{OWN} {place - len(general) + 1} {bound.kind}"
