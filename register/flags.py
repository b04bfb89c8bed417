"""Decides which units are flagged, by the rules in `procedures/law/flags.yaml`."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from register.rows import UNIT_FIELDS, UnitValues


class FlagsError(Exception):
    """The rules of flags are inconsistent."""


@dataclass(frozen=True, slots=True)
class Flag:
    """A flag of a unit; `reads`: the fields that its rule used, with their values."""

    key: str
    label: Mapping[str, str]
    source: str
    confidence: str
    reads: tuple[tuple[str, object], ...]


@cache
def rule() -> Mapping[str, Any]:
    """Return the rules of flags.

    Raises:
        FlagsError: an unknown field or condition, or a flag without label, source or confidence.
    """
    path = files("procedures").joinpath("law", "flags.yaml")
    loaded: Mapping[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    check_rule(loaded)
    return loaded


def check_rule(loaded: Mapping[str, Any]) -> None:
    """Check loaded rules.

    Raises:
        FlagsError: as for `rule`.
    """
    for flag in loaded["flags"]:
        missing = {"key", "label", "source", "confidence", "any"} - set(flag)
        if missing or flag["confidence"] not in ("verified", "recalled"):
            raise FlagsError(f"flags.yaml: {flag.get('key')} lacks {sorted(missing) or 'a known confidence'}")
        for line in (*flag["any"], *loaded["unless"]):
            _check_line(line, flag["key"])


def _check_line(line: Mapping[str, Any], key: str) -> None:
    for part in line.get("all", (line,)):
        conditions = set(part) - {"field"}
        if part.get("field") not in UNIT_FIELDS or len(conditions) != 1 or conditions - set(CONDITIONS):
            raise FlagsError(f"flags.yaml: {key} has a line that cannot be read: {part}")


def flags_of(row: UnitValues, today: date) -> tuple[str, ...]:
    """Return the keys of the flags of a unit on a day."""
    if is_exempt(row, today):
        return ()
    return tuple(flag["key"] for flag, lines in _flags() if any(_holds(line, row, today) for line in lines))


def raised(row: UnitValues, today: date) -> tuple[Flag, ...]:
    """Return the flags of a unit on a day, each with the fields that its rule used."""
    if is_exempt(row, today):
        return ()
    return tuple(found for flag, lines in _flags() if (found := _raise(flag, lines, row, today)))


def is_exempt(row: UnitValues, today: date) -> bool:
    """Whether a condition of `unless` is met, so that the unit is not flagged, e.g. because it is closed."""
    return any(_holds(line, row, today) for line in _exemptions())


_Line = tuple[tuple[str, Callable[[Any, Any, date], bool], Any], ...]  # field, condition and what it is compared with


@cache
def _flags() -> tuple[tuple[Mapping[str, Any], tuple[_Line, ...]], ...]:
    """Each flag with its lines."""
    return tuple((flag, tuple(map(_line, flag["any"]))) for flag in rule()["flags"])


@cache
def _exemptions() -> tuple[_Line, ...]:
    return tuple(map(_line, rule()["unless"]))


def _line(line: Mapping[str, Any]) -> _Line:
    found = []
    for part in line.get("all", (line,)):
        (name,) = set(part) - {"field"}
        found.append((part["field"], CONDITIONS[name], part[name]))
    return tuple(found)


def _raise(flag: Mapping[str, Any], lines: Sequence[_Line], row: UnitValues, today: date) -> Flag | None:
    held = [line for line in lines if _holds(line, row, today)]
    if not held:
        return None
    read = dict.fromkeys(field for line in held for field, _, _ in line)
    reads = tuple((name, getattr(row, name)) for name in read)
    return Flag(flag["key"], flag["label"], flag["source"], flag["confidence"], reads)


def _holds(line: _Line, row: UnitValues, today: date) -> bool:
    for field, condition, given in line:
        value = getattr(row, field)
        if value is None or not condition(value, given, today):
            return False
    return True


def _is_over_months_ago(day: date, months: int, today: date) -> bool:
    """Whether more than `months` have passed: for 01/03/2015 and 12 months from 02/03/2016 on."""
    passed = (today.year - day.year) * 12 + today.month - day.month
    return passed > months or (passed == months and today.day > day.day)


CONDITIONS: Mapping[str, Any] = {
    "is": lambda value, given, today: value in given,
    "before": lambda value, given, today: value < given,
    "months_ago_over": _is_over_months_ago,
}
