"""Replays an imported register through the programme on a virtual clock: what comes in, and the rates of the office."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from sqlalchemy import Connection, cast, func, select
from sqlalchemy.types import String

from foresight.log import EventLog
from foresight.replay import Opened, Rate
from foresight.stations import WINDOW_DAYS, Office, measure
from models.tables import case_rows, facts, units
from oversight.case_histories import histories
from oversight.event_log import event_log, worked_days
from oversight.office_staff import people_of, staff_of
from procedures.former_names import own_name
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import letters_of
from rulebook.versions import Versions

LEAST_LEFT = 15  # cases that left a step in the window; with fewer, nothing is measured there


@dataclass(frozen=True, slots=True)
class Measured:
    """Rates by step as the office has worked; steps with too little to measure are not among them."""

    rates: Mapping[str, Rate]


def opened_of(connection: Connection, on: date, *, district: str | None = None, anew: bool = False) -> list[Opened]:
    """What a replay starts with: open cases in their current step, and flagged units without a case in the first step.

    `on`: the first day of the virtual clock. `anew`: every flagged unit from the first step, as if no case had begun.
    """
    row, unit = case_rows.c, units.c
    start = Versions(connection).in_force.start
    flagged = select(unit.id).where(cast(unit.flags, String) != "[]").order_by(unit.id)
    cases = select(row.ref, row.state).where(row.closed_on.is_(None)).order_by(row.opened_on, row.id)
    if district:
        flagged, cases = flagged.where(unit.district_code == district), cases.where(row.district_code == district)
    if anew:
        return [Opened(f"u{number}", on, start) for number in connection.execute(flagged).scalars()]
    fresh = flagged.where(~select(row.id).where(row.unit_id == unit.id).exists())
    begun = [Opened(ref, on, state) for ref, state in connection.execute(cases).tuples()]
    return begun + [Opened(f"u{number}", on, start) for number in connection.execute(fresh).scalars()]


def measured_rates(connection: Connection, today: date, *, district: str | None = None) -> Measured:
    """The rates of the last six months: officers and what they do on busy days, waits, routes, letters for a case.

    Only of steps that LEAST_LEFT cases have left. Reminders are not measured: they depend on what is late.
    """
    procedure = Versions(connection).in_force
    log = event_log(histories(connection, today, district=district), today)
    staff = staff_of(procedure, people_of(connection, district), log.origin)
    worked = worked_days(connection, district)
    office = measure(log, log.day(today), 1, staff, worked=worked)
    stays = _stays(log, log.day(today))
    letters = _letters(connection, procedure, log, today, district)
    rates = {}
    for number, station in enumerate(office.stations):
        if office.routes[number].sum() < LEAST_LEFT or station.name not in procedure.open_states:
            continue
        rate = Rate(_next(office, number, procedure), letters=letters.get(station.name, 0.0))
        if station.kind == "served" and station.staff_known:
            rate = replace(rate, officers=station.staff.officers, rate=station.rate)
        else:
            rate = replace(rate, days=round(stays[number] * 5 / 7))
        rates[station.name] = rate
    return Measured(rates)


def missing_steps(opened: Sequence[Opened], rates: Mapping[str, Rate]) -> list[str]:
    """The steps that cases would come to and that have no rate."""
    ahead, seen = {one.step for one in opened}, set[str]()
    while ahead:
        step = ahead.pop()
        seen.add(step)
        ahead |= {name for name, chance in (rates[step].nexts if step in rates else ()) if chance > 0} - seen
    return sorted(seen - rates.keys())


def _next(office: Office, number: int, procedure: Procedure) -> tuple[tuple[str, float], ...]:
    """The steps that follow with their shares; what goes to a final state closes."""
    counts = office.routes[number]
    total = counts.sum()
    found = [(office.stations[at].name, float(counts[at] / total)) for at in range(len(office.stations))]
    return tuple((name, share) for name, share in found if share > 0 and name in procedure.open_states)


def _stays(log: EventLog, at: float) -> list[float]:
    """The middle number of days in each step, of the visits that ended in the window; 0 where none did."""
    recent = np.isfinite(log.left) & (log.left > at - WINDOW_DAYS)
    stay = log.left - log.entered
    return [
        float(np.median(stay[own])) if (own := recent & (log.step == step)).any() else 0.0
        for step in range(len(log.steps))
    ]


def _letters(
    connection: Connection, procedure: Procedure, log: EventLog, today: date, district: str | None
) -> dict[str, float]:
    """Letters for a case that enters a step: those of the acts done there, shared out over the steps of an act."""
    since = date.fromordinal(today.toordinal() - int(WINDOW_DAYS))
    found = select(facts.c.kind, func.count()).join(case_rows, case_rows.c.id == facts.c.case_id)
    found = found.where(facts.c.occurred_on > since, facts.c.occurred_on <= today).group_by(facts.c.kind)
    if district:
        found = found.where(case_rows.c.district_code == district)
    done: Counter[str] = Counter()
    for kind, count in connection.execute(found).tuples():
        done[own_name(procedure, "verbs", kind)] += count
    recent = log.entered > log.day(today) - WINDOW_DAYS
    entered = {name: float((recent & (log.step == at)).sum()) for at, name in enumerate(log.steps)}
    sent: dict[str, float] = {}
    for name, verb in procedure.verbs.items():
        here = {state: entered.get(state, 0.0) for state in procedure.sources(verb)}
        total = sum(here.values())
        for state, count in here.items() if total else ():
            sent[state] = sent.get(state, 0.0) + len(letters_of(verb)) * done[name] * count / total
    return {state: count / entered[state] for state, count in sent.items() if entered.get(state)}
