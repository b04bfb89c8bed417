"""The font of letters: vendored Tinos, metric-compatible with Times New Roman, which DOCX files name."""

import struct
import unicodedata
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from models.errors import CoopcaseError

FAMILY = "Tinos"
FACES = ("Tinos_400Regular", "Tinos_400Regular_Italic", "Tinos_700Bold", "Tinos_700Bold_Italic")
_BASES = "aăâeêioôơuưyđ"
_TONES = ("", "\u0300", "\u0301", "\u0309", "\u0303", "\u0323")


class FontError(CoopcaseError):
    """A face of the font is missing or lacks Vietnamese letters, so letters cannot be printed."""


def font_folder() -> Path:
    """Return the folder of the vendored faces."""
    with as_file(files("letters").joinpath("fonts")) as folder:
        return Path(folder)


def vietnamese_letters() -> frozenset[str]:
    """Return the 146 Vietnamese letters with diacritics and their base letters: twelve vowels in six tones, and đ."""
    lower = {
        unicodedata.normalize("NFC", base + tone) for base in _BASES for tone in (_TONES if base != "đ" else ("",))
    }
    return frozenset(lower | {letter.upper() for letter in lower})


def check_fonts() -> None:
    """Raise FontError unless every vendored face has every Vietnamese letter; called at start."""
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
    """Return the code points that every vendored face has."""
    return frozenset.intersection(*(_characters(font_folder() / f"{face}.ttf") for face in FACES))


@cache
def _characters(path: Path) -> frozenset[int]:
    """The code points of a TrueType face's character map (formats 4 and 12)."""
    data = path.read_bytes()
    start = _tables(data)[b"cmap"]
    number = struct.unpack_from(">H", data, start + 2)[0]
    found: set[int] = set()
    for place in range(number):
        offset = start + struct.unpack_from(">HHI", data, start + 4 + 8 * place)[2]
        found.update(_subtable(data, offset))
    return frozenset(found)


def _tables(data: bytes) -> Mapping[bytes, int]:
    """The offset of each table of a face."""
    count = struct.unpack_from(">H", data, 4)[0]
    return {data[12 + 16 * i : 16 + 16 * i]: struct.unpack_from(">I", data, 20 + 16 * i)[0] for i in range(count)}


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


@cache
def widths() -> Mapping[str, float]:
    """Return the width of each character of the regular face, per text size."""
    data = (font_folder() / f"{FACES[0]}.ttf").read_bytes()
    tables = _tables(data)
    per_em = struct.unpack_from(">H", data, tables[b"head"] + 18)[0]
    measured = struct.unpack_from(">H", data, tables[b"hhea"] + 34)[0]
    advances = struct.unpack_from(f">{'Hh' * measured}", data, tables[b"hmtx"])[::2]
    glyphs = _glyphs(data, tables[b"cmap"])
    return {chr(code): advances[min(glyph, measured - 1)] / per_em for code, glyph in glyphs.items()}


def _glyphs(data: bytes, start: int) -> Mapping[int, int]:
    """Glyphs by code point, from the map of format 4."""
    count = struct.unpack_from(">H", data, start + 2)[0]
    offsets = (start + struct.unpack_from(">HHI", data, start + 4 + 8 * place)[2] for place in range(count))
    offset = next(one for one in offsets if struct.unpack_from(">H", data, one)[0] == 4)
    segments = struct.unpack_from(">H", data, offset + 6)[0] // 2
    parts = [struct.unpack_from(f">{segments}H", data, offset + 14)]
    parts += [struct.unpack_from(f">{segments}H", data, offset + 16 + 2 * segments * part) for part in (1, 2, 3)]
    found = {}
    for place, (last, first, delta, jump) in enumerate(zip(*parts, strict=True)):
        base = offset + 16 + 6 * segments + 2 * place
        for code in range(first, min(last, 0xFFFE) + 1):
            glyph = struct.unpack_from(">H", data, base + jump + 2 * (code - first))[0] if jump else code
            found[code] = (glyph + delta) % 0x10000
    return found
