"""Formats number and symbol, dates and amounts for official letters (Circular 01/2011 arts 8, 9)."""

from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib.resources import files

import yaml

# Type name by abbreviation; công văn has none. BN is recalled from the circular; GXN, PH, GĐN are practice: they are
# no types of the circular as far as it was seen.
NUMBERED_TYPES = {
    "QĐ": "QUYẾT ĐỊNH", "TB": "THÔNG BÁO", "TTr": "TỜ TRÌNH", "BC": "BÁO CÁO", "BB": "BIÊN BẢN", "KH": "KẾ HOẠCH",
    "GM": "GIẤY MỜI", "GXN": "GIẤY XÁC NHẬN", "PA": "PHƯƠNG ÁN", "BN": "GIẤY BIÊN NHẬN", "PH": "PHIẾU",
    "NQ": "NGHỊ QUYẾT", "CK": "BẢN CAM KẾT", "GĐN": "GIẤY ĐỀ NGHỊ", "CV": "",
}  # fmt: skip
BLANK = "……"
FORM_BLANK = "…" * 14  # blank on a form filled in by hand
SECRETS = "secret"  # series of secret documents, which are numbered separately (Decree 30/2020 art. 15)
_ROMAN = ((10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))
_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")


def has_blank(text: str) -> bool:
    """Whether the line has a blank to fill in by hand; such a line is not justified."""
    return FORM_BLANK in text


def number_text(number: int | None) -> str:
    """Return the number with at least two digits; a blank for None."""
    return BLANK if number is None else f"{number:02d}"


def number_line(number: int | None, symbol: str) -> str:
    """Return e.g. `Số: 05/QĐ-UBND`."""
    return f"Số: {number_text(number)}/{symbol}"


def date_line(place: str, on: date | None) -> str:
    """Return `Hòa An, ngày 08 tháng 3 năm 2016`, with a leading zero for days under 10 and months 1 and 2 only."""
    return f"{place}, {long_date(on)}"


def long_date(on: date | None) -> str:
    """Return `ngày 08 tháng 3 năm 2016`; with blanks for None."""
    if on is None:
        return f"ngày {BLANK} tháng {BLANK} năm {BLANK}"
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return f"ngày {on.day:02d} tháng {month} năm {on.year}"


def money_words(amount: int) -> str:
    """Return an amount of whole đồng in words: `Một trăm linh năm nghìn đồng`."""
    text = "không" if amount == 0 else _positive(abs(amount))
    text = f"âm {text}" if amount < 0 else text
    return f"{text[0].upper()}{text[1:]} đồng"


def _positive(amount: int) -> str:
    billions, rest = divmod(amount, 10**9)
    words = [f"{_positive(billions)} tỷ"] if billions else []
    for scale, name in ((10**6, "triệu"), (10**3, "nghìn"), (1, "")):
        group = rest // scale % 1000
        if group:
            words.append(f"{_group(group, not words)} {name}".strip())
    return " ".join(words)


def _group(group: int, first: bool) -> str:
    hundreds, rest = divmod(group, 100)
    tens, ones = divmod(rest, 10)
    words = [] if first and not hundreds else [f"{_DIGITS[hundreds]} trăm"]
    if tens == 0:
        words += [f"linh {_DIGITS[ones]}" if words else _DIGITS[ones]] if ones else []
    elif tens == 1:
        words += ["mười", *([_after_ten(ones)] if ones else [])]
    else:
        words += [f"{_DIGITS[tens]} mươi", *([_after_tens(ones)] if ones else [])]
    return " ".join(words)


def _after_ten(ones: int) -> str:
    return "lăm" if ones == 5 else _DIGITS[ones]


def _after_tens(ones: int) -> str:
    return {1: "mốt", 5: "lăm"}.get(ones, _DIGITS[ones])


def appendix_label(place: int, count: int) -> str:
    """Return `Phụ lục`, or `Phụ lục II` where `count` > 1 (Roman numerals, `place` from 1)."""
    return f"Phụ lục {_roman(place)}" if count > 1 else "Phụ lục"


def _roman(number: int) -> str:
    found = ""
    for value, letters in _ROMAN:
        times, number = divmod(number, value)
        found += letters * times
    return found


def goes_with(type_name: str, number: int | None, symbol: str, on: date | None, issuer: str) -> str:
    """Return `(Kèm theo Quyết định số 05/QĐ-UBND ngày 08 tháng 3 năm 2016 của Ủy ban nhân dân …)`."""
    name = type_name.capitalize() if type_name else "Công văn"
    return f"(Kèm theo {name} số {number_text(number)}/{symbol} {long_date(on)} của {issuer})"


@cache
def _series() -> Mapping[str, list[str]]:
    found: Mapping[str, list[str]] = yaml.safe_load(
        files("letters").joinpath("series.yaml").read_text(encoding="utf-8")
    )
    return found


def series_names() -> tuple[str, ...]:
    """Return the series of letters that are not secret."""
    return (*_series(), "others")


def series_of(abbreviation: str, secrecy: str = "") -> str:
    """Return the number series of a type from series.yaml; secret letters have a separate one."""
    if secrecy:
        return SECRETS
    return next((name for name, types in _series().items() if abbreviation in types), "others")
