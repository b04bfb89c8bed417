"""Invented data to show a letter type with, and the check that every type can be filled."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from letters.catalogue import LetterType, TemplateError, letter_types
from letters.draft import draft
from letters.tree import Letter
from procedures.rules import rules

UNIT = {
    "name": "Hợp tác xã Dịch vụ nông nghiệp Minh Tân (mẫu)",
    "kind_label": "Hợp tác xã",
    "certificate_number": "0207A00012",
    "certificate_on": date(2005, 6, 14),
    "certificate_issuer": "Phòng Tài chính - Kế hoạch huyện Kiến Thụy",
    "address": "thôn Minh Tân, xã Minh Tân, huyện Kiến Thụy, thành phố Hải Phòng",
    "commune": "Minh Tân",
    "commune_full": "xã Minh Tân",
    "district": "Kiến Thụy",
    "representative": "Nguyễn Văn Mẫu",
    "representative_title": "ông",
    "phone": "031 3 000 000",
    "members": 112,
    "charter_capital": 450_000_000,
    "tax_code": "0200000000",
}
SIGNING_DAY = date(2016, 3, 14)
_SAMPLES: Mapping[str, Any] = {"money": 125_000_000, "number": 12, "boolean": True, "table": ()}


def specimen(kind: LetterType) -> dict[str, Any]:
    """Data that fills a letter type completely, every name in it invented."""
    return {
        "unit": UNIT,
        "case": {"ref": "HP-2015-0000", "opened_on": date(2015, 1, 12), "level": "district"},
        "district": {"name": "Kiến Thụy", "full_name": "huyện Kiến Thụy"},
        "city": "Hải Phòng",
        "officer": {"name": "Trần Thị Mẫu", "title": "bà"},
        "facts": {},
        "extra": {name: _sample(field.type, field.sample, field.label["vi"]) for name, field in kind.fields.items()},
    }


def preview(name: str, on: date = SIGNING_DAY) -> Letter:
    """The letter type filled with the specimen. Raises NotFound, TemplateError."""
    from letters.catalogue import letter_type

    return draft(name, specimen(letter_type(name)), on)


def problems(days: tuple[date, ...] = (date(2014, 12, 1), SIGNING_DAY, date(2016, 10, 3))) -> Iterator[str]:
    """What does not hold in any template on any of the days: undefined names, unknown articles, nothing to say."""
    for kind in letter_types().values():
        for key in kind.bases:
            if key not in rules():
                yield f"{kind.name}: unknown article {key}"
        for day in days:
            try:
                yield from _empty_parts(draft(kind.name, specimen(kind), day))
            except TemplateError as error:
                yield str(error)


def _empty_parts(letter: Letter) -> Iterator[str]:
    if not letter.body:
        yield f"{letter.template}: says nothing"
    if not letter.summary.strip():
        yield f"{letter.template}: has no summary"
    for item in letter.missing:
        yield f"{letter.template}: field {item.name} stays empty"


def _sample(kind: str, sample: Any, label: str) -> Any:
    if sample is not None:
        return sample
    if kind == "date":
        return SIGNING_DAY
    return _SAMPLES.get(kind, f"({label.lower()})")
