"""Short forms of names of units (HTX, DVNN) and their words, from short_forms.yaml."""

from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files

from models.folding import WORD, fold
from models.look_alikes import true_letters
from models.yaml_text import read_yaml


@cache
def short_forms() -> Mapping[str, tuple[str, ...]]:
    """The words of each short form, by its search key."""
    read = read_yaml(files("models").joinpath("short_forms.yaml").read_text(encoding="utf-8"))
    return {fold(short): tuple(long.split()) for short, long in read.items()}


@lru_cache(maxsize=50_000)
def spelt_out(word: str) -> tuple[str, ...]:
    """The words of a short form, else the word; joined short forms are split, preferring the fewest parts."""
    known = short_forms()
    key = fold(word)
    if key in known:
        return known[key]
    for at in range(len(key) - 1, 1, -1):
        rest = known.get(key[at:]) or (spelt_out(key[at:]) if key[at:] != key else ())
        if key[:at] in known and len(rest) > 1:
            return known[key[:at]] + rest
    return (word,)


@lru_cache(maxsize=100_000)
def words_of(text: str) -> tuple[str, ...]:
    """Return the words of a name with abbreviations expanded; diacritics are kept."""
    raw = WORD.findall(true_letters(text).lower())
    return tuple(long for word in raw for long in spelt_out(word))


@lru_cache(maxsize=100_000)
def plain_name(text: str) -> str:
    """Return the folded name, abbreviations expanded.

    Example: "HTX DVNN An Hồng" becomes "hop tac xa dich vu nong nghiep an hong".
    """
    return " ".join(fold(word) for word in words_of(text))
