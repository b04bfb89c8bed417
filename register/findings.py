"""What is wrong or doubtful in a register file, by cell, and the sentence that says so."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from templates.words import t


class Severity(StrEnum):
    """A rejected row stays out; a doubtful one goes in with the doubt beside it, or waits for a person's yes; a row of
    another office stays out and is no fault."""

    REJECTED = "rejected"
    DOUBTFUL = "doubtful"
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Finding:
    """`row` as the spreadsheet counts it, from 1; `column` its letter, or "" for the whole row; row 0 is the sheet."""

    sheet: str
    row: int
    column: str
    value: str
    severity: Severity
    code: str
    params: Mapping[str, object] = field(default_factory=dict)


def say_finding(finding: Finding, lang: str = "vi") -> str:
    """The finding as a sentence with its remedy."""
    about = {"value": finding.value, "row": finding.row, "column": finding.column, "sheet": finding.sheet}
    named = {key: field_label(str(value), lang) if key == "field" else value for key, value in finding.params.items()}
    return t(f"register.{finding.code}", lang, **{**about, **named})


def field_label(name: str, lang: str = "vi") -> str:
    """The heading of a column of the register."""
    return t(f"register.field.{name}", lang)
