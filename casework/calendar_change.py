"""A closing day of the city or an office: what it would move, and adopting it with every open deadline re-derived."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import yaml
from sqlalchemy import Connection, Engine, and_, bindparam, func, select, update

from casework.announced import Announced
from casework.outbox import owe
from casework.people import Actor, actor
from models.clock import Clock
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.tables import case_rows, closings, deadlines, districts
from procedures.calendar import Calendars, Closing, load_calendars
from procedures.deadlines import end_of_sum
from procedures.loader import PlainLoader
from procedures.values import clean_text, parse_day
from rulebook.office_calendar import calendars_of

LAYERS = ("city", "office")
BATCH = 5_000


@dataclass(frozen=True, slots=True)
class NewClosing:
    """A closing day about to be adopted; no district: the whole city's."""

    on: date
    layer: str
    district: str | None
    reason: str
    decision: str


@dataclass(frozen=True, slots=True)
class Moved:
    """A deadline that the change moves, whether it becomes late or no longer is, and whether news of it is out."""

    deadline_id: int
    case_id: int
    ref: str
    key: str
    kind: str
    before: date | None
    after: date | None
    becomes_late: bool
    announced: bool


def read_closings(text: str) -> list[NewClosing]:
    """Closing days from YAML: a list of {on, layer, district, reason, decision}. Raises WrongInput."""
    try:
        content = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        raise WrongInput("FILE", "closings_not_yaml") from None
    if not isinstance(content, list) or not all(isinstance(item, dict) for item in content):
        raise WrongInput("FILE", "closings_not_a_list")
    return [closing(item) for item in content]


def closing(item: Mapping[str, Any]) -> NewClosing:
    """One closing day from what was typed. Raises WrongInput at the field."""
    on = item.get("on", "")
    layer = str(item.get("layer") or "office")
    if layer not in LAYERS:
        raise WrongInput("layer", "not_an_option", value=layer, options=", ".join(LAYERS))
    district = str(item.get("district") or "") or None
    if layer == "office" and district is None:
        raise WrongInput("district", "closing_needs_district")
    texts = {name: clean_text(name, item.get(name) or "") for name in ("reason", "decision")}
    for name, text in texts.items():
        if not text:
            raise WrongInput(name, "missing_field", label=name)
    found = on if isinstance(on, date) else parse_day("on", str(on))
    return NewClosing(found, layer, district if layer == "office" else None, **texts)


def preview(connection: Connection, wanted: Sequence[NewClosing], today: date) -> list[Moved]:
    """Every open deadline that the change moves, in the order of the cases; nothing is changed."""
    _check_districts(connection, wanted)
    found = []
    rows = _open_deadlines(connection, wanted)
    changed = _changed(connection, wanted, {row["district_code"] for row in rows})
    for row in rows:
        after = end_of_sum(row["sum"], changed[row["district_code"]])
        if after != row["ends_on"]:
            found.append(_moved(row, after, today))
    announced = Announced(connection, (item.case_id for item in found))
    return [_with_news(item, announced) for item in found]


def adopt(bind: Engine, wanted: Sequence[NewClosing], *, by: str, clock: Clock) -> list[Moved]:
    """Adopt the closing days and re-derive every open deadline, in one transaction. A manager's act of the office."""
    with writing(bind) as connection:
        _require_right(actor(connection, by), wanted)
        moved = preview(connection, wanted, clock.today())
        now = clock.now()
        connection.execute(closings.insert(), [_row(item, by, now) for item in wanted])
        _rederive(connection, moved)
        for start in range(0, len(moved), BATCH):
            _announce(connection, moved[start : start + BATCH], now)
        return moved


def listed(connection: Connection, district: str | None = None) -> list[dict[str, Any]]:
    """The adopted closing days that an office counts by."""
    found = select(closings).order_by(closings.c.on)
    if district is not None:
        found = found.where((closings.c.layer == "city") | (closings.c.district_code == district))
    return [dict(row) for row in connection.execute(found).mappings()]


def may_adopt(person: Actor) -> bool:
    """The managers, leaders and the administrator of an office."""
    return person.role in ("manager", "leader", "admin")


def _require_right(person: Actor, wanted: Sequence[NewClosing]) -> None:
    if not may_adopt(person) or any(person.district not in (None, item.district) for item in wanted):
        raise Refused("closing_not_yours")


def _check_districts(connection: Connection, wanted: Sequence[NewClosing]) -> None:
    known = set(connection.scalars(select(districts.c.code)))
    for item in wanted:
        if item.district is not None and item.district not in known:
            raise WrongInput("district", "not_an_option", value=item.district, options=", ".join(sorted(known)))


def _open_deadlines(connection: Connection, wanted: Sequence[NewClosing]) -> list[dict[str, Any]]:
    """The open deadlines whose end could move: they end on or after the first of the closing days."""
    if not wanted:
        return []
    columns = deadlines.c
    found = (
        select(
            columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on, columns.sum,
            case_rows.c.ref, case_rows.c.district_code,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.status == "open", columns.ends_on >= min(item.on for item in wanted))
        .order_by(case_rows.c.ref, columns.key)
    )  # fmt: skip
    if all(item.district for item in wanted):
        found = found.where(case_rows.c.district_code.in_({item.district for item in wanted}))
    return [dict(row) for row in connection.execute(found).mappings()]


def _changed(connection: Connection, wanted: Sequence[NewClosing], codes: Iterable[str]) -> dict[str, Calendars]:
    """Each office's calendars as they would be."""
    standing = connection.execute(select(closings).order_by(closings.c.on, closings.c.id)).mappings().all()
    rows = [(row["on"], row["layer"], row["district_code"], row["reason"], row["decision"]) for row in standing]
    rows += [(item.on, item.layer, item.district, item.reason, item.decision) for item in wanted]
    return {code: load_calendars(closings=_own(rows, code)) for code in codes}


def _own(rows: Sequence[tuple[date, str, str | None, str, str]], code: str) -> tuple[Closing, ...]:
    return tuple(
        Closing(on, layer, why, act) for on, layer, place, why, act in rows if layer == "city" or place == code
    )


def _moved(row: Mapping[str, Any], after: date | None, today: date) -> Moved:
    before = row["ends_on"]
    was_late = before is not None and before < today
    late = after is not None and after < today
    return Moved(
        row["id"], row["case_id"], row["ref"], row["key"], row["kind"], before, after, late and not was_late, False
    )


def _with_news(item: Moved, announced: Announced) -> Moved:
    out = announced.told(item.case_id, item.key) > 0 or announced.written(item.case_id)
    return replace(item, announced=out)


def _row(item: NewClosing, by: str, now: datetime) -> dict[str, Any]:
    return {
        "on": item.on, "layer": item.layer, "district_code": item.district, "reason": item.reason,
        "decision": item.decision, "adopted_by": by, "adopted_at": now,
    }  # fmt: skip


def _rederive(connection: Connection, moved: Sequence[Moved]) -> None:
    if not moved:
        return
    columns = deadlines.c
    statement = update(deadlines).where(columns.id == bindparam("deadline_id")).values(ends_on=bindparam("after"))
    connection.execute(statement, [{"deadline_id": item.deadline_id, "after": item.after} for item in moved])
    for district in connection.scalars(select(districts.c.code)).all():
        version = calendars_of(connection, district).version
        own = select(case_rows.c.id).where(case_rows.c.district_code == district)
        connection.execute(
            update(deadlines).where(columns.status == "open", columns.case_id.in_(own)).values(calendar=version)
        )
    touched = sorted({item.case_id for item in moved})
    for start in range(0, len(touched), BATCH):
        _refresh_cases(connection, touched[start : start + BATCH])


def _refresh_cases(connection: Connection, cases: Sequence[int]) -> None:
    """The earliest legal and internal dates of these cases, set-wise."""

    def earliest(*conditions: Any) -> Any:
        columns = deadlines.c
        standing = and_(columns.case_id == case_rows.c.id, columns.status == "open", *conditions)
        return select(func.min(columns.ends_on)).where(standing).scalar_subquery()

    connection.execute(
        update(case_rows)
        .where(case_rows.c.id.in_(cases))
        .values(
            legal_on=earliest(deadlines.c.kind == "legal"),
            target_on=earliest(deadlines.c.kind != "legal"),
            due_on=earliest(),
        )
    )


def _announce(connection: Connection, moved: Sequence[Moved], now: datetime) -> None:
    """What has been said of the old dates is to be taken back."""
    by_case: dict[int, list[Moved]] = {}
    for item in moved:
        by_case.setdefault(item.case_id, []).append(item)
    stamp = now.strftime("%Y%m%d%H%M%S%f")
    for case_id, items in by_case.items():
        payload = {"keys": [item.key for item in items], "seq": 0, "verb": "calendar"}
        owe(connection, case_id, [(f"{items[0].ref}:calendar:{stamp}", "withdraw", payload)], now)


def preview_now(bind: Engine, wanted: Sequence[NewClosing], today: date) -> list[Moved]:
    """`preview` on a connection of its own."""
    with reading(bind) as connection:
        return preview(connection, wanted, today)
