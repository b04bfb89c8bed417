"""The letters' font: Tinos, vendored, of the same widths as Times New Roman, which the DOCX names."""

import struct
import unicodedata
from collections.abc import Iterator
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from models.errors import CoopcaseError

FAMILY = "Tinos"
FACES = ("Tinos_400Regular", "Tinos_400Regular_Italic", "Tinos_700Bold", "Tinos_700Bold_Italic")
_BASES = "aăâeêioôơuưyđ"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


class FontError(CoopcaseError):
    """A face of the letters' font lacks Vietnamese letters, or is not there: no letter can be printed."""


def font_folder() -> Path:
    """Where the vendored faces lie."""
    with as_file(files("letters").joinpath("fonts")) as folder:
        return Path(folder)


def vietnamese_letters() -> frozenset[str]:
    """The 146 letters that Vietnamese writes with marks or may write with them: twelve vowels in six tones, and đ."""
    lower = {
        unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in (_TONES if base != "đ" else ("",))
    }
    return frozenset(lower | {letter.upper() for letter in lower})


def check_fonts() -> None:
    """At the start of the product: raises FontError unless every vendored face has every Vietnamese letter."""
    for face in FACES:
        try:
            have = _characters(font_folder() / f"{face}.ttf")
        except (OSError, KeyError, struct.error) as error:
            raise FontError("font_broken", face=face, missing=str(error)) from None
        missing = sorted(letter for letter in vietnamese_letters() if ord(letter) not in have)
        if missing:
            raise FontError("font_broken", face=face, missing=" ".join(missing))


@cache
def covered() -> frozenset[int]:
    """Code points that every vendored face can print."""
    return frozenset.intersection(*(_characters(font_folder() / f"{face}.ttf") for face in FACES))


@cache
def _characters(path: Path) -> frozenset[int]:
    """The code points of a TrueType face's character map (formats 4 and 12)."""
    data = path.read_bytes()
    count = struct.unpack_from(">H", data, 4)[0]
    tables = {data[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", data, 20 + 16 * i)[0] for i in range(count)}
    start = tables[b"cmap"]
    number = struct.unpack_from(">H", data, start + 2)[0]
    found: set[int] = set()
    for place in range(number):
        offset = start + struct.unpack_from(">HHI", data, start + 4 + 8 * place)[2]
        found.update(_subtable(data, offset))
    return frozenset(found)


def _subtable(data: bytes, offset: int) -> Iterator[int]:
    form = struct.unpack_from(">H", data, offset)[0]
    if form == 12:
        groups = struct.unpack_from(">I", data, offset + 12)[0]
        for place in range(groups):
            first, last, _ = struct.unpack_from(">III", data, offset + 16 + 12 * place)
            yield from range(first, last + 1)
    elif form == 4:
        double = struct.unpack_from(">H", data, offset + 6)[0]
        ends = struct.unpack_from(f">{double // 2}H", data, offset + 14)
        starts = struct.unpack_from(f">{double // 2}H", data, offset + 16 + double)
        for first, last in zip(starts, ends, strict=True):
            if first != 0xFFFF:
                yield from range(first, last + 1)
