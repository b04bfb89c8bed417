"""Days in scenario files: dates, days after another day, and days of earlier acts and deadlines of the case."""

import re
from datetime import date, timedelta
from typing import Any

from models.errors import CoopcaseError
from procedures.facts import CaseState
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.clocks import day_of
from procedures.legal_time.deadlines import derive_all
from procedures.schema import Procedure
from procedures.state_machine.field_values import parse_day

_EXPRESSION = re.compile(r"^([a-z_][a-z_0-9]*(?:\.[a-z_0-9]+)?)\s*([+-]\s*\d+)?$")


class NoSuchDay(CoopcaseError):
    """The expression names no day of the case."""

    def __init__(self, text: str) -> None:
        super().__init__("scenario_no_such_day", found=text)


def resolve(value: Any, on: date, procedure: Procedure, state: CaseState, calendars: Calendars) -> date | None:
    """Return the day that a value means; None where it is neither a date nor an expression.

    An expression is `day` (the day `on`), `opened`, `VERB.on` (day of its latest fact), `VERB.FIELD`, `DEADLINE.start`,
    `DEADLINE.end` or `DEADLINE.ended`, each with or without `+N` or `-N` days. A number means so many days after `on`.
    Raises NoSuchDay for an expression without a day in this case.
    """
    if isinstance(value, date):
        return value
    if isinstance(value, int):
        return on + timedelta(days=value)
    found = _EXPRESSION.match(str(value).strip())
    if found is None:
        return _typed(str(value))
    shift = timedelta(days=int((found[2] or "0").replace(" ", "")))
    if found[1] in ("day", "opened"):
        base = on if found[1] == "day" else state.opened_on
    else:
        base = _named(found[1], procedure, state, calendars)
    if base is None:
        raise NoSuchDay(str(value))
    return base + shift


def _typed(text: str) -> date | None:
    try:
        return parse_day("", text)
    except CoopcaseError:
        return None


def _named(text: str, procedure: Procedure, state: CaseState, calendars: Calendars) -> date | None:
    name, _, part = text.partition(".")
    if name in procedure.deadlines:
        derived = derive_all(procedure, state, calendars).get(name)
        ends = {"start": derived.starts_on, "end": derived.ends_on, "ended": derived.ended_on} if derived else {}
        return ends.get(part)
    fact = state.last(name)
    if fact is None:
        return None
    return fact.occurred_on if part == "on" else day_of(fact.data, part)
