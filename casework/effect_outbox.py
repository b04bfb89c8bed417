"""Effects an act requires, written in the act's own transaction; the flows do them and note it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.dialects import postgresql, sqlite

from models.database import is_sqlite
from models.tables import effects

_INSERT_ONCE = {
    "sqlite": sqlite.insert(effects).on_conflict_do_nothing(index_elements=["key"]),
    "postgresql": postgresql.insert(effects).on_conflict_do_nothing(index_elements=["key"]),
}


def effect_row(
    case_id: int | None, key: str, kind: str, payload: Mapping[str, Any], now: datetime
) -> dict[str, Any]:  # fmt: skip
    """The row of an effect that nobody did yet."""
    return {
        "key": key, "case_id": case_id, "kind": kind, "payload": dict(payload), "status": "pending",
        "attempts": 0, "next_at": now, "created_at": now, "note": "",
    }  # fmt: skip


def enqueue(
    connection: Connection, case_id: int | None, pending: Iterable[tuple[str, str, Mapping[str, Any]]], now: datetime
) -> None:
    """Write effects as (key, kind, payload); a key that is known already changes nothing."""
    enqueue_many(connection, [(case_id, key, kind, payload) for key, kind, payload in pending], now)


def enqueue_many(
    connection: Connection, pending: Iterable[tuple[int | None, str, str, Mapping[str, Any]]], now: datetime
) -> None:
    """`enqueue` for many cases at once, as (case, key, kind, payload)."""
    values = [effect_row(case_id, key, kind, payload, now) for case_id, key, kind, payload in pending]
    if values:
        connection.execute(_INSERT_ONCE["sqlite" if is_sqlite(connection) else "postgresql"], values)
