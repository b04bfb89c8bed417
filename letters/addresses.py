"""Formats addresses for letters: from the village or street up to the city, each place once."""

import re
import unicodedata
from collections.abc import Sequence

_COMMON = (
    "thôn",
    "xóm",
    "tổ",
    "số",
    "khu",
    "phố",
    "đường",
    "ngõ",
    "ngách",
    "cụm",
    "đội",
    "xã",
    "phường",
    "thị trấn",
    "ấp",
)
_BETWEEN = re.compile(r"(\s*[,;]\s*|\s+[-–]\s+)")
_KINDS = r"(?:xã|x|phường|p|thị trấn|tt|huyện|h|quận|q|thành phố|tp)"


def full_address(address: str, places: Sequence[str]) -> str:
    """Return an address followed by those of `places` that it does not name itself.

    Args:
        places: administrative units that contain the address, smallest first: `xã Tân Hưng`, `huyện Vĩnh Bảo`, ….

    A place named without its type (`Thôn Nam, Tân Hưng, Vĩnh Bảo`) gets its type.
    """
    text = _with_types(unicodedata.normalize("NFC", address).strip(" ,.;"), places)
    first = text.casefold()
    if any(first.startswith(f"{word} ") for word in _COMMON):
        text = text[0].lower() + text[1:]
    return ", ".join([text, *(place for place in places if place and not _named(place, text))])


def _with_types(text: str, places: Sequence[str]) -> str:
    """Add types from the end of the address: each bare name gets the type of the largest unused place of that name."""
    parts, left = _BETWEEN.split(text), [place for place in places if place]
    if len(parts) == 1:
        return text
    for at in range(len(parts) - 1, -1, -2):
        same = [place for place in left if _bare(place) == parts[at].strip().casefold()]
        if same:
            parts[at] = same[-1]
            left = left[: left.index(same[-1])]
    return "".join(parts)


def _bare(place: str) -> str:
    return re.sub(rf"^{_KINDS}\s+", "", place.casefold())


def _named(place: str, text: str) -> bool:
    """Whether the text names the place: with its type, in full or short (`H. Vĩnh Bảo`), or bare between commas."""
    name = r"\s+".join(map(re.escape, _bare(place).split()))
    said = rf"(?:\b{_KINDS}\b[\s.]*|[,;-]\s*){name}\s*(?:$|[,;.\-(])|\b{_KINDS}\b[\s.]*{name}\b"
    return re.search(said, text.casefold()) is not None
