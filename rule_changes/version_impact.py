"""What a version of the procedure does to the open cases of other versions, in counts, dates and references."""

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from sqlalchemy import Connection, func, select

from casework.upkeep.open_cases import open_elsewhere
from models.tables import officers
from models.tracking import Track, silent
from models.typed_rows.case_shapes import CaseRow
from procedures.facts import CaseState, FactView
from procedures.legal_time.deadlines import Derived
from procedures.schema import Procedure, Words
from rule_changes.announcements import Announcements
from rule_changes.version_plan import Plan, Stuck, plan_of
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import office_readings
from rulebook.versions import Versions

MARK = 12  # hex digits of the digest that the approver repeats


@dataclass(frozen=True, slots=True)
class MovedDate:
    """An open deadline that moves, starts, ends or changes its kind. No date: there is none, or it is suspended."""

    ref: str
    unit: str
    case_id: int
    key: str
    label: Mapping[str, str]
    was: str  # kind: legal | programme | target | period, nothing where there was none
    becomes: str
    before: date | None
    after: date | None
    late: bool  # it becomes overdue by the change
    known_as: str = ""  # its key in the version that the case leaves
    notified: int = 0  # people who were notified of the old date
    written: bool = False  # a letter of the case was sent out; it may name the date

    @property
    def legal(self) -> bool:
        return bool({"legal", "period"} & {self.was, self.becomes})


@dataclass(frozen=True, slots=True)
class Step:
    """A verb that cases gain or lose in their state; `role`: for that role alone."""

    verb: str
    label: Mapping[str, str]
    refs: tuple[str, ...]
    role: str = ""
    role_label: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Restated:
    """Cases whose state has another name in the version."""

    before: Mapping[str, str]
    after: Mapping[str, str]
    refs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoleGone:
    """A role that people have and that the version does not know."""

    role: str
    label: Mapping[str, str]
    people: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a version does to the open cases of other versions."""

    pin: str
    cases: tuple[str, ...]  # those that can move
    lost: tuple[Step, ...]
    gained: tuple[Step, ...]
    restated: tuple[Restated, ...]
    moved: tuple[MovedDate, ...]  # legal limits first
    stuck: tuple[Stuck, ...]
    roles: tuple[RoleGone, ...]
    mark: str

    @property
    def legal(self) -> tuple[MovedDate, ...]:
        return tuple(item for item in self.moved if item.legal)

    @property
    def late(self) -> tuple[MovedDate, ...]:
        return tuple(item for item in self.moved if item.late)


def preview(
    connection: Connection, new: Procedure, today: date, refs: Collection[str] = (), *, track: Track = silent
) -> Change:
    """Every open case of another version, or those of `refs`, folded under this one; nothing is changed."""
    planner = Planner(connection, new)
    tally = Tally(new, today)
    for batch in open_elsewhere(connection, new.pin, refs, track=track):
        for row, facts in batch:
            tally.add(planner.plan(row, facts))
    return tally.change(connection)


class Planner:
    """Plans of many cases: calendars and versions are read once."""

    def __init__(self, connection: Connection, new: Procedure) -> None:
        self._calendars, self._versions, self._new = OfficeCalendars(connection), Versions(connection), new
        self._readings = office_readings(connection)

    def plan(self, row: CaseRow, facts: Sequence[FactView]) -> Plan | Stuck:
        """The case by both versions, each as its office reads it."""
        office = office_of(row)
        old, new = (self._readings.read(item, office) for item in (self._versions.of(row["procedure"]), self._new))
        return plan_of(row, facts, old, new, self._calendars.of(office))

    def calendar(self, row: CaseRow) -> str:
        """The version of the calendars that a case's office counts by."""
        return self._calendars.of(office_of(row)).version


_Place = tuple[str, str, tuple[str, ...], str, tuple[str, ...]]  # version, state and overlays before, after


class Tally:
    """Counts plans as they come; cases in the same states are compared once."""

    def __init__(self, new: Procedure, today: date) -> None:
        self._new, self._today = new, today
        self._alike: dict[_Place, tuple[Plan, list[str]]] = {}
        self._moved: list[MovedDate] = []
        self._stuck: list[Stuck] = []
        self._refs: list[str] = []

    def add(self, plan: Plan | Stuck) -> None:
        if isinstance(plan, Stuck):
            self._stuck.append(plan)
            return
        self._refs.append(plan.row["ref"])
        before, after = plan.before, plan.after
        place = plan.old.pin, before.state, tuple(before.overlays), after.state, tuple(after.overlays)
        self._alike.setdefault(place, (plan, []))[1].append(plan.row["ref"])
        self._moved += moved_dates(plan, self._today)

    def forget(self, refs: Collection[str]) -> None:
        """Take the plans of these cases away again."""
        self._refs = [ref for ref in self._refs if ref not in refs]
        self._stuck = [item for item in self._stuck if item.ref not in refs]
        self._moved = [item for item in self._moved if item.ref not in refs]
        kept = ((place, plan, [ref for ref in own if ref not in refs]) for place, (plan, own) in self._alike.items())
        self._alike = {place: (plan, own) for place, plan, own in kept if own}

    def change(self, connection: Connection) -> Change:
        """All plans added so far as one Change, with what was announced of the dates that move."""
        lost, gained = _Steps(), _Steps()
        restated: dict[tuple[str, ...], tuple[Plan, list[str]]] = {}
        for plan, refs in self._alike.values():
            _compare(plan, refs, lost, gained)
            words = _state(plan.old, plan.before), _state(plan.new, plan.after)
            if words[0] != words[1]:
                restated.setdefault((words[0].vi, words[1].vi), (plan, []))[1].extend(refs)
        moved = _with_news(connection, self._moved)
        stuck = tuple(sorted(self._stuck, key=lambda item: item.ref))
        seen = (tuple(sorted(self._refs)), lost.listed(), gained.listed(), _restated(restated), moved, stuck)
        change = Change(self._new.pin, *seen, roles=_roles_gone(connection, self._new), mark="")
        return replace(change, mark=_mark(self._new, change))


class _Steps:
    def __init__(self) -> None:
        self._found: dict[tuple[str, str], tuple[Procedure, list[str]]] = {}

    def add(self, procedure: Procedure, verb: str, refs: Sequence[str], role: str = "") -> None:
        self._found.setdefault((verb, role), (procedure, []))[1].extend(refs)

    def listed(self) -> tuple[Step, ...]:
        """Steps of every role before those of one role; those of the most cases first."""
        steps = [
            Step(
                verb, _pair(procedure.verbs[verb].label), tuple(sorted(refs)), role,
                _pair(procedure.roles[role]) if role else {},
            )
            for (verb, role), (procedure, refs) in self._found.items()
        ]  # fmt: skip
        return tuple(sorted(steps, key=lambda step: (bool(step.role), -len(step.refs), step.verb, step.role)))


def _compare(plan: Plan, refs: Sequence[str], lost: _Steps, gained: _Steps) -> None:
    old, new = plan.old, plan.new
    before, after = _open_verbs(old, plan.before), _open_verbs(new, plan.after)
    for verb in before - after:
        lost.add(old, verb, refs)
    for verb in after - before:
        gained.add(new, verb, refs)
    for verb in before & after:
        for role in set(old.verbs[verb].by) - set(new.verbs[verb].by):
            lost.add(old, verb, refs, role)
        for role in set(new.verbs[verb].by) - set(old.verbs[verb].by):
            gained.add(new, verb, refs, role)


def _open_verbs(procedure: Procedure, state: CaseState) -> set[str]:
    """The verbs allowed in a state, by any role."""
    blocked = {verb for overlay in state.overlays for verb in procedure.overlays[overlay].blocks}
    return {name for name, verb in procedure.verbs.items() if state.state in procedure.sources(verb)} - blocked


def moved_dates(plan: Plan, today: date) -> list[MovedDate]:
    """The open deadlines of a case whose kind or end differs under the new version."""
    found, former = [], {new: old for old, new in plan.renamed.items()}
    for key in {**plan.dates_before, **plan.dates_after}:
        old, new = _open(plan.dates_before.get(key)), _open(plan.dates_after.get(key))
        was, becomes = old.kind if old else "", new.kind if new else ""
        before, after = old.ends_on if old else None, new.ends_on if new else None
        if (was, before) == (becomes, after):
            continue
        late = becomes != "period" and after is not None and after < today <= (before or today)
        label = _pair((plan.new.deadlines.get(key) or plan.old.deadlines[key]).label)
        row = plan.row
        case, known_as = (row["ref"], row["unit_name"], row["id"]), former.get(key, key)
        found.append(MovedDate(*case, key, label, was, becomes, before, after, late, known_as))
    return found


def _open(item: Derived | None) -> Derived | None:
    return item if item is not None and item.status == "open" else None


def _with_news(connection: Connection, moved: Sequence[MovedDate]) -> tuple[MovedDate, ...]:
    out = Announcements(connection, (item.case_id for item in moved))
    found = [
        replace(
            item,
            notified=max(out.notified(item.case_id, key) for key in (item.key, item.known_as)),
            written=out.has_issued_letter(item.case_id),
        )
        for item in moved
    ]
    return tuple(sorted(found, key=lambda item: (not item.legal, not item.late, item.key, item.ref)))


def _restated(found: Mapping[tuple[str, ...], tuple[Plan, list[str]]]) -> tuple[Restated, ...]:
    listed = [
        Restated(_pair(_state(plan.old, plan.before)), _pair(_state(plan.new, plan.after)), tuple(sorted(refs)))
        for plan, refs in found.values()
    ]
    return tuple(sorted(listed, key=lambda item: (-len(item.refs), item.before["vi"])))


def _state(procedure: Procedure, state: CaseState) -> Words:
    return procedure.states[state.state].label


def _roles_gone(connection: Connection, new: Procedure) -> tuple[RoleGone, ...]:
    counted = select(officers.c.role, func.count()).where(officers.c.active, officers.c.role != "admin")
    rows = connection.execute(counted.group_by(officers.c.role).order_by(officers.c.role)).tuples()
    people: dict[str, int] = dict(rows.all())
    versions = Versions(connection)
    labels = {role: versions.in_force.roles.get(role) for role in people}
    return tuple(
        RoleGone(role, _pair(words) if (words := labels[role]) else {"vi": role, "en": role}, count)
        for role, count in people.items()
        if role not in new.roles
    )


def _mark(new: Procedure, change: Change) -> str:
    """The digest of the text and the grave changes: legal limits that move, stuck cases, lost steps and roles.

    Acts on other cases and the passing of a day leave it as it is, so an approver's preview stays valid.
    """
    listed = [new.model_dump_json()]
    listed += [f"legal {item.ref} {item.key} {item.was} {item.before} {item.after}" for item in change.legal]
    listed += [f"stuck {item.ref} {item.code}" for item in change.stuck]
    listed += [f"lost {step.verb} {step.role}" for step in change.lost]
    listed += [f"role {item.role}" for item in change.roles]
    return hashlib.sha256("\n".join([listed[0], *sorted(listed[1:])]).encode()).hexdigest()[:MARK]


def _pair(words: Words) -> Mapping[str, str]:
    return {"vi": words.vi, "en": words.en}
