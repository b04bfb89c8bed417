"""A new version of the procedure: what it would do to every open case, and moving them with a second person's word."""

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Engine, select, update

from casework.ledger import LoadedCase, NewFact, append, load_case
from casework.open_cases import open_cases
from casework.outbox import owe
from casework.people import actor
from casework.projection import project
from models.clock import Clock
from models.database import writing
from models.errors import Refused
from models.tables import case_rows, procedure_versions
from procedures.calendar import Calendars
from procedures.deadlines import Derived, derive_all
from procedures.facts import CaseState, FactView
from procedures.fold import fold, standing
from procedures.replay import first_broken
from procedures.schema import BUILT_IN, Procedure
from rulebook.office_calendar import calendars_of
from rulebook.shipped import digest
from rulebook.taking_up import put_in_force
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class MovedDate:
    """An open deadline that the new version moves, starts or lets fall; no date: it has none there."""

    ref: str
    key: str
    legal: bool
    before: date | None
    after: date | None
    becomes_late: bool


@dataclass(frozen=True, slots=True)
class Stuck:
    """A case that stays with its version; `code` is a words key under `procedure.stuck_`."""

    ref: str
    code: str
    what: str


@dataclass(frozen=True, slots=True)
class Lost:
    """A verb that cases may no longer do where they stand."""

    verb: str
    label: dict[str, str]
    cases: int


@dataclass(frozen=True, slots=True)
class Change:
    """What a new version does to the open cases of other versions."""

    pin: str
    cases: tuple[str, ...]  # those that can move
    lost: tuple[Lost, ...]
    moved: tuple[MovedDate, ...]
    stuck: tuple[Stuck, ...]

    @property
    def legal_moves(self) -> tuple[MovedDate, ...]:
        return tuple(item for item in self.moved if item.legal)

    @property
    def digest(self) -> str:
        """What the approver repeats, to say that these legal dates and no others were seen."""
        listed = [f"{item.ref} {item.key} {item.before} {item.after}" for item in self.legal_moves]
        return hashlib.sha256("\n".join([self.pin, *listed]).encode()).hexdigest()[:8]


def preview(connection: Connection, new: Procedure, today: date) -> Change:
    """Every open case of another version folded under the new one; nothing is changed."""
    cases, moved, stuck = [], list[MovedDate](), list[Stuck]()
    lost: Counter[tuple[str, str, str]] = Counter()
    calendars: dict[str, Calendars] = {}
    versions = Versions(connection)
    for row, facts in open_cases(connection):
        if row["procedure"] == new.pin:
            continue
        reason = _stuck(row, facts, new)
        if reason is not None:
            stuck.append(reason)
            continue
        old, code = versions.of(row["procedure"]), row["district_code"]
        if code not in calendars:
            calendars[code] = calendars_of(connection, code)
        states = fold(old, facts), fold(new, facts)
        cases.append(row["ref"])
        gone = _verbs(old, states[0]) - _verbs(new, states[1])
        lost.update((verb, old.verbs[verb].label.vi, old.verbs[verb].label.en) for verb in gone)
        before, after = derive_all(old, states[0], calendars[code]), derive_all(new, states[1], calendars[code])
        moved += _moved(row["ref"], before, after, today)
    counted = [Lost(verb, {"vi": vi, "en": en}, count) for (verb, vi, en), count in sorted(lost.items())]
    return Change(new.pin, tuple(cases), tuple(counted), tuple(moved), tuple(stuck))


def migrate(bind: Engine, new: Procedure, text: str, *, by: str, approve_by: str, seen: str, clock: Clock) -> Change:
    """Move every open case that can move, in one transaction, and keep the version's text.

    The facts stay as they are. Raises Refused: not theirs, not two people, legal dates move that `seen` does not
    name, or the version's name stands for another text.
    """
    with writing(bind) as connection:
        _require_two(connection, by, approve_by)
        change = preview(connection, new, clock.today())
        if change.legal_moves and seen != change.digest:
            raise Refused("legal_dates_move", count=len(change.legal_moves), digest=change.digest)
        _keep(connection, text, new, clock.now())
        for ref in change.cases:
            _migrate(connection, load_case(connection, ref, lock=True), new, by, approve_by, clock)
        return change


def _keep(connection: Connection, text: str, procedure: Procedure, now: datetime) -> None:
    columns, pin = procedure_versions.c, procedure.pin
    known = connection.scalar(select(columns.sha256).where(columns.pin == pin))
    if known is None:
        row = {"pin": pin, "text": text, "sha256": digest(text), "status": "available", "added_by": "", "added_at": now}
        row |= {"note": "", "mark": "", "history": []}
        connection.execute(procedure_versions.insert().values(row))
    elif known != digest(text):
        raise Refused("version_means_another", pin=pin)
    put_in_force(connection, pin, now)


def _require_two(connection: Connection, by: str, approve_by: str) -> None:
    first, second = actor(connection, by), actor(connection, approve_by)
    if first.district is not None or first.role not in ("admin", "manager", "leader"):
        raise Refused("migration_not_yours")
    if second.district is not None or second.role not in ("legal", "leader") or second.id == first.id:
        raise Refused("migration_needs_approval")


def _stuck(row: Mapping[str, Any], facts: Sequence[FactView], new: Procedure) -> Stuck | None:
    """Why a case cannot go under the new version."""
    unknown = next((fact.kind for fact in standing(facts) if fact.kind not in BUILT_IN | set(new.verbs)), None)
    if unknown is not None:
        return Stuck(row["ref"], "verb", unknown)
    try:
        broken = first_broken(new, facts)
        state = fold(new, facts)
    except KeyError as missing:  # a fact names a state or an overlay that the new version does not have
        return Stuck(row["ref"], "code", str(missing.args[0]))
    if broken is not None:
        return Stuck(row["ref"], "path", broken.kind)
    absent = next((key for key in state.clocks if key not in new.deadlines), None)
    return Stuck(row["ref"], "code", absent) if absent else None


def _verbs(procedure: Procedure, state: CaseState) -> set[str]:
    return {name for name, verb in procedure.verbs.items() if state.state in procedure.sources(verb)}


def _moved(ref: str, before: Mapping[str, Derived], after: Mapping[str, Derived], today: date) -> list[MovedDate]:
    found = []
    for key in {**before, **after}:
        old, new = _open(before.get(key)), _open(after.get(key))
        was, now = old.ends_on if old else None, new.ends_on if new else None
        if (old is None and new is None) or (old and new and (was, old.kind) == (now, new.kind)):
            continue
        legal = any(item is not None and item.kind == "legal" for item in (old, new))
        late = now is not None and now < today and not (was is not None and was < today)
        found.append(MovedDate(ref, key, legal, was, now, late))
    return found


def _open(item: Derived | None) -> Derived | None:
    return item if item is not None and item.status == "open" else None


def _migrate(
    connection: Connection, loaded: LoadedCase, new: Procedure, by: str, approve_by: str, clock: Clock
) -> None:
    now, row = clock.now(), loaded.row
    before = derive_all(loaded.procedure, loaded.state, calendars_of(connection, row["district_code"]))
    data = {"from": row["procedure"], "to": new.pin, "approved_by": approve_by}
    role = actor(connection, by).role
    fact, head = append(connection, row, NewFact("migrated", clock.today(), now, by, role, data))
    connection.execute(update(case_rows).where(case_rows.c.id == row["id"]).values(procedure=new.pin))
    state = fold(new, [*loaded.facts, fact])
    after = project(connection, row, new, state, head, row["officer_id"], now)
    _withdraw(connection, row, fact.seq, [item.key for item in _moved(row["ref"], before, after, clock.today())], now)


def _withdraw(connection: Connection, row: Mapping[str, Any], seq: int, keys: Sequence[str], now: datetime) -> None:
    """What has been announced of the old dates is to be taken back."""
    if keys:
        payload = {"keys": list(keys), "seq": seq, "verb": "migrated"}
        owe(connection, row["id"], [(f"{row['ref']}:{seq}:withdraw:", "withdraw", payload)], now)
