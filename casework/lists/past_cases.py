"""Lists as they stood: every case folded set-wise over what had happened, or was known, on a day."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, and_, or_, select, true

from casework.as_of import Sight
from casework.lists.upcoming import RunningDate
from casework.lists.worklist import FAR, NOBODY, Filter, Page, matches
from models.errors import WrongInput
from models.tables import case_rows, facts, officers, units
from oversight.lights import LIGHTS, CutOffs, Dates, cut_offs
from procedures.facts import CaseState, FactView
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive, lacking, nearest
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from rulebook.office_calendar import OfficeCalendars, office_of
from rulebook.readings import OfficeReadings, office_readings
from rulebook.versions import Versions

_CASE = (
    case_rows.c.id, case_rows.c.ref, case_rows.c.unit_id, case_rows.c.unit_name, case_rows.c.district_code,
    case_rows.c.level, case_rows.c.procedure, case_rows.c.officer_id,
)  # fmt: skip
_FACT = (facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.occurred_on, facts.c.data, facts.c.annuls)


def past_rows(connection: Connection, sight: Sight, cuts: CutOffs, district: str | None = None) -> list[dict[str, Any]]:
    """The rows of a worklist as they stood, of one district or of all, in no order.

    Besides the columns of the worklist each has `in_the_way` (obstacles with since when), `unserved` (deadlines with
    the letters whose proof is lacking), `still_to_meet` and of these `programme` (the fixed dates), `running` (the
    dates that run), and `who` (the role that an overdue case waits for).
    """
    rules, people = _Rules(connection, sight), _people(connection)
    versions = _versions_then(connection, sight)
    found = []
    for row, listed in _cases(connection, sight, district):
        pin = versions.get(row["id"], row["procedure"])
        state, procedure = rules.folded(row, pin, listed)
        if state.opened_on is not None:
            found.append(_row(row, state, procedure, rules.calendars.of(office_of(row)), cuts, people))
    return found


class PastLists:
    """The lists of a day gone by: its cases are folded once, then paged, filtered and counted."""

    def __init__(self, connection: Connection, sight: Sight, today: date, district: str | None = None) -> None:
        self._connection, self.cuts = connection, cut_offs(sight.day(today))
        self.rows = past_rows(connection, sight, self.cuts, district)

    def worklist(self, wanted: Filter, *, limit: int = 50, offset: int = 0) -> Page:
        """A page of cases with their lights, worst first. Raises WrongInput for an unknown light."""
        if wanted.light and wanted.light not in LIGHTS:
            raise WrongInput("light", "not_an_option", value=wanted.light, options=", ".join(LIGHTS))
        found = sorted(self._picked(wanted), key=lambda row: (self._falling(wanted, row), self._risk(row)))
        return Page(found[offset : offset + limit], len(found))

    def how_many(self, wanted: Filter) -> int:
        return len(self._picked(wanted))

    def light_counts(self, wanted: Filter) -> dict[str, int]:
        """How many cases stood under each light."""
        found = Counter(row["light"] for row in self._picked(wanted))
        return {name: found[name] for name in LIGHTS}

    def _picked(self, wanted: Filter) -> list[dict[str, Any]]:
        named = self._named(wanted.search) if wanted.search else None
        return [row for row in self.rows if self._wants(wanted, row) and (named is None or row["id"] in named)]

    def _named(self, search: str) -> set[int]:
        """By its name and numbers as they are now."""
        joined = case_rows.join(units, units.c.id == case_rows.c.unit_id)
        return set(self._connection.scalars(select(case_rows.c.id).select_from(joined).where(matches(search))))

    def _wants(self, wanted: Filter, row: Mapping[str, Any]) -> bool:
        equal = (
            ("district_code", wanted.district), ("stage", wanted.stage), ("state", wanted.state),
            ("light", wanted.light), ("who", wanted.who),
        )  # fmt: skip
        closed = row["closed_on"] is not None
        return (
            all(row[name] == value for name, value in equal if value)
            and (wanted.closed is None or closed == wanted.closed)
            and (not wanted.officer_ids or row["officer_id"] in wanted.officer_ids)
            and (not wanted.officer or wanted.officer == (row["officer"] or NOBODY))
            and (wanted.held is None or wanted.held == bool(row["obstacles"]))
            and (not wanted.deadlines or not set(wanted.deadlines).isdisjoint(row["still_to_meet"]))
            and (not wanted.obstacle or wanted.obstacle in row["obstacles"])
            and (not wanted.unserved or (bool(row["unserved"]) and not closed))
            and (not wanted.late or self._is_late(row))
            and (not wanted.falls or (not closed and self._falling(wanted, row) < FAR))
        )

    def _falling(self, wanted: Filter, row: Mapping[str, Any]) -> date:
        """The nearest date that falls in the days asked for."""
        if not wanted.falls:
            return FAR
        (first, last), days = wanted.falls, (item.ends_on for item in row["running"] if item.kind != "period")
        return min((day for day in days if first <= day <= last), default=FAR)

    def _is_late(self, row: Mapping[str, Any]) -> bool:
        return row["closed_on"] is None and row["due_on"] is not None and bool(row["due_on"] < self.cuts.today)

    def _risk(self, row: Mapping[str, Any]) -> tuple[bool, date, str]:
        past_legal = row["legal_on"] is not None and row["legal_on"] < self.cuts.today
        return not past_legal, row["due_on"] or FAR, row["ref"]


class _Rules:
    """Closing days, rulings and versions as they were known then, each read once."""

    def __init__(self, connection: Connection, sight: Sight) -> None:
        self.calendars = OfficeCalendars(connection, sight.known_before)
        self._readings: OfficeReadings = office_readings(connection, sight.known_before)
        self._versions = Versions(connection)
        self._read: dict[tuple[str, str | None], Procedure] = {}

    def folded(self, row: Mapping[str, Any], pin: str, listed: Sequence[FactView]) -> tuple[CaseState, Procedure]:
        then = self._procedure(pin, office_of(row))
        try:
            return fold(then, listed), then
        except KeyError:  # written down since under a newer version, with a code that the older one does not have
            now = self._procedure(row["procedure"], office_of(row))
            return fold(now, listed), now

    def _procedure(self, pin: str, office: str | None) -> Procedure:
        if (pin, office) not in self._read:
            self._read[pin, office] = self._readings.read(self._versions.of(pin), office)
        return self._read[pin, office]


def _cases(connection: Connection, sight: Sight, district: str | None) -> Iterator[tuple[Any, list[FactView]]]:
    """Every case with its facts in sight, in two queries; those without any have not been opened yet."""
    of_district = true() if district is None else case_rows.c.district_code == district
    rows = {row["id"]: row for row in connection.execute(select(*_CASE).where(of_district)).mappings()}
    wanted = select(*_FACT).where(_in_sight(sight)).order_by(facts.c.case_id, facts.c.seq)
    if district is not None:
        wanted = wanted.join(case_rows, case_rows.c.id == facts.c.case_id).where(of_district)
    for case_id, own in groupby(connection.execute(wanted), key=attrgetter("case_id")):
        listed = [FactView(row.seq, row.kind, row.occurred_on, data=row.data, annuls=row.annuls) for row in own]
        if listed[0].seq == 1:  # the opening itself is in sight
            yield rows[case_id], listed


def _in_sight(sight: Sight) -> Any:
    happened = true() if sight.as_of is None else or_(facts.c.annuls.is_not(None), facts.c.occurred_on <= sight.as_of)
    known = true() if sight.known_before is None else facts.c.recorded_at < sight.known_before
    return and_(happened, known)


def _versions_then(connection: Connection, sight: Sight) -> dict[int, str]:
    """By case: the version before its first move out of sight, where there is one."""
    moved = select(facts.c.case_id, facts.c.data).where(facts.c.kind == "migrated", ~_in_sight(sight))
    rows = connection.execute(moved.order_by(facts.c.case_id, facts.c.seq.desc())).tuples()
    return {case_id: str(data["from"]) for case_id, data in rows}


def _people(connection: Connection) -> dict[str, tuple[int, str]]:
    found = connection.execute(select(officers.c.login, officers.c.id, officers.c.name)).tuples()
    return {login: (number, name) for login, number, name in found}


def _row(
    row: Mapping[str, Any],
    state: CaseState,
    procedure: Procedure,
    calendars: Calendars,
    cuts: CutOffs,
    people: Mapping[str, tuple[int, str]],
) -> dict[str, Any]:
    derived = _standing(procedure, state, calendars)
    target, legal = nearest(derived, legal=False), nearest(derived, legal=True)
    officer_id, officer_name = people.get(state.officer or "", (None, None))
    shown = {
        **row, "procedure": procedure.pin, "officer_id": officer_id, "officer": state.officer,
        "officer_name": officer_name, "stage": state.stage, "state": state.state, "outcome": state.outcome,
        "opened_on": state.opened_on, "closed_on": state.closed_on, "target_on": target, "legal_on": legal,
        "due_on": min((day for day in (target, legal) if day), default=None), "overlays": list(state.overlays),
        "obstacles": list(state.obstacles), "seq": state.seq,
        "in_the_way": [(code, fact.occurred_on) for code, fact in state.obstacles.items()],
        "unserved": [
            (item.key, lacking(item.sum), item.asked_on) for item in derived if item.status == "waiting"
        ],
        "programme": [item.key for item in derived if "until" in item.sum],
        "still_to_meet": [item.key for item in derived if item.status == "open"],
        "running": [
            RunningDate(item.key, item.kind, item.ends_on)
            for item in sorted(derived, key=lambda item: item.ends_on or FAR)
            if item.status == "open" and item.ends_on is not None
        ],
    }  # fmt: skip
    return shown | {"light": cuts.light(Dates(legal, target, state.closed_on)), "who": _late_role(shown, derived, cuts)}


def _late_role(row: Mapping[str, Any], derived: Sequence[Derived], cuts: CutOffs) -> str | None:
    """The one role that the oldest date of an overdue case waits for."""
    if row["closed_on"] is not None or row["due_on"] is None or row["due_on"] >= cuts.today:
        return None
    open_ones = [item for item in derived if item.status == "open" and item.kind != "period"]
    return min((item.who for item in open_ones if item.ends_on == row["due_on"]), default=None)


def _standing(procedure: Procedure, state: CaseState, calendars: Calendars) -> list[Derived]:
    """The deadlines that have not ended."""
    return [derive(procedure, state, clock, calendars) for clock in state.clocks.values() if not clock.ended]
