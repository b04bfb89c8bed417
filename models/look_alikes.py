"""Look-alikes of Vietnamese letters, and invisible characters."""

import re
import unicodedata

_CAPITALS = (
    ("\u00d0\u0189", "Đ"),  # Icelandic Eth and African D, typed with old keyboard layouts
    ("\u0410\u0391", "A"), ("\u0412\u0392", "B"), ("\u0421", "C"), ("\u0415\u0395", "E"), ("\u041d\u0397", "H"),
    ("\u0406\u0399", "I"), ("\u0408", "J"), ("\u041a\u039a", "K"), ("\u041c\u039c", "M"), ("\u039d", "N"),
    ("\u041e\u039f", "O"), ("\u0420\u03a1", "P"), ("\u0405", "S"), ("\u0422\u03a4", "T"), ("\u0425\u03a7", "X"),
    ("\u04ae\u03a5", "Y"),
)  # fmt: skip
_SMALL = (
    ("\u00f0\u0256", "đ"),
    ("\u0430", "a"), ("\u0441", "c"), ("\u0435", "e"), ("\u04bb", "h"), ("\u0456", "i"), ("\u0458", "j"),
    ("\u043e\u03bf", "o"), ("\u0440", "p"), ("\u0455", "s"), ("\u0445", "x"), ("\u0443", "y"),
)  # fmt: skip
_FULL_WIDTH = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
_INVISIBLE = (
    "\u00ad\u034f\u061c\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e"
    "\u2060\u2061\u2062\u2063\u2064\ufe0e\ufe0f\ufeff"
)
TWINS: dict[int, str] = {
    **{ord(twin): letter for twins, letter in (*_CAPITALS, *_SMALL) for twin in twins},
    **_FULL_WIDTH,
    **{ord(sign): "" for sign in _INVISIBLE},
}
SUSPECT = re.compile(f"[{re.escape(''.join(map(chr, TWINS)))}]")


def true_letters(text: str) -> str:
    """Return the text in NFC with look-alikes replaced by the Vietnamese letters, and without invisible characters.

    Example: "Ðồ Sơn" with an Icelandic Eth becomes "Đồ Sơn"; a soft hyphen inside a word is removed.
    """
    plain = text.translate(TWINS) if SUSPECT.search(text) else text
    return plain if plain.isascii() else unicodedata.normalize("NFC", plain)
