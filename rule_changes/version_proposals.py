"""Proposal and approval of a version of the procedure, by two different people of the city's office."""

import re
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, ScalarSelect, func, select, update

from casework.effect_outbox import enqueue
from casework.office.people import Actor, actor
from letters.template_terms import named_in_letters
from models.clock import Clock
from models.database import is_sqlite
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.tables import case_rows, procedure_versions
from models.typed_rows import all_rows, first_row
from models.typed_rows.office_shapes import VersionRow
from procedures.definition.loader import read
from procedures.schema import Procedure
from procedures.state_machine.field_values import clean_text
from rule_changes.beside_others import changed_beside_others
from rule_changes.version_impact import Change
from rule_changes.version_migration import Approval, Migration
from rulebook.shipped import digest
from rulebook.version_sync import put_in_force
from rulebook.versions import Versions
from templates.words import both

PROPOSERS = frozenset({"admin", "manager", "leader"})
APPROVERS = frozenset({"legal", "leader"})
NOTIFIED_ACTS = frozenset({"proposed", "returned", "approved"})
UNDECIDED = ("available", "returned", "withdrawn", "retired")  # what may be proposed, once or again
_PIN = re.compile(r"[a-z0-9][a-z0-9-]{0,60}@[A-Za-z0-9][A-Za-z0-9.-]{0,30}")
_COLUMNS = procedure_versions.c


class ListedVersion(VersionRow):
    """A version with the number of its cases."""

    open_cases: int
    all_cases: int


def may_propose(person: Actor) -> bool:
    """The administrator, the managers and the leaders of the city's own office."""
    return person.district is None and person.role in PROPOSERS


def may_decide(person: Actor, version: VersionRow) -> bool:
    """The legal office and the leaders of the city, except the person who proposed it."""
    return person.district is None and person.role in APPROVERS and version["proposed_by"] != person.login


def versions(connection: Connection, *only: ColumnElement[bool]) -> list[ListedVersion]:
    """Versions with the number of their cases, open and all: in force, waiting, then the others, newest first."""
    open_cases, all_cases = _case_count(case_rows.c.closed_on.is_(None)), _case_count()
    columns = [column for column in _COLUMNS if column.name != "text"]
    found = select(*columns, open_cases.label("open_cases"), all_cases.label("all_cases")).where(*only)
    rank = {"in_force": 0, "proposed": 1}
    listed = sorted(all_rows(ListedVersion, connection.execute(found)), key=lambda row: row["added_at"], reverse=True)
    return sorted(listed, key=lambda row: rank.get(row["status"], 2))


def version(connection: Connection, pin: str) -> ListedVersion:
    """One of `versions`. Raises NotFound."""
    found = versions(connection, _COLUMNS.pin == pin)
    if not found:
        raise NotFound("no_such_procedure", pin=pin)
    return found[0]


def proposed(connection: Connection) -> list[ListedVersion]:
    """Those of `versions` that wait for a decision."""
    return versions(connection, _COLUMNS.status == "proposed")


def text_of(connection: Connection, pin: str) -> str:
    """The file of a version. Raises NotFound."""
    found = connection.scalar(select(_COLUMNS.text).where(_COLUMNS.pin == pin))
    if found is None:
        raise NotFound("no_such_procedure", pin=pin)
    return str(found)


def checked(connection: Connection, text: str, name: str) -> Procedure:
    """The procedure of a file that could be proposed here.

    Raises ProcedureBroken with every problem, WrongInput when it is another procedure or has no usable name.
    """
    new = read(text, name, named_in_letters())
    own = Versions(connection).in_force
    if not _PIN.fullmatch(new.pin):
        raise WrongInput("version", "version_name", pin=new.pin[:100])
    if new.procedure != own.procedure:
        raise WrongInput("procedure", "another_procedure", found=new.procedure, own=own.procedure)
    return new


def add(connection: Connection, text: str, name: str, *, by: str, clock: Clock) -> str:
    """Store a file as a version that may be proposed. Returns its pin (`name@version`).

    Raises ProcedureBroken, WrongInput, Refused: no right to propose, or the pin is already that of another text.
    """
    person = actor(connection, by)
    if not may_propose(person):
        raise Refused("proposing_not_yours")
    new, sha256 = checked(connection, text, name), digest(text)
    row = _locked(connection, new.pin)
    if row is not None and row["sha256"] == sha256:
        return new.pin
    if row is not None and (row["adopted_at"] or row["status"] == "proposed"):
        raise Refused("version_means_another", pin=new.pin)
    now = clock.now()
    values: dict[str, Any] = {
        "text": text, "sha256": sha256, "status": "available", "added_by": by, "added_at": now, "note": "",
    }  # fmt: skip
    if row is None:
        entry = _entry("added", by, now)
        connection.execute(procedure_versions.insert().values(**values, pin=new.pin, mark="", history=[entry]))
    else:
        _note(connection, row, "added", by, now, **values)
    return new.pin


def propose(connection: Connection, pin: str, *, by: str, note: str = "", clock: Clock) -> None:
    """Propose a version for approval by a second person. Raises NotFound, WrongInput, Refused."""
    person, row = actor(connection, by), _one(connection, pin)
    if not may_propose(person):
        raise Refused("proposing_not_yours")
    if row["status"] not in UNDECIDED:
        raise Refused("version_not_free", pin=pin, status=_status(row))
    text = clean_text("note", note)
    now = clock.now()
    values = {"status": "proposed", "proposed_by": by, "proposed_at": now, "note": text}
    _note(connection, row, "proposed", by, now, text, **values)


def approve(bind: Engine, pin: str, *, by: str, seen: str, clock: Clock) -> Change:
    """Put a proposed version in force and move every open case that can move, in one transaction.

    The cases are planned beside other people's work. `seen` is the mark of the preview. Raises NotFound, Refused, and
    Conflict when the preview says something else now.
    """

    def make(connection: Connection) -> Migration:
        person, row = actor(connection, by), version(connection, pin)
        _require_decider(person, row)
        return _planned(connection, row, person, seen, clock)

    def write(connection: Connection, migration: Migration) -> Change:
        person, row = actor(connection, by), _one(connection, pin)
        _require_decider(person, row)
        change = _moved(migration, pin, seen)
        now = clock.now()
        _note(connection, _one(connection, Versions(connection).in_force.pin), "retired", by, now, pin)
        put_in_force(connection, pin, now)
        _note(connection, row, "approved", by, now, mark=change.mark, decided_by=by, decided_at=now)
        return change

    return changed_beside_others(bind, clock, make, write)


def send_back(connection: Connection, pin: str, *, by: str, reason: str, clock: Clock) -> None:
    """Return a proposal to its author with the reason. Raises NotFound, WrongInput, Refused."""
    person, row = actor(connection, by), _one(connection, pin)
    _require_decider(person, row)
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    now = clock.now()
    values = {"status": _left(row, "returned"), "decided_by": by, "decided_at": now}
    _note(connection, row, "returned", by, now, text, **values)


def withdraw(connection: Connection, pin: str, *, by: str, clock: Clock) -> None:
    """Take a proposal back before it is decided. Raises NotFound, Refused."""
    person, row = actor(connection, by), _one(connection, pin)
    if not may_propose(person):
        raise Refused("proposing_not_yours")
    _require_proposed(row)
    _note(connection, row, "withdrawn", by, clock.now(), status=_left(row, "withdrawn"))


def move_remaining(bind: Engine, *, by: str, seen: str, clock: Clock, refs: Collection[str] = ()) -> Change:
    """Move open cases that were left behind, all or those of `refs`, to the version in force.

    The version is approved already; moving the rest takes an approver who did not propose it.
    Raises Refused, Conflict.
    """

    def decider(connection: Connection) -> tuple[Actor, VersionRow]:
        person = actor(connection, by)
        row = version(connection, Versions(connection).in_force.pin)
        if not may_decide(person, row):
            raise Refused("deciding_not_yours")
        return person, row

    def make(connection: Connection) -> Migration:
        person, row = decider(connection)
        return _planned(connection, row, person, seen, clock, refs)

    def write(connection: Connection, migration: Migration) -> Change:
        _, row = decider(connection)
        change = _moved(migration, row["pin"], seen)
        _note(connection, _one(connection, row["pin"]), "moved", by, clock.now(), str(len(change.cases)))
        return change

    return changed_beside_others(bind, clock, make, write)


def _planned(
    connection: Connection, row: VersionRow, person: Actor, seen: str, clock: Clock, refs: Collection[str] = ()
) -> Migration:
    """Raises Conflict: by now it does something else than was seen."""
    new = Versions(connection).of(row["pin"])
    migration = Migration(connection, new, Approval(row["proposed_by"] or "", person, clock), refs)
    _require_seen(migration.change(), row["pin"], seen)
    return migration


def _moved(migration: Migration, pin: str, seen: str) -> Change:
    """Move the cases, those that were changed meanwhile too. Raises Conflict as `_planned`."""
    migration.catch_up()
    change = migration.change()
    _require_seen(change, pin, seen)
    migration.write()
    return change


def _require_seen(change: Change, pin: str, seen: str) -> None:
    if change.mark != seen.strip().lower():
        raise Conflict("version_change_differs", pin=pin, mark=change.mark, legal=len(change.legal))


def _require_decider(person: Actor, row: VersionRow) -> None:
    if person.district is not None or person.role not in APPROVERS:
        raise Refused("deciding_not_yours")
    _require_proposed(row)
    if row["proposed_by"] == person.login:
        raise Refused("deciding_own_proposal")


def _require_proposed(row: VersionRow) -> None:
    if row["status"] != "proposed":
        raise Refused("version_not_proposed", pin=row["pin"], status=_status(row))


def _status(row: VersionRow) -> dict[str, str]:
    return both(f"procedure.status_{row['status']}")


def _left(row: VersionRow, status: str) -> str:
    """The status of a proposal returned or withdrawn: `retired` for a version once in force, else `status`."""
    return "retired" if row["adopted_at"] else status


def _one(connection: Connection, pin: str) -> VersionRow:
    row = _locked(connection, pin)
    if row is None:
        raise NotFound("no_such_procedure", pin=pin)
    return row


def _locked(connection: Connection, pin: str) -> VersionRow | None:
    """The row, locked until the transaction ends, so that two decisions cannot overlap."""
    found = select(*(column for column in _COLUMNS if column.name != "text")).where(_COLUMNS.pin == pin)
    return first_row(VersionRow, connection.execute(found if is_sqlite(connection) else found.with_for_update()))


def _note(
    connection: Connection, row: VersionRow, act: str, by: str, at: datetime, text: str = "", **values: object
) -> None:
    """Write columns of a version and an entry of its history; enqueue the notification of a NOTIFIED_ACT."""
    history = [*row["history"], _entry(act, by, at, text)]
    changed = update(procedure_versions).where(_COLUMNS.pin == row["pin"])
    connection.execute(changed.values(**values, history=history))
    if act in NOTIFIED_ACTS:
        occasion = f"version:{row['pin']}:{len(history)}"
        payload = {"act": act, "pin": row["pin"], "by": by, "text": text, "occasion": occasion}
        enqueue(connection, None, [(occasion, "version", payload)], at)


def _entry(act: str, by: str, at: datetime, text: str = "") -> dict[str, str]:
    return {"act": act, "by": by, "at": at.isoformat(), "text": text}


def _case_count(*conditions: ColumnElement[bool]) -> ScalarSelect[int]:
    return (
        select(func.count())
        .select_from(case_rows)
        .where(case_rows.c.procedure == _COLUMNS.pin, *conditions)
        .scalar_subquery()
    )
