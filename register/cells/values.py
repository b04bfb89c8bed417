"""Parses counts, yes/no, identification numbers and plain text."""

import re
from datetime import date

from models.folding import WORD, fold
from register.cells.cell_dates import read_date
from register.cells.cell_money import parse_number
from register.cells.taken import ERRORS, Taken, says, says_nothing, shortened
from register.names import data_file
from register.workbook import Cell, text_of

MOST_PEOPLE = 10**7  # upper limit of plausible counts
COUNT = re.compile(r"([^\d+\-−–]*?)\s*(\d[\d.,\s]*)\s*(\+?[^\d]*)")
ROUGH_BEFORE = frozenset(("khoang", "hon", "tren", "gan", "duoi", "chung", "do", "uoc", "tren duoi", "xap xi", ""))
TAX_CODE = re.compile(r"\d{10}(-?\d{3})?")
NOT_A_DIGIT = re.compile(r"\D")
HAS_NUMBER = re.compile(r"[1-9]")
SO = re.compile(r"(?i)^\s*số\s*[:.]?\s*(?=\d)")
COUNTED = frozenset(
    ("", "nguoi", "thanh vien", "xa vien", "tv", "xv", "ld", "lao dong", "ho", "ho xa vien", "ho gia dinh")
)
YES_SIGNS = ("✓", "✔", "☑", "√", "ü", "+")
NOT_YET = re.compile(r"\b(chua|khong|ko|cho|sap|dang lam|se)\b")
OF_REREGISTERING = re.compile(
    r"\b(da|co|roi|chua|khong|ko|dang ky|dk|dkl|lai|chuyen doi|sang|theo|luat|hop tac xa|htx|nam|ngay|thang|moi|xong"
    r"|thu tuc|lam|thuc hien|duoc|cap|giay chung nhan|gcn|\d+)\b"
)
REASON = re.compile(r"\b(vi|do|ly do)\b")


def read_count(cell: Cell) -> Taken[int]:
    """Parse a count of members or workers. Doubts: `count_rough` ("khoảng 30"); without a value `count_unreadable`."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        whole = 0 <= cell <= MOST_PEOPLE and cell == int(cell)
        return Taken(int(cell)) if whole else Taken(None, "count_unreadable")
    if not isinstance(cell, str):
        return Taken(None, "count_unreadable")
    text = text_of(cell)
    if fold(text) in says("zero"):
        return Taken(0)
    if says_nothing(text):
        return Taken()
    match = COUNT.fullmatch(text)
    number = parse_number(match.group(2))[0] if match else None
    if match is None or number is None or number > MOST_PEOPLE or number != int(number):
        return Taken(None, "count_unreadable")
    before, after = fold(match.group(1)), fold(match.group(3))
    if before not in ROUGH_BEFORE or after.removesuffix(" tro len") not in COUNTED or _has_sign(match):
        return Taken(None, "count_unreadable")
    plain = not match.group(1).strip() and after in COUNTED and "+" not in match.group(3)
    return Taken(int(number), "" if plain else "count_rough")


def _has_sign(match: re.Match[str]) -> bool:
    """Whether a sign changes the meaning of the number: "> 30", "30%", "30?"."""
    return bool(re.search(r"[<>≤≥%?/\\*=]", match.group(1) + match.group(3)))


def read_yes_no(cell: Cell) -> Taken[bool]:
    """Parse yes or no; a date (the day on which it was done) means yes.

    Doubts: `yes_no_read_as` ("chưa" with its reason), `yes_no_unreadable`, which has no value: "đã giải thể" in the
    column of re-registration is no yes, "không thuộc diện" no no.
    """
    if isinstance(cell, bool):
        return Taken(cell)
    if isinstance(cell, date):
        return Taken(True)
    text = text_of(cell)
    key = fold(text)
    if text in YES_SIGNS:
        return Taken(True)
    if key in {fold(word) for word in data_file("vocabulary.yaml")["yes_no"]["yes"]}:
        return Taken(True)
    if key in {fold(word) for word in data_file("vocabulary.yaml")["yes_no"]["no"]}:
        return Taken(False)
    if says_nothing(text):
        return Taken()
    if read_date(text).value:
        return Taken(True)
    return _yes_no_by_start(key)


def _yes_no_by_start(key: str) -> Taken[bool]:
    said, why, _ = REASON.split(key, maxsplit=1) if REASON.search(key) else (key, "", "")
    understood = not OF_REREGISTERING.sub("", said).strip()
    if understood and key.startswith(("chua ", "khong ", "ko ")) and not re.search(r"\b(da|roi|nhung|con)\b", key):
        return Taken(False, "yes_no_read_as" if why else "")
    if understood and not why and key.startswith(("da ", "co ")) and not NOT_YET.search(key):
        return Taken(True)
    return Taken(None, "yes_no_unreadable")


def read_phone(cell: Cell) -> Taken[str]:
    """Return a phone number as written; a number cell gets its lost leading zero back.

    Doubts: `phone_unlikely`, `number_shortened`.
    """
    if shortened(cell):
        return Taken(None, "number_shortened")
    text = text_of(cell)
    if says_no_number(text):
        return Taken("")
    digits = NOT_A_DIGIT.sub("", text)
    if text.isdigit() and not text.startswith(("0", "84")) and 9 <= len(digits) <= 10:
        text = digits = "0" + text
    return Taken(text, "" if 6 <= len(digits) <= 36 else "phone_unlikely")


def read_tax_code(cell: Cell) -> Taken[str]:
    """Return a tax code: ten digits, or ten and three; lost leading zeros are restored.

    Doubts: `tax_code_unlikely`; without a value `number_shortened` and `no_number` ("đang làm").
    """
    if shortened(cell):
        return Taken(None, "number_shortened")
    said = text_of(cell)
    if says_no_number(said):
        return Taken("")
    if not HAS_NUMBER.search(said):
        return Taken(None, "no_number")
    text = re.sub(r"[\s.]", "", said)
    if text.isdigit() and len(text) in (9, 12):
        text = "0" + text
    return Taken(text, "" if TAX_CODE.fullmatch(text) else "tax_code_unlikely")


def read_certificate_number(cell: Cell) -> Taken[str]:
    """Return text with a digit in it; words alone ("thất lạc") would identify all units that have them as one.

    Doubts: `certificate_became_date` when the spreadsheet has made a date of "02/2009"; without a value
    `number_shortened` and `no_number`.
    """
    if isinstance(cell, date):
        return Taken(text_of(cell), "certificate_became_date")
    if shortened(cell):
        return Taken(None, "number_shortened")
    text = SO.sub("", text_of(cell))
    if says_no_number(text):
        return Taken("")
    return Taken(text) if HAS_NUMBER.search(text) else Taken(None, "no_number")


def says_no_number(text: str) -> bool:
    """Whether the cell says that there is no number."""
    return says_nothing(text) or fold(text) in says("no_number")


def read_text(cell: Cell) -> Taken[str]:
    """Return one line of text; capitals are kept, since the case of a name in capitals cannot be restored."""
    text = text_of(cell)
    return Taken("" if not WORD.search(text) or (text[0] in "#eE" and ERRORS.fullmatch(text.upper())) else text)
