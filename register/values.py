"""Cells as offices fill them, turned into values: each function says what it took and what it doubts."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache, lru_cache
from typing import Generic, TypeVar

from register.names import data_file, fold
from register.workbook import Cell, text_of

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Taken(Generic[T]):
    """`doubt` is the code of a finding. A doubt without a value: the cell could not be read."""

    value: T | None = None
    doubt: str = ""


FIRST_YEAR, LAST_YEAR = 1930, 2099
SERIAL_FIRST, SERIAL_LAST = 10_000, 73_000
SERIAL_EPOCH = date(1899, 12, 30).toordinal()
PIVOT = 40
ERROR_CELLS = ("#N/A", "#REF!", "#NAME?", "#VALUE!", "#DIV/0!")
SMALLEST_LIKELY_DONG = 100_000
LARGEST_LIKELY_DONG = 5_000_000_000_000
MOST_DONG, MOST_PEOPLE = 10**17, 10**7  # nothing in the country is larger; databases keep no more
LONGEST_NUMBER = 30  # signs

DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{4}|\d{2})$")
YEAR_MONTH_DAY = re.compile(
    r"^(\d{4})\s*[/.\-]\s*(\d{1,2})\s*[/.\-]\s*(\d{1,2})(?:[ t]\d{1,2}:\d\d.*)?$", re.IGNORECASE
)
IN_WORDS = re.compile(r"^(?:ngay )?(\d{1,2}) thang (\d{1,2}) nam (\d{4})$")
MONTH_YEAR = re.compile(r"^(?:thang )?(\d{1,2}) (?:nam )?(\d{4})$")
QUARTER = re.compile(r"^quy ?(1|2|3|4|i|ii|iii|iv)(?: nam)? (\d{4})$")
YEAR_ONLY = re.compile(r"^(?:(?:tu|khoang|truoc|sau|dau|cuoi|giua|nam) )*(\d{4})(?: den nay)?$")
QUARTERS = {"1": 1, "2": 4, "3": 7, "4": 10, "i": 1, "ii": 4, "iii": 7, "iv": 10}


@cache
def _says(topic: str) -> frozenset[str]:
    return frozenset(fold(phrase) for phrase in data_file("vocabulary.yaml")[topic])


@lru_cache(maxsize=50_000)
def says_nothing(text: str) -> bool:
    """Blank, dashes and dots, or words for "not known"."""
    key = fold(text)
    return key in _says("nothing") if key else True


def read_date(cell: Cell) -> Taken[date]:
    """Doubts: `date_partial` (only a month or year), `date_swapped`, `date_from_number`, `date_unreadable`."""
    if isinstance(cell, datetime):
        return _sane(cell.date())
    if isinstance(cell, date):
        return _sane(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_from_number(cell)
    return _date_from_text(text_of(cell))


def _sane(day: date, doubt: str = "") -> Taken[date]:
    return Taken(day, doubt) if FIRST_YEAR <= day.year <= LAST_YEAR else Taken(None, "date_unreadable")


def _date_from_number(number: float) -> Taken[date]:
    if FIRST_YEAR <= number <= LAST_YEAR and number == int(number):
        return Taken(date(int(number), 1, 1), "date_partial")
    if SERIAL_FIRST <= number <= SERIAL_LAST:
        return _sane(date.fromordinal(SERIAL_EPOCH + int(number)), "date_from_number")
    if 1 <= number < 13 and len(f"{number:.4f}".rstrip("0")) > 4:
        return _date_from_text(f"{number:.4f}")
    return Taken(None, "date_unreadable") if number else Taken()


@lru_cache(maxsize=50_000)
def _date_from_text(text: str) -> Taken[date]:
    if says_nothing(text) or fold(text) in ("chua", "khong", "0"):
        return Taken()
    bare = text.strip(" '`.,;")
    if match := DAY_MONTH_YEAR.match(bare):
        day, month, year = (int(part) for part in match.groups())
        return _day(_full_year(year), month, day)
    if match := YEAR_MONTH_DAY.match(bare):
        year, month, day = (int(part) for part in match.groups())
        return _day(year, month, day)
    return _date_in_words(fold(bare))


def _date_in_words(key: str) -> Taken[date]:
    if match := IN_WORDS.match(key):
        day, month, year = (int(part) for part in match.groups())
        return _day(year, month, day)
    if match := MONTH_YEAR.match(key):
        return _day(int(match.group(2)), int(match.group(1)), 1, "date_partial")
    if match := QUARTER.match(key):
        return _day(int(match.group(2)), QUARTERS[match.group(1)], 1, "date_partial")
    if match := YEAR_ONLY.match(key):
        return _day(int(match.group(1)), 1, 1, "date_partial")
    if key.isdigit() and len(key) == 5:
        return _date_from_number(int(key))
    return Taken(None, "date_unreadable")


def _full_year(year: int) -> int:
    """ "09" is 2009 and "87" is 1987: no unit of the register is older than the 1940s."""
    return year if year > 99 else year + (2000 if year < PIVOT else 1900)


def _day(year: int, month: int, day: int, doubt: str = "") -> Taken[date]:
    try:
        return _sane(date(year, month, day), doubt)
    except ValueError:
        if month > 12 >= day and not doubt:
            return _day(year, day, month, "date_swapped")
        return Taken(None, "date_unreadable")


UNIT_DONG = {"ty": 10**9, "ti": 10**9, "trieu": 10**6, "trd": 10**6, "tr": 10**6, "nghin": 10**3, "ngan": 10**3}
MONEY_PIECE = re.compile(r"([\d][\d.,\s]*)\s*([^\W\d_]*)")


def read_money(cell: Cell, dong: int | None = None) -> Taken[int]:
    """Whole đồng; `dong` is the unit of the column's heading. Doubts: `money_unit_unsure`, `money_separator_unsure`,
    `money_negative`, `money_unreadable`."""
    found = _money(cell, dong)
    return found if found.value is None or abs(found.value) <= MOST_DONG else Taken(None, "money_unreadable")


def _money(cell: Cell, dong: int | None) -> Taken[int]:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) <= MOST_DONG:  # NaN is not
        return _likely(Decimal(str(cell)), dong or 1, stated=bool(dong))
    if not isinstance(cell, str):
        return Taken(None, "money_unreadable")
    return _money_from_text(text_of(cell), dong)


@lru_cache(maxsize=50_000)
def _money_from_text(text: str, dong: int | None) -> Taken[int]:
    if fold(text) in _says("zero"):
        return Taken(0)
    if says_nothing(text):
        return Taken()
    negative = bool(re.match(r"^\s*[-−]\s*\d|^\(\s*[\d.,\s]+\)$", text))
    pieces = MONEY_PIECE.findall(text.strip("()-− "))
    leftover = fold(MONEY_PIECE.sub("", text))
    words = [fold(word) for _, word in pieces]
    if (
        not pieces
        or leftover not in ("", "dong")
        or any(word and word not in UNIT_DONG and word not in ("dong", "vnd", "d") for word in words)
    ):
        return Taken(None, "money_unreadable")
    return _sum_pieces(pieces, dong, negative)


def _sum_pieces(pieces: list[tuple[str, str]], dong: int | None, negative: bool) -> Taken[int]:
    total, unsure, stated = Decimal(0), False, bool(dong)
    if len(pieces) == 1 and not pieces[0][1] and dong:
        number, doubt = parse_number(pieces[0][0])
        if number is not None and not (doubt and dong > 1):
            return _likely(-number if negative else number, dong, stated=True)
    for digits, word in pieces:
        number, doubt = parse_number(digits)
        if number is None:
            return Taken(None, "money_unreadable")
        unit = UNIT_DONG.get(fold(word), 1) if word else dong or 1
        unsure = unsure or (doubt and unit > 1)
        stated = stated or bool(word)
        total += number * unit
    if unsure:
        return Taken(int(total.to_integral_value()), "money_separator_unsure")
    return _likely(-total if negative else total, 1, stated=stated)


def _likely(number: Decimal, dong: int, *, stated: bool) -> Taken[int]:
    """A sum beyond belief in a column of millions was written in đồng."""
    value = int((number * dong).to_integral_value())
    if value > LARGEST_LIKELY_DONG:
        return Taken(int(number.to_integral_value()) if dong > 1 else value, "money_unit_unsure")
    if value < 0:
        return Taken(value, "money_negative")
    return Taken(value, "money_unit_unsure" if 0 < value < SMALLEST_LIKELY_DONG and not stated else "")


def parse_number(text: str) -> tuple[Decimal | None, bool]:
    """A number with Vietnamese or English separators, and whether the separators leave a doubt.

    One sign before three digits separates thousands ("1.250"); "1,250" does too but may have been 1 and a quarter.
    """
    bare = re.sub(r"\s", "", text).strip(".,")
    if len(bare) > LONGEST_NUMBER or not re.fullmatch(r"\d+([.,]\d+)*", bare):
        return None, False
    signs = {sign for sign in ".," if sign in bare}
    if len(signs) == 2:
        return _two_signs(bare)
    if not signs:
        return Decimal(bare), False
    sign = signs.pop()
    groups = bare.split(sign)
    if _are_thousands(groups):
        return Decimal("".join(groups)), len(groups) == 2 and sign == ","
    return (Decimal(bare.replace(sign, ".")), False) if len(groups) == 2 else (None, False)


def _two_signs(bare: str) -> tuple[Decimal | None, bool]:
    mark = max(".,", key=bare.rfind)
    whole, _, part = bare.rpartition(mark)
    groups = whole.split("," if mark == "." else ".")
    if mark in whole or not _are_thousands(groups):
        return None, False
    return Decimal("".join(groups) + "." + part), False


def _are_thousands(groups: list[str]) -> bool:
    return 1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])


def read_count(cell: Cell) -> Taken[int]:
    """Members, workers. Doubts: `count_rough` ("khoảng 30"), `count_unreadable`."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        whole = 0 <= cell <= MOST_PEOPLE and cell == int(cell)
        return Taken(int(cell)) if whole else Taken(None, "count_unreadable")
    if not isinstance(cell, str):
        return Taken(None, "count_unreadable")
    text = text_of(cell)
    if fold(text) in _says("zero"):
        return Taken(0)
    if says_nothing(text):
        return Taken()
    match = re.fullmatch(r"([^\d+\-−]*?)\s*(\d[\d.,\s]*)\s*(\+?[^\d]*)", text)
    number = parse_number(match.group(2))[0] if match else None
    if match is None or number is None or number > MOST_PEOPLE or number != int(number):
        return Taken(None, "count_unreadable")
    plain = not match.group(1).strip() and fold(match.group(3)) in (
        "",
        "nguoi",
        "thanh vien",
        "xa vien",
        "tv",
        "xv",
        "ld",
        "lao dong",
        "ho",
    )
    return Taken(int(number), "" if plain else "count_rough")


def read_yes_no(cell: Cell) -> Taken[bool]:
    """A date says yes too: it is the day on which it was done. Doubt: `yes_no_unreadable`."""
    if isinstance(cell, bool):
        return Taken(cell)
    if isinstance(cell, date):
        return Taken(True)
    text = text_of(cell)
    key = fold(text)
    if text in ("✓", "✔", "☑", "√", "ü", "+"):
        return Taken(True)
    if key in {fold(word) for word in data_file("vocabulary.yaml")["yes_no"]["yes"]}:
        return Taken(True)
    if key in {fold(word) for word in data_file("vocabulary.yaml")["yes_no"]["no"]}:
        return Taken(False)
    if says_nothing(text):
        return Taken()
    if _date_from_text(text).value:
        return Taken(True)
    return _yes_no_by_start(key)


def _yes_no_by_start(key: str) -> Taken[bool]:
    if key.startswith(("chua ", "khong ")):
        return Taken(False)
    return Taken(True) if key.startswith(("da ", "co ")) else Taken(None, "yes_no_unreadable")


def read_phone(cell: Cell) -> Taken[str]:
    """As written; a number cell has lost its leading nought, which is put back. Doubt: `phone_unlikely`."""
    text = text_of(cell)
    if says_nothing(text):
        return Taken("")
    digits = re.sub(r"\D", "", text)
    if text.isdigit() and not text.startswith(("0", "84")) and 9 <= len(digits) <= 10:
        text = digits = "0" + text
    return Taken(text, "" if 6 <= len(digits) <= 36 else "phone_unlikely")


def read_tax_code(cell: Cell) -> Taken[str]:
    """Ten digits, or ten and three; lost leading noughts are put back. Doubt: `tax_code_unlikely`."""
    text = text_of(cell).replace(" ", "")
    if says_nothing(text):
        return Taken("")
    if text.isdigit() and len(text) == 9:
        text = "0" + text
    return Taken(text, "" if re.fullmatch(r"\d{10}(-?\d{3})?", text) else "tax_code_unlikely")


def read_certificate_number(cell: Cell) -> Taken[str]:
    """Text. Doubt: `certificate_became_date` when the spreadsheet has made a date of "02/2009"."""
    if isinstance(cell, date):
        return Taken(text_of(cell), "certificate_became_date")
    text = re.sub(r"(?i)^\s*số\s*[:.]?\s*(?=\d)", "", text_of(cell))
    return Taken("" if says_nothing(text) else text)


def read_text(cell: Cell) -> Taken[str]:
    """One line; capitals stay as they were given, since a name in capitals cannot be set back without guessing."""
    text = text_of(cell)
    return Taken("" if not fold(text) or text.upper() in ERROR_CELLS else text)
