"""Why this date: the lines of a deadline's sum as sentences, each with its article and how sure we are of it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.case_view import seen_on
from casework.ledger import load_case
from models.errors import NotFound
from procedures.deadlines import Derived, derive, explain_sum
from procedures.reckoning import Line, Reckoning
from procedures.rules import cite
from procedures.schema import Procedure
from rulebook.office_calendar import calendars_of
from templates.formats import date_vi
from templates.words import t


@dataclass(frozen=True, slots=True)
class Sentence:
    """One line of a sum. `confidence` is verified, recalled, or nothing when no law is cited."""

    code: str
    text: str
    from_on: date
    to_on: date
    article: str = ""
    confidence: str = ""
    seq: int | None = None  # the fact that the line rests on


@dataclass(frozen=True, slots=True)
class Explained:
    """A deadline of a case with its sum in words."""

    key: str
    label: str
    kind: str
    starts_on: date
    ends_on: date | None
    status: str
    sentences: tuple[Sentence, ...]


def explain(
    connection: Connection,
    ref: str,
    key: str | None = None,
    *,
    lang: str = "vi",
    as_of: date | None = None,
    known_on: date | None = None,
) -> list[Explained]:
    """The deadlines of a case, or one of them, each with its sum. Raises NotFound."""
    loaded = seen_on(connection, load_case(connection, ref), as_of, known_on)
    if key is not None and key not in loaded.state.clocks:
        raise NotFound("no_such_deadline", ref=ref, key=key, known=", ".join(loaded.state.clocks))
    calendars = calendars_of(connection, loaded.row["district_code"])
    clocks = [clock for name, clock in loaded.state.clocks.items() if key in (None, name)]
    found = []
    for clock in clocks:
        item = derive(loaded.procedure, clock, calendars)
        reckoning = explain_sum(item.sum, calendars)
        found.append(_explained(loaded.procedure, item, reckoning, lang))
    return found


def _explained(procedure: Procedure, item: Derived, reckoning: Reckoning | None, lang: str) -> Explained:
    label = procedure.deadlines[item.key].label[lang]
    sentences = _fixed(procedure, item, lang) if reckoning is None else sum_in_words(reckoning, lang)
    first = sentences[0]
    own = _article(item.article, item.starts_on, lang)
    seq = item.sum.get("seq")
    rest = (Sentence(first.code, first.text, first.from_on, first.to_on, *(own or ("", "")), seq), *sentences[1:])
    return Explained(item.key, label, item.kind, item.starts_on, item.ends_on, item.status, rest)


def _fixed(procedure: Procedure, item: Derived, lang: str) -> tuple[Sentence, ...]:
    on = date.fromisoformat(item.sum["until"])
    name = procedure.programme[procedure.deadlines[item.key].until].label[lang]
    text = t("time.line_fixed", lang, on=date_vi(on), name=name)
    return (Sentence("fixed", text, on, on),)


def sum_in_words(reckoning: Reckoning, lang: str = "vi") -> tuple[Sentence, ...]:
    """Every line of a sum as a sentence in the language."""
    return tuple(_sentence(line, reckoning, lang) for line in reckoning.lines)


def _sentence(line: Line, reckoning: Reckoning, lang: str) -> Sentence:
    params: dict[str, Any] = {
        "from_on": date_vi(line.from_on),
        "to_on": date_vi(line.to_on),
        "days": line.days,
        "calendar": t(f"time.calendar_{reckoning.calendar}", lang),
        "weekday": t(f"time.weekday_{line.to_on.weekday()}", lang),
        **_worded(line.params, lang),
    }
    article = _article(line.article, line.from_on, lang) if line.article else None
    text = t(f"time.line_{line.code}", lang, **params)
    return Sentence(line.code, text, line.from_on, line.to_on, *(article or ("", "")))


def _worded(params: Mapping[str, Any], lang: str) -> dict[str, Any]:
    place = 1 if lang == "en" else 0
    return {
        name: ", ".join(dict.fromkeys(pair[place] for pair in value)) if name == "off" else value
        for name, value in params.items()
    }


def _article(key: str, on: date, lang: str) -> tuple[str, str] | None:
    if not key:
        return None
    try:
        citation = cite(key, on)
    except NotFound:
        return None
    return citation.text(lang), citation.confidence
