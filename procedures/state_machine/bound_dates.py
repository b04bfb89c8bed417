"""Which fixed dates a case is still bound to, whatever its step. Derived from the procedure, no verb is named here.

A date of the programme is met by the deadlines that end on it (`until`). A date of the plan binds every case from its
opening. A date of the law binds a case whose unit was flagged, or classified, under the article of that limit, and one
for which such a deadline has ever started: dropping the deadline, as when a measure is given up, does not release it.
A case is released when one of these deadlines is met, or when it has an outcome.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from procedures.facts import CaseState
from procedures.law.binding_flags import BindingFlag, binding_flags
from procedures.schema import Procedure

_NONE: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class _FixedDate:
    name: str
    deadlines: tuple[str, ...]
    legal: bool
    flags: tuple[BindingFlag, ...]


class BoundDates:
    """The fixed dates of one procedure."""

    def __init__(self, procedure: Procedure) -> None:
        self.dates = tuple(_date(procedure, name) for name in procedure.programme)
        fields = {field for one in self.dates for flag in one.flags for field in flag.typed}
        self._asking = {
            field: tuple(key for key, verb in procedure.verbs.items() if field in verb.needs) for field in fields
        }
        self.kinds = frozenset(key for verbs in self._asking.values() for key in verbs)

    def of(self, state: CaseState) -> frozenset[str]:
        """The names of the programme's dates that a case in this state is bound to."""
        if state.outcome is not None or state.closed_on is not None:
            return _NONE
        return frozenset([one.name for one in self.dates if self._is_bound(one, state)])

    def met_on(self, name: str, state: CaseState) -> date | None:
        """The day on which a deadline of this date was met, as the act says it; None where none is."""
        dates = (one for one in self.dates if one.name == name)
        clocks = [state.clocks[key] for one in dates for key in one.deadlines if key in state.clocks]
        return max((one.ended_on for one in clocks if one.status == "met" and one.ended_on), default=None)

    def _is_bound(self, fixed: _FixedDate, state: CaseState) -> bool:
        """Asked after every fact of every case of a city: plain loops, no generators."""
        started = not fixed.legal
        for key in fixed.deadlines:
            clock = state.clocks.get(key)
            if clock is not None:
                if clock.status == "met":
                    return False
                started = True
        return started or self._flagged(fixed, state)

    def _flagged(self, fixed: _FixedDate, state: CaseState) -> bool:
        known = state.unit.get("flags") or ()
        return any(flag.key in known or self._classified(flag.typed, state) for flag in fixed.flags)

    def _classified(self, typed: Mapping[str, frozenset[str]], state: CaseState) -> bool:
        """Whether the latest act that asks for such a field said one of the values."""
        said = ((values, _last(state, self._asking[field], field)) for field, values in typed.items())
        return any(value in values for values, value in said)


def _date(procedure: Procedure, name: str) -> _FixedDate:
    kinds = {key: kind for key, kind in procedure.deadlines.items() if kind.until == name}
    articles = {kind.article for kind in kinds.values() if kind.kind == "legal"}
    flags = tuple(flag for flag in binding_flags() if flag.article in articles)
    return _FixedDate(name, tuple(kinds), bool(articles), flags)


def _last(state: CaseState, verbs: Iterable[str], field: str) -> str | None:
    found = [fact for verb in verbs if (fact := state.last(verb)) is not None and field in fact.data]
    return str(max(found, key=lambda fact: fact.seq).data[field]) if found else None
