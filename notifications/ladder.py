"""Single reminders of a deadline, rung by rung, each once; what no longer holds is taken back."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Update, and_, or_, select, update

from models.settings import settings
from models.tables import case_rows, deadlines, messages
from notifications import message_store
from notifications.feed import as_text, event_of
from notifications.message_texts import days_text, render
from notifications.next_steps import next_step
from notifications.recipients import People, Person, Recipient
from notifications.sending_rules import Rung, allowed_from, ladder_key, rules, told_date
from procedures.legal_time.calendar import Calendar, load_calendars
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.versions import Versions


def climb(connection: Connection, day: date, *, now: datetime) -> dict[str, int]:
    """Write the reminders that are due on a day, each rung of a deadline once; gives back how many by status.

    What exceeds a person's day is held for the weekly digest. A clock that stands still has no end: it is silent.
    """
    withdraw_settled(connection, now)
    people, days = People(connection, day), OfficeCalendars(connection)
    known, used, versions = _known(connection), message_store.used_today(connection, day), Versions(connection)
    rows: dict[str, dict[str, Any]] = {}
    for deadline in _near(connection, day):
        calendar = days.of(office_of(deadline)).agency
        for rung in due_rungs(deadline["starts_on"], deadline["ends_on"], day, calendar):
            told = people.with_substitutes(people.in_role(_role(rung, deadline), deadline))
            for item in told:
                key = ladder_key(item.person.id, deadline["ref"], deadline["key"], deadline["ends_on"], rung.key)
                if key not in known and key not in rows:
                    held = _exceeds_budget(item.person, used)
                    whose = _responsible(people, deadline, item.person) if rung.to != "responsible" else ""
                    rows[key] = _reminder(item, key, deadline, versions, day, calendar, now, whose, held)
                    rows[key]["next_at"] = allowed_from(now, days.of(item.person.district).agency)
    message_store.put(connection, list(rows.values()))
    return dict(Counter(row["status"] for row in rows.values()))


def due_rungs(starts_on: date, ends_on: date, day: date, days: Calendar) -> list[Rung]:
    """The rungs of a deadline that a day has come to.

    Before the end only the nearest: after days off nobody is told of ten days when three are left; a rung that lies
    before the clock started is none. After the end every one that has come, for each goes to somebody else.
    """
    if ends_on < day:
        return [rung for rung, on in _rung_days(ends_on, days) if rung.days < 0 and on <= day]
    reached = [(rung, on) for rung, on in _rung_days(ends_on, days) if rung.days >= 0 and on <= day]
    return [rung for rung, on in reached[-1:] if on > starts_on]


@lru_cache(maxsize=4096)  # thousands of deadlines end on a few days
def _rung_days(ends_on: date, days: Calendar) -> tuple[tuple[Rung, date], ...]:
    """Every rung of a deadline with the day on which it comes."""
    return tuple((rung, _rung_day(rung, ends_on, days)) for rung in rules().rungs)


def _rung_day(rung: Rung, ends_on: date, days: Calendar) -> date:
    return days.add_working_days(ends_on, -rung.days) if rung.days else days.previous_working(ends_on)


def _role(rung: Rung, deadline: Mapping[str, Any]) -> str:
    return deadline["who"] or "case_officer" if rung.to == "responsible" else rung.to


def _responsible(people: People, deadline: Mapping[str, Any], reader: Person) -> str:
    """Who has to do it, by name; nothing for a reader who is one of them."""
    found = people.in_role(deadline["who"] or "case_officer", deadline)
    return "" if reader in found else ", ".join(person.name for person in found)


def _near(connection: Connection, day: date) -> list[dict[str, Any]]:
    """Open deadlines that have passed or end soon: legal limits passed first, then the nearest."""
    longest = max(rung.days for rung in rules().rungs)
    last = load_calendars().agency.add_working_days(day, longest) + timedelta(days=14)  # room for closed offices
    columns, case = deadlines.c, case_rows.c
    found = (
        select(
            columns.case_id, columns.key, columns.kind, columns.starts_on, columns.ends_on, columns.who,
            columns.article, columns.confidence,
            case.ref, case.unit_name, case.district_code, case.level, case.officer_id, case.procedure, case.state,
        )
        .join(case_rows, case.id == columns.case_id)
        .where(columns.status == "open", columns.kind != "period", case.closed_on.is_(None))
        .where(columns.ends_on <= last)
    )  # fmt: skip
    rows = [dict(row) for row in connection.execute(found).mappings()]
    rows.sort(key=lambda row: (row["kind"] != "legal" or row["ends_on"] >= day, row["ends_on"], row["ref"], row["key"]))
    return rows


def _known(connection: Connection) -> set[str]:
    """Keys of the reminders of open deadlines."""
    same = and_(deadlines.c.case_id == messages.c.case_id, deadlines.c.key == messages.c.deadline_key)
    found = select(messages.c.key).join(deadlines, same)
    return set(connection.scalars(found.where(messages.c.kind == "ladder", deadlines.c.status == "open")))


def _reminder(
    item: Recipient, key: str, deadline: Mapping[str, Any], versions: Versions, day: date, days: Calendar,
    now: datetime, responsible: str, held: bool,
) -> dict[str, Any]:  # fmt: skip
    """The row of a message; one that is held goes nowhere by itself and needs no entry for a calendar."""
    person, ends_on, pin = item.person, deadline["ends_on"], deadline["procedure"]
    name = versions.label("deadlines", deadline["key"], person.lang, pin)
    text = render(
        "ladder", person.lang,
        ref=deadline["ref"], unit=deadline["unit_name"], deadline=name, ends_on=ends_on, kind=deadline["kind"],
        left=days_text(day, ends_on, days.working_days_between(day, ends_on), person.lang),
        recalled=deadline["confidence"] == "recalled",
        late=ends_on < day, responsible=responsible,
        next=next_step(versions, deadline["state"], pin, person.lang, deadline["key"]),
        instead_of=item.instead_of.name if item.instead_of else "",
    )  # fmt: skip
    link = f"/cases/{deadline['ref']}"
    entry = event_of(deadline, name, settings().site() + link, now) if ends_on >= day and not held else None
    row = message_store.row_of(
        person, key, "ladder", text, now=now, today=day, case_id=deadline["case_id"],
        deadline_key=deadline["key"], link=link, calendar=as_text([entry], name) if entry else "",
    )  # fmt: skip
    return row | {"status": "held"} if held else row


def _exceeds_budget(person: Person, used: dict[int, int]) -> bool:
    """Whether this would be one too many for a person's day; counts it if not."""
    if used.get(person.id, 0) >= rules().budget:
        return True
    used[person.id] = used.get(person.id, 0) + 1
    return False


def withdraw(connection: Connection, case_id: int, keys: Sequence[str], *, now: datetime, today: date) -> None:
    """Take back what has not gone yet about these deadlines; who was told a date that no longer holds is told so.

    A deadline that was met was rightly announced: nobody is corrected.
    """
    columns = messages.c
    about = (columns.case_id == case_id, columns.kind == "ladder", columns.deadline_key.in_(keys))
    connection.execute(_unsent(now).where(*about).values(status="withdrawn", note="moved"))
    told = connection.execute(
        select(columns.key, columns.officer_id, columns.deadline_key)
        .where(*about, columns.status.in_(("sent", "inbox", "pending")))
        .order_by(columns.id)
    ).all()
    if told:
        _correct(connection, case_id, told, now=now, today=today)


def withdraw_many(connection: Connection, cases: Mapping[int, Sequence[str]], *, now: datetime, today: date) -> None:
    """`withdraw` for the deadlines of many cases; most of them nobody has been told of."""
    told = select(messages.c.case_id).where(messages.c.kind == "ladder", messages.c.case_id.in_(cases))
    for case_id in sorted(set(connection.scalars(told))):
        withdraw(connection, case_id, cases[case_id], now=now, today=today)


def withdraw_settled(connection: Connection, now: datetime) -> None:
    """Take back what has not gone yet about deadlines that were met or fell away meanwhile."""
    columns = deadlines.c
    same = and_(columns.case_id == messages.c.case_id, columns.key == messages.c.deadline_key)
    open_still = select(columns.id).where(same, columns.status == "open").exists()
    settled = _unsent(now).where(messages.c.kind == "ladder", messages.c.case_id.is_not(None), ~open_still)
    connection.execute(settled.values(status="withdrawn", note="settled"))


def _unsent(now: datetime) -> Update:
    """Messages that nobody is sending and that have reached no server."""
    columns = messages.c
    unclaimed = or_(columns.claimed_until.is_(None), columns.claimed_until < now)
    tried = or_(columns.message_id == "", columns.attempts > 0)
    return update(messages).where(columns.status.in_(("pending", "held")), unclaimed, tried)


def _correct(connection: Connection, case_id: int, told: Sequence[Any], *, now: datetime, today: date) -> None:
    case = dict(connection.execute(select(case_rows).where(case_rows.c.id == case_id)).mappings().one())
    found = select(deadlines).where(deadlines.c.case_id == case_id)
    standing = {row["key"]: dict(row) for row in connection.execute(found).mappings()}
    people, days, versions = People(connection, today), OfficeCalendars(connection), Versions(connection)
    rows = {}
    for key, officer, deadline in told:
        told_on = told_date(key)
        how = _how_wrong(standing.get(deadline), told_on)
        person = people.by_id.get(officer)
        if how and person:
            row = _correction(
                person, case, versions, deadline, told_on, how, standing.get(deadline), now=now, today=today
            )
            row["next_at"] = allowed_from(now, days.of(person.district).agency)
            rows[row["key"]] = row
    message_store.put(connection, list(rows.values()))


def _how_wrong(now_standing: Mapping[str, Any] | None, told_on: date) -> str:
    if now_standing is None or now_standing["status"] == "dropped":
        return "gone"
    if now_standing["status"] == "met" or now_standing["ends_on"] == told_on:
        return ""
    return "now" if now_standing["ends_on"] else "stopped"


def _correction(
    person: Person, case: Mapping[str, Any], versions: Versions, deadline: str, told_on: date, how: str,
    standing: Mapping[str, Any] | None, *, now: datetime, today: date,
) -> dict[str, Any]:  # fmt: skip
    text = render(
        "correction", person.lang,
        ref=case["ref"], unit=case["unit_name"], told_on=told_on, how=how,
        deadline=versions.label("deadlines", deadline, person.lang, case["procedure"]),
        ends_on=standing["ends_on"] if standing else None,
    )  # fmt: skip
    key = f"{person.id}:correction:{case['ref']}:{deadline}:{told_on}"
    link = f"/cases/{case['ref']}"
    return message_store.row_of(
        person, key, "correction", text, now=now, today=today, case_id=case["id"], deadline_key=deadline, link=link
    )
