"""Cells that hold one of a closed list of words: kind, sector, grade, status."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from register.cells.taken import Taken, says_nothing
from register.names import data_file, fold, plain_name


@cache
def _phrases(topic: str) -> Mapping[str, str]:
    return {fold(phrase): value for value, phrases in data_file("vocabulary.yaml")[topic].items() for phrase in phrases}


@lru_cache(maxsize=20_000)
def read_word(topic: str, text: str) -> Taken[str]:
    """The value that the words stand for. Doubts: `word_read_as` (only part of the cell was known), `word_unknown`."""
    if says_nothing(text) and fold(text) not in _phrases(topic):
        return Taken()
    whole = _phrases(topic).get(fold(text))
    if whole:
        return Taken(whole)
    part = _known_piece(topic, text) or _held(topic, fold(text), shortest=3)
    if part is None:
        return Taken(None, "word_unknown")
    return Taken(part, "" if topic in ("kind", "sector") else "word_read_as")


def _known_piece(topic: str, text: str) -> str | None:
    pieces = (fold(piece) for piece in re.split(r"[,;/+]| - |\bvà\b", text))
    return next((_phrases(topic)[piece] for piece in pieces if piece in _phrases(topic)), None)


def _held(topic: str, key: str, shortest: int) -> str | None:
    held = [phrase for phrase in _phrases(topic) if len(phrase) >= shortest and f" {phrase} " in f" {key} "]
    return _phrases(topic)[max(held, key=len)] if held else None


@lru_cache(maxsize=50_000)
def kind_in_name(name: str) -> str | None:
    """The kind that the name begins with."""
    plain = plain_name(name)
    held = [phrase for phrase in _phrases("kind") if plain.startswith(phrase + " ") or plain == phrase]
    return _phrases("kind")[max(held, key=len)] if held else None


@lru_cache(maxsize=50_000)
def sector_in_name(name: str) -> str | None:
    """The sector that the name speaks of. Only phrases of two words and more: one word alone may be a place."""
    plain = f" {plain_name(name)} "
    held = [phrase for phrase in _phrases("sector") if " " in phrase and f" {phrase} " in plain]
    specific = [phrase for phrase in held if _phrases("sector")[phrase] != "other"]
    best = max(specific or held, key=len, default=None)
    return _phrases("sector")[best] if best else None
