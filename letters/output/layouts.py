"""Layouts of letters by the standard in force on their day, from layouts.yaml."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Margins(BaseModel):
    """Page margins in millimetres."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    top: int
    bottom: int
    left: int
    right: int


class Layout(BaseModel):
    """The layout of one standard, valid from `from_` to `to`, both inclusive; text sizes in points."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    from_: date = Field(default=date.min, alias="from")
    to: date = date.max
    margins: Margins
    page_number: Literal["footer-right", "header-center"]
    national: int
    motto: int
    parent: int
    issuer: int
    number: int
    date: int
    type: int
    summary: int
    summary_plain: int  # subject of a công văn, below its number
    body: int
    body_least: int  # smallest text size, used where the letter then fits on one page
    authority: int
    recipients_head: int
    recipients: int
    table: int
    stamp: int
    basis_italic: bool
    basis_end: str


@cache
def layouts() -> Mapping[str, Layout]:
    """Return all layouts by standard."""
    content = yaml.safe_load(files("letters").joinpath("layouts.yaml").read_text(encoding="utf-8"))
    return {name: Layout.model_validate(entry) for name, entry in content.items()}


def standard_on(day: date) -> str:
    """Return the standard in force: Circular 01/2011 up to 04/03/2020, Decree 30/2020 from 05/03/2020."""
    return next(name for name, layout in layouts().items() if layout.from_ <= day <= layout.to)


def layout_of(standard: str) -> Layout:
    """Return a layout. Raises KeyError for a standard that is not in layouts.yaml."""
    return layouts()[standard]
