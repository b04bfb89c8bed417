"""A month of dates: limits of the law, dates of the plan, and days that acts have set, such as a visit or a meeting."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import partial
from textwrap import shorten
from typing import Any

from sqlalchemy import Connection, Select, bindparam, func, select, tuple_

from casework.lists.worklist import Filter, among
from models.tables import act_days, case_notes, case_rows, deadlines, facts, instructions
from oversight.lights import is_open
from procedures.schema import Procedure
from rulebook.versions import Versions

LEGAL, PLAN, OTHERS, SET, NOTE = "legal", "plan", "period", "set", "note"  # kinds of entries, in this order on a day
KINDS = (LEGAL, PLAN, OTHERS, SET, NOTE)
LONGEST_NOTE = 80  # characters of a note that are shown
PLANNED_AHEAD = timedelta(days=400)  # a day is set by an act no longer before it
FIRST_YEAR, LAST_YEAR = 1990, 2100
PER_DAY = 8  # entries of a day that are read; a large office has more, which are counted
AT_ONCE = 500  # cases named in one statement
Among = Callable[
    [Select[*tuple[Any, ...]]], Select[*tuple[Any, ...]]
]  # keeps a statement to the cases that were asked for
_KIND_OF = {"legal": LEGAL, "programme": PLAN, "target": PLAN, "period": OTHERS}  # of a deadline
_RANKS = {kind: place for place, kind in enumerate(_KIND_OF)}  # in the order in which a day shows them


@dataclass(frozen=True, slots=True)
class CalendarEntry:
    """A day of a case. `key`: of the deadline, VERB.FIELD of the act that set the day, or the text of a note."""

    on: date
    kind: str
    key: str
    ref: str
    unit_name: str
    procedure: str


@dataclass(frozen=True, slots=True)
class MonthDates:
    """The entries by day, at most PER_DAY each, and how many of each kind a day has."""

    entries: Mapping[date, Sequence[CalendarEntry]]
    counts: Mapping[date, Mapping[str, int]]

    def total(self, kind: str) -> int:
        return sum(found.get(kind, 0) for found in self.counts.values())


def entry_label(versions: Versions, entry: CalendarEntry, lang: str) -> str:
    """What falls on the day: the deadline, the field of the act that set it, the beginning of a note."""
    if entry.kind == NOTE:
        return shorten(entry.key, LONGEST_NOTE, placeholder="…")
    if entry.kind != SET:
        return versions.label("deadlines", entry.key, lang, entry.procedure)
    name, _, field = entry.key.partition(".")
    verb = versions.part("verbs", name, entry.procedure)
    if verb is None or field not in verb.needs:
        return ""
    return f"{verb.needs[field].label[lang]} ({verb.label[lang]})"


def month_from(text: str, today: date) -> date | None:
    """The first day of a month written as YYYY-MM or MM/YYYY; of the present one for an empty text; None: no month."""
    if not text.strip():
        return today.replace(day=1)
    left, _, right = text.strip().replace("/", "-").partition("-")
    year, month = (right, left) if len(right) > len(left) else (left, right)
    if year.isdecimal() and month.isdecimal() and FIRST_YEAR <= int(year) <= LAST_YEAR and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1)
    return None


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def month_dates(
    connection: Connection, wanted: Filter, first: date, last: date, today: date
) -> MonthDates:  # fmt: skip
    """The dates of the open cases of a filter from the first to the last day."""
    cases = partial(among, criteria=wanted, today=today)
    deadlines_of = _counts(connection, cases, first, last)
    found: dict[date, list[CalendarEntry]] = {}
    for entry in _deadlines(connection, cases, deadlines_of):
        found.setdefault(entry.on, []).append(entry)
    counts: dict[date, Counter[str]] = {day: Counter() for day in deadlines_of}
    for day, by_kind in deadlines_of.items():
        for kind, count in by_kind.items():
            counts[day][_KIND_OF[kind]] += count
    for entry in _days_set(connection, cases, first, last):
        listed = found.setdefault(entry.on, [])
        if all(item.ref != entry.ref for item in listed):  # the deadline of the same case says it already
            listed.append(entry)
            counts.setdefault(entry.on, Counter())[SET] += 1
    for entry in _notes(connection, cases, first, last):
        found.setdefault(entry.on, []).append(entry)
        counts.setdefault(entry.on, Counter())[NOTE] += 1
    return MonthDates({day: found[day] for day in sorted(found)}, counts)


def _deadlines(
    connection: Connection, cases: Among, counts: Mapping[date, Mapping[str, int]]
) -> Iterator[CalendarEntry]:  # fmt: skip
    """What ends on the days, the law first, at most PER_DAY a day, in the order of cases, which an index has."""
    row, own = case_rows.c, deadlines.c
    shown = select(own.ends_on, own.kind, own.key, row.ref, row.unit_name, row.procedure)
    joined = shown.join(case_rows, row.id == own.case_id).where(own.status == "open", is_open())
    of_kind = joined.where(own.ends_on == bindparam("on"), own.kind == bindparam("of_kind"))
    first = cases(of_kind).order_by(own.case_id, own.key).limit(PER_DAY)
    for day, by_kind in counts.items():
        left = PER_DAY
        for kind in sorted(by_kind, key=_RANKS.__getitem__):
            if left > 0:
                found = connection.execute(first, {"on": day, "of_kind": kind}).tuples().all()[:left]
                yield from (CalendarEntry(on, _KIND_OF[name], *rest) for on, name, *rest in found)
                left -= len(found)


def _counts(connection: Connection, cases: Among, first: date, last: date) -> dict[date, dict[str, int]]:
    """How many deadlines of each kind end on a day."""
    own = deadlines.c
    counted = (
        select(own.ends_on, own.kind, func.count())
        .join(case_rows, case_rows.c.id == own.case_id)
        .where(own.status == "open", own.ends_on.between(first, last), is_open())
        .group_by(own.ends_on, own.kind)
    )
    found: dict[date, dict[str, int]] = {}
    for day, kind, count in connection.execute(cases(counted)).tuples():
        found.setdefault(day, {})[kind] = count
    return found


def _days_set(connection: Connection, cases: Among, first: date, last: date) -> list[CalendarEntry]:
    """Days ahead that acts have set; of an act that was done again, those of the latest."""
    fields, own, named = _fields_ahead(Versions(connection).adopted), facts.c, act_days.c
    within = named.day.between(first.isoformat(), last.isoformat())
    some = select(named.case_id).join(case_rows, case_rows.c.id == named.case_id).where(is_open(), within)
    ahead = tuple_(named.kind, named.field).in_(_pairs(fields))
    ids = sorted(connection.scalars(cases(some.where(ahead).distinct())))
    acts = own.kind.in_(fields), own.occurred_on.between(first - PLANNED_AHEAD, last)
    latest: dict[tuple[str, str], CalendarEntry] = {}
    for start in range(0, len(ids), AT_ONCE):
        of_cases = _not_annulled().where(own.case_id.in_(ids[start : start + AT_ONCE]), *acts)
        for kind, data, ref, *of_case in connection.execute(of_cases).tuples():
            for field in fields[kind]:
                if (day := _day(data.get(field))) is not None:
                    latest[ref, f"{kind}.{field}"] = CalendarEntry(day, SET, f"{kind}.{field}", ref, *of_case)
    return sorted(
        (entry for entry in latest.values() if first <= entry.on <= last), key=lambda entry: (entry.on, entry.ref)
    )


def _pairs(fields: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    return [(name, field) for name in fields for field in fields[name]]


def _not_annulled() -> Select[Any]:
    """Acts, each with its case, in the order in which they were recorded."""
    own, other, row = facts.c, facts.alias(), case_rows.c
    gone = select(other.c.id).where(other.c.case_id == own.case_id, other.c.annuls == own.seq).exists()
    found = select(own.kind, own.data, row.ref, row.unit_name, row.procedure).join(case_rows, row.id == own.case_id)
    return found.where(~gone).order_by(own.case_id, own.seq)


def _notes(connection: Connection, cases: Among, first: date, last: date) -> list[CalendarEntry]:
    """Notes that come back on the days, and instructions that are to be answered by then."""
    note, given, row = case_notes.c, instructions.c, case_rows.c
    of_case = (row.ref, row.unit_name, row.procedure)
    coming = (
        select(note.come_back_on, note.text, *of_case)
        .join(case_rows, row.id == note.case_id)
        .where(
            note.come_back_on.between(first, last), note.closed_at.is_(None), note.struck_at.is_(None),
        )
    )  # fmt: skip
    by = given.due_on
    due = (
        select(by, given.text, *of_case)
        .join(case_rows, row.id == given.case_id)
        .where(
            by.between(first, last), given.answered_at.is_(None), given.withdrawn_at.is_(None),
        )
    )  # fmt: skip
    listed = [tuple(values) for statement in (coming, due) for values in connection.execute(cases(statement))]
    return [
        CalendarEntry(on, NOTE, text, *rest) for on, text, *rest in sorted(listed, key=lambda line: (line[0], line[2]))
    ]


def _fields_ahead(versions: Sequence[Procedure]) -> dict[str, list[str]]:
    """By verb: its fields that set a day which may lie ahead."""
    found: dict[str, list[str]] = {}
    for procedure in versions:
        for name, verb in procedure.verbs.items():
            for field, need in verb.needs.items():
                if need.type == "date" and need.future and field not in found.get(name, ()):
                    found.setdefault(name, []).append(field)
    return found


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        return None
