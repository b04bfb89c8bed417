"""An address as letters write it: from the village or street up to the city, each place once."""

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
_KINDS = r"(?:xã|x|phường|p|thị trấn|tt|huyện|h|quận|q|thành phố|tp)"


def full_address(address: str, places: Sequence[str]) -> str:
    """`Thôn Nam` with the places it lies in (`xã Tân Hưng`, `huyện Vĩnh Bảo`, …) that it does not name itself."""
    text = unicodedata.normalize("NFC", address).strip(" ,.;")
    first = text.casefold()
    if any(first.startswith(f"{word} ") for word in _COMMON):
        text = text[0].lower() + text[1:]
    return ", ".join([text, *(place for place in places if place and not _named(place, text))])


def _named(place: str, text: str) -> bool:
    """Whether the text names the place, with its kind in full or short (`H. Vĩnh Bảo`) or bare between commas."""
    bare = re.sub(rf"^{_KINDS}\s+", "", place.casefold())
    name = r"\s+".join(map(re.escape, bare.split()))
    said = rf"(?:\b{_KINDS}\b[\s.]*|[,;-]\s*){name}\s*(?:$|[,;.\-(])|\b{_KINDS}\b[\s.]*{name}\b"
    return re.search(said, text.casefold()) is not None
