"""Unclear points of the law, each with two readings, and the dates of a case under either."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from types import MappingProxyType
from typing import Any

import yaml

from procedures.facts import CaseState
from procedures.former_names import own_name
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.date_computation import Suspension, ends_on
from procedures.legal_time.deadlines import UNLIMITED, derive
from procedures.legal_time.terms import Term
from procedures.schema import ByIdentity, Procedure


@dataclass(frozen=True, slots=True)
class Unclear:
    """A question with two readings: `plain` (the default) and `adding`, each by its key and in words."""

    key: str
    question: Mapping[str, str]
    article: str
    source: str
    plain: str
    adding: str
    readings: Mapping[str, Mapping[str, str]]
    deadline: str = ""  # a deadline of the procedure, or else
    from_unit: str = ""  # a date of the register, with
    term: str = ""  # the term that runs from it
    ground: str = ""  # whose months do not count what it stops under the adding reading
    stops: str = ""  # the overlay that stops it under the adding reading, or else
    extends: bool = False  # recorded extensions count under it
    related: tuple[str, ...] = ()  # keys of articles on the subject that do not answer the question


@cache
def unclear_points() -> Mapping[str, Unclear]:
    """Return all unclear points by key."""
    text = files("procedures").joinpath("law", "interpretations.yaml").read_text(encoding="utf-8")
    return {key: _point(key, item) for key, item in yaml.safe_load(text).items()}


def _point(key: str, item: Mapping[str, Any]) -> Unclear:
    words = {side["key"]: {"vi": side["vi"], "en": side["en"]} for side in (item["plain"], item["with"])}
    names = ("deadline", "from_unit", "term", "ground", "stops")
    return Unclear(
        key, item["question"], item["article"], item["source"], item["plain"]["key"], item["with"]["key"], words,
        **{name: item.get(name, "") for name in names}, extends=item.get("extends", False),
        related=tuple(item.get("related", ())),
    )  # fmt: skip


Readings = Mapping[str, str]  # reading by point; a point without a ruling takes its plain reading


def read_as(procedure: Procedure, readings: Readings) -> Procedure:
    """Return the procedure with the given readings applied to its unclear points."""
    adding = frozenset(key for key, point in unclear_points().items() if readings.get(key) == point.adding)
    return _with(ByIdentity(procedure), adding) if adding else procedure


@lru_cache(maxsize=64)
def _with(base: ByIdentity, adding: frozenset[str]) -> Procedure:
    procedure = base.procedure
    overlays, deadlines, grounds = dict(procedure.overlays), dict(procedure.deadlines), dict(procedure.grounds)
    for point in (unclear_points()[key] for key in sorted(adding)):
        if point.ground in grounds and point.stops in overlays:
            ground = grounds[point.ground]
            grounds[point.ground] = ground.model_copy(update={"stopped_by": (*ground.stopped_by, point.stops)})
        key = own_name(procedure, "deadlines", point.deadline)
        if key not in deadlines:
            continue
        if point.stops in overlays:
            stopped = (*overlays[point.stops].stops, key)
            overlays[point.stops] = overlays[point.stops].model_copy(update={"stops": stopped})
        elif point.extends:
            deadlines[key] = deadlines[key].model_copy(update={"cap": UNLIMITED})
    return procedure.model_copy(update={"overlays": overlays, "deadlines": deadlines, "grounds": grounds})


def both_readings(
    point: Unclear, procedure: Procedure, state: CaseState, calendars: Calendars, ruled: Readings = MappingProxyType({})
) -> dict[str, date | None] | None:
    """Return the last day of the deadline under each reading, the other points read as `ruled`.

    A date is None while the clock is stopped. Returns None when the question does not arise in this case.
    """
    if not point.deadline:
        return _from_register(point, state, calendars)
    clock = state.clocks.get(own_name(procedure, "deadlines", point.deadline))
    if clock is None or clock.status != "open" or clock.key not in procedure.deadlines:
        return None
    return {
        reading: derive(read_as(procedure, {**ruled, point.key: reading}), state, clock, calendars).ends_on
        for reading in (point.plain, point.adding)
    }


def _from_register(point: Unclear, state: CaseState, calendars: Calendars) -> dict[str, date | None] | None:
    known = state.unit.get(point.from_unit)
    if not known:
        return None
    start, term = date.fromisoformat(known), Term.parse(point.term)
    stopped = [Suspension(pause.from_on, pause.to_on) for pause in state.times.get(point.stops, ())]
    return {
        point.plain: ends_on(start, term, calendars, kind="target"),
        point.adding: ends_on(start, term, calendars, kind="target", suspensions=stopped),
    }


def points_of(procedure: Procedure, deadline: str) -> list[Unclear]:
    """Return the unclear points that affect a deadline of this version."""
    return [item for item in unclear_points().values() if own_name(procedure, "deadlines", item.deadline) == deadline]
