"""The histories of cases, read set-wise from the facts: steps by day, and spells of being bound to fixed dates.

Only facts that move a case, meet or start a deadline of a fixed date, classify the unit, or name or clear an obstacle
are read. Failed meetings, attempts and letters change nothing here: they are work without result.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import Connection, or_, select

from models.tables import case_rows, facts
from procedures.facts import COMPLETED, TAKEN_OVER, CaseState, FactView
from procedures.former_names import all_names
from procedures.schema import Procedure
from procedures.state_machine.bound_dates import BoundDates
from procedures.state_machine.fold import step, valid_facts
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class Spell:
    """A time for which a case was bound to a fixed date; `until` is the day of its release, None while it is bound."""

    since: date
    until: date | None = None


@dataclass(frozen=True, slots=True)
class History:
    """A case that has been opened. `path`: the steps that it entered, by day; days never go back.

    A case that was taken over begins on the day of its take-over, at the step at which it came: what it did before is
    not observed here, and its age at that step is not known.

    `bound`: by fixed date of the programme, its spells in order. `held`: it has an obstacle.
    """

    case_id: int
    ref: str
    district: str
    procedure: str
    opened: date
    closed: date | None
    path: Sequence[tuple[str, date]]
    bound: Mapping[str, Sequence[Spell]]
    held: bool

    def is_bound(self, name: str) -> bool:
        """Whether the case is bound to the fixed date now."""
        spells = self.bound.get(name, ())
        return len(spells) > 0 and spells[-1].until is None


def histories(
    connection: Connection, today: date, *, district: str | None = None, known_before: datetime | None = None
) -> list[History]:
    """The histories of all cases, or of a district's, up to the end of `today`, by case id.

    `known_before`: only what had been recorded by then, under the version that each case was pinned to then; a case
    whose opening had not been recorded is left out.
    """
    if known_before is not None:
        listed = _lived_by(connection, _Rules(connection, known_before), today, known_before, district)
        return [one for _, one, _ in listed if one is not None]
    known = _remembered(str(connection.engine.url))
    now = {key: (head, pin) for key, head, pin in connection.execute(_heads(district)).tuples()}
    stale = [key for key, identity in now.items() if key not in known or not known[key].holds(identity, today)]
    read: dict[int, History | None] = {}
    if stale:
        only = stale if len(stale) < min(len(now), _AT_ONCE) else None
        for key, one, whole in _lived_by(connection, _Rules(connection, None), today, None, district, only):
            read[key] = one
            if whole and key in now and now[key][0]:
                known[key] = _Known(now[key], today, one)
    found = (read[key] if key in read else known[key].history if key in known else None for key in now)
    return [one for one in found if one is not None]


_AT_ONCE = 500  # cases named in one statement; where more have changed, all are read again


@dataclass(frozen=True, slots=True)
class _Known:
    """A history that was read: that of the case with this head and version, seen from `day` or later.

    A case without future facts is the same seen from any later day, until it has another head.
    """

    identity: tuple[str, str]
    day: date
    history: History | None

    def holds(self, identity: tuple[str, str], today: date) -> bool:
        return self.identity == identity and self.day <= today


_of_databases: dict[str, dict[int, _Known]] = {}  # of this process


def _remembered(url: str) -> dict[int, _Known]:
    if url not in _of_databases:
        _of_databases.clear()  # one process serves one office
        _of_databases[url] = {}
    return _of_databases[url]


def _heads(district: str | None) -> Any:
    found = select(case_rows.c.id, case_rows.c.head, case_rows.c.procedure).order_by(case_rows.c.id)
    return found.where(case_rows.c.district_code == district) if district else found


def _lived_by(
    connection: Connection, rules: "_Rules", today: date, known_before: datetime | None, district: str | None,
    only: Sequence[int] | None = None,
) -> Iterator[tuple[int, History | None, bool]]:  # fmt: skip
    """By case: its id, its history up to `today`, and whether no fact lies behind that day."""
    row, columns = case_rows.c, facts.c
    case = (columns.case_id, row.ref, row.district_code, row.procedure)
    fact = (columns.seq, columns.kind, columns.occurred_on, columns.data, columns.annuls)
    found = select(*case, *fact).join(case_rows, row.id == columns.case_id)
    found = found.where(or_(columns.kind.in_(rules.kinds), columns.annuls.is_not(None)))
    if district:
        found = found.where(row.district_code == district)
    if known_before is not None:
        found = found.where(columns.recorded_at < known_before)
    if only is not None:
        found = found.where(columns.case_id.in_(only))
    rows = connection.execute(found.order_by(columns.case_id, columns.seq)).tuples()
    for key, own in groupby(rows, key=itemgetter(0)):
        every = list(own)  # unpacked: of a million rows, columns by their names take longer than the fold
        views = [FactView(seq, kind, on, data=data, annuls=annuls) for _, _, _, _, seq, kind, on, data, annuls in every]
        listed = [one for one in views if one.annuls is not None or one.occurred_on <= today]
        yield key, rules.history(_Named(*every[0][:4]), listed) if listed else None, len(listed) == len(every)


class _Named(NamedTuple):
    """A case as its row names it."""

    case_id: int
    ref: str
    district: str
    pin: str


class _Rules:
    """The versions that cases were pinned to, and the kinds of facts that matter in any of them."""

    def __init__(self, connection: Connection, known_before: datetime | None) -> None:
        self._versions = Versions(connection)
        self._read: dict[str, tuple[Procedure, BoundDates]] = {}
        self._then = {} if known_before is None else _pins_then(connection, known_before)
        pins = {*connection.execute(select(case_rows.c.procedure).distinct()).scalars(), *self._then.values()}
        kinds = frozenset({"opened", TAKEN_OVER, COMPLETED}).union(*(_kinds(*self._of(pin)) for pin in pins))
        self.kinds = all_names((self._of(pin)[0] for pin in pins), "verbs", kinds)

    def history(self, case: _Named, every: Sequence[FactView]) -> History | None:
        """The history of one case from its facts; None where its opening is not among them."""
        listed = valid_facts(every)
        if not listed or listed[0].kind != "opened":
            return None
        pin = self._then.get(case.case_id, case.pin)
        try:
            lived = _lived(*self._of(pin), listed)
        except KeyError:  # written down since, under a newer version, with a code that the older one does not have
            lived = _lived(*self._of(self._versions.in_force.pin), listed)
        state, path, spells = lived
        return History(
            case.case_id, case.ref, case.district, pin, path[0][1],
            path[-1][1] if state.closed_on else None, path, spells, bool(state.obstacles),
        )  # fmt: skip

    def _of(self, pin: str) -> tuple[Procedure, BoundDates]:
        if pin not in self._read:
            procedure = self._versions.of(pin)
            self._read[pin] = procedure, BoundDates(procedure)
        return self._read[pin]


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
    procedure: Procedure, dates: BoundDates, listed: Iterable[FactView]
) -> tuple[CaseState, list[tuple[str, date]], dict[str, list[Spell]]]:
    state, path, spells = CaseState(), [], {}  # type: ignore[var-annotated]
    for fact, on in _in_order(listed):
        step(procedure, state, fact)
        if fact.kind == TAKEN_OVER:
            path.clear()
            spells.clear()
        if not path or path[-1][0] != state.state:
            path.append((state.state, on))
        now = dates.of(state)
        for name in now:
            _begin(spells.setdefault(name, []), on)
        for name, own in spells.items():
            if name not in now and own[-1].until is None:
                own[-1] = Spell(own[-1].since, max(dates.met_on(name, state) or on, own[-1].since))
    return state, path, spells


def _in_order(listed: Iterable[FactView]) -> Iterator[tuple[FactView, date]]:
    """Facts as they were recorded, each with its day; one that is dated before an earlier one counts with that one."""
    last = date.min
    for fact in listed:
        last = max(last, fact.occurred_on)
        yield fact, last


def _begin(spells: list[Spell], on: date) -> None:
    if not spells or spells[-1].until is not None:
        spells.append(Spell(on))


def _pins_then(connection: Connection, known_before: datetime) -> dict[int, str]:
    """By case: the version before its first move that was not known yet, where there is one."""
    moved = select(facts.c.case_id, facts.c.data).where(facts.c.kind == "migrated", facts.c.recorded_at >= known_before)
    rows = connection.execute(moved.order_by(facts.c.case_id, facts.c.seq.desc())).tuples()
    return {case_id: str(data["from"]) for case_id, data in rows}
