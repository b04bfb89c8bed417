"""What a page says of a version of the procedure: its preview, its differences, and what a replay found, in words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from procedures.definition.difference import Difference
from rule_changes.golden_replay import Replayed
from rule_changes.impact_words import (
    Said,
    dates_in_words,
    difference_in_words,
    in_words,
    news_in_words,
    step_in_words,
    stuck_in_words,
)
from rule_changes.version_impact import Change, MovedDate
from templates.words import pick, t
from web.rendering import error_text

SHOWN = 100  # references and internal dates of one kind; legal limits are never cut


@dataclass(frozen=True, slots=True)
class ShownMove:
    """A date that moves, in words; `late`: it would be past on the day it moves."""

    ref: str
    unit: str
    label: str
    before: str
    after: str
    late: bool
    news: Sequence[str]


@dataclass(frozen=True, slots=True)
class Dates:
    """The internal dates of one deadline that move: `count` in all, `rows` the first SHOWN of them."""

    label: str
    count: int
    late: int
    rows: Sequence[ShownMove]


@dataclass(frozen=True, slots=True)
class StuckCase:
    """A case that cannot move, and why, in words."""

    ref: str
    unit: str
    why: str


ShownStep = tuple[str, Sequence[str], int]  # the step in words, the first SHOWN references, how many there are


@dataclass(frozen=True, slots=True)
class ShownChange:
    """The preview of a version in words; `cases` is their number, `legal` the legal limits that move."""

    mark: str
    cases: int
    sentences: Sequence[Said]
    legal: Sequence[ShownMove]
    others: Sequence[Dates]
    lost: Sequence[ShownStep]
    gained: Sequence[ShownStep]
    stuck: Sequence[StuckCase]


def change_shown(change: Change, lang: str) -> ShownChange:
    """The preview in words."""
    others = sorted((item for item in change.moved if not item.legal), key=lambda item: item.key)
    return ShownChange(
        mark=change.mark,
        cases=len(change.cases),
        sentences=in_words(change, lang),
        legal=[_date(item, lang) for item in change.legal],
        others=[_dates(list(group), lang) for _, group in groupby(others, key=lambda item: item.key)],
        lost=[(step_in_words(step, "lost", lang), step.refs[:SHOWN], len(step.refs)) for step in change.lost],
        gained=[(step_in_words(step, "gained", lang), step.refs[:SHOWN], len(step.refs)) for step in change.gained],
        stuck=[StuckCase(item.ref, item.unit, stuck_in_words(item, lang)) for item in change.stuck],
    )


def _dates(items: list[MovedDate], lang: str) -> Dates:
    late = sum(item.late for item in items)
    return Dates(pick(items[0].label, lang), len(items), late, [_date(item, lang) for item in items[:SHOWN]])


def _date(item: MovedDate, lang: str) -> ShownMove:
    before, after = dates_in_words(item, lang)
    label, news = pick(item.label, lang), news_in_words(item, lang)
    return ShownMove(item.ref, item.unit, label, before, after, item.late, news)


@dataclass(frozen=True, slots=True)
class ShownDifference:
    """A difference between two versions in words."""

    part: str
    name: str
    key: str
    before: str
    after: str


def differences_shown(found: Iterable[Difference], lang: str) -> list[ShownDifference]:
    """The differences in words, in their order."""
    listed = []
    for item in found:
        part, key, before, after = difference_in_words(item, lang)
        listed.append(ShownDifference(part, pick(item.label, lang), key, before, after))
    return listed


@dataclass(frozen=True, slots=True)
class ShownReplay:
    """A replay in words; rows are (ref, unit, why) of the cases that would go another way."""

    said: str
    rows: Sequence[tuple[str, str, str]]


def replayed_shown(found: Replayed, lang: str) -> ShownReplay:
    """Cases that could not be replayed under the version, then those that would end otherwise."""
    counts = {"count": found.cases, "unlawful": len(found.unlawful), "other": len(found.other_end)}
    rows = [
        (
            item.ref,
            item.unit,
            t("procedure.unlawful", lang, seq=item.seq, verb=item.label, why=error_text(item.reason, lang)),
        )
        for item in found.unlawful
    ]
    rows += [
        (end.ref, end.unit, t("procedure.other_end", lang, before=end.before, after=end.after))
        for end in found.other_end
    ]
    return ShownReplay(t("procedure.replayed", lang, pin=found.pin, **counts), rows)
