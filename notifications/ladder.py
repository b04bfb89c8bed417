"""Single reminders of a deadline, rung by rung, each once; what no longer holds is taken back."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, or_, select, update

from models.tables import case_rows, deadlines, messages
from notifications import box
from notifications.recipients import People, Person
from notifications.rules import OfficeDays, allowed_from
from notifications.texts import render
from procedures.loader import load


def withdraw(connection: Connection, case_id: int, keys: Sequence[str], *, now: datetime, today: date) -> None:
    """Take back what has not gone yet about these deadlines; who was told a date that no longer holds is told so.

    A deadline that was met was rightly announced: nobody is corrected.
    """
    columns = messages.c
    about = (columns.case_id == case_id, columns.kind == "ladder", columns.deadline_key.in_(keys))
    unclaimed = or_(columns.claimed_until.is_(None), columns.claimed_until < now)
    unsent = update(messages).where(
        *about, columns.status.in_(("owed", "held")), unclaimed, or_(columns.message_id == "", columns.attempts > 0)
    )
    connection.execute(unsent.values(status="withdrawn", note="deadline moved"))
    told = connection.execute(
        select(columns.key, columns.officer_id, columns.deadline_key)
        .where(*about, columns.status.in_(("sent", "inbox", "owed")))
        .order_by(columns.id)
    ).all()
    if told:
        _correct(connection, case_id, told, now=now, today=today)


def _correct(connection: Connection, case_id: int, told: Sequence[Any], *, now: datetime, today: date) -> None:
    case = dict(connection.execute(select(case_rows).where(case_rows.c.id == case_id)).mappings().one())
    found = select(deadlines).where(deadlines.c.case_id == case_id)
    standing = {row["key"]: dict(row) for row in connection.execute(found).mappings()}
    people, days = People(connection, today), OfficeDays(connection)
    rows = {}
    for key, officer, deadline in told:
        told_on = date.fromisoformat(key.split(":")[4])
        how = _how_wrong(standing.get(deadline), told_on)
        person = people.by_id.get(officer)
        if how and person:
            row = _correction(person, case, deadline, told_on, how, standing.get(deadline), now=now, today=today)
            row["next_at"] = allowed_from(now, days.of(person.district))
            rows[row["key"]] = row
    box.put(connection, list(rows.values()))


def _how_wrong(now_standing: Mapping[str, Any] | None, told_on: date) -> str:
    if now_standing is None or now_standing["status"] == "dropped":
        return "gone"
    if now_standing["status"] == "met" or now_standing["ends_on"] == told_on:
        return ""
    return "now" if now_standing["ends_on"] else "stopped"


def _correction(
    person: Person, case: Mapping[str, Any], deadline: str, told_on: date, how: str,
    standing: Mapping[str, Any] | None, *, now: datetime, today: date,
) -> dict[str, Any]:  # fmt: skip
    text = render(
        "correction", person.lang,
        ref=case["ref"], unit=case["unit_name"], deadline=label(deadline, person.lang), told_on=told_on, how=how,
        ends_on=standing["ends_on"] if standing else None,
    )  # fmt: skip
    key = f"{person.id}:correction:{case['ref']}:{deadline}:{told_on}"
    link = f"/cases/{case['ref']}"
    return box.row_of(
        person, key, "correction", text, now=now, today=today, case_id=case["id"], deadline_key=deadline, link=link
    )


def label(deadline: str, lang: str) -> str:
    """The name of a deadline, or its key when this procedure has none of it."""
    known = load().deadlines.get(deadline)
    return str(known.label[lang]) if known else deadline
