"""CSV as offices export it: any of three delimiters, Unicode or an old 8-bit encoding."""

import csv
import io
import unicodedata
from collections import Counter

from models.errors import WrongInput
from register.encodings import OLD, decode
from register.file_guards import MAX_COLUMNS, MAX_ROWS
from register.syllables import is_syllable

DELIMITERS = ";,\t|"
SAMPLE_LINES = 60


def read_delimited(data: bytes, name: str) -> tuple[tuple[str, ...], ...]:
    """The rows of a CSV file, padded to one width.

    Raises:
        WrongInput: quotes do not close, or there are too many cells.
    """
    text = text_of_bytes(data).lstrip("\ufeff")
    announced = text[4:5] if text[:4].lower() == "sep=" else ""
    body = text.partition("\n")[2] if announced else text
    try:
        rows = list(csv.reader(io.StringIO(body, newline=""), delimiter=announced or delimiter_of(body)))
    except csv.Error as broken:
        raise WrongInput("file", "register_corrupt", name=name) from broken
    width = max(map(len, rows), default=0)
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
        raise WrongInput("file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
    return tuple(tuple(row + [""] * (width - len(row))) for row in rows) if width else ()


def delimiter_of(text: str) -> str:
    """The delimiter that cuts most sample lines into the same number of cells."""
    return max(DELIMITERS, key=lambda each: _steadiness(text, each))


def _steadiness(text: str, delimiter: str) -> tuple[int, int]:
    sample = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = Counter(len(row) for row, _ in zip(sample, range(SAMPLE_LINES), strict=False) if len(row) > 1)
    if not widths:
        return 0, 0
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
    return lines, width


def text_of_bytes(data: bytes) -> str:
    """The bytes as text; 8-bit TCVN3 and VNI come out as the Latin-1 characters that spreadsheets show."""
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return data.decode("utf-16", errors="replace")
    try:
        return data.decode("utf-8-sig") if b"\x00" not in data[:200] else _without_mark(data)
    except UnicodeDecodeError:
        return _eight_bit(data)


def _without_mark(data: bytes) -> str:
    little = data[1:200:2].count(0) > data[:200:2].count(0)
    return data.decode("utf-16-le" if little else "utf-16-be", errors="replace")


def _eight_bit(data: bytes) -> str:
    latin = _latin(data)
    windows = unicodedata.normalize("NFC", data.decode("cp1258", errors="replace"))
    old = max(_vietnamese(decode(latin[:50_000], each)) for each in OLD)
    return windows if _vietnamese(windows[:50_000]) > max(old, _vietnamese(latin[:50_000])) else latin


def _latin(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _vietnamese(text: str) -> int:
    """How many accented words of the text are Vietnamese syllables, less those that are not."""
    words = [word.strip("\"'.,;:()") for word in text.replace(",", " ").replace(";", " ").split()]
    return sum(1 if is_syllable(word) else -1 for word in words if not word.isascii())
