"""Invented data for previews of letter types: filled or blank, for each level and way of dissolution."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from letters.catalogue import LetterType, letter_type
from letters.draft import draft
from letters.letter_input import LetterInput, SumInput
from letters.programme_plan import CITY_PLAN, DISTRICT_PLAN, Plan
from letters.tree import Letter
from models.places import CommuneKind, CommuneName
from procedures.definition.loader import load
from procedures.named_terms import terms_of

SIGNING_DAY = date(2016, 3, 14)
UNIT = {
    "name": "Hợp tác xã Dịch vụ nông nghiệp Minh Tân (mẫu)",
    "kind_label": "Hợp tác xã",
    "certificate_number": "0207A00012",
    "certificate_on": date(2005, 6, 14),
    "certificate_issuer": "Phòng Tài chính - Kế hoạch huyện Kiến Thụy",
    "address": "thôn Minh Tân, xã Minh Tân, huyện Kiến Thụy, thành phố Hải Phòng",
    "district": "Kiến Thụy",
    "representative": "Nguyễn Văn Mẫu",
    "representative_title": "ông",
    "phone": "031 3 000 000",
    "members": 112,
    "charter_capital": 450_000_000,
    "tax_code": "0200000000",
    "sector": "agriculture_service",
}
UNION = UNIT | {
    "name": "Liên hiệp hợp tác xã Dịch vụ thủy sản Cát Hải (mẫu)",
    "kind_label": "Liên hiệp hợp tác xã",
    "certificate_number": "02LH00003",
    "certificate_issuer": "Sở Kế hoạch và Đầu tư thành phố Hải Phòng",
    "members": 5,
}
SUMS: tuple[SumInput, ...] = (  # sample computations for the statement of deadlines
    {
        "key": "compulsory_council_term",
        "label": "60 ngày của hội đồng giải thể bắt buộc", "ends_on": date(2016, 5, 4),
        "starts_on": date(2016, 3, 1), "statutory": True, "stands": True, "edition": 2,
        "lines": (
            {"text": "Bắt đầu từ ngày 01/03/2016", "article": "l2012.54.3", "on": date(2016, 3, 1)},
            {"text": "Ngày 01/03/2016 không tính", "article": "cc.first_day", "on": date(2016, 3, 1)},
            {"text": "60 ngày theo lịch, đến 30/04/2016", "article": "", "on": date(2016, 3, 2)},
            {
                "text": "Ngày cuối 30/04/2016 là ngày nghỉ, chuyển sang ngày làm việc tiếp theo 04/05/2016",
                "article": "cc.last_day", "on": date(2016, 4, 30),
            },
        ),
    },
)  # fmt: skip
PLAN = Plan(
    "01/KH-UBND (mẫu)", date(2014, 5, 12), "Ủy ban nhân dân thành phố Hải Phòng",
    "triển khai thực hiện Kết luận số 13-KL/TU ngày 25 tháng 3 năm 2014 của Ban Thường vụ Thành ủy",
)  # fmt: skip
DISTRICT = Plan("02/KH-UBND (mẫu)", date(2014, 6, 16), "Ủy ban nhân dân huyện Kiến Thụy", "rà soát, xử lý hợp tác xã")
BANKS = (
    "Ngân hàng Nông nghiệp và Phát triển nông thôn Việt Nam, Chi nhánh Mẫu",
    "Quỹ tín dụng nhân dân Minh Tân (mẫu)",
)
COURTS = {"district": "Tòa án nhân dân huyện Kiến Thụy", "city": "Tòa án nhân dân thành phố Hải Phòng"}
KNOWN = ("name", "kind_label", "district", "representative_title")  # known for every unit
_SAMPLES: Mapping[str, Any] = {"money": 125_000_000, "number": 12, "boolean": True, "table": ()}
_AT_CITY = {  # names of district offices in samples, by those of the city
    "UBND huyện": "UBND thành phố", "Chi cục Thuế huyện Kiến Thụy": "Cục Thuế thành phố Hải Phòng",
    "Chi cục Thuế huyện": "Cục Thuế", "Phó Trưởng phòng Tài chính - Kế hoạch": "Phó Giám đốc Sở Kế hoạch và Đầu tư",
    "Phòng Tài chính - Kế hoạch": "Sở Kế hoạch và Đầu tư", "Thanh tra huyện Kiến Thụy": "Thanh tra thành phố",
    "Phòng Nông nghiệp": "Sở Nông nghiệp", "TTr-TCKH": "TTr-SKHĐT", "112/TCKH": "112/SKHĐT-ĐKKD", "BN-TCKH": "BN-SKHĐT",
    "GXN-TCKH": "GXN-SKHĐT",
}  # fmt: skip


def ways_of(kind: LetterType) -> tuple[str, ...]:
    """Return the ways of dissolution that a letter type distinguishes."""
    apart = kind.issuer == "council" or {"decided_on", "held_on"} <= kind.fields.keys()
    return ("compulsory", "voluntary") if apart else ("compulsory",)


def specimen(kind: LetterType, level: str = "district", way: str = "compulsory") -> LetterInput:
    """Return data that fill a letter type completely; all names are invented."""
    samples = {name: _sample(field.type, field.sample, field.label["vi"]) for name, field in kind.fields.items()}
    other = {"voluntary": "decided_on", "compulsory": "held_on"}[way]
    if {"decided_on", "held_on"} <= samples.keys():
        samples[other] = None
    return {
        "unit": UNION if level == "city" else UNIT,
        "commune": CommuneName(CommuneKind.XA, "Minh Tân"),
        "agencies": {"bank": BANKS, "court": (COURTS[level],)},
        "plans": {CITY_PLAN: PLAN} | ({DISTRICT_PLAN: DISTRICT} if level == "district" else {}),
        "case": {"ref": "HP-2015-0000", "opened_on": date(2015, 1, 12), "level": level, "state": "S1"},
        "district": {"name": "Kiến Thụy", "full_name": "huyện Kiến Thụy"},
        "city": "Hải Phòng",
        "officer": {"name": "Trần Thị Mẫu", "title": "bà"},
        "way": way,
        "facts": {},
        "sums": SUMS if kind.sums else (),
        "terms": terms_of(load()),
        "extra": {name: _at_city(value) for name, value in samples.items()} if level == "city" else samples,
    }


def blank(kind: LetterType, level: str = "district", way: str = "compulsory") -> LetterInput:
    """Return a case with names only, for the preview of a blank form."""
    data = specimen(kind, level, way)
    unit = {key: value if key in KNOWN else None for key, value in data["unit"].items()}
    return {**data, "unit": unit, "extra": {}, "officer": {"name": None, "title": None}}


def preview(
    name: str, on: date = SIGNING_DAY, level: str = "district", way: str = "compulsory", *, empty: bool = False
) -> Letter:
    """Return the letter type filled with the specimen (`empty`: blank). Raises NotFound, TemplateError."""
    kind = letter_type(name)
    return draft(name, (blank if empty else specimen)(kind, level, way), on)


def _sample(kind: str, sample: Any, label: str) -> Any:
    if sample is not None:
        return sample
    if kind == "date":
        return SIGNING_DAY
    return _SAMPLES.get(kind, f"({label.lower()})")


def _at_city(value: Any) -> Any:
    if isinstance(value, list):
        return [{name: _at_city(cell) for name, cell in row.items()} for row in value]
    if isinstance(value, str):
        for here, there in _AT_CITY.items():
            value = value.replace(here, there)
    return value
