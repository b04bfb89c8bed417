"""The words of a text as the search keeps them, and the words that are asked for.

A word is kept as it is written and with its short form spelt out, so that HTX finds hợp tác xã; a phrase that has a
short form is kept with it too, so that hợp tác xã is found by HTX. Of a number every part from some digit on is kept,
so that its last figures find it.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from models.folding import fold
from models.short_forms import plain_name, short_forms, spelt_out

SHORTEST_PART = 3  # figures of a number that are looked for within it
LONGEST_NUMBER = LONGEST_WORD = 40
LONGEST_TEXT = 4_000
MOST_CHUNKS = 12
ZEROS = re.compile(r"(?<!\d)0+(?=\d)")


def kept_words(texts: Iterable[str], numbers: Iterable[str] = ()) -> str:
    """The words of names, places and summaries, and of numbers, each once, with a blank between."""
    words: list[str] = []
    for text in filter(None, texts):
        words += _of_text(text[:LONGEST_TEXT])
    for number in filter(None, numbers):
        words += _of_number(number)
    if max(map(len, words), default=0) > LONGEST_WORD:
        words = [word[:LONGEST_WORD] for word in words]
    return " ".join(dict.fromkeys(words))


@lru_cache(maxsize=20_000)
def _of_text(text: str) -> tuple[str, ...]:
    long = plain_name(text)
    spaced = f" {long} "
    short = [key for key, phrase in _phrases() if phrase in spaced]
    return (*fold(text).split(), *long.split(), *short)


@cache
def _phrases() -> tuple[tuple[str, str], ...]:
    return tuple((key, f" {fold(' '.join(words))} ") for key, words in short_forms().items())


@lru_cache(maxsize=20_000)
def _of_number(number: str) -> tuple[str, ...]:
    parts = fold(number).split()
    joined = "".join(parts)[:LONGEST_NUMBER]
    ends = [joined[at:] for at in range(len(joined) - SHORTEST_PART + 1) if joined[at].isdigit()]
    return (*parts, *map(_without_zeros, parts), joined, _without_zeros(joined), *ends)


def _without_zeros(number: str) -> str:
    return ZEROS.sub("", number) if "0" in number else number


@dataclass(frozen=True, slots=True)
class AskedWord:
    """A word that something found has to have. `whole`: not only as the beginning of a longer one."""

    text: str
    whole: bool = False


Asked = tuple[tuple[tuple[AskedWord, ...], ...], ...]


@lru_cache(maxsize=2_000)
def asked_words(text: str) -> Asked:
    """What a typed text asks for: of each of its chunks one of several ways to have all of some words.

    Empty where nothing of the text can be looked for.
    """
    chunks = [chunk for chunk in text.split() if fold(chunk)]
    return tuple(tuple(dict.fromkeys(_ways(chunk))) for chunk in chunks[:MOST_CHUNKS])


def _ways(chunk: str) -> Iterator[tuple[AskedWord, ...]]:
    parts = fold(chunk).split()
    yield tuple(map(_asked, parts))
    long = tuple(AskedWord(word, whole=True) for part in parts for word in map(fold, spelt_out(part)))
    if len(long) > len(parts):
        yield long
    joined = "".join(parts)
    if any(sign.isdigit() for sign in joined):
        yield (_asked(joined),)
        yield (_asked(_without_zeros(joined)),)


def _asked(part: str) -> AskedWord:
    """One or two figures begin nearly every number: they are looked for as a number of their own."""
    return AskedWord(part[:LONGEST_WORD], whole=part.isdigit() and len(part) < SHORTEST_PART)
