"""The history of a case folded from its facts: steps by day, and spells of being bound to fixed dates.

Only facts that move a case, meet or start a deadline of a fixed date, classify the unit, or name or clear an obstacle
are read. Failed meetings, attempts and letters change nothing here: they are work without result.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple

from sqlalchemy import Connection, select

from models.tables import case_rows, facts
from procedures.facts import COMPLETED, TAKEN_OVER, CaseState, FactView
from procedures.former_names import all_names
from procedures.schema import Procedure
from procedures.state_machine.bound_dates import BoundDates
from procedures.state_machine.fold import step, valid_facts
from rulebook.versions import Versions

Spell = list[int | None]
"""A time for which a case was bound to a fixed date: the day of its binding and of its release, None while bound."""


@dataclass(frozen=True, slots=True)
class History:
    """A case that has been opened. `steps` and `days`: the steps that it entered and when; days never go back.

    A case that was taken over begins on the day of its take-over, at the step at which it came: what it did before is
    not observed here, and its age at that step is not known.

    `bound`: by fixed date of the programme, its spells in order. `held`: it has an obstacle. All days are ordinals
    (`date.toordinal`): a city has half a million of them, which are read and counted as numbers.
    """

    case_id: int
    ref: str
    district: str
    procedure: str
    steps: Sequence[str]
    days: Sequence[int]
    bound: Mapping[str, Sequence[Spell]]
    is_closed: bool
    held: bool

    @property
    def opened(self) -> int:
        return self.days[0]

    @property
    def closed(self) -> int | None:
        return self.days[-1] if self.is_closed else None

    @property
    def path(self) -> list[tuple[str, date]]:
        """The steps that it entered, by day."""
        return [(name, date.fromordinal(on)) for name, on in zip(self.steps, self.days, strict=True)]

    def is_bound(self, name: str) -> bool:
        """Whether the case is bound to the fixed date now."""
        spells = self.bound.get(name, ())
        return len(spells) > 0 and spells[-1][1] is None


class Named(NamedTuple):
    """A case as its row names it."""

    case_id: int
    ref: str
    district: str
    pin: str


class HistoryRules:
    """The versions that cases were pinned to, and the kinds of facts that matter in any of them."""

    def __init__(self, connection: Connection, known_before: datetime | None) -> None:
        self._versions = Versions(connection)
        self._read: dict[str, _Version] = {}
        self._then = {} if known_before is None else _pins_then(connection, known_before)
        pins = {*connection.execute(select(case_rows.c.procedure).distinct()).scalars(), *self._then.values()}
        kinds = frozenset[str]().union(*(self._of(pin).kinds for pin in pins))
        self.kinds = all_names((self._of(pin).procedure for pin in pins), "verbs", kinds)

    def history(self, case: Named, every: Sequence[FactView]) -> History | None:
        """The history of one case from its facts; None where its opening is not among them."""
        listed = valid_facts(every)
        if not listed or listed[0].kind != "opened":
            return None
        pin = self._then.get(case.case_id, case.pin)
        try:
            lived = _lived(self._of(pin), listed)
        except KeyError:  # written down since, under a newer version, with a code that the older one does not have
            lived = _lived(self._of(self._versions.in_force.pin), listed)
        state, steps, days, spells = lived
        return History(
            case.case_id, case.ref, case.district, pin, steps, days, spells, bool(state.closed_on),
            bool(state.obstacles),
        )  # fmt: skip

    def folded(self, case: Named, facts: Sequence[FactView]) -> History | None:
        """The same from all facts of the case, those that say nothing of its history among them."""
        return self.history(case, [one for one in facts if one.annuls is not None or one.kind in self.kinds])

    def _of(self, pin: str) -> "_Version":
        if pin not in self._read:
            self._read[pin] = _Version.of(self._versions.of(pin))
        return self._read[pin]


@dataclass(frozen=True, slots=True)
class _Version:
    """A procedure with its fixed dates. `kinds`: the facts that matter in it; `names`: with their former names."""

    procedure: Procedure
    dates: BoundDates
    kinds: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, procedure: Procedure) -> "_Version":
        dates = BoundDates(procedure)
        kinds = _kinds(procedure, dates) | {"opened", TAKEN_OVER, COMPLETED}
        return cls(procedure, dates, kinds, frozenset(all_names((procedure,), "verbs", kinds)))


def _kinds(procedure: Procedure, dates: BoundDates) -> frozenset[str]:
    fixed = {key for key, kind in procedure.deadlines.items() if kind.until}
    moving = {
        key
        for key, verb in procedure.verbs.items()
        if verb.to
        or verb.outcome
        or verb.names
        or verb.clears
        or fixed.intersection(verb.meets, {item.deadline for item in verb.starts})
    }
    return dates.kinds | moving


def _lived(
    version: _Version, listed: Iterable[FactView]
) -> tuple[CaseState, list[str], list[int], dict[str, list[Spell]]]:
    """Only from facts that matter in this version: what another one asks for changes no history."""
    procedure, dates = version.procedure, version.dates
    state, steps, days, spells = CaseState(), list[str](), list[int](), dict[str, list[Spell]]()
    for fact, on in _in_order(one for one in listed if one.kind in version.names):
        step(procedure, state, fact)
        if fact.kind == TAKEN_OVER:
            steps.clear()
            days.clear()
            spells.clear()
        if not steps or steps[-1] != state.state:
            steps.append(state.state)
            days.append(on)
        now = dates.of(state)
        for name in now:
            _begin(spells.setdefault(name, []), on)
        for name, own in spells.items():
            if name not in now and own[-1][1] is None:
                met = dates.met_on(name, state)
                own[-1][1] = max(on if met is None else met.toordinal(), own[-1][0] or 0)
    return state, steps, days, spells


def _in_order(listed: Iterable[FactView]) -> Iterator[tuple[FactView, int]]:
    """Facts as they were recorded, each with its day; one that is dated before an earlier one counts with that one."""
    last = 0
    for fact in listed:
        last = max(last, fact.occurred_on.toordinal())
        yield fact, last


def _begin(spells: list[Spell], on: int) -> None:
    if not spells or spells[-1][1] is not None:
        spells.append([on, None])


def _pins_then(connection: Connection, known_before: datetime) -> dict[int, str]:
    """By case: the version before its first move that was not known yet, where there is one."""
    moved = select(facts.c.case_id, facts.c.data).where(facts.c.kind == "migrated", facts.c.recorded_at >= known_before)
    rows = connection.execute(moved.order_by(facts.c.case_id, facts.c.seq.desc())).tuples()
    return {case_id: str(data["from"]) for case_id, data in rows}
