"""Closing days as typed: one or a range on a form, or a list in a YAML file."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

import yaml

from models.errors import InputErrors, WrongInput
from procedures.definition.loader import PlainLoader, require_measured
from procedures.legal_time.calendar import Calendar
from procedures.state_machine.field_values import clean_text, parse_day
from rule_changes.closing_days import NewClosing

LAYERS = ("city", "office")
LONGEST = 60  # days of one range: a storm, not a year


def read_closings(text: str) -> list[NewClosing]:
    """Closing days from YAML: a list of {on, layer, district, reason, decision}. Raises WrongInput."""
    try:
        require_measured(text)
        content = yaml.load(text, Loader=PlainLoader)  # noqa: S506 - a safe loader
    except yaml.YAMLError:
        raise WrongInput("FILE", "closings_not_yaml") from None
    if not isinstance(content, list) or not content or not all(isinstance(item, dict) for item in content):
        raise WrongInput("FILE", "closings_not_a_list")
    found = [closing(item) for item in content]
    _require_unique(found)
    return found


def closing(item: Mapping[str, Any]) -> NewClosing:
    """One closing day from what was typed. Raises WrongInput at the field."""
    layer, district = str(item.get("layer") or "office"), str(item.get("district") or "") or None
    texts: dict[str, str] = {}
    day, gathered = date.min, InputErrors()
    with gathered:
        day = _day("on", item.get("on", ""))
    with gathered:
        _check_place(layer, district)
    for name in _LABELS:
        with gathered:
            texts[name] = _text(name, item.get(name))
    gathered.raise_if_any()
    return NewClosing(day, layer, district if layer == "office" else None, **texts)


def _check_place(layer: str, district: str | None) -> None:
    if layer not in LAYERS:
        raise WrongInput("layer", "not_an_option", value=layer, options=", ".join(LAYERS))
    if layer == "office" and district is None:
        raise WrongInput("district", "closing_needs_district")


def _text(name: str, value: Any) -> str:
    found = clean_text(name, value or "")
    if not found:
        raise WrongInput(name, "missing_field", label=_LABELS[name])
    return found


def closings_of_range(item: Mapping[str, Any], agency: Calendar) -> list[NewClosing]:
    """The worked days from `on` to `to_on` as typed into a form; `to_on` may be empty. Raises WrongInput."""
    first = closing(item)
    last = _day("to_on", item["to_on"]) if item.get("to_on") else first.on
    if last < first.on:
        raise WrongInput("to_on", "range_reversed", first=first.on.strftime("%d/%m/%Y"))
    if (last - first.on).days >= LONGEST:
        raise WrongInput("to_on", "range_too_long", most=LONGEST)
    days = [first.on + timedelta(days=count) for count in range((last - first.on).days + 1)]
    worked = [day for day in days if agency.is_working(day)] or days[:1]
    return [NewClosing(day, first.layer, first.district, first.reason, first.decision) for day in worked]


def _day(field: str, value: Any) -> date:
    found = value if isinstance(value, date) else parse_day(field, str(value))
    if not 2000 <= found.year <= 2100:
        raise WrongInput(field, "not_a_date", value=found.isoformat())
    return found


def _require_unique(found: list[NewClosing]) -> None:
    """Raises WrongInput when a day is given twice for an office; a day of the city is one for every office."""
    seen: dict[date, set[str | None]] = {}
    for item in found:
        places = seen.setdefault(item.on, set())
        if item.district in places or None in places or (places and item.district is None):
            raise WrongInput("on", "closing_twice", day=item.on.strftime("%d/%m/%Y"))
        places.add(item.district)


_LABELS = {
    "reason": {"vi": "Lý do", "en": "Reason"},
    "decision": {"vi": "Số quyết định", "en": "Decision number"},
}
