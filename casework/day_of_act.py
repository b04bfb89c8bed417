"""The day of an act and the date field that says the same, each completed by the other."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.ledger import LoadedCase, calendars_for
from procedures.state_machine.asked_fields import asked_of
from procedures.state_machine.day_rules import DaysOfAct
from procedures.state_machine.own_day import with_own_day


def days_of_act(connection: Connection, loaded: LoadedCase, on: date | None, today: date) -> DaysOfAct:
    """What the days of an act on a case are compared with."""
    return DaysOfAct(loaded.procedure, loaded.state, today, on, calendars=calendars_for(connection, loaded))


def day_and_fields(
    connection: Connection, loaded: LoadedCase, name: str, typed: Mapping[str, Any], on: date | None, today: date
) -> tuple[date | None, Mapping[str, Any]]:
    """The day of an act (None: today) and its fields as typed; an unknown verb is refused by the act itself."""
    verb = loaded.procedure.verbs.get(name)
    if verb is None:
        return on, typed
    needs = asked_of(loaded.procedure, verb, loaded.state)
    return with_own_day(name, needs, typed, days_of_act(connection, loaded, on, today))
