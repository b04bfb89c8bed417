"""Names of units: search keys, abbreviations, and detection of likely duplicates."""

import re
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

import yaml

from models.folding import fold
from models.short_forms import plain_name, words_of
from register.syllables import spoken

LIKELY = 0.8
CROWDED = 60
SPELT_ALIKE = 0.93  # similarity ratio
ROMAN = frozenset(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii"))


@cache
def data_file(name: str) -> Mapping[str, Any]:
    """Return the content of a YAML file of this package."""
    loaded: Mapping[str, Any] = yaml.safe_load(files("register").joinpath(name).read_text(encoding="utf-8"))
    return loaded


@cache
def _generic() -> Mapping[str, tuple[tuple[str, ...], ...]]:
    """Generic phrases by first word, longest first."""
    found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
    for phrase in (tuple(fold(phrase).split()) for phrase in data_file("abbreviations.yaml")["generic"]):
        found[phrase[0]].append(phrase)
    return {first: tuple(sorted(phrases, key=len, reverse=True)) for first, phrases in found.items()}


@lru_cache(maxsize=50_000)
def same_letters(one: str, other: str) -> bool:
    """Whether two names with the same folded form can be one name: a word without diacritics matches any."""
    pairs = zip(words_of(one), words_of(other), strict=False)
    return all(spoken(a) == spoken(b) or a == fold(a) or b == fold(b) for a, b in pairs)


@lru_cache(maxsize=100_000)
def core(text: str) -> tuple[str, ...]:
    """Return the folded words that identify the unit: without kind and trade, unless nothing else is left."""
    return own_words(text) or tuple(plain_name(text).split())


@lru_cache(maxsize=100_000)
def own_words(text: str) -> tuple[str, ...]:
    """The same, empty when nothing else is there."""
    words = tuple(plain_name(text).split())
    kept: list[str] = []
    generic, at = _generic(), 0
    while at < len(words):
        phrases = generic.get(words[at], ())
        skipped = next((len(each) for each in phrases if words[at : at + len(each)] == each), 0)
        if not skipped:
            kept.append(words[at])
        at += skipped or 1
    return tuple(kept)


@dataclass(frozen=True, slots=True)
class UnitKey:
    """The attributes that identify a unit; `key`: an id chosen by the caller."""

    key: Hashable
    name: str
    district: str = ""
    commune: str = ""
    certificate_number: str = ""
    tax_code: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """A likely duplicate. Reasons: `certificate`, `tax_code`, `same_name`, `accents`, `trade`, `spelling`."""

    unit: UnitKey
    score: float
    reason: str


@dataclass
class UnitIndex:
    """Blocking index of units, so that 20,000 rows do not need 200 million comparisons."""

    units: list[UnitKey] = field(default_factory=list)
    buckets: dict[tuple[str, ...], list[UnitKey]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, units: Iterable[UnitKey]) -> "UnitIndex":
        index = cls()
        for unit in units:
            index.add(unit)
        return index

    def add(self, unit: UnitKey) -> None:
        self.units.append(unit)
        for block in _blocks_of(unit):
            self.buckets[block].append(unit)

    def near(self, unit: UnitKey) -> dict[int, UnitKey]:
        """Return candidates by key; blocks that are too common ("An") are ignored."""
        found: dict[int, UnitKey] = {}
        if not self.units:
            return found
        for block in _blocks_of(unit):
            bucket = self.buckets.get(block)
            if bucket and (block[0] != "word" or len(bucket) <= CROWDED):
                for other in bucket:
                    if other.key != unit.key:
                        found[id(other)] = other
        return found


def _blocks_of(unit: UnitKey) -> tuple[tuple[str, ...], ...]:
    return _blocks(unit.name, unit.district, unit.certificate_number, unit.tax_code)


@lru_cache(maxsize=50_000)
def _blocks(name: str, of_district: str, certificate: str, tax_code: str) -> tuple[tuple[str, ...], ...]:
    district, distinct = fold(of_district), core(name)
    found: list[tuple[str, ...]] = [
        ("name", district, "".join(sorted(distinct))),
        ("joined", district, "".join(distinct)),
        *(("word", district, *pair) for pair in pairwise(distinct)),
    ]
    if certificate:
        found.append(("certificate", district, certificate_key(certificate)))
    if tax_code:
        found.append(("tax", digits(tax_code)))
    return tuple(found)


@lru_cache(maxsize=50_000)
def digits(text: str) -> str:
    """Return the digits of a text."""
    return "".join(sign for sign in text if sign.isdecimal())


@lru_cache(maxsize=50_000)
def certificate_key(number: str) -> str:
    """Return a certificate number without leading zeros and separators: "02G/000.123" and "2g 123" become "2g123".

    A separator between two numbers is kept, so that "1/23" is not "12/3".
    """
    grouped = re.sub(r"(?<=\d)[.\s](?=\d{3}(?!\d))", "", number)
    parts = [part.lstrip("0") or "0" if part.isdigit() else part for part in _certificate_parts(grouped)]
    between = ["/" if a[-1:].isdigit() and b[:1].isdigit() else "" for a, b in pairwise(parts)]
    return "".join(part + sign for part, sign in zip(parts, [*between, ""], strict=False))


def _certificate_parts(number: str) -> list[str]:
    return re.findall(r"[0-9]+|[^\W0-9]+", fold(number))


def likely_same(unit: UnitKey, others: UnitIndex | Iterable[UnitKey]) -> list[Match]:
    """Return the likely duplicates of `unit`, best first. Pass an index when comparing many units."""
    index = others if isinstance(others, UnitIndex) else UnitIndex.of(others)
    matches = [match for other in index.near(unit).values() if (match := _compare(unit, other))]
    return sorted(matches, key=lambda match: -match.score)


def _compare(one: UnitKey, other: UnitKey) -> Match | None:
    if _equal(one.certificate_number, other.certificate_number) and fold(one.district) == fold(other.district):
        score, reason = 1.0, "certificate"
    elif one.tax_code and other.tax_code and digits(one.tax_code) == digits(other.tax_code):
        score, reason = 0.98, "tax_code"
    elif _differ(one.commune, other.commune):
        return None  # however like their names are
    else:
        score, reason = _name_score(one.name, other.name)
    return Match(other, round(score, 2), reason) if score >= LIKELY else None


def _equal(one: str, other: str) -> bool:
    return bool(one and other) and certificate_key(one) == certificate_key(other)


def _differ(one: str, other: str) -> bool:
    return bool(one and other) and place_key(one) != place_key(other)


@lru_cache(maxsize=50_000)
def place_key(text: str) -> str:
    """Return the folded name of a commune without its type."""
    return re.sub(r"^(xa|phuong|thi tran|tt|p|x) ", "", fold(text))


@dataclass(frozen=True, slots=True)
class _Traits:
    """The features by which names are compared, computed once per name."""

    plain: str
    words: tuple[str, ...]
    sorted: tuple[str, ...]
    joined: str
    numbers: tuple[str, ...]
    kind: str
    said: frozenset[str]


@lru_cache(maxsize=100_000)
def _traits(name: str) -> _Traits:
    plain, words = plain_name(name), core(name)
    said = frozenset(plain.split()) - frozenset(words)
    return _Traits(
        plain, words, tuple(sorted(words)), "".join(words), _numbers(words), _kind_said(name),
        said & {"nghiep", "thuong"},
    )  # fmt: skip


def _name_score(one: str, other: str) -> tuple[float, str]:
    a, b = _traits(one), _traits(other)
    if a.plain == b.plain:
        return (1.0, "same_name") if same_letters(one, other) else (0.85, "accents")
    if a.numbers != b.numbers or _trades_clash(a, b):
        return 0.0, ""
    if a.sorted == b.sorted:
        return 0.9, "trade"
    return (0.82, "spelling") if spelt_alike(a.joined, b.joined) else (0.0, "")


def spelt_alike(a: str, b: str) -> bool:
    """Whether two names are spelt almost alike; cheap upper bounds are checked first, for large files."""
    shorter = min(len(a), len(b))
    if shorter < 9:
        return a == b
    if 2 * shorter / (len(a) + len(b)) < SPELT_ALIKE:
        return False
    matcher = SequenceMatcher(None, a, b)
    return matcher.quick_ratio() >= SPELT_ALIKE and matcher.ratio() >= SPELT_ALIKE


def _numbers(words: tuple[str, ...]) -> tuple[str, ...]:
    """The numbers in a name: "Số 1" and "Số 2", "Hợp tác xã I" and "II" are different units."""
    return tuple(word for word in words if word.isdigit() or word in ROMAN)


def _trades_clash(a: _Traits, b: _Traits) -> bool:
    """Whether both names state a kind or trade and differ, e.g. credit fund and agricultural cooperative."""
    if a.kind and b.kind and a.kind != b.kind:
        return True
    return bool(a.said) and bool(b.said) and not a.said & b.said


def _kind_said(name: str) -> str:
    plain = plain_name(name)
    return next(
        (kind for kind in ("lien hiep", "hop tac xa", "quy tin dung", "to hop tac") if plain.startswith(kind)), ""
    )
