"""Names of remedies against a decision of the issuer, for `{{ settlers.first }}` etc. in templates."""

from collections.abc import Mapping
from datetime import date

from letters.catalogue import LetterType
from letters.issuing_bodies import bodies, body_of
from procedures.law.remedies import Settler, lawful_terms, otherwise, remedies
from procedures.legal_time.term_words import in_words

SETTLERS = (
    "first",
    "second",
    "court",
    "second_complaint",
    "legal_force",
    "second_settlement",
    "second_settlement_longest",
    "suit",
)


def settlers_of(kind: LetterType, level: str, names: Mapping[str, str], on: date) -> dict[str, str]:
    """Return who settles first and second, the court, and the terms in words (`30 ngày`, `01 năm`).

    Empty for an issuer that takes no decisions, such as a council. A settler or a court is named only where the article
    that says so is verified and in force on the day.
    """
    against = remedies().get(body_of(kind.issuer, level).key)
    if against is None:
        return dict.fromkeys(SETTLERS, "")
    return {
        "first": _words(against.first, names, on, "settler"),
        "second": _words(against.second, names, on, "settler"),
        "court": _words(against.court, names, on, "court"),
        **{key: in_words(item.term, "vi", official=True) for key, item in lawful_terms().items()},
    }


def _words(settler: Settler | None, names: Mapping[str, str], on: date, kind: str) -> str:
    if settler is None or not settler.named_on(on):
        return otherwise()[kind]["vi"]
    text = bodies()[settler.head_of].head if settler.head_of else settler.words["vi"]
    return text.format_map(names)
