"""The date field of an act that says the day of the act itself, so that the day is asked once.

Such a field is required, lies in the past and may not follow the act: a visit was made on the day of the visit.
"""

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import date
from typing import Any

from models.errors import WrongInput
from procedures.day_vocabulary import OWN
from procedures.facts import Need
from procedures.schema import Verb
from procedures.state_machine.condition_days import is_own_day
from procedures.state_machine.day_rules import DaysOfAct, bounds_of
from procedures.state_machine.field_values import parse_day


def own_day_of(verb: Verb, needs: Iterable[Need]) -> str:
    """The name of that field among those that a person types; empty without one, or where there are several."""
    asked = {need.name for need in needs}
    found = [name for name, spec in verb.needs.items() if name in asked and is_own_day(spec)]
    return found[0] if len(found) == 1 else ""


def proposes_today(name: str, verb: Verb, field: str) -> bool:
    """Whether today is proposed for a date field: only for what an office does on the spot and repeats on other days,
    such as a visit. A day that another body's paper bears is typed."""
    rules = verb.needs[field].days
    again = (rule.length.from_ for rule in rules if rule.length is not None)
    return any(ref.verb == name and ref.field == field for ref in again)


def with_own_day(
    name: str, needs: Iterable[Need], typed: Mapping[str, Any], given: DaysOfAct
) -> tuple[date | None, dict[str, Any]]:
    """The day of an act and its fields, each completed by the other where it was left empty.

    An act whose own day may not be the day in the field, as of a death before the case, is left on the day it is
    recorded.
    """
    field, data, on = own_day_of(given.procedure.verbs[name], needs), dict(typed), given.on
    if not field:
        return on, data
    if not data.get(field):
        return on, data | ({field: on} if on else {})
    if on is None:
        with suppress(WrongInput):
            said = data[field]
            day = said if isinstance(said, date) else parse_day(field, str(said))
            on = day if _may_be(name, day, given) else None
    return on, data


def _may_be(name: str, day: date, given: DaysOfAct) -> bool:
    own = (bound for bound in bounds_of(name, replace(given, on=None, data=None)) if bound.field == OWN)
    return day <= given.today and not any(bound.broken_by(day) for bound in own)
