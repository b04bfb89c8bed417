"""Deadlines as calendar entries (iCalendar): published, moved, and taken back under the same identity."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from models.settings import settings

EVERY = "PT1H"  # how often a phone should look again
PUBLISH, CANCEL = "PUBLISH", "CANCEL"  # methods of iTIP (RFC 5546)
ALARM = timedelta(hours=-15)  # before the midnight at which an all-day entry begins: 9 in the morning of the day before


@dataclass(frozen=True, slots=True)
class Entry:
    """An all-day entry for a deadline; its identity stays the same when the date moves.

    `name` is the deadline in the reader's language, `note` text of the description or "". `sequence` is higher in every
    revision that a person is sent; `cancelled`: the deadline no longer ends on this day, nor on another.
    """

    ref: str
    key: str
    unit_name: str
    on: date
    name: str
    note: str = ""
    sequence: int = 0
    cancelled: bool = False

    @property
    def link(self) -> str:
        return f"{settings().site()}/cases/{self.ref}"


def event_of(entry: Entry, now: datetime, *, alarm: bool = False) -> Event:
    """`alarm`: it rings the day before; not in a mail, whose entry would ring on after the deadline was met."""
    event = Event()
    event.add("uid", f"{entry.ref}-{entry.key}@coopcase")
    event.add("dtstamp", now)
    event.add("dtstart", entry.on)
    event.add("dtend", entry.on + timedelta(days=1))
    event.add("summary", f"{entry.name}: {entry.unit_name} ({entry.ref})")
    event.add("sequence", entry.sequence)
    event.add("status", "CANCELLED" if entry.cancelled else "CONFIRMED")
    if entry.note:
        event.add("description", f"{entry.note}\n{entry.link}")
    event.add("url", entry.link)
    event.add("transp", "TRANSPARENT")
    if alarm:
        event.add_component(_alarm(str(event["summary"])))
    return event


def _alarm(said: str) -> Alarm:
    made = Alarm()
    made.add("action", "DISPLAY")
    made.add("description", said)
    made.add("trigger", ALARM)
    return made


def attachment(entry: Entry, now: datetime) -> str:
    """The entry as a mail carries it: a new one, a moved one, or one that is taken back."""
    event = event_of(entry, now)
    event.add("organizer", f"mailto:{settings().sender()}")
    return as_text([event], entry.name, CANCEL if entry.cancelled else PUBLISH)


def as_text(events: Iterable[Event], name: str, method: str = PUBLISH) -> str:
    calendar = Calendar()
    calendar.add("prodid", "-//Coopcase//VN")
    calendar.add("version", "2.0")
    calendar.add("method", method)
    calendar.add("x-wr-calname", name)
    calendar.add("x-published-ttl", EVERY)
    for event in events:
        calendar.add_component(event)
    text: str = calendar.to_ical().decode()
    return text


def method_of(calendar: str) -> str:
    """The method of an entry in a mail, which the mail has to name as well."""
    return str(Calendar.from_ical(calendar)["method"])
