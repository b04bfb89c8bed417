"""Skipped lines of a sheet, each with its reason."""

from dataclasses import dataclass
from enum import StrEnum

from templates.words import t


class Reason(StrEnum):
    """Why a line is no unit."""

    TITLE = "title"
    HEADER = "header"
    NUMBERING = "numbering"
    HEADING = "heading"
    TOTAL = "total"
    SIGNATURE = "signature"
    CONTINUED = "continued"  # another line of a name that is merged downwards
    NO_TEXT = "no_text"  # nothing but an ordinal or sums, and no name


@dataclass(frozen=True, slots=True)
class Skipped:
    """A skipped line. `row`: from 1 as in the spreadsheet; `text`: its content; `doubtful`: it may be a unit."""

    sheet: str
    row: int
    text: str
    reason: Reason
    doubtful: bool = False


def say_skipped(skipped: Skipped, lang: str = "vi") -> str:
    """Return the reason as a sentence, with the remedy where a unit may have been skipped."""
    said = t(f"register.skip.{skipped.reason}", lang)
    return f"{said} {t('register.skip.doubtful', lang)}" if skipped.doubtful else said
