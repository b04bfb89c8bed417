"""A scripted year of an office: fifty cases, each on one of the paths that cases go, act by act and day by day."""

import random
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import Connection, select, update

from casework.opening import open_case
from models.clock import FrozenClock
from models.tables import case_rows, officers
from samples.path_step import Step
from samples.paths import PATHS
from tests.web.web_office import new_unit

FIRST, CASES = date(2015, 3, 2), 50
LAST_OPENED = 150  # days after the first


@dataclass(frozen=True)
class Act:
    """What is to be done on a day, by a person of the role."""

    on: date
    ref: str
    step: Step


@dataclass
class Year:
    """The acts in the order of their days, and what has become of them."""

    acts: Sequence[Act]
    confirmed: list[tuple[str, str]] = field(
        default_factory=list
    )  # (reference, verb) that were confirmed to the office

    def wanted(self) -> Counter[tuple[str, str]]:
        return Counter((act.ref, act.step.verb) for act in self.acts)


def plan(connection: Connection, dice: random.Random) -> Year:
    """Open the cases and write the year down."""
    connection.execute(update(officers).values(email=officers.c.login + "@van-phong.example"))
    acts: list[Act] = []
    names = sorted(PATHS)
    for number in range(CASES):
        day = FIRST + timedelta(days=number * LAST_OPENED // CASES)
        unit = new_unit(connection, f"HTX Thử lửa {number + 1}", "HBG")
        ref = open_case(connection, unit, by="clock", role="clock", clock=FrozenClock.on(day), on=day)
        acts += _path(ref, PATHS[names[number % len(names)]], day)
    dice.shuffle(acts)  # so that the acts of one day come in any order, but for those of one case
    return Year(sorted(acts, key=lambda act: act.on))


def _path(ref: str, path: Sequence[Step], day: date) -> list[Act]:
    acts = []
    for step in path:
        day += timedelta(days=max(1, step.after))
        acts.append(Act(day, ref, step))
    return acts


def officer_of(connection: Connection, ref: str) -> str:
    joined = case_rows.join(officers, officers.c.id == case_rows.c.officer_id)
    return str(
        connection.execute(select(officers.c.login).select_from(joined).where(case_rows.c.ref == ref)).scalar_one()
    )
