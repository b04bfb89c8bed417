"""The order of the Vietnamese alphabet, which databases do not know: Dương Kinh before Đồ Sơn, Lê Chân before Lệ Xá."""

import unicodedata

LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {0x300: 1, 0x309: 2, 0x303: 3, 0x301: 4, 0x323: 5}  # huyền, hỏi, ngã, sắc, nặng, after the level tone
_PLACES = {letter: place for place, letter in enumerate(LETTERS)}


def alphabetical(text: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """What to sort names by: their letters first, and their tones where the letters are the same."""
    parts = unicodedata.normalize("NFD", text.casefold())
    tones = tuple(TONES.get(ord(part), 0) for part in parts)
    toneless = unicodedata.normalize("NFC", parts.translate(_TONELESS))
    return tuple(map(_place, toneless)), tones


def sort_key(text: str) -> str:
    """The same order as a text of digits, which any database sorts alike.

    Two digits a letter (00 the end, 01 a space, then figures, the alphabet, other signs), then one a tone.
    """
    parts = unicodedata.normalize("NFD", text.casefold())
    toneless = unicodedata.normalize("NFC", parts.translate(_TONELESS))
    return f"{toneless.translate(_RANKS)}00{parts.translate(_MARKS)}"


class _Ranks(dict[int, str]):
    """Two digits by letter, each found out once."""

    def __missing__(self, code: int) -> str:
        self[code] = f"{_rank(_place(chr(code))):02}"
        return self[code]


class _Marks(dict[int, str]):
    """The digit of a tone, 0 for whatever else."""

    def __missing__(self, code: int) -> str:
        self[code] = str(TONES.get(code, 0))
        return self[code]


_RANKS, _MARKS, _TONELESS = _Ranks(), _Marks(), dict.fromkeys(TONES)


def _place(letter: str) -> int:
    return _PLACES.get(letter, -1 if letter.isspace() else len(LETTERS) + ord(letter))


def _rank(place: int) -> int:
    if place < 0:
        return 1
    if place < len(LETTERS):
        return 20 + place
    figure = place - len(LETTERS) - ord("0")
    return 2 + figure if 0 <= figure <= 9 else 99
