"""The days of the acts of a take-over against the rules of the procedure, each in the state that the acts before it led
to. The day on which the case was opened here says nothing about them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date

from procedures.facts import IRREGULARITIES, FactView
from procedures.legal_time.calendar import Calendars
from procedures.schema import Procedure
from procedures.state_machine.day_rules import BrokenDay, DaysOfAct, broken_days
from procedures.state_machine.fold import before_each_act


@dataclass(frozen=True, slots=True)
class BrokenEarlierDay:
    """A day of an act of a take-over outside its lawful range. `place`: of the act in the fact.

    `recorded`: the fact has an irregularity of this act.
    """

    place: int
    act: FactView
    broken: BrokenDay
    given: DaysOfAct
    recorded: bool


def broken_earlier_days(
    procedure: Procedure, fact: FactView, today: date, calendars: Calendars | None = None
) -> Iterator[BrokenEarlierDay]:
    """Every rule that a day of a take-over breaks. `fact`: of number 0 where it is not recorded yet."""
    for place, act, state in before_each_act(procedure, fact):
        given = DaysOfAct(procedure, state, today, act.occurred_on, act.data, calendars)
        for broken in broken_days(act.kind, given):
            yield BrokenEarlierDay(place, act, _numbered(broken), given, IRREGULARITIES in act.data)


def _numbered(broken: BrokenDay) -> BrokenDay:
    """Without the number of the other day's fact where that is not recorded yet."""
    if broken.bound.other.seq:
        return broken
    return replace(broken, bound=replace(broken.bound, other=replace(broken.bound.other, seq=None)))
