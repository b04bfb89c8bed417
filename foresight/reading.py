"""From events of any file to an event log: which events count, which of them close a case."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta

from foresight.log import Case, EventLog, LogError, Visit

END_PURITY = 0.95  # share of the cases with an activity that must end with it for it to close them
END_SHARE = 0.01  # share of all cases that it must end
CANDIDATES = 6
SPELLINGS = ("%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%d/%m/%Y")


@dataclass(frozen=True, slots=True)
class Event:
    """One line of a file. `where` names it for a refusal; `complete` is False for the start or pause of an activity."""

    case: str
    activity: str
    at: datetime
    where: str
    complete: bool = True


@dataclass(slots=True)
class CaseFacts:
    """What a file says of a case beside its events; None where it says nothing."""

    opened: datetime | None = None
    closed: datetime | None = None
    due: datetime | None = None
    office: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """The log, and which activities were taken to close a case (empty where the file gives the day itself).

    `never_open`: cases left out because the file has them closed when, or before, they were opened.
    """

    log: EventLog
    closed_by: tuple[str, ...]
    never_open: tuple[str, ...]


@dataclass(slots=True)
class Gathered:
    """Events by case in the order of the file."""

    events: dict[str, list[Event]] = field(default_factory=dict)
    facts: dict[str, CaseFacts] = field(default_factory=dict)

    def add(self, event: Event) -> None:
        self.events.setdefault(event.case, []).append(event)


def moment(text: str) -> datetime | None:
    """ISO 8601, or dd/mm/yyyy with or without a time of day; UTC where no offset is given. None if it is neither."""
    text = text.strip()
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = _spelled(text)  # type: ignore[assignment]
    return found if found is None or found.tzinfo else found.replace(tzinfo=UTC)


def _spelled(text: str) -> datetime | None:
    for spelling in SPELLINGS:
        try:
            return datetime.strptime(text, spelling).replace(tzinfo=UTC)
        except ValueError:
            continue
    return None


def to_log(gathered: Gathered, closed_by: Collection[str] = (), dated: bool = False) -> Reading:
    """The event log of a file.

    `closed_by`: activities that close a case when they first happen. Without them and with `dated` (the file has a
    column for the closing) that day closes it; otherwise an activity counts as closing when nearly all cases that
    have it end with it. Days are counted from the first event's day, at the offset of that event.
    Raises LogError: `no_events`, `no_such_activity` for a `closed_by` that no event bears, and `no_closing` (with the
    activities most cases end with) where none can be taken to close a case.
    """
    events = {case: _ordered(found) for case, found in gathered.events.items()}
    if not events:
        raise LogError("no_events")
    missing = sorted(set(closed_by) - {one.activity for found in events.values() for one in found})
    if missing:
        raise LogError("no_such_activity", missing[0])
    ending = tuple(closed_by) or (() if dated else _ending(events))
    if not ending and not dated:
        last = Counter(found[-1].activity for found in events.values())
        raise LogError("no_closing", candidates=", ".join(name for name, _ in last.most_common(CANDIDATES)))
    start = min(found[0].at for found in events.values())
    zero = datetime.combine(start.date(), datetime.min.time(), start.tzinfo)
    cases, visits, never = [], [], []
    for name, found in events.items():
        facts = gathered.facts.get(name, CaseFacts())
        case = _case(name, found, facts, frozenset(ending), zero, start)
        if case.closed is not None and case.closed <= case.opened:
            never.append(name)
            continue
        cases.append(case)
        visits += [Visit(name, one.activity, _days(one.at, zero)) for one in found]
    return Reading(EventLog.of(zero.date(), cases, visits), ending, tuple(never))


def _ordered(events: Iterable[Event]) -> list[Event]:
    """By time, equal ones as in the file; only completions where the file tells them from starts."""
    listed = sorted(events, key=lambda one: one.at)
    return [one for one in listed if one.complete] or listed


def _ending(events: Mapping[str, list[Event]]) -> tuple[str, ...]:
    having: Counter[str] = Counter()
    last: Counter[str] = Counter()
    for found in events.values():
        having.update({one.activity for one in found})
        last[found[-1].activity] += 1
    return tuple(
        sorted(
            name
            for name, count in last.items()
            if count >= END_PURITY * having[name] and count >= END_SHARE * len(events)
        )
    )


def _case(
    name: str, events: list[Event], facts: CaseFacts, ending: frozenset[str], zero: datetime, start: datetime
) -> Case:
    first = max(start, min(events[0].at, facts.opened or events[0].at))  # nothing was recorded before the log began
    closed = next((one.at for one in events if one.activity in ending), None) if ending else facts.closed
    due = None if facts.due is None else _days(facts.due, zero)
    return Case(name, _days(first, zero), None if closed is None else _days(closed, zero), facts.office, due)


def _days(at: datetime, zero: datetime) -> float:
    return (at - zero) / timedelta(days=1)


def day_of(log: EventLog, day: float) -> date:
    """The date of a day of the log."""
    return log.origin + timedelta(days=int(day // 1))
