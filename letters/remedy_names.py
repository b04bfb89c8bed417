"""Names of remedies against a decision of the issuer, for `{{ settlers.first }}` etc. in templates."""

from collections.abc import Mapping
from datetime import date

from letters.catalogue import LetterType
from letters.issuing_bodies import bodies, body_of
from procedures.law.remedies import Settler, lawful_terms, remedies
from procedures.legal_time.term_words import in_words

SETTLERS = ("first", "second", "court", "second_complaint", "legal_force", "suit")
ANY_COURT = "Tòa án có thẩm quyền"


def settlers_of(kind: LetterType, level: str, names: Mapping[str, str], on: date) -> dict[str, str]:
    """Return who settles first and second, the court, and the terms in words (`30 ngày`, `01 năm`).

    Empty for an issuer that takes no decisions, such as a council. The court is named only from the day on which the
    verified law is in force.
    """
    against = remedies().get(body_of(kind.issuer, level).key)
    if against is None:
        return dict.fromkeys(SETTLERS, "")
    court = against.court
    named = court is not None and court.holds_on(on)
    return {
        "first": _words(against.first, names),
        "second": _words(against.second, names),
        "court": _words(court, names) if court is not None and named else ANY_COURT,
        **{key: in_words(item.term, "vi", official=True) for key, item in lawful_terms().items()},
    }


def _words(settler: Settler, names: Mapping[str, str]) -> str:
    text = bodies()[settler.head_of].head if settler.head_of else settler.words["vi"]
    return text.format_map(names)
