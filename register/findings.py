"""Findings in a register file (errors and doubts) by cell, and their messages."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from templates.words import t


class Severity(StrEnum):
    """The severity of a finding. A rejected row is not imported; a doubtful one is imported with its doubt, or waits
    for a decision; a row of another office is not imported and is no error."""

    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Finding:
    """A finding. `row`: from 1 as in the spreadsheet, 0: the sheet; `column`: its letter, "": the whole row."""

    sheet: str
    row: int
    column: str
    value: str
    severity: Severity
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def say_finding(finding: Finding, lang: str = "vi") -> str:
    """Return the message of a finding, with its remedy."""
    about = {"value": finding.value, "row": finding.row, "column": finding.column, "sheet": finding.sheet}
    named = {key: field_label(str(value), lang) if key == "field" else value for key, value in finding.params.items()}
    return t(f"register.{finding.code}", lang, **{**about, **named})


def field_label(name: str, lang: str = "vi") -> str:
    """Return the heading of a field of the register."""
    return t(f"register.field.{name}", lang)
