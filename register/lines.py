"""The lines of a table that are no unit: totals, headings inside the table, numbers of columns, signatures."""

import re
from dataclasses import dataclass
from functools import lru_cache

from register.header import Header, is_column_number
from register.names import fold
from register.places import commune_heading, district_heading
from register.vocabulary import kind_in_name, read_word
from register.workbook import Row, text_of

TOTAL = re.compile(
    r"^(i{1,3} |[a-z] |\d+ )?(tong cong|tong so|cong tong|tong cac|tong toan|tong)( .*)?$"
    r"|^(i{1,3} |[a-z] )?cong( (toan|chung|theo|cac|so) .*"
    r"| (quan|huyen|xa|phuong|thanh pho|muc|nhom|i+|a|b) ?.*| \d+)?$"
    r"|^(toan (thanh pho|huyen|quan)|luy ke)$"
)
SIGNATURE = re.compile(
    r"^(nguoi lap|nguoi tong hop|ke toan|thu truong|chu tich|pho chu tich|tm |t m |kt |k t |truong phong|"
    r"pho truong phong|noi nhan|ghi chu|luu y|xac nhan|ky ten|ky va ghi|hai phong ngay|ngay thang nam|ngay \d+ thang|"
    r"nguon)"
)
MOST_HEADING_CELLS = 6
MARKED = re.compile(r"^([IVXLC]{1,5}|[A-Z]|\d+\.\d+)[.)]?$")


@dataclass(frozen=True, slots=True)
class Heading:
    """What a heading inside the table says of the rows under it."""

    district: str = ""
    commune: str = ""
    sector: str = ""


def is_numbering(row: Row) -> bool:
    """The line "(1) (2) (3)" under the header."""
    texts = [text_of(cell) for cell in row if cell != ""]
    numbered = sum(1 for text in texts if is_column_number(text))
    return len(texts) >= 3 and numbered == len(texts)


def is_total(row: Row, header: Header) -> bool:
    """A line that begins with a word for a sum; "Cộng Hiền" and "HTX Cộng Hòa" do not."""
    return any(_says_total(text_of(cell)) for cell in _first_texts(row, header))


@lru_cache(maxsize=20_000)
def _says_total(text: str) -> bool:
    return bool(TOTAL.match(fold(text))) and kind_in_name(text) is None


def _first_texts(row: Row, header: Header) -> list[str]:
    name = header.index_of("name")
    upto = row[: (name or 0) + 1]
    return [cell for cell in upto if isinstance(cell, str) and cell]


def is_signature(row: Row, header: Header) -> bool:
    """Lines under the table: who drew it up, where and when. They name no certificate, commune or person."""
    texts = [cell for cell in row if isinstance(cell, str) and cell]
    return 0 < len(texts) <= 3 and any(SIGNATURE.match(fold(text)) for text in texts)


def heading_of(row: Row, header: Header) -> Heading | None:
    """The heading that the line is, or nothing when it is a unit. A heading may carry sums, but no second text."""
    filled = [cell for cell in row if isinstance(cell, str) and cell]
    if len(filled) > MOST_HEADING_CELLS:
        return None
    texts = [text for cell in filled if (text := text_of(cell))]
    marks = [text for text in texts if MARKED.match(text)]
    words = list(dict.fromkeys(text for text in texts if not MARKED.match(text)))
    if len(words) != 1:
        return None
    named = _place_or_sector(words[0])
    if named:
        return named
    return Heading() if marks and not marks[0][0].isdigit() and _looks_like_group(words[0]) else None


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
