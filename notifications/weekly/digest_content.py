"""The work of each person in a week, gathered for all people at once: a handful of queries, none per case."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Select, case, select

from models.letter_links import IN_HAND
from models.tables import case_rows, deadlines, facts, letter_rows, messages, obstacles
from models.typed_rows import all_rows
from notifications.recipients import People, Person, Recipient, ScopedCase
from notifications.sending_rules import announced_date
from oversight.late_items import is_to_meet
from oversight.lights import is_open, light_of_deadline
from oversight.notes_and_instructions import (
    OnCase,
    OpenInstruction,
    notes_coming_back,
    open_instructions,
    report_is_late,
)
from procedures.legal_time.deadlines import asked_on, lacking

SECTIONS = (
    "past", "due", "late", "instructed", "unserved", "waiting", "letters", "unanswered", "notes", "held", "changed",
)  # in the order of legal risk  # fmt: skip
_SECTION_OF = {"past_legal": "past", "late": "late", None: "due"}
MARKED = ("past", "late", "waiting")  # in which lines are marked that are new since the digest before
SHOWN = 25  # lines of a section; the rest is counted and listed on the worklist
LETTERS_FOR: Mapping[str, tuple[str, ...]] = {
    "draft": ("case_officer",),
    "returned": ("case_officer",),
    "undelivered": ("case_officer",),
    "submitted": ("manager", "leader"),
    "approved": ("clerk",),
    "issued": ("clerk",),
}
BUILT_IN = (
    "letter_issued",
    "letter_served",
    "service_begun",
    "migrated",
    "act_prepared",
    "act_withdrawn",
    "paper_entered",
    "paper_confirmed",
    "obstacle_tried",
    "obstacle_answered",
)  # the clerk's part of a letter is no news of a week; a new version has one message, not one a case; an act is news
# once it has taken effect


class DigestCase(ScopedCase):
    """A case as the lines of a digest need it."""

    case_id: int
    ref: str
    unit_name: str
    procedure: str
    state: str


class UrgentDeadline(DigestCase):
    """An open deadline that has passed or ends in the week."""

    key: str
    kind: str
    ends_on: date
    who: str


class SuspendedDeadline(DigestCase):
    """A deadline that waits for the proof of service of letters; `sum` is its computation."""

    key: str
    sum: dict[str, Any]


class OpenObstacle(DigestCase):
    """An obstacle that is not lifted."""

    code: str
    since_on: date


class UnfinishedLetter(DigestCase):
    """A letter that waits for an act of the roles in LETTERS_FOR."""

    letter_id: int
    template: str
    status: str
    drafted_for_on: date


class RecentFact(DigestCase):
    """A fact that was recorded since the digest before; `by` is a login."""

    kind: str
    occurred_on: date
    by: str


class HeldMessage(DigestCase):
    """A message that exceeded the daily budget of a person."""

    id: int
    key: str
    kind: str
    deadline_key: str
    subject: str
    recipient_id: int
    created_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """One item of one case; `code` is a key of the procedure or a status, `on` its day, `link` the page to act on.

    `fresh` is True when it is newer than the digest before.
    """

    ref: str
    unit: str
    code: str
    on: date | None
    state: str
    procedure: str
    kind: str = ""
    instead_of: str = ""
    link: str = ""
    fresh: bool = False


@dataclass(slots=True)
class Section:
    """The first SHOWN lines of a section, and the number of all."""

    lines: list[Line] = field(default_factory=list)
    count: int = 0

    def add(self, line: Line) -> None:
        self.count += 1
        if len(self.lines) < SHOWN:
            self.lines.append(line)


class Work:
    """Sections by person; of several deadlines of a case the most urgent is listed.

    `before_on` is the day of the digest before, None where there was none.
    """

    def __init__(self, before_on: date | None) -> None:
        self._before_on = before_on
        self._by_person: dict[int, dict[str, Section]] = defaultdict(dict)
        self._urgent: set[tuple[int, int]] = set()
        self.held: dict[int, list[int]] = defaultdict(list)

    def of(self, person: int) -> dict[str, Section]:
        found = self._by_person.get(person, {})
        return {name: found[name] for name in SECTIONS if name in found}

    def counts(self, person: int) -> dict[str, int]:
        return {name: section.count for name, section in self.of(person).items()}

    def add(
        self, section: str, recipient: Recipient, row: DigestCase, code: str, on: date | None, kind: str = "",
        link: str = "",
    ) -> None:  # fmt: skip
        at = link or f"/cases/{row['ref']}"
        fresh = section in MARKED and on is not None and self._before_on is not None and on >= self._before_on
        line = Line(
            row["ref"], row["unit_name"], code, on, row["state"], row["procedure"], kind, recipient.absent_name, at,
            fresh,
        )  # fmt: skip
        self._by_person[recipient.person.id].setdefault(section, Section()).add(line)

    def add_urgent(self, section: str, recipient: Recipient, row: UrgentDeadline) -> None:
        place = (recipient.person.id, row["case_id"])
        if place not in self._urgent:
            self._urgent.add(place)
            self.add(section, recipient, row, row["key"], row["ends_on"], row["kind"])

    def is_urgent(self, person: int, case_id: int) -> bool:
        return (person, case_id) in self._urgent


def gather(
    connection: Connection, people: People, day: date, until: date, since: datetime, before_on: date | None
) -> Work:
    """The work of all people on a day: what ends before `until`, and what has changed `since` the digest before.

    That digest was written on `before_on`; None where there was none.
    """
    work, audience = Work(before_on), _Audience(people)
    for row in all_rows(UrgentDeadline, connection.execute(_urgent(day, until))):
        section = _SECTION_OF[light_of_deadline(row["kind"], row["ends_on"], day)]
        for recipient in audience.of((row["who"] or "case_officer",), row):
            work.add_urgent(section, recipient, row)
    for waiting in all_rows(SuspendedDeadline, connection.execute(_unserved())):
        for recipient in audience.of(("case_officer",), waiting):
            on = asked_on(waiting["sum"])
            work.add("unserved", recipient, waiting, waiting["key"], on, ",".join(lacking(waiting["sum"])))
    for obstacle in all_rows(OpenObstacle, connection.execute(_obstacles())):
        for recipient in audience.of(("case_officer",), obstacle):
            work.add("waiting", recipient, obstacle, obstacle["code"], obstacle["since_on"])
    for letter in all_rows(UnfinishedLetter, connection.execute(_letters())):
        for recipient in audience.of(LETTERS_FOR[letter["status"]], letter):
            on, link = letter["drafted_for_on"], f"/letters/{letter['letter_id']}"
            work.add("letters", recipient, letter, letter["template"], on, letter["status"], link)
    _add_written(connection, work, people, day, until)
    _add_changes(connection, work, audience, since)
    _add_held(connection, work, people)
    return work


class _Audience:
    """Recipients by role and office, looked up once for all the cases that have the same."""

    def __init__(self, people: People) -> None:
        self._people = people
        self._known: dict[tuple[tuple[str, ...], str, str, int | None], list[Recipient]] = {}

    def of(self, roles: tuple[str, ...], case: ScopedCase) -> list[Recipient]:
        key = (roles, case["district_code"], case["level"], case["officer_id"])
        if key not in self._known:
            persons: dict[int, Person] = {}
            for role in roles:
                persons |= {person.id: person for person in self._people.in_role(role, case)}
            self._known[key] = self._people.with_substitutes(persons.values())
        return self._known[key]


_CASE = (
    case_rows.c.id.label("case_id"), case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code,
    case_rows.c.level, case_rows.c.officer_id, case_rows.c.procedure, case_rows.c.state,
)  # fmt: skip


def _urgent(day: date, until: date) -> Select[Any]:
    """Legal limits passed, then legal limits that end before `until`, then other dates, the oldest first."""
    columns = deadlines.c
    legal = columns.kind == "legal"
    risk = case((legal & (columns.ends_on < day), 0), (legal, 1), else_=2)
    return (
        select(*_CASE, columns.key, columns.kind, columns.ends_on, columns.who)
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(is_to_meet(), columns.ends_on < until, is_open())
        .order_by(risk, columns.ends_on, case_rows.c.id)
    )


def _unserved() -> Select[Any]:
    """Deadlines that have not started, because the proof that their letters were served is lacking."""
    own = deadlines.c
    few = select(own.case_id, own.key, own.sum).where(own.unserved).cte("few").prefix_with("MATERIALIZED")
    return (
        select(*_CASE, few.c.key, few.c.sum)
        .join(case_rows, case_rows.c.id == few.c.case_id)
        .where(case_rows.c.closed_on.is_(None))
        .order_by(case_rows.c.id)
    )


def _obstacles() -> Select[Any]:
    columns = obstacles.c
    return (
        select(*_CASE, columns.code, columns.since_on)
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.lifted_on.is_(None), case_rows.c.closed_on.is_(None))
        .order_by(columns.since_on, case_rows.c.id)
    )


def _letters() -> Select[Any]:
    columns = letter_rows.c
    return (
        select(*_CASE, columns.id.label("letter_id"), columns.template, columns.status, columns.drafted_for_on)
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(IN_HAND, columns.status.in_(LETTERS_FOR), case_rows.c.closed_on.is_(None))
        .order_by(columns.drafted_for_on, columns.id)
    )


def _add_written(connection: Connection, work: Work, people: People, day: date, until: date) -> None:
    """Instructions to report on, those whose report is late, and notes that come back before `until`."""
    for row in all_rows(OpenInstruction, connection.execute(open_instructions())):
        link = f"/cases/{row['ref']}/instructions/{row['id']}"
        _add_to(work, people, "instructed", row["person"], row, link)
        if report_is_late(row["on"], day):
            _add_to(work, people, "unanswered", row["giver"], row, link)
    for note in all_rows(OnCase, connection.execute(notes_coming_back(until - timedelta(days=1)))):
        _add_to(work, people, "notes", note["person"], note, f"/cases/{note['ref']}/notes/{note['id']}")


def _add_to(work: Work, people: People, section: str, to: int | None, row: OnCase, link: str) -> None:
    person = people.by_id.get(to or 0)
    for recipient in people.with_substitutes([person] if person else []):
        work.add(section, recipient, row, row["text"], row["on"], row["author"], link)


def _add_changes(connection: Connection, work: Work, audience: _Audience, since: datetime) -> None:
    """The latest act of other people in each case of a person."""
    columns = facts.c
    found = (
        select(*_CASE, columns.kind, columns.occurred_on, columns.by)
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(case_rows.c.touched_at >= since, columns.recorded_at >= since)
        .where(columns.kind.not_in(BUILT_IN))
        .order_by(columns.recorded_at.desc(), columns.id.desc())
    )
    seen: set[tuple[int, int]] = set()
    for row in all_rows(RecentFact, connection.execute(found)):
        for recipient in audience.of(("case_officer",), row):
            place = (recipient.person.id, row["case_id"])
            if row["by"] != recipient.person.login and place not in seen:
                seen.add(place)
                work.add("changed", recipient, row, row["kind"], row["occurred_on"])


def _add_held(connection: Connection, work: Work, people: People) -> None:
    """Messages beyond a person's daily budget, without reminders of a case that an urgent line names already."""
    columns = messages.c
    found = (
        select(
            *_CASE, columns.id, columns.key, columns.kind, columns.deadline_key, columns.subject,
            columns.officer_id.label("recipient_id"), columns.created_on,
        )
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.status == "held")
        .order_by(columns.id)
    )  # fmt: skip
    for row in all_rows(HeldMessage, connection.execute(found)):
        if person := people.by_id.get(row["recipient_id"]):
            work.held[person.id].append(row["id"])
            reminder = row["kind"] == "ladder"
            if not reminder or not work.is_urgent(person.id, row["case_id"]):
                code, on = row["subject"], row["created_on"]
                if reminder:
                    code, on = row["deadline_key"], announced_date(row["key"])
                work.add("held", Recipient(person), row, code, on, row["kind"])
