"""Unclear points of the law: what each of the two readings makes of a case."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from procedures.calendar import Calendars
from procedures.facts import CaseState, FactView
from procedures.fold import standing, step
from procedures.reckoning import Extension, Suspension, ends_on
from procedures.schema import Procedure
from procedures.terms import Term


@dataclass(frozen=True, slots=True)
class Unclear:
    """A question with two readings, `plain` and `adding`, each by its key and in words."""

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
    stops: str = ""  # the overlay that stops it under the adding reading


@cache
def unclear_points() -> Mapping[str, Unclear]:
    """All unclear points by key."""
    text = files("procedures").joinpath("law", "interpretations.yaml").read_text(encoding="utf-8")
    return {key: _point(key, item) for key, item in yaml.safe_load(text).items()}


def _point(key: str, item: Mapping[str, Any]) -> Unclear:
    words = {side["key"]: {"vi": side["vi"], "en": side["en"]} for side in (item["plain"], item["with"])}
    names = ("deadline", "from_unit", "term", "stops")
    return Unclear(
        key, item["question"], item["article"], item["source"], item["plain"]["key"], item["with"]["key"], words,
        **{name: item.get(name, "") for name in names},
    )  # fmt: skip


def both_readings(
    point: Unclear, procedure: Procedure, facts: Sequence[FactView], state: CaseState, calendars: Calendars
) -> dict[str, date | None] | None:
    """The end by each reading (none: it stands still), or None when the question does not arise in this case."""
    clock = state.clocks.get(point.deadline)
    if point.deadline:
        if clock is None or clock.status != "open":
            return None
        start, term, kind = clock.starts_on, procedure.deadlines[point.deadline].term, "legal"
    else:
        known = state.unit.get(point.from_unit)
        if not known:
            return None
        start, term, kind = date.fromisoformat(known), point.term, "target"
    counted, given = Term.parse(term), [Suspension(item.from_on, item.to_on) for item in clock.pauses] if clock else []
    extended = () if point.stops or clock is None else [Extension(item.days) for item in clock.extensions]
    stopped = overlay_times(procedure, facts, point.stops) if point.stops else []

    def end(suspensions: Sequence[Suspension], extensions: Sequence[Extension]) -> date | None:
        return ends_on(start, counted, calendars, kind=kind, suspensions=suspensions, extensions=extensions)  # type: ignore[arg-type]

    return {point.plain: end(given, ()), point.adding: end([*given, *stopped], extended)}


def overlay_times(procedure: Procedure, facts: Sequence[FactView], overlay: str) -> list[Suspension]:
    """When a case stood under an overlay, by its standing facts."""
    state, found = CaseState(), []
    since: date | None = None
    for fact in standing(facts):
        step(procedure, state, fact)
        raised = state.overlays.get(overlay)
        if since is not None and raised is None:
            found.append(Suspension(since, fact.occurred_on))
        since = raised
    return [*found, Suspension(since, None)] if since is not None else found
