"""The weekly digest: one message a person a week, worst first; with nothing new and nothing due a line in the inbox."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import NamedTuple, TypedDict

from sqlalchemy import Connection, func, select, update

from audit_log.sequencer import printed
from models.clock import HANOI
from models.settings import settings
from models.tables import districts, messages, officers
from models.tracking import Track, silent
from models.typed_rows import all_rows
from notifications import message_store
from notifications.delivery.unreachable_people import unreached
from notifications.message_store import NewMessage
from notifications.message_texts import Text, render
from notifications.recipients import People, Person, Substitution, substitutions
from notifications.sending_rules import allowed_from
from notifications.weekly.digest_content import SECTIONS, gather
from notifications.weekly.digest_lines import LineWords, SectionWords, section_in_words
from notifications.weekly.summary import Offices, Summary, moves, summary_of
from notifications.weekly.week_figures import Figures
from notifications.workload_snapshot import kept, snapshot
from oversight.date_risk import RiskReader
from oversight.forecast import Forecast, forecasts
from oversight.office_health import health
from oversight.what_if import WhatIf, what_if
from procedures.legal_time.calendar import load_calendars
from rulebook.office_calendar import OfficeCalendars
from rulebook.versions import Versions
from templates.words import t

A_WEEK = timedelta(days=7)
TO_DO = [name for name in SECTIONS if name not in ("held", "changed")]  # what is work, and not news of it
IN_SUBJECT = 3


@dataclass(frozen=True, slots=True)
class Planned:
    """The week of one person: `kind` is digest, quiet (a line in the inbox) or none.

    `why` is a code of `messages.why_`, `counts` the number of lines by section, `message` None where kind is none,
    `held` the ids of the held messages that the digest carries.
    """

    person: Person
    kind: str
    why: str
    counts: Mapping[str, int] = field(default_factory=dict)
    message: NewMessage | None = None
    held: Sequence[int] = ()

    @property
    def login(self) -> str:
        return self.person.login


class WrittenDigest(TypedDict):
    """A digest of the table `message`."""

    login: str
    subject: str
    body: str
    html: str
    link: str
    status: str
    created_at: datetime
    sent_at: datetime | None


class Away(TypedDict):
    """An absence as the templates read it; `mine` is True for the absent person."""

    mine: bool
    name: str
    from_on: date
    to_on: date


class Before(NamedTuple):
    """When the digests of an earlier week were written."""

    on: date
    at: datetime


class Week:
    """The week of a day, read for all people in a handful of queries. `risks`: who reads the cases at risk.

    The day on which it is written counts, not the Monday that a switched-off machine missed.
    """

    def __init__(self, connection: Connection, day: date, now: datetime, *, risks: RiskReader) -> None:
        self.now, self.monday = now, day - timedelta(days=day.weekday())
        self.day = written_on(day, now)
        before = _before(connection, self.monday)
        self.people, self._days = People(connection, self.day), OfficeCalendars(connection)
        self._versions = Versions(connection)
        self._done = _done(connection, self.monday)
        until = load_calendars().agency.next_working(self.monday + A_WEEK)
        before_on, since = (before.on, before.at) if before else (None, now - A_WEEK)
        self._work = gather(connection, self.people, self.day, until, since, before_on)
        self.snapshot = snapshot(connection, self.day)
        self._offices = Offices(
            self.people, self._versions,
            dict(connection.execute(select(districts.c.code, districts.c.name)).tuples().all()),
            Figures(connection, before_on or self.day - A_WEEK, self.day),
            self.snapshot, kept(connection, self.monday), before_on, unreached(connection),
            self.day, ahead := forecasts(connection, self.day), risks(connection, self.day),
            _changes(connection, ahead, self.day), printed(connection), health(connection, settings()),
        )  # fmt: skip
        self._away = substitutions(connection, self.people, self.day, self.monday + timedelta(days=6))

    def of(self, person: Person) -> Planned:
        """The digest, the quiet line or nothing for a person, and why."""
        key, counts = key_of(person.id, self.monday), self._work.counts(person.id)
        if key in self._done:
            return Planned(person, "none", "already", counts)
        away = self._away.get(person.id, ())
        if person.role == "admin" and not counts and not away:
            return Planned(person, "none", "no_cases", counts)
        summary = summary_of(person, self._offices)
        if not counts and not away and not moves(summary):
            quiet = self._message(person, key, render("quiet", person.lang, day=self.day))
            return Planned(person, "quiet", "nothing_due", counts, replace(quiet, status="inbox"))
        message = self._digest(person, key, summary, away)
        why = "due" if counts else "figures" if summary else "away"
        return Planned(person, "digest", why, counts, message, self._work.held.get(person.id, ()))

    def _digest(self, person: Person, key: str, summary: Summary | None, away: Sequence[Substitution]) -> NewMessage:
        sections = [
            section_in_words(self._versions, name, section, self.day, person.lang)
            for name, section in self._work.of(person.id).items()
        ]
        content = {
            "sections": sections, "summary": summary, "away": [_away(item, person) for item in away],
            "heading": _heading(self._work.counts(person.id), summary, person.lang), "first": _first(sections, summary),
        }  # fmt: skip
        return replace(self._message(person, key, render("weekly", person.lang, day=self.day, **content)), link="/work")

    def _message(self, person: Person, key: str, text: Text) -> NewMessage:
        message = message_store.new_message(person, key, "digest", text, now=self.now, today=self.day)
        return replace(message, next_at=allowed_from(self.now, self._days.of(person.district).agency))

    def everybody(self, track: Track = silent) -> list[Planned]:
        people = self.people.everybody()
        return [self.of(person) for person in track(people, len(people))]


def weekly(connection: Connection, day: date, *, now: datetime, risks: RiskReader) -> list[Planned]:
    """The plan of the week of a day for all people; nothing is written."""
    return Week(connection, day, now, risks=risks).everybody()


def write(connection: Connection, planned: Sequence[Planned], *, now: datetime) -> int:
    """Write what is planned, once a week, and mark held messages as carried by the digest. Returns how many digests."""
    written = message_store.put(connection, [item.message for item in planned if item.message is not None])
    for item in planned:
        for start in range(0, len(item.held) if item.message is not None else 0, message_store.CHUNK):
            held = update(messages).where(
                messages.c.id.in_(item.held[start : start + message_store.CHUNK]), messages.c.status == "held"
            )
            connection.execute(held.values(status="inbox", note="in_digest", sent_at=now))
    return written


def written(connection: Connection, day: date) -> dict[str, WrittenDigest]:
    """The digests of the week of a day that are written already, by login."""
    columns = messages.c
    wanted = (
        columns.subject,
        columns.body,
        columns.html,
        columns.link,
        columns.status,
        columns.created_at,
        columns.sent_at,
    )
    found = select(officers.c.login, *wanted).join(officers, officers.c.id == columns.officer_id)
    mine = found.where(columns.kind == "digest", columns.key.in_(_keys(connection, day)))
    return {row["login"]: row for row in all_rows(WrittenDigest, connection.execute(mine))}


def key_of(person: int, day: date) -> str:
    """The idempotency key of a person's digest in the ISO week of a day, e.g. 7:digest:2016-W11."""
    year, week, _ = day.isocalendar()
    return f"{person}:digest:{year}-W{week:02d}"


def written_on(day: date, now: datetime) -> date:
    """The day itself, or today where that is later in the same week."""
    today = now.astimezone(HANOI).date()
    return today if day < today and today.isocalendar()[:2] == day.isocalendar()[:2] else day


def _changes(connection: Connection, ahead: Sequence[Forecast], day: date) -> WhatIf | None:
    """What would change the nearest date that has cases to be done."""
    nearest = next((item.milestone.key for item in ahead if item.outlook.bound), None)
    return None if nearest is None else what_if(connection, day, nearest)


def _before(connection: Connection, monday: date) -> Before | None:
    """The latest digests before this week's: changes since then are news, however long ago that was."""
    columns = messages.c
    found = select(func.max(columns.created_on), func.max(columns.created_at))
    on, at = connection.execute(found.where(columns.kind == "digest", columns.created_on < monday)).one()
    return Before(on, at) if on is not None else None


def _done(connection: Connection, monday: date) -> set[str]:
    of_week = messages.c.key.in_(_keys(connection, monday))
    return set(connection.scalars(select(messages.c.key).where(messages.c.kind == "digest", of_week)))


def _keys(connection: Connection, day: date) -> list[str]:
    """The keys of the digests of all officers in the week of a day."""
    return [key_of(number, day) for number in connection.scalars(select(officers.c.id))]


def _heading(counts: Mapping[str, int], summary: Summary | None, lang: str) -> list[str]:
    """The counts of a subject, the worst first; for heads their own number and the figures of their office."""
    own = {name: count for name, count in counts.items() if name in TO_DO}
    if summary is not None:
        pressing = summary["pressing"]
        own = {"mine": sum(own.values()), "past": pressing["past"], "late": pressing["late"]}
    worded = [t(f"messages.count_{name}", lang, count=count) for name, count in own.items() if count]
    return worded[:IN_SUBJECT]


def _first(sections: Sequence[SectionWords], summary: Summary | None) -> LineWords | None:
    """The worst line that asks for an act; None where the digest has a single line, which says it itself."""
    found = [line for section in sections if section["key"] in TO_DO for line in section["lines"]]
    return found[0] if found and found[0]["to_do"] and (summary or len(found) > 1) else None


def _away(item: Substitution, person: Person) -> Away:
    """For the absent person the name of the substitute, for the substitute that of the absent one."""
    mine = item.absent.id == person.id
    other = item.substitute if mine else item.absent
    return {"mine": mine, "name": other.name, "from_on": item.from_on, "to_on": item.to_on}
