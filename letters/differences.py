"""Differences between two texts by paragraph, with removed and added words."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Mark = Literal["same", "gone", "new"]
Where = Literal["body", "header", "footer", "note", "comment", "struck", "hidden", "picture"]
BODY: Where = "body"
MOST_PAIRS = 4_000_000  # beyond so many comparisons nothing is matched: all paragraphs count as replaced
ALIKE = 0.4  # minimum similarity of a changed paragraph


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of words: in both texts, only in the first, or only in the second."""

    mark: Mark
    text: str


@dataclass(frozen=True, slots=True)
class Change:
    """A differing paragraph; `place`: its number in the first text, from 1; 0 outside its body."""

    place: int
    pieces: tuple[Piece, ...]
    where: Where = BODY


def differences(first: Sequence[str], second: Sequence[str]) -> list[Change]:
    """Return every paragraph that differs, in order."""
    start = _common(first, second)
    end = _common(first[start:][::-1], second[start:][::-1])
    old, new = first[start : len(first) - end], second[start : len(second) - end]
    found: list[Change] = []
    for a, b, c, d in _blocks(old, new):
        found += _exchanged(old[a:b], new[c:d], start + a)
    return found


def _common(first: Sequence[str], second: Sequence[str]) -> int:
    """The number of common paragraphs at the start."""
    return next((at for at, pair in enumerate(zip(first, second, strict=False)) if pair[0] != pair[1]),
                min(len(first), len(second)))  # fmt: skip


def _blocks(old: Sequence[str], new: Sequence[str]) -> list[tuple[int, int, int, int]]:
    """The differing ranges, as bounds in each text."""
    if len(old) * len(new) > MOST_PAIRS:
        return [(0, len(old), 0, len(new))]
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    return [(a, b, c, d) for tag, a, b, c, d in matcher.get_opcodes() if tag != "equal"]


def _exchanged(old: Sequence[str], new: Sequence[str], before: int) -> list[Change]:
    """Replaced paragraphs: similar pairs show their changed words, the others are added or removed as a whole."""
    found = []
    for at in range(max(len(old), len(new))):
        place = before + min(at, len(old)) + 1
        if at >= len(old):
            found.append(Change(place, (Piece("new", new[at]),)))
        elif at >= len(new):
            found.append(Change(place, (Piece("gone", old[at]),)))
        else:
            found.append(Change(place, _words(old[at], new[at])))
    return found


def _words(old: str, new: str) -> tuple[Piece, ...]:
    a, b = old.split(" "), new.split(" ")
    whole = (Piece("gone", old), Piece("new", new))
    if len(a) * len(b) > MOST_PAIRS:
        return whole
    matcher = SequenceMatcher(None, a, b, autojunk=False)
    if matcher.ratio() < ALIKE:
        return whole
    pieces: list[Piece] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag == "equal":
            pieces.append(Piece("same", " ".join(a[i:j])))
            continue
        pieces += [Piece("gone", " ".join(a[i:j]))] if j > i else []
        pieces += [Piece("new", " ".join(b[k:m]))] if m > k else []
    return tuple(pieces)
