"""What comes next on many cases at once: the act that carries each on, and the dates that run, each by its name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.ledger import load_cases
from casework.office.people import Actor
from models.errors import NotFound
from models.tables import deadlines
from procedures.state_machine.next_act import NextAct, act_for, next_act

NONE: Mapping[int, str] = {}


@dataclass(frozen=True, slots=True)
class RunningDate:
    """A deadline that runs: which, of what kind, until when."""

    key: str
    kind: str
    ends_on: date


def next_acts(
    connection: Connection, cases: Sequence[int], person: Actor, dates: Mapping[int, str] = NONE
) -> dict[int, NextAct]:
    """By case: its next act as this person sees it; nothing where the text of a version is gone.

    `dates`: by case a deadline: an act that meets it comes before the next one, where this person may do it now.
    """
    try:
        loaded = load_cases(connection, cases)
    except NotFound:
        return {}
    doer = person.doer()
    found = {
        number: act_for(case.procedure, case.state, doer, dates.get(number, ""))
        or next_act(case.procedure, case.state, doer)
        for number, case in loaded.items()
    }
    return {number: act for number, act in found.items() if act is not None}


def running_dates(connection: Connection, cases: Sequence[int]) -> dict[int, list[RunningDate]]:
    """By case: its deadlines that run, the nearest first."""
    if not cases:
        return {}
    columns = deadlines.c  # all of the few cases, sorted here: else SQLite walks through what is open everywhere
    found = select(columns.id, columns.case_id, columns.key, columns.kind, columns.ends_on, columns.status)
    listed = connection.execute(found.where(columns.case_id.in_(cases))).all()
    running: dict[int, list[RunningDate]] = {}
    for row in sorted(
        (row for row in listed if row.status == "open" and row.ends_on), key=lambda row: (row.ends_on, row.id)
    ):
        running.setdefault(row.case_id, []).append(RunningDate(row.key, row.kind, row.ends_on))
    return running
