"""Rows of a list of cases in words: dates by their names, what comes next and whose turn it is, what is in the way."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.as_of import NOW, AsOf
from casework.lists.listed_case import ListedCase
from casework.lists.upcoming import RunningDate, next_acts, running_dates
from casework.sums.awaited_service import unserved_of
from models.tables import obstacles
from procedures.legal_time.deadlines import OURS
from procedures.schema import Words
from procedures.state_machine.next_act import NextAct
from rulebook.versions import Versions
from web.labels import letter_name, lifter_of
from web.rendering import days_left
from web.request_context import Visit


@dataclass(frozen=True, slots=True)
class ShownDate:
    """A date of a case: of the law (legal), of the plan (target), or the next to come (coming); `left` in words."""

    kind: str
    on: date
    label: str
    past: bool
    left: str


@dataclass(frozen=True, slots=True)
class NextStep:
    """The act that carries a case on; `reason` why the reader cannot do it, None: they can."""

    verb: str
    label: Words
    by: Sequence[str]
    reason: Any


@dataclass(frozen=True, slots=True)
class InTheWay:
    """An obstacle in words, who can lift it, and since which day."""

    label: str
    by: str
    since: date
    code: str = ""


@dataclass(frozen=True, slots=True)
class UnservedDeadline:
    """A deadline that has not started, and the letters whose proof of service is lacking, both in words."""

    deadline: str
    letters: str


@dataclass(frozen=True, slots=True)
class ShownCase(ListedCase):
    """A line of a list as pages show it; `own_district`: the reader's."""

    state_label: str
    now: str
    next: NextStep | None
    own_district: bool
    dates: Sequence[ShownDate]
    in_the_way: Sequence[InTheWay]
    unserved: Sequence[UnservedDeadline]


def decorate(
    connection: Connection, rows: Iterable[ListedCase], here: Visit, sight: AsOf = NOW, *, by_law: bool = False
) -> list[ShownCase]:
    """Rows as the lists show them; what comes next is said of today alone. Call it where the rows were read.

    `by_law`: an act of the reader that meets the nearest legal limit is the next one.
    """
    listed = list(rows)
    if not listed:
        return []  # a query for none of the cases would read all their deadlines
    cases = [row.id for row in listed]
    versions, day = Versions(connection), sight.day(here.today)
    running, unserved = running_dates(connection, cases), unserved_of(connection, cases)
    legal = {case: dates for case, dates in running.items() if by_law}
    nearest = {case: next((item.key for item in dates if item.kind == "legal"), "") for case, dates in legal.items()}
    acts = next_acts(connection, cases, here.person, nearest) if sight.is_now else {}
    blocked = _blocked(connection, [row.id for row in listed if row.obstacles])
    shown = []
    for row in listed:
        pin, lang = row.procedure, here.lang
        state = versions.part("states", row.state, pin)
        own: dict[str, Any] = {item.name: getattr(row, item.name) for item in fields(ListedCase)}
        shown.append(
            ShownCase(
                **own,
                state_label=state.label[lang] if state else row.state,
                now=state.now[lang] if state else "",
                next=_next(versions, acts.get(row.id), pin),
                own_district=row.district_code == here.person.district,
                dates=_dates(versions, row, running.get(row.id, ()), day, lang),
                in_the_way=[_in_the_way(versions, code, since, lang, pin) for code, since in blocked.get(row.id, ())],
                unserved=[_unserved(versions, *item, lang, pin) for item in unserved.get(row.id, ())],
            )
        )
    return shown


def _next(versions: Versions, act: NextAct | None, pin: str) -> NextStep | None:
    verb = versions.part("verbs", act.verb, pin) if act else None
    return NextStep(act.verb, verb.label, verb.by, act.reason) if act and verb else None


def _in_the_way(versions: Versions, code: str, since: date, lang: str, pin: str) -> InTheWay:
    return InTheWay(versions.label("obstacles", code, lang, pin), lifter_of(versions, code, lang, pin), since, code)


def _unserved(versions: Versions, key: str, letters: Sequence[str], lang: str, pin: str) -> UnservedDeadline:
    names = ", ".join(letter_name(letter, lang) for letter in letters)
    return UnservedDeadline(versions.label("deadlines", key, lang, pin), names)


def _dates(
    versions: Versions, row: ListedCase, running: Sequence[RunningDate], day: date, lang: str
) -> list[ShownDate]:  # fmt: skip
    """The nearest legal limit and the nearest date of the office's own; where both are past, also the next to come."""
    ends: list[tuple[str, date | None, Sequence[str]]] = [
        ("legal", row.legal_on, ("legal",)),
        ("target", row.target_on, OURS),
    ]
    found = [(kind, on, kinds) for kind, on, kinds in ends if on is not None]
    if found and all(on < day for _, on, _ in found):
        coming = next((item for item in running if item.ends_on >= day and item.kind != "period"), None)
        found += [("coming", coming.ends_on, (coming.kind,))] if coming else []
    return [
        ShownDate(
            kind, on, _named(versions, row, on, kinds, running, lang), on < day, days_left(day, on, kinds[0], lang)
        )
        for kind, on, kinds in found
    ]


def _named(
    versions: Versions, row: ListedCase, on: date, kinds: Sequence[str], running: Sequence[RunningDate], lang: str
) -> str:  # fmt: skip
    """The name of the deadline of these kinds that ends on the day; empty where none does."""
    key = next((item.key for item in running if item.ends_on == on and item.kind in kinds), "")
    return versions.label("deadlines", key, lang, row.procedure) if key else ""


def _blocked(connection: Connection, cases: Sequence[int]) -> Mapping[int, Sequence[tuple[str, date]]]:
    """By case: the obstacles that are not lifted, each with since when."""
    if not cases:
        return {}
    found = select(obstacles.c.case_id, obstacles.c.code, obstacles.c.since_on).where(
        obstacles.c.case_id.in_(cases), obstacles.c.lifted_on.is_(None)
    )
    blocked: dict[int, list[tuple[str, date]]] = {}
    for case_id, code, day in connection.execute(found).tuples():
        blocked.setdefault(case_id, []).append((code, day))
    return blocked
