"""Parses dates; the other cells of a column decide the order of day and month."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache

from models.folding import fold
from register.cells.taken import Taken, says_nothing
from register.workbook import Cell, text_of

FIRST_YEAR, LAST_YEAR = 1930, 2099
SERIAL_FIRST, SERIAL_LAST = 10_000, 73_000
SERIAL_EPOCH = date(1899, 12, 30).toordinal()
MAC_DAYS = 1_462  # between the two epochs of Excel, 1900 and 1904
PIVOT = 40

CLOCK = re.compile(
    r"(?:[ t]+|\s*,\s*)\d{1,2}(?::|h|g)\d{2}(?::\d{2}(?:[.,]\d+)?)?\s*(?:[ap]m|sa|ch|z)?$", re.IGNORECASE
)
PREFIX = re.compile(r"^(?:(?:từ\s+)?ngày|ngay)\s*[:.]?\s*(?=\d)", re.IGNORECASE)
DAY_MONTH_YEAR = re.compile(r"^(\d{1,2})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{4}|\d{2})$")
YEAR_MONTH_DAY = re.compile(r"^(\d{4})\s*([/.\-])\s*(\d{1,2})\s*\2\s*(\d{1,2})$")
TOGETHER = re.compile(r"^(19[3-9]\d|20\d\d)(\d\d)(\d\d)$")
IN_WORDS = re.compile(r"^(\d{1,2}) (?:thang|thg) ?(\d{1,2})(?: nam)? (\d{4}|\d{2})$")
MONTHS = {
    name[:length]: at
    for at, name in enumerate(
        ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november",
         "december"), start=1)
    for length in (3, 4, len(name))
}  # fmt: skip
ROMAN = {roman: at for at, roman in enumerate("i ii iii iv v vi vii viii ix x xi xii".split(), start=1)}
NAMED = re.compile(r"^(\d{1,2}) ([a-z]+) (\d{4}|\d{2})$")
NAMED_FIRST = re.compile(r"^([a-z]+) (\d{1,2}) (\d{4})$")
PLAIN = re.compile(r"[\w\s./,\-–]+")  # other signs change the meaning of the words beside them
RANGE = re.compile(r"\d\s*[-–]\s*\d+\s*[-–/]?\s*\d*$")
IN_NAMES = re.compile(f"{NAMED.pattern}|{IN_WORDS.pattern}")
MONTH_YEAR = re.compile(r"^(?:(?:thang|thg|t) ?)?(\d{1,2}) (?:nam )?(\d{4})$")
QUARTER = re.compile(r"^(?:quy|q) ?(1|2|3|4|i|ii|iii|iv)(?: nam)? (\d{4})$")
YEAR_ONLY = re.compile(r"^(?:(?:tu|khoang|dau|cuoi|giua|nam) )*(\d{4})(?: den nay)?$")
QUARTERS = {"1": 1, "2": 4, "3": 7, "4": 10, "i": 1, "ii": 4, "iii": 7, "iv": 10}


@dataclass(frozen=True, slots=True)
class DateClues:
    """The context of a date.

    `text_unsure`: some text of the column has the month first; `cells_unsure`: a spreadsheet may have swapped day and
    month of its date cells; `mac`: the workbook counts days from 1904; `today`: later days are refused.
    """

    text_unsure: bool = False
    cells_unsure: bool = False
    mac: bool = False
    today: date | None = None


NO_CLUES = DateClues()


def date_clues(cells: Iterable[Cell], *, mac: bool = False, today: date | None = None) -> DateClues:
    """Return what the cells of one column show about the order of day and month in it."""
    month_first = day_first = short_text = late_cell = cell_dates = False
    for cell in cells:
        if isinstance(cell, date):
            cell_dates, late_cell = True, late_cell or cell.day > 12
        elif isinstance(cell, str) and (parts := _numbers(cell)):
            month_first = month_first or parts[1] > 12 >= parts[0]
            day_first = day_first or parts[0] > 12 >= parts[1]
            short_text = short_text or max(parts) <= 12
    turned = cell_dates and not late_cell and day_first and not short_text
    return DateClues(month_first, cell_dates and (month_first or turned), mac, today)


@lru_cache(maxsize=50_000)
def _numbers(text: str) -> tuple[int, int] | None:
    match = DAY_MONTH_YEAR.match(_bare(text_of(text)))
    return (int(match.group(1)), int(match.group(3))) if match else None


def read_date(cell: Cell, clues: DateClues = NO_CLUES) -> Taken[date]:
    """Parse a date cell.

    Doubts: `date_partial` (only a month or year), `date_swapped`, `date_from_number`, `date_order_unsure`; without a
    value: `date_in_future`, `date_unreadable`.
    """
    found = _any_date(cell, clues)
    if clues.today and found.value and found.value > clues.today:
        return Taken(None, "date_in_future")
    if found.value and not found.doubt and _order_unsure(cell, found.value, clues):
        return Taken(found.value, "date_order_unsure")
    return found


def _any_date(cell: Cell, clues: DateClues) -> Taken[date]:
    if isinstance(cell, datetime):
        return _sane(cell.date())
    if isinstance(cell, date):
        return _sane(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return _date_from_number(cell, mac=clues.mac)
    return _date_from_text(text_of(cell))


def _order_unsure(cell: Cell, found: date, clues: DateClues) -> bool:
    if found.day > 12 or found.day == found.month:
        return False
    if isinstance(cell, date):
        return clues.cells_unsure
    return clues.text_unsure and isinstance(cell, str) and _numbers(cell) is not None


def _sane(day: date, doubt: str = "") -> Taken[date]:
    return Taken(day, doubt) if FIRST_YEAR <= day.year <= LAST_YEAR else Taken(None, "date_unreadable")


def _date_from_number(number: float, *, mac: bool = False) -> Taken[date]:
    if FIRST_YEAR <= number <= LAST_YEAR and number == int(number):
        return Taken(date(int(number), 1, 1), "date_partial")
    if SERIAL_FIRST <= number <= SERIAL_LAST:
        return _sane(date.fromordinal(SERIAL_EPOCH + int(number) + (MAC_DAYS if mac else 0)), "date_from_number")
    if 1 <= number < 13 and len(f"{number:.4f}".rstrip("0")) > 4:
        return _date_from_text(f"{number:.4f}")
    together = TOGETHER.match(str(int(number))) if 0 < number < 10**8 and number == int(number) else None
    if together:
        return _day(int(together[1]), int(together[2]), int(together[3]))
    return Taken(None, "date_unreadable") if number else Taken()


@lru_cache(maxsize=50_000)
def _bare(text: str) -> str:
    """The text without a leading "ngày", a trailing time of day, and signs at its edges."""
    return PREFIX.sub("", CLOCK.sub("", text.strip(" '`.,;"))).strip(" '`.,;")


@lru_cache(maxsize=50_000)
def _date_from_text(text: str) -> Taken[date]:
    if says_nothing(text) or fold(text) in ("chua", "khong", "0"):
        return Taken()
    bare = _bare(text)
    if match := DAY_MONTH_YEAR.match(bare):
        return _day(_full_year(match[4]), int(match[3]), int(match[1]))
    if match := YEAR_MONTH_DAY.match(bare):
        return _day(int(match[1]), int(match[3]), int(match[4]))
    if match := TOGETHER.match(bare):
        return _day(int(match[1]), int(match[2]), int(match[3]))
    if not PLAIN.fullmatch(bare):
        return Taken(None, "date_unreadable")
    key = fold(bare)
    return _month_with_sign(bare) if RANGE.search(bare) and not IN_NAMES.match(key) else _date_in_words(key)


def _month_with_sign(bare: str) -> Taken[date]:
    """ "5-2009" is a month; a range or a sign of comparison is no date."""
    match = re.fullmatch(r"(\d{1,2})\s*[-–]\s*(\d{4})", bare)
    return _day(int(match[2]), int(match[1]), 1, "date_partial") if match else Taken(None, "date_unreadable")


def _date_in_words(key: str) -> Taken[date]:
    if match := IN_WORDS.match(key):
        return _day(_full_year(match[3]), int(match[2]), int(match[1]))
    if named := _named_month(key):
        return named
    if match := MONTH_YEAR.match(key):
        return _day(int(match.group(2)), int(match.group(1)), 1, "date_partial")
    if match := QUARTER.match(key):
        return _day(int(match.group(2)), QUARTERS[match.group(1)], 1, "date_partial")
    if match := YEAR_ONLY.match(key):
        return _day(int(match.group(1)), 1, 1, "date_partial")
    if key.isdigit() and key.isascii() and len(key) == 5:
        return _date_from_number(int(key))
    return Taken(None, "date_unreadable")


def _named_month(key: str) -> Taken[date] | None:
    """ "5 mar 09", "march 5 2009", "12 v 2009" with a Roman month."""
    if match := NAMED.match(key):
        day, name, year = match.groups()
    elif match := NAMED_FIRST.match(key):
        name, day, year = match.groups()
    else:
        return None
    month = MONTHS.get(name) or ROMAN.get(name)
    return _day(_full_year(year), month, int(day)) if month else None


def _full_year(written: str) -> int:
    """The year of two digits ("09" is 2009, "87" is 1987, none before the 1940s); other lengths unchanged ("0001")."""
    year = int(written)
    return year if len(written) > 2 else year + (2000 if year < PIVOT else 1900)


def _day(year: int, month: int, day: int, doubt: str = "") -> Taken[date]:
    try:
        return _sane(date(year, month, day), doubt)
    except ValueError:
        if month > 12 >= day and not doubt:
            return _day(year, day, month, "date_swapped")
        return Taken(None, "date_unreadable")
