"""A term in words, as pages and official letters write it."""

from collections.abc import Mapping

from procedures.legal_time.terms import Term, Unit

UNITS: Mapping[Unit, tuple[str, str]] = {
    "days": ("ngày", "day"),
    "working_days": ("ngày làm việc", "working day"),
    "weeks": ("tuần", "week"),
    "months": ("tháng", "month"),
    "years": ("năm", "year"),
}


def in_words(term: Term, lang: str, *, official: bool = False, consecutive: bool = False) -> str:
    """`5 ngày làm việc`, in English `5 working days`; the direction of a term (`before`) is left to the sentence.

    Args:
        lang: "en" for English; anything else is Vietnamese.
        official: two digits at least, as letters write numbers: `05 ngày làm việc`. English is not affected.
        consecutive: the term runs without a break: `12 tháng liên tục`, `12 consecutive months`.
    """
    vietnamese, english = UNITS[term.unit]
    if lang == "en":
        unit = english if term.amount == 1 else f"{english}s"
        return f"{term.amount} consecutive {unit}" if consecutive else f"{term.amount} {unit}"
    amount = f"{term.amount:02d}" if official else str(term.amount)
    return f"{amount} {vietnamese} liên tục" if consecutive else f"{amount} {vietnamese}"
