"""Converts text in TCVN3, VNI or combining characters to Unicode NFC."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cache, lru_cache
from importlib.resources import files

import yaml

from models.look_alikes import true_letters
from models.short_forms import short_forms
from register.syllables import is_syllable


class Encoding(StrEnum):
    """The encoding of the letters of a text."""

    UNICODE = "unicode"
    TCVN3 = "tcvn3"
    VNI = "vni"


OLD = (Encoding.TCVN3, Encoding.VNI)
# Letters that occur only in Unicode text: old files show Latin-1 characters only.
ONLY_UNICODE = re.compile("[ĂăĐđĨĩŨũƠơƯư\u0300-\u036f\u1ea0-\u1ef9]")
LATIN_ABOVE_ASCII = re.compile("[\u00a1-\u00ff]")
EDGES = "\"'`.,;:!?()[]{}<>/\\-–—_*&+=%#0123456789“”‘’…"
SPLIT = re.compile(r"[\s\-–/,.;:()\[\]&+\"“”]+")


@cache
def letters(encoding: Encoding) -> Mapping[str, str]:
    """Return the mapping from the characters in the file to Unicode letters."""
    text = files("register").joinpath("letters_before_unicode.yaml").read_text(encoding="utf-8")
    table: Mapping[str, str] = yaml.safe_load(text)[encoding.value]
    return {stored: letter for letter, stored in table.items()}


@cache
def _pattern(encoding: Encoding) -> re.Pattern[str]:
    longest_first = sorted(letters(encoding), key=len, reverse=True)
    return re.compile("|".join(re.escape(stored) for stored in longest_first))


@lru_cache(maxsize=50_000)
def decode(text: str, encoding: Encoding) -> str:
    """Return the text as Unicode NFC, decoded from `encoding`; look-alike letters of Unicode text are replaced.

    TCVN3 has no codes for capitals with a tone: a text whose plain letters are all capitals was set in a
    capitals font (.VnTimeH) or with caps lock, and is returned in capitals.
    """
    if encoding is Encoding.UNICODE:
        return true_letters(text)
    table = letters(encoding)
    found = _pattern(encoding).sub(lambda match: table[match.group()], text)
    capitals = encoding is Encoding.TCVN3 and _all_capitals(text)
    return unicodedata.normalize("NFC", found.upper() if capitals else found)


def _all_capitals(text: str) -> bool:
    plain = [letter for letter in text if letter.isascii() and letter.isalpha()]
    return len(plain) > 1 and all(letter.isupper() for letter in plain)


def encode(text: str, encoding: Encoding) -> str:
    """Return Unicode text as a file of that encoding shows it; used for tests and samples."""
    if encoding is Encoding.UNICODE:
        return text
    stored = {letter: old for old, letter in letters(encoding).items()}
    return "".join(stored.get(letter) or stored.get(letter.lower(), letter) for letter in _nfc(text))


def _nfc(text: str) -> str:
    return unicodedata.normalize("NFC", text)


def _words(text: str) -> list[str]:
    return [word.strip(EDGES) for word in SPLIT.split(text)]


@lru_cache(maxsize=50_000)
def possible(text: str) -> frozenset[Encoding]:
    """Return the encodings in which every accented word of the text is Vietnamese; empty when undecidable."""
    if ONLY_UNICODE.search(text):
        return frozenset((Encoding.UNICODE,))
    if not LATIN_ABOVE_ASCII.search(text):
        return frozenset()
    return frozenset(encoding for encoding in Encoding if _reads_well(text, encoding))


def _reads_well(text: str, encoding: Encoding) -> bool:
    # A lone sign (©, ×, ½) is a sign; only beside another letter is it a letter of an old encoding.
    words = [word for word in _words(text) if len(word) > 1 and LATIN_ABOVE_ASCII.search(word)]
    return bool(words) and all(is_syllable(decode(word, encoding)) for word in words)


def sure(text: str) -> Encoding | None:
    """Return the only encoding in which the text is Vietnamese, or None."""
    found = possible(text)
    return next(iter(found)) if len(found) == 1 else None


def ruling(texts: Iterable[str]) -> Encoding | None:
    """Return the encoding of most of the decidable texts; None when none is decidable."""
    return winner(votes(texts))


def votes(texts: Iterable[str]) -> Counter[Encoding]:
    """Return how many texts are certainly in each encoding."""
    counted: Counter[Encoding] = Counter()
    for text, times in Counter(texts).items():
        found = Encoding.UNICODE if ONLY_UNICODE.search(text) else sure(text)
        if found is not None:
            counted[found] += times
    return counted


def winner(counted: Counter[Encoding]) -> Encoding | None:
    """Return the encoding with most votes, or None without votes."""
    return counted.most_common(1)[0][0] if counted else None


def to_unicode(text: str, ruling_here: Encoding | None = None) -> str:
    """Return the text in Unicode NFC; `ruling_here`: the encoding of the surrounding text, for undecidable ones."""
    if text.isascii():
        return text
    if ONLY_UNICODE.search(text):
        return true_letters(text)
    found = possible(text)
    if ruling_here is Encoding.TCVN3 and "\u00ad" in text:
        found -= {Encoding.UNICODE}  # what Unicode calls a soft hyphen is the letter ư there
    if len(found) == 1 and not (ruling_here is Encoding.UNICODE and _too_short_to_tell(text)):
        return decode(text, next(iter(found)))
    if ruling_here in OLD and (known := _most_known(text, found)):
        return decode(text, known)
    if ruling_here in found or (not found and ruling_here in OLD and _only_old_signs(text)):
        return decode(text, ruling_here or Encoding.UNICODE)
    return decode(text, Encoding.UNICODE)


@cache
def _field_words() -> frozenset[str]:
    """The accented words of the domain: those of headings, districts and closed lists."""
    names = ("columns.yaml", "vocabulary.yaml", "places.yaml", "abbreviations.yaml")
    texts = [files("register").joinpath(name).read_text(encoding="utf-8").lower() for name in names]
    listed = {word for text in texts for word in re.findall(r"[^\W\d_]+", text)}
    return frozenset(word for word in listed.union(*short_forms().values()) if not word.isascii())


def _most_known(text: str, readings: Iterable[Encoding]) -> Encoding | None:
    """The decoding with most domain words, if any: "Tên" is a heading, "Tờn" is not."""
    known = {each: _count_known(decode(text, each)) for each in readings}
    most = max(known.values(), default=0)
    best = [each for each in known if known[each] == most] if most else []
    return Encoding.UNICODE if Encoding.UNICODE in best else best[0] if len(best) == 1 else None


def _count_known(text: str) -> int:
    return sum(1 for word in _words(text.lower()) if word in _field_words())


def _too_short_to_tell(text: str) -> bool:
    """Whether the text has only one accented word: no evidence against a Unicode column ("µm" is a unit of length)."""
    return sum(1 for word in _words(text) if LATIN_ABOVE_ASCII.search(word)) < 2


def _only_old_signs(text: str) -> bool:
    """Whether an undecidable text (e.g. with a foreign name) has accented words and so follows its column."""
    accented = [word for word in _words(text) if LATIN_ABOVE_ASCII.search(word)]
    return not ONLY_UNICODE.search(text) and any(len(word) > 1 for word in accented)
