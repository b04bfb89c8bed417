"""Generates histories for the invented cases: path, number of steps, days and obstacles."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from models.typed_rows.case_shapes import RegisterRow
from samples.other_kinds import GROUP_PATHS, asking_the_state_bank
from samples.path_step import Step
from samples.paths import PATHS

TODAY = date(2016, 3, 14)  # the current day of the sample office
FIRST_OPENED = date(2014, 9, 15)
_BY_STATUS = {
    "B1": ("no_action", "consolidated", "consolidated", "consolidated", "merged"),
    "B2": ("reregistered", "reregistered_after_supplement", "reregistered_after_refusal", "converted"),
    "B3": ("dissolved_voluntary", "dissolved_voluntary", "dissolved_voluntary_with_waiver", "merged",
           "consolidated_after_revival", "dissolved_compulsory_after_failed_meetings"),
    "B4": ("dissolved_voluntary", "dissolved_compulsory", "dissolved_compulsory", "dissolved_compulsory_by_withdrawal",
           "dissolved_compulsory_after_complaint", "bankrupt", "dissolved_voluntary_with_waiver"),
    "B5": ("no_action", "consolidated"),
    "B7": ("dissolved_compulsory_untraceable",),
}  # fmt: skip
_RARE = ("error", "transferred_out", "reopened")
_OBSTACLES = {
    "B2": ("no_quorum", "internal_dispute", "member_debt"),
    "B3": ("lost_file", "no_quorum", "undivided_assets", "lost_certificate"),
    "B4": ("tax_debt", "lost_seal", "land_origin", "no_council", "bank_debt", "claim_dispute"),
    "B7": ("board_unreachable", "lost_seal", "no_council"),
}
_WAITS = ("start_proposal", "record_commitment", "demand_reregister", "record_annual_meeting", "record_merger_notice",
          "resolve_dissolution", "request_explanation", "advise_petition", "record_failed_meeting")  # fmt: skip
_COMMUNES_ONLY = {"commune"}


@dataclass(frozen=True, slots=True)
class Happening:
    """A step and the day on which it is done."""

    on: date
    step: Step


@dataclass(frozen=True, slots=True)
class Life:
    """A flagged unit, the day on which its case is opened, and what is done in it until TODAY."""

    unit: RegisterRow
    opened_on: date
    happened: Sequence[Happening]


def lives(dice: random.Random, rows: Sequence[RegisterRow]) -> list[Life]:
    """The life of the case of each flagged unit, in the order of their openings."""
    drawn = [(_opening_day(dice), row) for row in rows if row["flags"]]
    drawn.sort(key=lambda pair: (pair[0], pair[1]["id"]))
    return [Life(unit, on, _history(dice, unit, on)) for on, unit in drawn]


def _history(dice: random.Random, unit: Mapping[str, Any], opened_on: date) -> list[Happening]:
    steps = _steps(dice, unit)
    closed = dice.random() < 0.38 and unit["status"] not in ("B2", "B7")
    kept = steps if closed else steps[: _cut(dice, unit, steps)]
    last = TODAY - timedelta(days=dice.choice((0, 1, 3, 6, 9, 15, 22, 40, 75)))
    if closed:
        last = TODAY - timedelta(days=dice.randint(20, 200))
    happened = _dated(dice, kept, opened_on, last)
    return happened if closed else _with_obstacles(dice, unit, happened)


def history_of(unit: Mapping[str, Any], steps: Sequence[Step], opened_on: date, last: date) -> list[Happening]:
    """Return these steps of a unit between two days, the same days each time."""
    dice = random.Random(str(unit["name"]))  # noqa: S311 - invented data, no secret
    return _dated(dice, [fitted(step, unit) for step in steps], opened_on, last)


def _opening_day(dice: random.Random) -> date:
    """A working day in the autumn of 2014, when the units were flagged."""
    found = FIRST_OPENED + timedelta(days=dice.randint(0, 50))
    return found + timedelta(days=(0, 0, 0, 0, 0, 2, 1)[found.weekday()])


def _steps(dice: random.Random, unit: Mapping[str, Any]) -> Sequence[Step]:
    name = dice.choice(_RARE) if dice.random() < 0.04 else dice.choice(_BY_STATUS[unit["status"]])
    steps = PATHS[name]
    if unit["kind"] == "to_hop_tac" and any(step.verb == "decide_measure" for step in steps):
        steps = GROUP_PATHS["group_ended"] if name.startswith("dissolved") else PATHS["consolidated"]
    if unit["kind"] in ("quy_tin_dung", "lien_hiep") and any(step.role in _COMMUNES_ONLY for step in steps):
        steps = PATHS["consolidated"]
    if unit["kind"] == "quy_tin_dung":
        steps = asking_the_state_bank(steps)
    return [fitted(step, unit) for step in steps]


def fitted(step: Step, unit: Mapping[str, Any]) -> Step:
    """The step with the unit's grade and status, where it has such fields."""
    if step.verb != "classify" or step.data["status"] == "B1":  # reviewed, and found to operate well
        return step
    grade = unit["grade"] if unit["status"] != "B4" else "chua_xep_loai"
    return replace(step, data={**step.data, "grade": grade, "status": unit["status"]})


def _cut(dice: random.Random, unit: Mapping[str, Any], steps: Sequence[Step]) -> int:
    """How many steps an open case has done; a unit that resists stops where re-registration begins."""
    verbs = [step.verb for step in steps]
    decided = verbs.index("decide_measure") + 1 if "decide_measure" in verbs else len(steps) - 1
    if unit["status"] == "B2":
        return min(decided + dice.choice((0, 1, 1)), len(steps) - 1)
    if dice.random() < 0.14:
        return dice.randint(1, decided)
    return dice.randint(decided, max(decided, len(steps) - 2))


def _dated(dice: random.Random, steps: Sequence[Step], opened_on: date, last: date) -> list[Happening]:
    """As `dated`, none later than TODAY."""
    return [Happening(min(item.on, TODAY), item.step) for item in dated(dice, steps, opened_on, last)]


def dated(dice: random.Random, steps: Sequence[Step], opened_on: date, last: date) -> list[Happening]:
    """Assign days between opening and `last`; spare time is put before the steps that usually take long."""
    total = sum(step.after for step in steps)
    slack = max((last - opened_on).days - total, 0)
    waits = [place for place, step in enumerate(steps) if step.verb in _WAITS] or [0]
    shares = [dice.random() + 0.2 for _ in waits]
    extra = {place: int(slack * share / sum(shares)) for place, share in zip(waits, shares, strict=True)}
    found, on = [], opened_on
    for place, step in enumerate(steps):
        on += timedelta(days=step.after + extra.get(place, 0))
        found.append(Happening(on, step))
    return found


def _with_obstacles(dice: random.Random, unit: Mapping[str, Any], happened: list[Happening]) -> list[Happening]:
    codes = _OBSTACLES.get(unit["status"], ())
    if not codes or not happened or dice.random() > 0.55:
        return happened
    code = "tax_debt" if unit["tax_debt"] and dice.random() < 0.6 else dice.choice(codes)
    on = happened[-1].on
    named = Step("name_obstacle", data={"obstacle": code, "note": "Ghi khi làm việc với xã (mẫu)"})
    found = [*happened, Happening(on, named)]
    if dice.random() < 0.18 and on + timedelta(days=10) <= TODAY:
        found.append(
            Happening(on + timedelta(days=10), Step("lift_obstacle", data={"obstacle": code, "note": "Đã giải quyết"}))
        )
    return found
