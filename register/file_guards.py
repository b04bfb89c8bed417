"""Checks before a file is opened: its real type, and its size when unpacked."""

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
WORKBOOK = re.compile(rb"<(?:\w+:)?workbook\b")
HTML = re.compile(rb"^\s*(<!doctype html|<html|<table|<\?xml)", re.IGNORECASE)


def kind_of(data: bytes, name: str) -> FileKind:
    """Return the type of the file by its content; the extension is ignored.

    Raises:
        WrongInput: the file is empty, too large, password-protected, or not a table.
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
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as broken:
        raise WrongInput("file", "register_corrupt", name=name) from broken
    with archive:
        parts = archive.infolist()
        _refuse_bomb(parts, name)
        if any(part.flag_bits & 1 for part in parts):
            raise WrongInput("file", "register_password", name=name)
        if workbook_part(archive, name):
            return "xlsx"
    names = {part.filename.replace("\\", "/").lower() for part in parts}
    if "content.xml" in names:
        return "ods"
    raise WrongInput("file", "register_other_kind", name=name, kind="DOCX" if "word/document.xml" in names else "ZIP")


def workbook_part(archive: zipfile.ZipFile, name: str) -> str | None:
    """Return the name of the workbook part: the usual one in any letter case, else the one listed in the archive's
    relationships; None when the archive is no workbook."""
    known = {part.filename.lower(): part for part in archive.infolist()}
    usual = known.get("xl/workbook.xml") or known.get("xl/workbook.bin")
    if usual:
        return usual.filename
    listed = unpack(archive, known["_rels/.rels"], name) if "_rels/.rels" in known else b""
    for tag in re.findall(rb"<(?:\w+:)?Relationship\b[^>]*>", listed):
        target = re.search(rb"\bTarget=[\"']/?([^\"']+)[\"']", tag)
        part = known.get(target.group(1).decode(errors="replace").lower()) if target else None
        if part and b"officeDocument" in tag and WORKBOOK.search(unpack(archive, part, name)[:4_000]):
            return part.filename
    return None


def _refuse_bomb(parts: list[zipfile.ZipInfo], name: str) -> None:
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    dense = unpacked > RATIO_MATTERS_FROM_BYTES and unpacked / packed > MAX_PACKING_RATIO
    if unpacked > MAX_UNPACKED_BYTES or dense or len(parts) > MAX_PARTS:
        raise WrongInput("file", "register_zip_bomb", name=name, megabytes=MAX_UNPACKED_BYTES // 1_000_000)


def unpack(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> bytes:
    """Return the content of a part, limited to the size in its directory entry.

    Raises:
        WrongInput: field `file`; the part is damaged.
    """
    try:
        with archive.open(part) as stream:
            return stream.read(part.file_size)
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, zlib.error) as broken:
        raise WrongInput("file", "register_corrupt", name=name) from broken
