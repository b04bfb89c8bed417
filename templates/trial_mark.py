"""What a trial office writes on all that leaves it: letters, registers, workbooks, messages, calendars.

`models.office_kind.is_trial` decides whether an office is one. What writes a workbook or a register asks for a
`TrialMark`, which nothing but `mark_of` makes: no new one is forgotten.
"""

from typing import NewType

from templates.words import both, t

TrialMark = NewType("TrialMark", str)  # empty where the office is no trial


def mark_of(trial: bool, lang: str) -> TrialMark:
    """The line that says so on a page or a sheet."""
    return TrialMark(t("trial.mark", lang) if trial else "")


def prefixed(text: str, trial: bool, lang: str) -> str:
    """A subject or a name that is shown alone: in a trial it begins with the mark in short."""
    return f"{t('trial.short', lang)} {text}" if trial else text


def says_trial(text: str) -> bool:
    """Whether a cell that is read back is the mark, in either language."""
    return text in both("trial.mark").values()
