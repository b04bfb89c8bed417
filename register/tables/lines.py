"""Classifies the lines of a table: total, heading inside the table, signature, or unit."""

import re
from dataclasses import dataclass
from functools import lru_cache

from models.folding import fold
from register.cells.vocabulary import kind_in_name, read_word
from register.places import (
    bare_district,
    commune_heading,
    district_heading,
    district_in_title,
    speaks_of_district,
)
from register.tables.header import Header, is_column_number
from register.workbook import Cell, Row, text_of

_SUM = "tong cong|cong tong|tong so|cong so|cong don|luy ke|tong luy ke|tong ca|tong|cong|trong do"
TOTAL = re.compile(
    rf"^(?:[ivx]{{1,4}} |[a-z] |\d+ )?(?:{_SUM})"
    r"(?: (?:toan|chung|theo|cac|so luong|quan|huyen|xa|phuong|thi tran|thi xa|thanh pho|tinh|muc|nhom|phan|trang|khoi"
    r"|linh vuc|htx|hop tac xa|don vi|to hop tac|quy tin dung|cuoi|mang sang|sang trang|[ivx]+|[ab]|\d+)(?: .*)?)?$"
    r"|^(?:toan (?:thanh pho|huyen|quan|tinh)|mang sang(?: trang)?|chuyen trang)$"
)
MAYBE_TOTAL = re.compile(r"^(?:[ivx]{1,4} |[a-z] |\d+ )?(?:tong|luy ke|toan)\b")
ONLY_TOTAL = re.compile(r"^(?:tong cong|cong tong|tong so|tong|cong)$")
_OFFICE = (
    "chu tich|pho chu tich|giam doc|pho giam doc|truong phong|pho truong phong|thu truong|chanh van phong|chu nhiem"
    "|cuc truong|chi cuc truong|truong ban|pho truong ban|so truong|lanh dao"
)
SIGNATURE = re.compile(
    r"^(?:nguoi (?:lap|tong hop|kiem tra|ky|duyet)(?: |$)|can bo (?:lap|tong hop)|(?:lap|tong hop) bieu"
    r"|ke toan(?: truong)?$"
    rf"|(?:{_OFFICE})(?: .*)?$|(?:tm|t m|thay mat) (?:ubnd|uy ban|ban |so |phong|hoi dong|hdqt|lien minh|chi cuc)"
    rf"|(?:kt|k t|tl|t l|tuq|q|qen) (?:{_OFFICE})|noi nhan|ky ten|ky va ghi|ky ghi ro|xac nhan cua|da ky"
    r"|(?:so tien )?(?:viet |doc )?bang chu(?: |$)|danh sach (?:nay |tren )?(?:gom|co) "
    r"|ghi chu(?: \d| cac| nhung| so lieu| trong|$)|luu y (?:cac|so|khi)|nguon(?: so lieu| tin| cung cap)"
    r"|(?:[a-z]+ ){0,4}ngay(?: \d+)? thang(?: \d+)? nam)"
)
NOTE_BELOW = re.compile(r"(?i)^\s*(ghi chú|lưu ý|nguồn|nơi nhận|\(\*\)|\*)\s*:")
MOST_HEADING_CELLS = 6
MARKED = re.compile(r"^([IVXLC]{1,5}|[A-Z]|\d+\.\d+)[.)]?$")
SUMS = re.compile(r"[\d.,\s/%()\-]+")
ORDINAL = re.compile(r"^(\d{1,5})(?:\.0+)?[.)]?$")
SAYS_WHICH = frozenset(
    ("certificate_number", "tax_code", "representative", "phone", "founded_on", "certificate_on", "address", "kind",
     "commune", "district", "certificate_issuer", "sector", "status", "grade", "last_meeting_on", "stopped_on")
)  # fmt: skip
COUNTS = frozenset(("members", "labour", "charter_capital", "turnover", "tax_debt"))


@dataclass(frozen=True, slots=True)
class Heading:
    """The values that a heading inside the table gives the rows below it."""

    district: str = ""
    commune: str = ""
    sector: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """Evidence that a line is a unit: its ordinal, numbers in number columns, cells that identify a unit."""

    ordinal: int | None
    numbers: int
    details: int
    name: str

    @property
    def is_full(self) -> bool:
        return bool(self.numbers or self.details)


@dataclass(frozen=True, slots=True)
class Places:
    """The columns of a table that are evidence for a unit."""

    ordinal: int | None
    name: int
    numbers: tuple[int, ...]
    details: tuple[int, ...]

    @classmethod
    def of(cls, header: Header) -> "Places":
        at = {column.field: column.index for column in header.columns}
        numbers = tuple(index for field, index in at.items() if field in COUNTS)
        details = tuple(index for field, index in at.items() if field in SAYS_WHICH)
        return cls(at.get("ordinal"), at["name"], numbers, details)


def evidence_of(row: Row, places: Places) -> Evidence:
    """Return the evidence that the row is a unit."""
    ordinal = ordinal_of(row[places.ordinal]) if places.ordinal is not None else None
    name = row[places.name]
    numbers = sum(1 for at in places.numbers if row[at] not in ("", 0) and _is_number(row[at]))
    details = sum(1 for at in places.details if row[at] != "" and at != places.name)
    return Evidence(ordinal, numbers, details, text_of(name) if isinstance(name, str) else "")


def ordinal_of(cell: Cell) -> int | None:
    """Return the Arabic ordinal of a line ("3", "3.", 3.0), or None."""
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return int(cell) if 0 <= cell < 100_000 and cell == int(cell) else None
    match = ORDINAL.match(cell.strip()) if isinstance(cell, str) else None
    return int(match.group(1)) if match else None


def _is_number(cell: Cell) -> bool:
    return not isinstance(cell, str) or bool(re.match(r"^[~><(\-]?\s*\d", cell))


def is_numbering(row: Row) -> bool:
    """Whether the row is the line "(1) (2) (3)" under the header."""
    texts = [text_of(cell) for cell in row if cell != ""]
    numbered = sum(1 for text in texts if is_column_number(text))
    return len(texts) >= 3 and numbered == len(texts)


def says_total(row: Row, upto: int) -> bool:
    """Whether a text up to the column of names begins with a word for a total; "HTX Cộng Hòa" does not."""
    return any(_says_total(text_of(cell)) for cell in row[: upto + 1] if isinstance(cell, str) and cell)


def may_say_total(row: Row, upto: int) -> bool:
    """Whether a text up to the column of names may be that of a total; "Tổng Dũng" may."""
    texts = (text_of(cell) for cell in row[: upto + 1] if isinstance(cell, str) and cell)
    return any(MAYBE_TOTAL.match(fold(text)) and kind_in_name(text) is None for text in texts)


def is_only_total(text: str) -> bool:
    """Whether the text is only a word for a total."""
    return bool(ONLY_TOTAL.match(fold(text)))


@lru_cache(maxsize=20_000)
def _says_total(text: str) -> bool:
    return bool(TOTAL.match(fold(text))) and kind_in_name(text) is None


def says_signature(row: Row) -> bool:
    """Whether the line is a signature block (author, place, date) or a note below the table."""
    texts = [text_of(cell) for cell in row if isinstance(cell, str) and cell]
    if not 0 < len(texts) <= 3:
        return False
    return any(SIGNATURE.match(fold(text)) or NOTE_BELOW.match(text) for text in texts)


def heading_of(row: Row) -> Heading | None:
    """Return the heading of the line, or None for a unit. A heading may have totals, but no second text."""
    filled = [cell for cell in row if isinstance(cell, str) and cell]
    if len(filled) > MOST_HEADING_CELLS:
        return None
    texts = [text for cell in filled if (text := text_of(cell)) and not SUMS.fullmatch(text)]
    marks = [text for text in texts if MARKED.match(text)]
    words = list(dict.fromkeys(text for text in texts if not MARKED.match(text)))
    if len(words) != 1:
        return None
    named = _place_or_sector(words[0])
    if named:
        return named
    if not marks or marks[0][0].isdigit() or not _looks_like_group(words[0]):
        return None
    if district := bare_district(words[0]):
        return Heading(district=district)
    # A district that is not known must not leave its rows to the one before.
    if speaks_of_district(words[0]):
        return Heading(district=words[0])
    return Heading(district=district_in_title(words[0]))


@lru_cache(maxsize=5_000)
def _place_or_sector(text: str) -> Heading | None:
    if district := district_heading(text):
        return Heading(district=district)
    if commune := commune_heading(text):
        return Heading(commune=commune)
    group = re.sub(r"^(?:[IVXLC]+|[A-Z]|\d+)\s*[.)/:\-]\s*", "", text)
    sector = read_word("sector", re.sub(r"(?i)^(htx|hợp tác xã|lĩnh vực|ngành|khối|nhóm|loại hình)\s+", "", group))
    spoken_of = group != text or re.match(r"(?i)^(lĩnh vực|ngành|khối|nhóm)", text)
    return Heading(sector=sector.value) if sector.value and spoken_of else None


def _looks_like_group(text: str) -> bool:
    return kind_in_name(text) is None or read_word("sector", text).value is not None
