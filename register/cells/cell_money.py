"""Parses amounts of money; a text with any unrecognised part has no value."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from itertools import pairwise

from models.folding import fold
from register.cells.taken import Taken, says, says_nothing, toneless
from register.workbook import Cell, text_of

SMALLEST_LIKELY_DONG = 100_000
SMALL_BESIDE_SMALL_DONG = 10_000_000
LARGEST_LIKELY_DONG = 5_000_000_000_000
MOST_DONG = 10**17  # upper limit of plausible amounts; fits a 64-bit column
LONGEST_NUMBER = 30  # characters
UNIT_DONG = {
    **dict.fromkeys(("ty", "ti", "tyd", "tid"), 10**9),
    **dict.fromkeys(("trieu", "tr", "trd"), 10**6),
    **dict.fromkeys(("nghin", "ngan", "ng", "ngd", "k"), 10**3),
}
CURRENCY = frozenset(("dong", "d", "vnd", "dong vn", "viet nam dong"))
ROUGH = re.compile(r"^(?:khoang|chung|xap xi|uoc(?: tinh| dat)?|tren duoi|gan|~|≈)\s*")
NEGATIVE = re.compile(r"^[-−–]\s*(?=\d)")
SHORT_FORM = re.compile(r"(?<=[a-z])\.(?=\s*[a-z])")  # the point in "tr.đ", "tr. đồng"
ENDING = re.compile(r"\s*(?:\./\.?|\.-|,-|[.,;])\s*$")
TOKEN = re.compile(r"\d(?:[\d.,'’ ]*\d)?|[a-z]+|\S")
LONE_DECIMAL = re.compile(r"^\d+\.(\d{1,2}|\d{4,})$")
LONE_THOUSAND = re.compile(r"^[1-9]\d{0,2}\.\d{3}$")


@dataclass(frozen=True, slots=True)
class MoneyClues:
    """The context of an amount. `small`: some bare number of the column is too small for đồng;
    `point_is_decimal`: some cell of the column uses the point as decimal sign ("1.5")."""

    small: bool = False
    point_is_decimal: bool = False


NO_CLUES = MoneyClues()


def money_clues(cells: Iterable[Cell], dong: int | None = None) -> MoneyClues:
    """Return what the cells of one column show about its unit and decimal sign; `dong`: the unit in its heading."""
    small = point = False
    for cell in cells:
        if isinstance(cell, str):
            point = point or bool(LONE_DECIMAL.match(cell.strip()))
            small = small or (not dong and read_money(cell).doubt == "money_unit_unsure")
        elif not dong and not small and isinstance(cell, (int, float)):
            small = 0 < cell < SMALLEST_LIKELY_DONG
    return MoneyClues(small, point)


def read_money(cell: Cell, dong: int | None = None, clues: MoneyClues = NO_CLUES) -> Taken[int]:
    """Parse an amount in whole đồng; `dong`: đồng per unit named in the column's heading, None: not named.

    Doubts with a value: `money_unit_unsure`, `money_separator_unsure`, `money_negative`, `money_rough`; without one:
    `money_unreadable`.
    """
    found = _money(cell, dong)
    if found.value is None or found.doubt:
        return found
    if clues.small and _is_bare(cell) and 0 < found.value < SMALL_BESIDE_SMALL_DONG:
        return Taken(found.value, "money_unit_unsure")
    if clues.point_is_decimal and isinstance(cell, str) and LONE_THOUSAND.match(cell.strip()):
        return Taken(found.value, "money_separator_unsure")
    return found


def _is_bare(cell: Cell) -> bool:
    return not isinstance(cell, str) or not re.search(r"[^\W\d_]", cell)


def _money(cell: Cell, dong: int | None) -> Taken[int]:
    if isinstance(cell, (int, float)) and not isinstance(cell, bool) and abs(cell) <= MOST_DONG:  # NaN is not
        number = Decimal(int(cell)) if cell == int(cell) else Decimal(str(cell))
        found = _likely(number, dong or 1, stated=bool(dong))
    elif isinstance(cell, str):
        found = _money_from_text(text_of(cell), dong)
    else:
        return Taken(None, "money_unreadable")
    return found if found.value is None or abs(found.value) <= MOST_DONG else Taken(None, "money_unreadable")


@lru_cache(maxsize=50_000)
def _money_from_text(text: str, dong: int | None) -> Taken[int]:
    if fold(text) in says("zero") and not re.search(r"\d", text):
        return Taken(0)
    if says_nothing(text):
        return Taken()
    plain = SHORT_FORM.sub(" ", ENDING.sub("", toneless(text).strip()))
    rough = ROUGH.match(plain)
    plain = plain[rough.end() :] if rough else plain
    bracketed = re.fullmatch(r"\((.*)\)", plain)
    plain = bracketed.group(1).strip() if bracketed else plain
    minus = NEGATIVE.match(plain)
    found = _sum_of(plain[minus.end() :] if minus else plain, dong)
    if found.value is None:
        return found
    if minus or bracketed:
        return Taken(-found.value, "money_negative")
    return Taken(found.value, found.doubt or ("money_rough" if rough else ""))


def _sum_of(plain: str, dong: int | None) -> Taken[int]:
    words = TOKEN.findall(plain)
    if len(words) > 1 and words[-1] in CURRENCY:
        words, currency = words[:-1], True
    else:
        currency = False
    if len(words) == 1 and words[0][0].isdigit():
        return _bare_number(words[0], dong, currency=currency)
    pieces = list(_pieces(words, currency=currency))
    if not pieces or any(piece is None for piece in pieces):
        return Taken(None, "money_unreadable")
    parts = [piece for piece in pieces if piece]
    if not all(_descends(earlier, later) for earlier, later in pairwise(parts)):
        return Taken(None, "money_unreadable")
    total = sum((part.value for part in parts), Decimal(0))
    if any(part.unsure for part in parts):
        return Taken(int(total.to_integral_value()), "money_separator_unsure")
    return _likely(total, 1, stated=True)


@dataclass(frozen=True, slots=True)
class _Piece:
    """A part of an amount in đồng, and the unit it was written in."""

    value: Decimal
    scale: int
    unsure: bool = False


def _descends(earlier: _Piece, later: _Piece) -> bool:
    """True for "1 tỷ 250 triệu"; False for "250 triệu 1 tỷ", "1 tỷ 1.250 triệu" and "1,5 tỷ 250 triệu"."""
    return later.scale < earlier.scale and later.value < earlier.scale and earlier.value % earlier.scale == 0


def _bare_number(word: str, dong: int | None, *, currency: bool) -> Taken[int]:
    number, doubt = parse_number(word)
    if number is None:
        return Taken(None, "money_unreadable")
    if currency:
        return _likely(number, 1, stated=True)
    if doubt and dong and dong > 1:
        return Taken(int((number * dong).to_integral_value()), "money_separator_unsure")
    return _likely(number, dong or 1, stated=bool(dong))


def _pieces(words: list[str], *, currency: bool) -> Iterator[_Piece | None]:
    """The parts of "1 tỷ 250 triệu", "1 tỷ 2", "2 trăm triệu", "1 tỷ rưỡi", "nửa tỷ"; None for an unknown word."""
    at, scale = 0, 0
    while at < len(words):
        word, units = words[at], _unit_after(words, at + 1)
        if word[0].isdigit() and units:
            scale = units[0]
            yield _counted(word, scale)
            at += 1 + units[1]
        elif word == "nua" and units and at == 0:
            scale = units[0]
            yield _Piece(Decimal(scale) / 2, scale)
            at += 1 + units[1]
        elif scale and at == len(words) - 1:
            yield _after_unit(word, scale, currency=currency)
            at += 1
        else:
            yield None
            at = len(words)


def _unit_after(words: list[str], at: int) -> tuple[int, int] | None:
    """The đồng per unit named at position `at`, and the number of its words; None without a unit."""
    words = words[at : at + 2]
    if words and words[0] == "tram" and len(words) == 2 and words[1] in UNIT_DONG:
        return 100 * UNIT_DONG[words[1]], 2
    return (UNIT_DONG[words[0]], 1) if words and words[0] in UNIT_DONG else None


def _counted(word: str, scale: int) -> _Piece | None:
    number, doubt = parse_number(word)
    return None if number is None else _Piece(number * scale, scale, doubt)


def _after_unit(word: str, scale: int, *, currency: bool) -> _Piece | None:
    """A number after a unit: "1 tỷ 2" is 1,2 tỷ; "1 tỷ 250" and "1tr250" use the next lower unit; two digits: both."""
    if word == "ruoi":
        return _Piece(Decimal(scale) / 2, scale // 10)
    if not word[0].isdigit():
        return None
    if re.fullmatch("[0-9]|[0-9]{3}", word) and not currency:
        return _Piece(Decimal(int(word)) * scale / 10 ** len(word), scale // 10 ** len(word))
    number, doubt = parse_number(word)
    if number is None or doubt or not currency or number < 1_000:
        return None
    return _Piece(number, 1)


def _likely(number: Decimal, dong: int, *, stated: bool) -> Taken[int]:
    """An implausibly large amount in a column of millions was written in đồng."""
    value = int(number * dong) if number == int(number) else int((number * dong).to_integral_value())
    if value > LARGEST_LIKELY_DONG:
        return Taken(int(number.to_integral_value()) if dong > 1 else value, "money_unit_unsure")
    if value < 0:
        return Taken(value, "money_negative")
    return Taken(value, "money_unit_unsure" if 0 < value < SMALLEST_LIKELY_DONG and not stated else "")


def parse_number(text: str) -> tuple[Decimal | None, bool]:
    """Parse a number with Vietnamese or English separators; the second value: the separators are ambiguous.

    One sign before three digits separates thousands ("1.250"); "1,250" does too but may have been 1 and a quarter.
    Spaces and apostrophes separate thousands and nothing else.
    """
    bare = _without_spaces(text.strip(" .,"))
    if bare is None or len(bare) > LONGEST_NUMBER or not re.fullmatch(r"[0-9]+([.,][0-9]+)*", bare):
        return None, False
    signs = {sign for sign in ".," if sign in bare}
    if len(signs) == 2:
        return _two_signs(bare)
    if not signs:
        return Decimal(bare), False
    sign = signs.pop()
    groups = bare.split(sign)
    if are_thousands(groups):
        return Decimal("".join(groups)), len(groups) == 2 and sign == ","
    return (Decimal(bare.replace(sign, ".")), False) if len(groups) == 2 else (None, False)


def _without_spaces(text: str) -> str | None:
    if not re.search(r"['’\s]", text):
        return text
    match = re.fullmatch(r"([0-9][0-9'’\s]*?)((?:[.,][0-9]+)?)", text)
    groups = re.split(r"['’\s]+", match.group(1)) if match else [""]
    return "".join(groups) + match.group(2) if match and are_thousands(groups) else None


def _two_signs(bare: str) -> tuple[Decimal | None, bool]:
    mark = max(".,", key=bare.rfind)
    whole, _, part = bare.rpartition(mark)
    groups = whole.split("," if mark == "." else ".")
    if mark in whole or not are_thousands(groups):
        return None, False
    return Decimal("".join(groups) + "." + part), False


def are_thousands(groups: list[str]) -> bool:
    """Whether the digit groups are thousands: one to three digits, then groups of three."""
    return 1 <= len(groups[0]) <= 3 and groups[0] != "0" and all(len(group) == 3 for group in groups[1:])
