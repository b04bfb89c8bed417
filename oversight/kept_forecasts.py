"""Forecasts that were shown: kept as they were said, and held against what came."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Connection, Engine, select
from sqlalchemy.dialects import postgresql, sqlite

from foresight.log import EventLog
from models.database import is_sqlite, reading, writing
from models.tables import kept_forecasts
from oversight.case_histories import histories
from oversight.event_log import event_log
from oversight.forecast import METHOD, Forecast, Outlook, PastForecast

_KEYS = ("day", "district", "milestone", "until_on", "method", "digest")


@dataclass(frozen=True, slots=True)
class Kept:
    """A forecast that was shown and whose day has come: `milestone` is the fixed date it was made for."""

    milestone: str
    past: PastForecast


@dataclass(frozen=True, slots=True)
class HitRate:
    """How often what came lay in the range that was shown; `listed` are the forecasts, the newest first."""

    listed: tuple[Kept, ...]

    @property
    def matured(self) -> int:
        return len(self.listed)

    @property
    def hits(self) -> int:
        return sum(item.past.hit for item in self.listed)


def keep(bind: Engine, today: date, district: str | None, found: Sequence[Forecast], now: datetime) -> int:
    """Keep what is shown on a day; how many rows are new. Shown twice alike it is kept once, as it was shown
    first."""
    rows = [_row(item, today, district, now) for item in found]
    with reading(bind) as connection:
        columns = kept_forecasts.c
        own = columns.day == today, columns.district == (district or "")
        known = set(
            connection.execute(select(columns.milestone, columns.until_on, columns.digest).where(*own)).tuples()
        )
    rows = [row for row in rows if (row["milestone"], row["until_on"], row["digest"]) not in known]
    if rows:
        with writing(bind) as connection:
            module = sqlite if is_sqlite(connection) else postgresql
            insert = module.insert(kept_forecasts).on_conflict_do_nothing(index_elements=_KEYS)
            connection.execute(insert, rows)
    return len(rows)


def hit_rate(connection: Connection, today: date, *, district: str | None = None) -> HitRate:
    """The forecasts shown for a district (None: for all) whose day has come by `today`, with what came by it.

    Of several that were shown on one day for one date the last counts. One without figures is no trial.
    """
    columns = kept_forecasts.c
    wanted = select(kept_forecasts).where(columns.district == (district or ""), columns.day < today)
    rows = [dict(row) for row in connection.execute(wanted.order_by(columns.id)).mappings()]
    rows = [row for row in rows if any(_has_come(one, today) for one in row["said"])]
    if not rows:
        return HitRate(())
    latest = {(row["day"], row["milestone"], row["until_on"]): row for row in rows}
    found = histories(connection, today, district=district)
    logs = {name: event_log(found, today, name) for name in {row["milestone"] for row in rows}}
    listed = [kept for row in latest.values() for kept in _matured(row, logs[row["milestone"]], today)]
    return HitRate(
        tuple(sorted(listed, key=lambda item: (item.past.until, item.past.on, item.milestone), reverse=True))
    )


def _row(item: Forecast, today: date, district: str | None, now: datetime) -> dict[str, Any]:
    said = [_outlook(one) for one in (*item.fan, item.outlook)]
    digest = sha256(json.dumps(said[-1], sort_keys=True).encode()).hexdigest()
    return {
        "day": today, "district": district or "", "milestone": item.milestone.key, "until_on": item.milestone.on,
        "method": METHOD, "digest": digest, "said": said, "made_at": now,
    }  # fmt: skip


def _outlook(one: Outlook) -> dict[str, Any]:
    document = asdict(one)
    document.pop("trials")
    return document | {"on": one.on.isoformat(), "quantiles": list(one.quantiles)}


def _matured(row: Mapping[str, Any], log: EventLog, today: date) -> list[Kept]:
    come = [one for one in row["said"] if _has_come(one, today)]
    return [Kept(row["milestone"], _past(row["day"], date.fromisoformat(one["on"]), one, log)) for one in come]


def _has_come(one: Mapping[str, Any], today: date) -> bool:
    """Whether figures were shown for a day that is there."""
    return one["low"] is not None and one["on"] <= today.isoformat()


def _past(day: date, on: date, one: Mapping[str, Any], log: EventLog) -> PastForecast:
    return PastForecast(day, on, one["bound"], one["low"], one["median"], one["high"], _came(log, day, on))


def _came(log: EventLog, day: date, on: date) -> int:
    """Of the cases bound at the end of one day, how many were released by the end of another."""
    return int((log.open_at(log.day(day)) & (log.closed <= log.day(on))).sum())
