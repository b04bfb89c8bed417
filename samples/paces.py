"""Districts of the sample office that open the cases of their units by turns and settle each in about the same time.

All other districts opened every case in the autumn of 2014 and lag, so that nobody could see in the sample what a
forecast says of an office that keeps its pace. Nothing here says a verdict: it follows from these histories.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from math import ceil

from models.typed_rows.case_shapes import RegisterRow
from samples.histories import FIRST_OPENED, TODAY, Life, dated, fitted
from samples.path_step import Step
from samples.paths import PATHS

SEED = 62  # own seed, so that the histories of the other districts do not change
_WAYS = {"B1": "no_action", "B2": "reregistered", "B3": "dissolved_voluntary", "B4": "dissolved_voluntary",
         "B5": "no_action", "B7": "dissolved_compulsory_untraceable"}  # fmt: skip
_SETTLING = frozenset({"close_no_action", "issue_certificate", "confirm_dissolution", "delete_name"})
# Steps that cannot be hurried: a term of law, or a time set for others, runs before them.
_UNHURRIED = frozenset(
    {"record_visit", "record_inventory", "record_explanation", "record_trace", "declare_untraceable"}
)


@dataclass(frozen=True, slots=True)
class Pace:
    """A case is opened every `every` days, and settled after one of `days`, by turns.

    `hurry`: the part of the usual time that the office takes for its own steps.
    """

    every: int
    days: tuple[int, ...]
    hurry: float = 1.0


PACES: Mapping[str, Pace] = {
    "HAN": Pace(every=52, days=(98, 92), hurry=0.4),
    "NQN": Pace(every=60, days=(150, 100, 170), hurry=0.5),
    "DSN": Pace(every=25, days=(160, 190)),
}


def at_their_pace(lives: Sequence[Life]) -> list[Life]:
    """The same lives, those of the districts with a pace lived at it; in the order of their openings."""
    dice, turns = random.Random(SEED), dict.fromkeys(PACES, 0)  # noqa: S311 - invented data, no secret
    found = []
    for life in lives:
        code = life.unit["district_code"]
        if code in turns:
            found.append(_lived(dice, life.unit, PACES[code], turns[code]))
            turns[code] += 1
        else:
            found.append(life)
    return sorted(found, key=lambda life: (life.opened_on, life.unit["id"]))


def _lived(dice: random.Random, unit: RegisterRow, pace: Pace, turn: int) -> Life:
    opened_on = FIRST_OPENED + timedelta(days=pace.every * turn)
    steps = [_hurried(fitted(step, unit), pace) for step in PATHS[_WAYS[unit["status"]]]]
    settling = next(place for place, step in enumerate(steps) if step.verb in _SETTLING)
    after = sum(step.after for step in steps[settling + 1 :])
    last = opened_on + timedelta(days=pace.days[turn % len(pace.days)] + after)
    happened = [item for item in dated(dice, steps, opened_on, last) if item.on <= TODAY]
    return Life(unit, opened_on, happened)


def _hurried(step: Step, pace: Pace) -> Step:
    return step if step.verb in _UNHURRIED else replace(step, after=ceil(step.after * pace.hurry))
