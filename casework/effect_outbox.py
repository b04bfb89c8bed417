"""Effects an act requires, written in the act's own transaction; the flows do them and note it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam
from sqlalchemy.dialects import postgresql, sqlite

from models.driver_sql import DriverStatement, Writes
from models.tables import effects
from procedures.legal_time.deadlines import Derived

_COLUMNS = ("key", "case_id", "kind", "payload", "status", "attempts", "next_at", "created_at", "note")
_GIVEN: dict[str, Any] = {name: bindparam(name) for name in _COLUMNS}
_INSERT_ONCE = DriverStatement(
    {
        name: module.insert(effects).inline().values(_GIVEN).on_conflict_do_nothing(index_elements=["key"])
        for name, module in (("sqlite", sqlite), ("postgresql", postgresql))
    }
)


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


def enqueue_with(
    writes: Writes, case_id: int, pending: Iterable[tuple[str, str, Mapping[str, Any]]], now: datetime
) -> None:
    """`enqueue` together with other writes."""
    writes.add(_INSERT_ONCE, _rows([(case_id, key, kind, payload) for key, kind, payload in pending], now))


def enqueue_many(
    connection: Connection, pending: Iterable[tuple[int | None, str, str, Mapping[str, Any]]], now: datetime
) -> None:
    """`enqueue` for many cases at once, as (case, key, kind, payload)."""
    _INSERT_ONCE.run_many(connection, _rows(pending, now))


def _rows(pending: Iterable[tuple[int | None, str, str, Mapping[str, Any]]], now: datetime) -> list[dict[str, Any]]:
    return [effect_row(case_id, key, kind, payload, now) for case_id, key, kind, payload in pending]


def effect_of_fact(ref: str, seq: int, kind: str, payload: dict[str, Any]) -> tuple[str, str, dict[str, Any]]:
    return f"{ref}:{seq}:{kind}:{payload.get('template', '')}", kind, payload | {"seq": seq}


def withdrawal(
    ref: str, seq: int, before: Mapping[str, Derived], after: Mapping[str, Derived]
) -> list[tuple[str, str, dict[str, Any]]]:
    """The effects that withdraw announcements of deadlines that moved, stopped or no longer apply."""
    moved = [key for key, old in before.items() if old.status == "open" and _moved(old, after.get(key))]
    return [effect_of_fact(ref, seq, "withdraw", {"keys": moved})] if moved else []


def _moved(old: Derived, new: Derived | None) -> bool:
    return new is None or (new.status in ("waiting", "open") and new.ends_on != old.ends_on)
