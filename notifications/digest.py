"""The weekly digest: one message a person a week, worst first; nothing new and nothing due is a line in the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, func, select, update

from models.tables import districts, messages
from notifications import box
from notifications.figures import Figures
from notifications.recipients import People, Person
from notifications.rules import allowed_from
from notifications.texts import Text, render
from notifications.work import Line, Work, gather
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.words import catalogue, t

LONGEST_LOOK_BACK = timedelta(days=35)
READERS = ("manager", "leader")  # who get figures besides what lies before them


@dataclass(frozen=True, slots=True)
class Planned:
    """What one person gets and why: digest, quiet (a line in the inbox), or none with the reason in `why`."""

    login: str
    name: str
    kind: str
    why: str
    counts: Mapping[str, int] = field(default_factory=dict)
    row: dict[str, Any] | None = None
    held: Sequence[int] = ()


def weekly(connection: Connection, day: date, *, now: datetime) -> list[Planned]:
    """Everybody's week, found in a handful of queries; nothing is written."""
    people, days, versions = People(connection, day), OfficeCalendars(connection), Versions(connection)
    since, start = _since(connection, now), now - timedelta(days=7)
    done = _done(connection, day)
    work, figures = gather(connection, people, day, since, start), Figures(connection, day)
    names = dict(connection.execute(select(districts.c.code, districts.c.name)).tuples().all())
    found = []
    for person in people.everybody():
        planned = _plan(person, people, versions, work, figures, names, done, day, now)
        if planned.row is not None:
            planned.row["next_at"] = allowed_from(now, days.of(person.district).agency)
        found.append(planned)
    return found


def write(connection: Connection, planned: Sequence[Planned], *, now: datetime) -> int:
    """Write what is planned, once a week; gives back how many. What was held is carried by the digest."""
    rows = [item.row for item in planned if item.row is not None]
    written = box.put(connection, rows)
    for item in planned:
        for start in range(0, len(item.held) if item.row is not None else 0, box.CHUNK):
            held = update(messages).where(
                messages.c.id.in_(item.held[start : start + box.CHUNK]), messages.c.status == "held"
            )
            note = f"in digest {item.row['key']}" if item.row else ""
            connection.execute(held.values(status="inbox", note=note, sent_at=now))
    return written


def key_of(person: int, day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{person}:digest:{year}-W{week:02d}"


def _since(connection: Connection, now: datetime) -> dict[int, datetime]:
    """When each had the last digest: after weeks without one, the next tells of all of them."""
    columns = messages.c
    found = (
        select(columns.officer_id, func.max(columns.created_at))
        .where(columns.kind == "digest", columns.created_at >= now - LONGEST_LOOK_BACK)
        .group_by(columns.officer_id)
    )
    return dict(connection.execute(found).tuples().all())


def _done(connection: Connection, day: date) -> set[str]:
    week = key_of(0, day)[1:]
    return set(
        connection.scalars(select(messages.c.key).where(messages.c.kind == "digest", messages.c.key.like(f"%{week}")))
    )


def _plan(
    person: Person, people: People, versions: Versions, work: Work, figures: Figures, names: Mapping[str, str],
    done: set[str], day: date, now: datetime,
) -> Planned:  # fmt: skip
    key, counts = key_of(person.id, day), work.counts(person.id)
    if key in done:
        return Planned(person.login, person.name, "none", "already", counts)
    if person.role == "admin" and not counts:
        return Planned(person.login, person.name, "none", "no_cases", counts)
    summary = _summary(person, people, versions, figures, names)
    if not counts and not _moves(summary):
        text = render("quiet", person.lang, day=day)
        row = box.row_of(person, key, "digest", text, now=now, today=day, link="/work") | {"status": "inbox"}
        return Planned(person.login, person.name, "quiet", "nothing_due", counts, row)
    text = _text(person, versions, work, summary, day)
    row = box.row_of(person, key, "digest", text, now=now, today=day, link="/work")
    why = "due" if counts else "figures"
    return Planned(person.login, person.name, "digest", why, counts, row, work.held.get(person.id, ()))


def _moves(summary: Mapping[str, Any] | None) -> bool:
    """True when the figures have something to tell."""
    if summary is None:
        return False
    flow = summary["total"]
    pressing = any(item["past_legal"] or item["late"] or item["due_soon"] for item in summary["standings"])
    return bool(pressing or summary["blocked"] or flow.opened or flow.closed or any(summary["better"].values()))


def _summary(
    person: Person, people: People, versions: Versions, figures: Figures, names: Mapping[str, str]
) -> dict[str, Any] | None:
    if person.role not in READERS:
        return None
    return {
        "role": person.role, "first": figures.first, "last": figures.last,
        "standings": [
            {
                "name": _group(item.district, item.officer_id, person, people, names),
                "open": item.open, "past_legal": item.past_legal, "late": item.late, "due_soon": item.due_soon,
            }
            for item in figures.standings(person)
        ],
        "blocked": [
            {
                "name": versions.label("obstacles", item.code, person.lang),
                "by": _lifter(versions, item.code, person.lang),
                "cases": item.cases, "overdue": item.overdue, "since": item.since,
            }
            for item in figures.blocked(person)
        ],
        "better": figures.better(person), "total": figures.total(person),
        "flows": [(names.get(item.district, item.district), item) for item in figures.flows(person)],
        "scope": names.get(person.district or "", "") or t("messages.the_city", person.lang),
    }  # fmt: skip


def _group(district: str, officer: int | None, person: Person, people: People, names: Mapping[str, str]) -> str:
    if person.district is None:
        return names.get(district, district)
    known = people.by_id.get(officer or 0)
    return known.name if known else t("messages.no_officer", person.lang)


def _text(person: Person, versions: Versions, work: Work, summary: Mapping[str, Any] | None, day: date) -> Text:
    sections = [
        {
            "key": name, "count": section.count, "more": section.count - len(section.lines),
            "lines": [_line(versions, name, line, day, person.lang) for line in section.lines],
        }
        for name, section in work.of(person.id).items()
    ]  # fmt: skip
    return render("weekly", person.lang, day=day, sections=sections, summary=summary, counts=work.counts(person.id))


def _line(versions: Versions, section: str, line: Line, day: date, lang: str) -> dict[str, Any]:
    what, to_do = _WORDS[section](versions, line, day, lang)
    return {
        "ref": line.ref, "unit": line.unit, "what": what, "to_do": to_do,
        "instead_of": line.instead_of,
    }  # fmt: skip


def _dated(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    late = line.on is not None and line.on < day
    count = abs((day - line.on).days) if line.on else 0
    left = t("messages.days_past" if late else "messages.in_days" if count else "messages.today", lang, count=count)
    kind = t(f"messages.kind_{line.kind}", lang)
    name = versions.label("deadlines", line.code, lang, line.procedure)
    return f"{name}: {line.on:%d/%m/%Y}, {left} ({kind})", _now(versions, line, lang)


def _blocked(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    name = versions.label("obstacles", line.code, lang, line.procedure)
    by = _lifter(versions, line.code, lang, line.procedure)
    since = t("messages.since", lang, on=f"{line.on:%d/%m/%Y}")
    return f"{name}, {since}", t("messages.press", lang, who=by) if by else _now(versions, line, lang)


def _letter(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    key = f"letters.name_{line.code}"
    name = t(key, lang) if key in catalogue() else line.code.replace("_", " ")
    return name, t(f"messages.to_do_{line.kind}", lang)


def _held(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    return line.code, _now(versions, line, lang)


def _changed(versions: Versions, line: Line, day: date, lang: str) -> tuple[str, str]:
    verb, key = versions.part("verbs", line.code, line.procedure), f"messages.fact_{line.code}"
    what = verb.done[lang] if verb else t(key, lang) if key in catalogue() else line.code
    return f"{line.on:%d/%m/%Y}: {what}", _now(versions, line, lang)


def _now(versions: Versions, line: Line, lang: str) -> str:
    state = versions.part("states", line.state, line.procedure)
    return str(state.now[lang]) if state else ""


def _lifter(versions: Versions, obstacle: str, lang: str, pin: str = "") -> str:
    known = versions.part("obstacles", obstacle, pin)
    return str(known.lifted_by[lang]) if known else ""


_WORDS = {
    "past": _dated, "due": _dated, "waiting": _blocked, "letters": _letter, "held": _held, "changed": _changed
}  # fmt: skip
