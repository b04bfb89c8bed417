"""The layouts of letters by the standard in force on their day, from layouts.yaml."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field


class Margins(BaseModel):
    """In millimetres."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    top: int
    bottom: int
    left: int
    right: int


class Layout(BaseModel):
    """How a letter looks under one standard, valid from `from_` to `to`, both days included; type sizes in points."""

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
    summary_plain: int  # of a công văn, under its number
    body: int
    body_least: int  # taken where it brings a letter onto one page
    authority: int
    recipients_head: int
    recipients: int
    table: int
    stamp: int
    basis_italic: bool
    basis_end: str


@cache
def layouts() -> Mapping[str, Layout]:
    """All layouts by the name of their standard."""
    content = yaml.safe_load(files("letters").joinpath("layouts.yaml").read_text(encoding="utf-8"))
    return {name: Layout.model_validate(entry) for name, entry in content.items()}


def standard_on(day: date) -> str:
    """The standard in force: Circular 01/2011 up to 04/03/2020, Decree 30/2020 from 05/03/2020."""
    return next(name for name, layout in layouts().items() if layout.from_ <= day <= layout.to)


def layout_of(standard: str) -> Layout:
    """Raises KeyError for a name that layouts.yaml does not have."""
    return layouts()[standard]
