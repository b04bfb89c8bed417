"""A case that goes along a scripted path of the procedure, and leaves it where a test asks what is lawful."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import pytest

from models.errors import Refused, WrongInput
from procedures.definition.loader import load
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import Derived, derive_all
from samples.path_step import Step
from samples.paths import PATHS
from tests.builders import Story

PROOF = ("0" * 64,)
START = date(2015, 1, 5)
COMPULSORY, VOLUNTARY = "dissolved_compulsory", "dissolved_voluntary"


class Walk(Story):
    """A case that goes along a scripted path, day by day."""

    def __init__(self, kind: str = "htx") -> None:
        super().__init__(load(), name="HTX thử", level="district", kind=kind)
        self.today = START

    def take(self, step: Step, **changed: Any) -> "Walk":
        self.today += timedelta(days=step.after)
        data, office = {**step.fields(self.today), **changed}, None if step.above else "HBG"
        self.act(step.verb, step.role, on=self.today, today=self.today, evidence=PROOF, data=data, district=office)
        return self

    def do(self, verb: str, role: str = "case_officer", after: int = 1, **fields: Any) -> "Walk":
        self.today += timedelta(days=after)
        self.act(verb, role, on=self.today, today=self.today, evidence=PROOF, data=fields)
        return self

    def dates(self) -> Mapping[str, Derived]:
        return derive_all(self.procedure, self.state, load_calendars())


def walked(path: str, before: str, nth: int = 1) -> Walk:
    """The path up to a verb, that one left out."""
    walk = Walk()
    for step in PATHS[path]:
        nth -= step.verb == before
        if nth == 0:
            return walk
        walk.take(step)
    raise AssertionError(f"{before} is not on the path {path}")


def step_of(path: str, verb: str) -> Step:
    return next(step for step in PATHS[path] if step.verb == verb)


def wrong_day(walk: Walk, verb: str, role: str = "case_officer", after: int = 1, **fields: Any) -> dict[str, str]:
    """The rules on days that an act breaks, by the field of each day."""
    with pytest.raises(WrongInput) as wrong:
        walk.do(verb, role, after, **fields)
    also: Any = wrong.value.params.get("also", ())
    return {error.field: error.code for error in (wrong.value, *also)}


def refusal(walk: Walk, verb: str, role: str = "case_officer", after: int = 1, **fields: Any) -> str:
    with pytest.raises(Refused) as refused:
        walk.do(verb, role, after, **fields)
    return refused.value.code
