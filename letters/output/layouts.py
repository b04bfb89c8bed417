"""Layouts as data, one for each standard, chosen by the date of issue."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

import yaml


@cache
def layouts() -> Mapping[str, Mapping[str, Any]]:
    """All layouts by the name of their standard."""
    text = files("letters").joinpath("layouts.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(text)
    return found


def standard_on(day: date) -> str:
    """The standard in force: Circular 01/2011 up to 04/03/2020, Decree 30/2020 from 05/03/2020."""
    for name, layout in layouts().items():
        if layout.get("from", date.min) <= day <= layout.get("to", date.max):
            return name
    raise LookupError(day)


def layout_of(standard: str) -> Mapping[str, Any]:
    return layouts()[standard]
