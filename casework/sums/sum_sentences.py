"""The lines of a sum as sentences, each with its article, how sure we are of it, and the facts it rests on."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from procedures.law.rules import version_of
from procedures.legal_time.date_computation import ComputedDate, Line
from templates.formats import date_vi
from templates.words import t

Reasons = Mapping[str, str]  # codes of overlays in words
NO_REASONS: Reasons = {}


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a sum. `confidence` is verified, recalled, or nothing when no law is cited."""

    code: str
    text: str
    from_on: date
    to_on: date
    article: str = ""
    confidence: str = ""
    facts: tuple[int, ...] = ()  # the facts that the line rests on
    letter: int | None = None  # the id of the letter it mentions
    key: str = ""  # the rule that the article is a version of


def sum_in_words(computed: ComputedDate, lang: str = "vi") -> tuple[Sentence, ...]:
    """Every line of a sum that belongs to no case."""
    return in_words(computed, lang, NO_REASONS)


def in_words(computed: ComputedDate, lang: str, reasons: Reasons) -> tuple[Sentence, ...]:
    """Every line of a sum as a sentence in the language."""
    return tuple(_sentence(line, computed, lang, reasons) for line in computed.lines)


def _sentence(line: Line, computed: ComputedDate, lang: str, reasons: Reasons) -> Sentence:
    params: dict[str, Any] = {
        "from_on": date_vi(line.from_on),
        "to_on": date_vi(line.to_on),
        "days": line.days,
        "calendar": t(f"time.calendar_{computed.calendar}", lang),
        "weekday": t(f"time.weekday_{line.to_on.weekday()}", lang),
        **_worded(line.params, lang, reasons),
    }
    one_day = line.code == "skipped" and line.from_on == line.to_on
    text = t(f"time.line_{line.code}{'_day' if one_day else ''}", lang, **params)
    article = article_of(line.article, line.from_on, lang)
    text = text.removesuffix(": ")  # a suspension without a reason
    if line.code.startswith("term_") and line.params["term"].backwards:
        text = t("time.line_back", lang, text=text)
    return Sentence(line.code, text, line.from_on, line.to_on, *article, line.facts, key=line.article)


def _worded(params: Mapping[str, Any], lang: str, reasons: Reasons) -> dict[str, Any]:
    place = 1 if lang == "en" else 0
    found = dict(params)
    if "off" in params:
        listed = dict.fromkeys(pair[place] for pair in params["off"])
        found["off"] = ", ".join(_reason(text, reasons) for text in listed)
    if "end" in params:
        found["end"] = date_vi(params["end"])
    if "reason" in params:
        found["reason"] = _reason(params["reason"], reasons)
    return found


def _reason(text: str, reasons: Reasons) -> str:
    """Merged suspensions have several reasons, each an overlay's code or as typed."""
    return "; ".join(reasons.get(part, part) for part in text.split("; "))


def article_of(key: str, on: date, lang: str) -> tuple[str, str]:
    """The article in the version of a day and how sure we are of it; nothing when there is none."""
    citation = version_of(key, on)
    return ("", "") if citation is None else (citation.text(lang), citation.confidence)
