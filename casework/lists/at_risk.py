"""The cases most likely to miss a fixed date, each with the last day that still makes it; the last days of acts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from sqlalchemy import Connection, select

from casework.lists.case_ways import ReadCase, ways_of
from models.tables import officers
from oversight.answering import answering
from oversight.case_chances import case_chances
from oversight.case_histories import histories
from oversight.date_risk import DateRisk, LastAct
from oversight.event_log import worked_days
from oversight.history_folding import History
from oversight.milestones import Milestone, milestones_of
from oversight.remembered import Latest, what_is_known
from procedures.state_machine.last_days import ActDay, LastDays
from rulebook.versions import Versions

IN_MESSAGE = 2  # last days in a message
MOST_READ = 3_000  # cases whose own facts are read; of more, those with the least chance, and the oldest


@dataclass(frozen=True, slots=True)
class RiskCase:
    """A case bound to the date. `chance`: of being released in time, None where no forecast may be shown.

    `way`: None where no lawful way to the date is left. `officer`: the login of who carries it, "" when unassigned.
    """

    ref: str
    unit_name: str
    district: str
    state: str
    procedure: str
    officer: str
    opened_on: date
    chance: float | None
    way: LastDays | None

    def days_left(self, today: date) -> int | None:
        """Days to the last day of the next act, negative once it is past; None without a way."""
        return None if self.way is None else (self.way.on - today).days

    def is_past(self, today: date) -> bool:
        """Whether the date can no longer be relied on: no way, or the next act comes too late by law."""
        return self.way is None or self.way.on < today


@dataclass(frozen=True, slots=True)
class LastDay:
    """The last useful day of an act for `cases` cases that still have it ahead; for `next` of them it comes next.

    `roles`: who brings the act into effect, the signatory where it takes effect by a paper.
    """

    act: ActDay
    procedure: str
    roles: tuple[str, ...]
    cases: int
    next: int


@dataclass(frozen=True, slots=True)
class RiskList:
    """A fixed date with its cases, most at risk first, and the last days of acts in the order of days.

    `read`: how many of the `milestone.waiting` cases are in `cases`; fewer than all in a very large office.
    """

    milestone: Milestone
    cases: tuple[RiskCase, ...]
    last_days: tuple[LastDay, ...]
    roles: Mapping[tuple[str, str], tuple[str, ...]]

    def of_district(self, code: str) -> "RiskList":
        """The same of the cases of one district; the milestone stays that of all."""
        own = tuple(case for case in self.cases if case.district == code)
        return RiskList(self.milestone, own, tuple(_last_days(own, self.roles)), self.roles)

    def ahead(self, today: date) -> list[LastDay]:
        """The last days that are not past."""
        return [one for one in self.last_days if one.act.on >= today]

    @property
    def read(self) -> int:
        return len(self.cases)

    def past(self, today: date) -> int:
        return sum(case.is_past(today) for case in self.cases)


def risk_lists(
    connection: Connection, today: date, *, district: str | None = None, milestone: str | None = None,
    most: int = MOST_READ,
) -> list[RiskList]:  # fmt: skip
    """For each fixed date ahead (or the one named), the cases bound to it, `most` at most; of one district or of all.

    First the cases that miss it by law alone, then those with the least chance, then those with the least time.
    """
    found, known = histories(connection, today, district=district), what_is_known(connection)
    worked = worked_days(connection, district)
    listed = [(item, own) for item, own in milestones_of(connection, found, today) if milestone in (None, item.key)]
    picked = []
    for item, own in listed:
        made = partial(case_chances, own, today, item.key, item.on, worked)
        chances = _chances.of((today, district, item.key, item.on), known, made)
        bound = sorted((one for one in own if one.is_bound(item.key)), key=lambda one: _first(one, chances))
        picked.append((item, bound[:most], chances))
    wanted: dict[int, list[str]] = {}
    for item, bound, _ in picked:
        for one in bound:
            wanted.setdefault(one.case_id, []).append(item.key)
    read = ways_of(connection, wanted)
    names = dict(connection.execute(select(officers.c.id, officers.c.name)).tuples().all())
    return [
        _list(item, [_case(read[one.case_id], item.key, names, chances) for one in bound], read, today)
        for item, bound, chances in picked
    ]


_chances: Latest[Mapping[str, float]] = Latest()


def date_risks(connection: Connection, today: date) -> Mapping[tuple[str, str | None], DateRisk]:
    """For messages to heads: by fixed date and district, and by fixed date for all (None)."""
    versions, found = Versions(connection), {}
    for item in risk_lists(connection, today):
        for code in (None, *sorted({case.district for case in item.cases})):
            part = item if code is None else item.of_district(code)
            ahead = tuple(
                LastAct(one.act.on, versions.of(one.procedure).verbs[one.act.verb].label, one.cases)
                for one in part.ahead(today)[:IN_MESSAGE]
            )
            found[item.milestone.key, code] = DateRisk(part.read, part.past(today), ahead)
    return found


def _first(one: History, chances: Mapping[str, float]) -> tuple[float, int]:
    return chances.get(one.ref, 0.0), one.opened


def _case(case: ReadCase, name: str, names: Mapping[int, str], chances: Mapping[str, float]) -> RiskCase:
    line, officer = case.line, names.get(case.line.officer_id or 0, "")
    return RiskCase(
        line.ref, line.unit_name, line.district_code, case.way.state, line.procedure, officer, line.opened_on,
        chances.get(line.ref), case.way.ways[name],
    )  # fmt: skip


def _list(item: Milestone, cases: list[RiskCase], read: Mapping[int, ReadCase], today: date) -> RiskList:
    roles = {
        (pin, verb): answering(procedure, verb)
        for pin, procedure in {one.line.procedure: one.way.procedure for one in read.values()}.items()
        for verb in procedure.verbs
    }
    cases.sort(key=lambda one: _risk(one, today))
    return RiskList(item, tuple(cases), tuple(_last_days(cases, roles)), roles)


def _risk(one: RiskCase, today: date) -> tuple[bool, float, date, date]:
    chance = 1.0 if one.chance is None else one.chance
    return not one.is_past(today), chance, one.way.on if one.way else date.min, one.opened_on


def _last_days(cases: Sequence[RiskCase], roles: Mapping[tuple[str, str], tuple[str, ...]]) -> list[LastDay]:
    """Acts whose day follows from the law or from the date itself, and moves that come next, by day."""
    ahead: dict[tuple[date, str, str], list[tuple[ActDay, bool]]] = {}
    for case in cases:
        for place, act in enumerate(case.way.acts if case.way else ()):
            if act.because.code != "order" or (place == 0 and act.to):
                ahead.setdefault((act.on, act.verb, case.procedure), []).append((act, place == 0))
    return [
        LastDay(found[0][0], pin, roles.get((pin, verb), ()), len(found), sum(is_next for _, is_next in found))
        for (_, verb, pin), found in sorted(ahead.items())
    ]
