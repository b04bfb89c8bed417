"""What is looked at before a file is opened: its true kind, its size when unpacked, how far its cells reach."""

import io
import re
import zipfile
import zlib
from typing import Literal

from models.errors import WrongInput

MAX_FILE_BYTES = 25_000_000
MAX_UNPACKED_BYTES = 300_000_000
MAX_PACKING_RATIO = 200
RATIO_MATTERS_FROM_BYTES = 20_000_000
MAX_PARTS = 2_000
MAX_ROWS = 50_000
MAX_COLUMNS = 100
MAX_TEXT_BYTES = 2_000_000_000
CHUNK = 1_000_000

FileKind = Literal["xlsx", "xls", "ods", "csv"]

OTHER_KINDS = (
    (b"%PDF", "PDF"),
    (b"\x89PNG", "PNG"),
    (b"\xff\xd8\xff", "JPEG"),
    (b"GIF8", "GIF"),
    (b"BM", "BMP"),
    (b"II*\x00", "TIFF"),
    (b"MM\x00*", "TIFF"),
    (b"{\\rtf", "RTF"),
    (b"Rar!", "RAR"),
    (b"7z\xbc\xaf", "7-Zip"),
    (b"\x1f\x8b", "GZIP"),
    (b"MZ", "EXE"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
HTML = re.compile(rb"^\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)
FAR = rb"(?:[A-Z]{3,}|[D-Z][A-Z]|C[W-Z])\d+|[A-Z]+(?:[5-9]\d{4}|\d{6,})"
FAR_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"'](?:" + FAR + rb")[\"'][^>]*?[^/]>")
FAR_ROW = re.compile(rb"<(?:\w+:)?row\b[^>]*?\br=[\"'](?:[5-9]\d{4}|\d{6,})[\"'][^>]*?[^/]>\s*<(?:\w+:)?c(?![^>]*\br=)")
TEXT_CELL = re.compile(rb"\bt=[\"']s[\"']")
SHARED_TEXT = re.compile(rb"<(?:\w+:)?si\b")


def kind_of(data: bytes, name: str) -> FileKind:
    """What the file is by its content; its extension is not believed.

    Raises:
        WrongInput: the file is empty, too large, locked with a password, or no table.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf\xff\xfe"):
        raise WrongInput("file", "register_empty_file", name=name)
    if len(data) > MAX_FILE_BYTES:
        raise WrongInput("file", "register_file_too_large", name=name, megabytes=MAX_FILE_BYTES // 1_000_000)
    if data.startswith(b"PK"):
        return _kind_of_zip(data, name)
    if data.startswith(OLE):
        if ENCRYPTED in data:
            raise WrongInput("file", "register_password", name=name)
        return "xls"
    _refuse_other_kinds(data, name)
    return "csv"


def _refuse_other_kinds(data: bytes, name: str) -> None:
    for start, kind in OTHER_KINDS:
        if data.startswith(start) and (len(start) > 2 or _is_binary(data)):
            raise WrongInput("file", "register_other_kind", name=name, kind=kind)
    if HTML.match(data[:200].removeprefix(b"\xef\xbb\xbf")):
        raise WrongInput("file", "register_other_kind", name=name, kind="HTML")
    if _is_binary(data):
        raise WrongInput("file", "register_corrupt", name=name)


def _is_binary(data: bytes) -> bool:
    head = data[:4_000]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")) or _looks_utf16(head):
        return False
    return sum(1 for byte in head if byte < 32 and byte not in (9, 10, 12, 13)) > len(head) // 100


def _looks_utf16(head: bytes) -> bool:
    zeros = (head[::2].count(0), head[1::2].count(0))
    return len(head) > 20 and max(zeros) > len(head) // 5 and min(zeros) < len(head) // 50


def _kind_of_zip(data: bytes, name: str) -> FileKind:
    try:
        parts = zipfile.ZipFile(io.BytesIO(data)).infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise WrongInput("file", "register_corrupt", name=name) from broken
    _refuse_bomb(parts, name)
    if any(part.flag_bits & 1 for part in parts):
        raise WrongInput("file", "register_password", name=name)
    names = {part.filename.replace("\\", "/") for part in parts}
    if "xl/workbook.xml" in names or "xl/workbook.bin" in names:
        _refuse_far_cells(data, name)
        return "xlsx"
    if "content.xml" in names:
        return "ods"
    raise WrongInput("file", "register_other_kind", name=name, kind="DOCX" if "word/document.xml" in names else "ZIP")


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    dense = unpacked > RATIO_MATTERS_FROM_BYTES and unpacked / packed > MAX_PACKING_RATIO
    if unpacked > MAX_UNPACKED_BYTES or dense or len(parts) > MAX_PARTS:
        raise WrongInput("file", "register_zip_bomb", name=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000)


def _refuse_far_cells(data: bytes, name: str) -> None:
    """A reader lays out the whole rectangle up to the last cell: one value in XFD1048576 would take all memory."""
    text_cells, longest = 0, 0
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.infolist():
            if part.filename.startswith("xl/worksheets/") and part.filename.endswith(".xml"):
                xml = _unpack(archive, part, name)
                if FAR_CELL.search(xml) or FAR_ROW.search(xml):
                    raise WrongInput("file", "register_too_many_cells", name=name, rows=MAX_ROWS, columns=MAX_COLUMNS)
                text_cells += sum(1 for _ in TEXT_CELL.finditer(xml))
            elif part.filename == "xl/sharedStrings.xml":
                longest = max(len(text) for text in SHARED_TEXT.split(_unpack(archive, part, name)))
    if text_cells * longest > MAX_TEXT_BYTES:
        raise WrongInput("file", "register_zip_bomb", name=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000)


def _unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bytes:
    """The part, never more of it than its directory entry admits."""
    try:
        with archive.open(part) as stream:
            return stream.read(part.file_size)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error) as broken:
        raise WrongInput("file", "register_corrupt", name=name) from broken
