"""Synchronises the table of versions with the shipped texts at every start, without changing any case."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, update

from models.tables import case_rows, procedure_versions
from rulebook.office_edition import sync_edition
from rulebook.shipped import Shipped, ShippedText, shipped


@dataclass(frozen=True, slots=True)
class SyncResult:
    """What a person has to review: a new version (its pin), an edition of the days off, pins whose text differs."""

    available: str = ""
    edition: int | None = None
    differing: tuple[str, ...] = ()


def sync_versions(connection: Connection, now: datetime, brought: Shipped | None = None) -> SyncResult:
    """Store missing versions. An office without cases adopts the shipped version; one with cases keeps its own.

    `brought`: other texts than the shipped ones, for tests.
    """
    package = brought or shipped()
    pinned = _pinned(connection)
    _store_former(connection, package, pinned, now)
    _refresh(connection, package.current, pinned, now)
    stored = _stored(connection)
    if not any(row["status"] == "in_force" for row in stored.values()):
        put_in_force(connection, _first(package, pinned, stored), now)
    elif not pinned and not any(row["decided_by"] for row in stored.values()):
        put_in_force(connection, package.current.pin, now)
    return _outcome(connection, package, sync_edition(connection, now))


def put_in_force(connection: Connection, pin: str, now: datetime) -> None:
    """Open new cases under this version from now on; the version in force until now is retired."""
    columns, statement = procedure_versions.c, update(procedure_versions)
    connection.execute(statement.where(columns.status == "in_force", columns.pin != pin).values(status="retired"))
    first = connection.scalar(select(columns.adopted_at).where(columns.pin == pin)) or now
    connection.execute(statement.where(columns.pin == pin).values(status="in_force", adopted_at=first))


def _pinned(connection: Connection) -> dict[str, int]:
    """The number of cases pinned to each version."""
    counted = select(case_rows.c.procedure, func.count()).group_by(case_rows.c.procedure)
    return dict(connection.execute(counted).tuples().all())


def _stored(connection: Connection) -> Mapping[str, Mapping[str, Any]]:
    columns = procedure_versions.c
    found = select(columns.pin, columns.sha256, columns.status, columns.adopted_at, columns.decided_by)
    return {row["pin"]: dict(row) for row in connection.execute(found).mappings()}


def _store_former(connection: Connection, package: Shipped, pinned: Mapping[str, int], now: datetime) -> None:
    known = _stored(connection)
    for pin in sorted(pinned.keys() - known.keys()):
        found = package.former.get(pin)
        if found is not None:
            _add(connection, found, now, status="retired", adopted_at=now)


def _refresh(connection: Connection, current: ShippedText, pinned: Mapping[str, int], now: datetime) -> None:
    """Add the shipped version; its text is replaced only while no case and no proposal refers to it."""
    row = _stored(connection).get(current.pin)
    if row is None:
        _add(connection, current, now, status="available")
    elif row["sha256"] != current.sha256 and current.pin not in pinned and row["status"] != "proposed":
        changed = update(procedure_versions).where(procedure_versions.c.pin == current.pin)
        connection.execute(changed.values(text=current.text, sha256=current.sha256))


def _add(connection: Connection, found: ShippedText, now: datetime, **more: Any) -> None:
    row = {
        "pin": found.pin, "text": found.text, "sha256": found.sha256, "added_by": "", "added_at": now, "note": "",
        "mark": "", "history": [{"act": "shipped", "by": "", "at": now.isoformat()}], **more,
    }  # fmt: skip
    connection.execute(procedure_versions.insert().values(row))


def _first(package: Shipped, pinned: Mapping[str, int], stored: Mapping[str, Any]) -> str:
    """The version for an office without a version in force: the one most of its cases have, else the shipped one."""
    own = [(count, pin) for pin, count in pinned.items() if pin in stored]
    return max(own)[1] if own else package.current.pin


def differing(connection: Connection, brought: Shipped | None = None) -> tuple[str, ...]:
    """Return the pins whose shipped text differs from the stored one; cases keep following the stored text."""
    package, stored = brought or shipped(), _stored(connection)
    texts = (package.current, *package.former.values())
    return tuple(item.pin for item in texts if item.pin in stored and stored[item.pin]["sha256"] != item.sha256)


def _outcome(connection: Connection, package: Shipped, edition: int | None) -> SyncResult:
    waiting = _stored(connection)[package.current.pin]["status"] == "available"
    return SyncResult(package.current.pin if waiting else "", edition, differing(connection, package))
