"""The search key of a text: what is compared when accents, case and signs do not count."""

import re
import unicodedata
from functools import lru_cache

from models.look_alikes import TWINS

WORD = re.compile(r"[^\W_]+")
_TONELESS = {**dict.fromkeys((0x300, 0x301, 0x302, 0x303, 0x306, 0x309, 0x31B, 0x323)), 0x111: "d"}
_BARE = {**TWINS, 0xF0: "d", 0x256: "d", **_TONELESS}


@lru_cache(maxsize=200_000)
def fold(text: str) -> str:
    """Return the search key of a text: lower case, no diacritics, đ as d, look-alikes replaced, signs as spaces."""
    if text.isascii():
        return " ".join(WORD.findall(text.lower()))
    bare = unicodedata.normalize("NFD", text.translate(TWINS).lower()).translate(_BARE)
    return " ".join(WORD.findall(bare))
