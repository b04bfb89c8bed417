"""Recognises names of districts and communes in registers."""

import re
from collections.abc import Mapping
from functools import cache, lru_cache

from models.folding import fold
from models.look_alikes import true_letters
from models.places import DistrictKind
from register.names import data_file

KIND = r"(?:quận|quan|q|huyện|huyen|h|thị xã|thi xa|tx)"
STATED = re.compile(rf"(?:^|[\s,\-–(]){KIND}[\s.:]+(.+)$", re.IGNORECASE)
FULL_KIND = r"(?:quận|quan|huyện|huyen|thị xã|thi xa)"
COUNT = re.compile(
    r"\s*(?:[:(,\-–]|\bcó\b|\bgồm\b|\bco\b|\bgom\b)[\s:(]*(?:có|gồm|tổng số|tổng)?\s*:?\s*\d+"
    r"\s*(?:htx|hợp tác xã|hop tac xa|đơn vị|don vi|quỹ|qtdnd|tổ|cơ sở)?[\s.;)]*$",
    re.IGNORECASE,
)
NUMBERED = re.compile(r"^\s*(?:\d+|[ivxlc]+)\s*[.)_\-:]\s*", re.IGNORECASE)
OF_CITY = re.compile(r" (?:thanh pho |tp )?(?:hai phong|hp)$")
LEADING = re.compile(rf"^\s*(?:[ivxlc]+|\d+|[a-z])\s*[./)\-:]\s*(?={KIND}[\s.]|x\w|p\w|tt)", re.IGNORECASE)
COMMUNE = re.compile(
    r"^\s*(?:[ivxlc\d]+\s*[./)\-:]\s*)?((?:xã|xa|phường|phuong|thị trấn|thi tran|tt|p|x)[\s.:]+\S.*)$", re.IGNORECASE
)


@cache
def districts_by_code() -> Mapping[str, str]:
    """Return full names (Quận Hồng Bàng) by district code."""
    found: Mapping[str, str] = data_file("places.yaml")["districts"]
    return found


def split_district(full: str) -> tuple[str, str]:
    """Split `Quận Hồng Bàng` into kind (a value of DistrictKind) and proper name. Raises ValueError without a kind."""
    for kind in DistrictKind:
        if full.casefold().startswith(f"{kind.word} "):
            return kind.value, full[len(kind.word) :].strip()
    raise ValueError(full)


@cache
def _districts() -> Mapping[str, str]:
    known = {}
    for full in districts_by_code().values():
        kind, _, name = full.partition(" ")
        first = fold(kind)[0]
        for form in (full, name, f"{first} {name}", name.replace("ỷ", "uy")):
            known[fold(form)] = full
    return known


@lru_cache(maxsize=5_000)
def district_name(text: str) -> str:
    """Return the full name of a known district ("H.An Lão", "an lao" → "Huyện An Lão"), else the text unchanged."""
    tidy = " ".join(true_letters(text).split()).strip(" .,;:-")
    tidy = re.sub(r"(?i)^(ubnd|phòng tc-?kh|phòng tài chính[ -]+kế hoạch)\s+", "", tidy)
    return _districts().get(fold(tidy)) or _districts().get(OF_CITY.sub("", fold(tidy)), tidy)


def is_known_district(text: str) -> bool:
    return fold(text) in _districts()


@lru_cache(maxsize=5_000)
def district_in_title(text: str, *, whole: bool = False) -> str:
    """Return the district named in a title line or, with `whole`, in the name of a sheet; "" for none."""
    if whole and (named := bare_district(text)):
        return named
    match = STATED.search(text)
    if not match:
        return ""
    words = fold(match.group(1)).split()
    for length in range(min(4, len(words)), 0, -1):
        found = _districts().get(" ".join(words[:length]))
        if found:
            return found
    return ""


@lru_cache(maxsize=5_000)
def district_heading(text: str) -> str:
    """Return the district of a heading line inside the table ("I. Quận Hồng Bàng"); "" for none."""
    bare = without_count(LEADING.sub("", text).strip())
    bare = re.sub(r"^\s*(?:[IVXLC]+|\d+)\s*[./)\-:]\s*", "", bare)
    found = district_name(bare)
    return found if found in _districts().values() and re.match(rf"(?i){KIND}[\s.]", bare) else ""


def bare_district(text: str) -> str:
    """The district that the text names and nothing else, with or without its kind, a number before it or a count behind
    it ("2. Kiến Thụy", "AnDuong", "Kiến Thụy (12 HTX)"); "" for none."""
    key = fold(without_count(NUMBERED.sub("", text)))
    return _districts().get(key) or _joined().get(key, "")


@cache
def _joined() -> Mapping[str, str]:
    return {key.replace(" ", ""): full for key, full in _districts().items()}


def speaks_of_district(text: str) -> bool:
    """Whether the text begins with the word for a district, whether or not the district is known."""
    return bool(re.match(rf"(?i){FULL_KIND}[\s.]", LEADING.sub("", text).strip()))


def without_count(text: str) -> str:
    """`Quận Hồng Bàng` of `Quận Hồng Bàng (3 HTX)`, `Quận Hồng Bàng: 3` and `Quận Hồng Bàng có 03 hợp tác xã`."""
    return COUNT.sub("", text).strip()


@lru_cache(maxsize=5_000)
def commune_heading(text: str) -> str:
    """Return the commune of a heading line inside the table; "" for none."""
    match = COMMUNE.match(without_count(text))
    return " ".join(match.group(1).split()) if match else ""
