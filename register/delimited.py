"""Reads CSV files: any of three delimiters, Unicode or an old 8-bit encoding."""

import codecs
import csv
import io
import re
import unicodedata
from collections import Counter

from models.errors import WrongInput
from register.encodings import OLD, decode
from register.file_guards import MAX_COLUMNS, MAX_ROWS
from register.syllables import is_syllable

DELIMITERS = ";,\t|"
SAMPLE_LINES = 60
CP1252 = {
    **{code: code for code in range(0x80, 0x100)},
    **{
        ord(bytes([code]).decode("cp1252")): code
        for code in range(0x80, 0xA0)
        if code not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
    },
}
_REST = "[" + re.escape("".join(chr(sign) for sign, code in CP1252.items() if 0x80 <= code < 0xC0)) + "\ufffd]"
TWICE = re.compile(f"[ÂÃÄÅÆÌ]{_REST}|[àáâ]{_REST}{{2}}")


def read_delimited(data: bytes, name: str) -> tuple[tuple[str, ...], ...]:
    """Return the rows of a CSV file, padded to one width.

    Raises:
        WrongInput: field `file`; a quotation mark swallows other cells or rows, or there are too many cells.
    """
    text = text_of_bytes(data).lstrip("\ufeff")
    announced = text[4:5] if text[:4].lower() == "sep=" else ""
    body = text.partition("\n")[2] if announced else text
    delimiter = announced or delimiter_of(body)
    rows = _rows(body, delimiter, name)
    if max(map(len, rows), default=0) == 1 and any('"' in line for line in body.splitlines()[:1]):
        inner = "\n".join(row[0] for row in rows if row)  # each line was put between quotation marks as a whole
        rows = _rows(inner, delimiter_of(inner), name)
    width = max(map(len, rows), default=0)
    if len(rows) > MAX_ROWS or width > MAX_COLUMNS:
        place = f"{width}×{len(rows)}"
        raise WrongInput("file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS, place=place)
    return tuple(tuple(map(_typed, row)) + ("",) * (width - len(row)) for row in rows) if width else ()


def _rows(body: str, delimiter: str, name: str) -> list[list[str]]:
    rows: list[list[str]] = []
    broken = False
    try:
        rows.extend(csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=True))
    except csv.Error:
        broken = True
    place = _swallowing(rows, delimiter) or (first_open_quote(body, delimiter) if broken else None)
    if place and place[0]:
        raise WrongInput("file", "register_quote", name=name, row=place[0], column=place[1])
    if broken:
        raise WrongInput("file", "register_corrupt", name=name)
    return rows


def first_open_quote(body: str, delimiter: str) -> tuple[int, str]:
    """Return row (from 1) and column letter of the first cell whose quotation mark is not closed before a delimiter."""
    line, column, at = 1, 0, 0
    cell = re.compile(rf'("(?:[^"]|"")*"|[^"{re.escape(delimiter)}\r\n][^{re.escape(delimiter)}\r\n]*|)'
                      rf"({re.escape(delimiter)}|\r\n|\n|\r|\Z)")  # fmt: skip
    while at < len(body):
        found = cell.match(body, at)
        if found is None:
            return line, _letter(column)
        column = column + 1 if found.group(2) == delimiter else 0
        line += 0 if column else 1
        at = found.end()
    return 0, ""


def _swallowing(rows: list[list[str]], delimiter: str) -> tuple[int, str] | None:
    """A cell of several lines that contains whole rows or lengthens its row, after two stray quotation marks."""
    widths = Counter(map(len, rows))
    usual = max(widths, key=lambda width: (widths[width], -width), default=0)
    for number, row in enumerate(rows, start=1):
        if usual > 1 and len(row) == 1 and row[0].count(delimiter) == usual - 1:
            return number, _letter(0)  # a whole row between two quotation marks
        for at, cell in enumerate(row):
            if usual > 1 and ("\n" in cell or "\r" in cell) and _swallows(row, at, delimiter, usual):
                return number, _letter(at)
    return None


def _swallows(row: list[str], at: int, delimiter: str, usual: int) -> bool:
    """Whether the lines of a cell are rows: one is complete, all have the usual length, or the row is too long."""
    held = [line.count(delimiter) for line in row[at].splitlines() or [""]]
    if max(held[1:-1], default=0) >= usual - 1 or (len(row) > usual and max(held) > 0):
        return True
    lengths = [at + held[0] + 1, *(count + 1 for count in held[1:-1]), held[-1] + len(row) - at]
    return len(held) > 1 and set(lengths) == {usual}


def _letter(column: int) -> str:
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def _typed(cell: str) -> str:
    """The typed text: programs that keep "0912" as text export it as ="0912" or '0912."""
    if cell.startswith('="') and cell.endswith('"') and len(cell) > 2:
        return cell[2:-1].replace('""', '"')
    return cell[1:] if cell.startswith("'") and cell[1:2].isdigit() else cell


def delimiter_of(text: str) -> str:
    """Return the delimiter that splits most sample lines into the same number of cells."""
    return max(DELIMITERS, key=lambda each: _steadiness(text, each))


def _steadiness(text: str, delimiter: str) -> tuple[int, int]:
    sample = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    widths = Counter(len(row) for row, _ in zip(sample, range(SAMPLE_LINES), strict=False) if len(row) > 1)
    if not widths:
        return 0, 0
    width, lines = max(widths.items(), key=lambda item: (item[1], item[0]))
    return lines, width


def text_of_bytes(data: bytes) -> str:
    """Decode the bytes of a text file; 8-bit TCVN3 and VNI become the Latin-1 characters that spreadsheets show.

    Doubly encoded UTF-8 is repaired; a byte invalid in UTF-8 becomes U+FFFD.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", errors="replace")
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return data.decode("utf-16", errors="replace")
    if data[:200].count(0) > len(data[:200]) // 5:  # fewer are damage, not half of each letter
        return _without_mark(data)
    data = data.replace(b"\x00", "\ufffd".encode())
    try:
        return _encoded_once(data.decode("utf-8-sig"))
    except UnicodeDecodeError:
        return _encoded_once(data.decode("utf-8-sig", errors="replace")) if _mostly_utf8(data) else _eight_bit(data)


def _mostly_utf8(data: bytes) -> bool:
    """Whether valid multi-byte UTF-8 sequences outnumber invalid bytes; old 8-bit text has hardly any."""
    text = data.decode("utf-8", errors="replace")
    broken = text.count("\ufffd")
    return sum(1 for letter in text if letter >= "\u0080") - broken > 3 * broken


def _encoded_once(text: str) -> str:
    """Undo UTF-8 that was read as Windows-1252 and encoded again ("há»£p"), cell by cell where possible."""
    sample = text[:50_000]
    if len(TWICE.findall(sample)) < 3:
        return text
    once = TWICE.sub(_letter_of, text)
    return once if _vietnamese(once[:50_000]) > _vietnamese(sample) else text


def _letter_of(match: re.Match[str]) -> str:
    if match.group() == "Ä\ufffd":
        return "Đ"  # of the bytes undefined in Windows-1252, only that of Đ is part of a Vietnamese letter here
    stored = bytes(CP1252.get(ord(sign), 0xFF) for sign in match.group())
    found = stored.decode("utf-8", errors="replace")
    return found if len(found) == 1 else "\ufffd"


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
    """The number of accented words that are Vietnamese syllables, minus those that are not."""
    words = [word.strip("\"'.,;:()") for word in text.replace(",", " ").replace(";", " ").split()]
    return sum(1 if is_syllable(word) else -1 for word in words if not word.isascii())
