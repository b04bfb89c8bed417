"""The figures of the programme for reports, of a district or of all: stages, late cases, fixed dates, outcomes."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from sqlalchemy import Connection

from casework.ledger import load_cases
from casework.lists.worklist import Filter, worklist
from letters.field_sources import from_facts
from models.yaml_text import read_yaml
from oversight.case_flow import outcomes
from oversight.case_histories import histories
from oversight.workload import workloads
from procedures.state_machine.fold import valid_facts
from rulebook.shipped import by_names_of_release
from rulebook.versions import Versions
from templates.short_names import full_name
from templates.words import t

MOST_LATE = 200  # late cases in one report; the list of the office has all
NOT_SAID = "chưa ghi"
_ALWAYS = date(1900, 1, 1)


def programme_figures(connection: Connection, district: str | None, on: date) -> dict[str, Any]:
    """Return the figures by the names that fields of letters have in `figures.NAME`."""
    ended = outcomes(connection, _ALWAYS, on, district=district)
    return {
        "until_on": on,
        "counts": _counts(connection, district, on),
        "closed": sum(ended.values()),
        "late": _late(connection, district, on),
        "totals": _totals(connection, district, on),
        "outcomes": _outcomes(connection, ended),
    }


def _counts(connection: Connection, district: str | None, on: date) -> list[dict[str, Any]]:
    stages = Versions(connection).in_force.stages
    found = {item.key: item for item in workloads(connection, "stage", on, district=district)}
    return [
        {
            "stage": words.label["vi"],
            "open": found[key].open,
            "past_legal": found[key].past_legal,
            "late": found[key].late,
        }
        for key, words in stages.items()
        if key in found
    ]


def _late(connection: Connection, district: str | None, on: date) -> list[dict[str, Any]]:
    listed = worklist(connection, Filter(district=district, late=True), on, limit=MOST_LATE).rows
    loaded = load_cases(connection, [row.id for row in listed])
    found = []
    for row in listed:
        case = loaded[row.id]
        facts = {fact.kind: fact.data for fact in valid_facts(by_names_of_release(case.facts))}
        said = {name: from_facts(facts, source) or NOT_SAID for name, source in _sources().items()}
        step = case.procedure.states[row.state].label["vi"]
        delay = t(f"casework.light_{row.light}", "vi")
        found.append({"unit": full_name(row.unit_name), "delay": delay, "step": step} | said)
    return found


def _totals(connection: Connection, district: str | None, on: date) -> list[dict[str, Any]]:
    listed = histories(connection, on, district=district)
    found = []
    for name, item in Versions(connection).in_force.programme.items():
        ever = [history for history in listed if history.bound.get(name)]
        left = sum(history.is_bound(name) for history in ever)
        found.append({"milestone": item.label["vi"], "target": len(ever), "finished": len(ever) - left, "left": left})
    return found


def _outcomes(connection: Connection, ended: Mapping[str, int]) -> list[dict[str, Any]]:
    words = Versions(connection).in_force.outcomes
    return [{"outcome": item.label["vi"], "number": ended[key]} for key, item in words.items() if ended.get(key)]


@cache
def _sources() -> Mapping[str, str]:
    text = files("letters").joinpath("programme_figures.yaml").read_text(encoding="utf-8")
    found: Mapping[str, str] = read_yaml(text)
    return found
