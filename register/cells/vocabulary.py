"""Parses cells with one value of a closed list: kind, sector, grade, status."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from models.folding import fold
from models.short_forms import plain_name
from register.cells.taken import Taken, says_nothing
from register.names import data_file, own_words

NEGATING = re.compile(r"\b(khong|chua|ko|sap|co the|nguy co|du kien|se|het|tung|truoc day|thoi|dang xet|xin|de xuat)\b")
PIECES = re.compile(r"[,;/+&]| - |\bvà\b")


@cache
def _phrases(topic: str) -> Mapping[str, str]:
    listed = data_file("vocabulary.yaml")[topic].items()
    plain = {plain_name(phrase): value for value, phrases in listed for phrase in phrases}
    return plain | {fold(phrase): value for value, phrases in listed for phrase in phrases}


@cache
def _filler(topic: str) -> re.Pattern[str]:
    words = {
        fold(word)
        for word in (*data_file("vocabulary.yaml")["filler"][topic], *data_file("vocabulary.yaml")["filler"]["any"])
    }
    return re.compile(r"\b(?:" + "|".join(sorted(map(re.escape, words), key=len, reverse=True)) + r"|\d+)\b")


@lru_cache(maxsize=20_000)
def read_word(topic: str, text: str) -> Taken[str]:
    """Return the value that the words name.

    Doubts: `word_read_as` (a part of the cell was not recognised); without a value `word_unknown`, also where a word
    such as "chưa" or "sắp" is beside the known ones, and `words_differ` (the parts contradict each other).
    """
    phrases = _phrases(topic)
    if says_nothing(text) and fold(text) not in phrases:
        return Taken()
    if whole := phrases.get(fold(text)) or phrases.get(plain_name(text)):
        return Taken(whole)
    known = [
        found for piece in PIECES.split(text) if (found := phrases.get(fold(piece)) or phrases.get(plain_name(piece)))
    ]
    if topic != "sector" and len(set(known) | _all_held(topic, plain_name(text)) | _all_held(topic, fold(text))) > 1:
        return Taken(None, "words_differ")
    key = plain_name(text)
    part = next(iter(known), None) or _held(topic, key) or _held(topic, fold(text))
    rest = _rest(topic, key)
    if part is None or (NEGATING.search(rest) and topic != "sector"):
        return Taken(None, "word_unknown")
    return Taken(part, "word_read_as" if rest or topic not in ("kind", "sector") else "")


def _held(topic: str, key: str) -> str | None:
    held = [phrase for phrase in _phrases(topic) if len(phrase) > 2 and f" {phrase} " in f" {key} "]
    return _phrases(topic)[max(held, key=len)] if held else None


def _all_held(topic: str, key: str) -> set[str]:
    """The values of all non-overlapping phrases: two in "hoạt động đến 2010 thì giải thể"."""
    values, left = set(), f" {key} "
    for phrase in sorted(_phrases(topic), key=len, reverse=True):
        if len(phrase) > 1 and f" {phrase} " in left:
            values.add(_phrases(topic)[phrase])
            left = left.replace(f" {phrase} ", " | ")
    return values


def _rest(topic: str, key: str) -> str:
    """The text without known phrases and filler words."""
    left = f" {key} "
    for phrase in sorted(_phrases(topic), key=len, reverse=True):
        left = left.replace(f" {phrase} ", "  ")
    return " ".join(_filler(topic).sub(" ", left).split())


@lru_cache(maxsize=50_000)
def kind_in_name(name: str) -> str | None:
    """Return the kind that the name begins with; None without one."""
    plain = plain_name(name)
    held = [phrase for phrase in _phrases("kind") if plain.startswith(phrase + " ") or plain == phrase]
    return _phrases("kind")[max(held, key=len)] if held else None


@lru_cache(maxsize=50_000)
def sector_in_name(name: str) -> str | None:
    """Return the sector that the name mentions. Only phrases of two words or more: one word may be a place name."""
    plain = f" {plain_name(name)} "
    held = [phrase for phrase in _phrases("sector") if " " in phrase and f" {phrase} " in plain]
    specific = [phrase for phrase in held if _phrases("sector")[phrase] != "other"]
    best = max(specific or held, key=len, default=None)
    return _phrases("sector")[best] if best else None


@lru_cache(maxsize=50_000)
def is_generic(name: str) -> bool:
    """Whether a name says only the kind and the trade: "HTX Nông nghiệp", "- HTX vận tải"."""
    return not own_words(name) or " ".join(own_words(name)) in _phrases("sector")
