"""Names in a letter: bodies, addressees, places, each for the level of its case."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from letters.catalogue import LetterType, TemplateError
from letters.issuing_bodies import Body, body_of
from letters.letter_input import LetterInput
from letters.numbering import BLANK
from letters.office_data import NAMED_ONLY, agencies_of

CITY, CITY_NAME = "Hải Phòng", "thành phố Hải Phòng"
AT_COMMUNE = ("commune_committee", "cooperative", "general_meeting", "voluntary_council")  # seated in a commune
AT_CITY = ("city_committee", "department")
ENTERED = "entered"  # in addressees.yaml: the name is entered by the office
BY_SECTOR, ANY_SECTOR = "by_sector", "other"  # in addressees.yaml: names by the sector of the unit
URBAN = "quận"  # how the full name of an urban district begins
Entry = str | Mapping[str, Any]
NAMED = ("finance_office", "district_committee", "council", "commune_committee")


def level_of(data: LetterInput) -> str:
    """Return `city` for a unit registered with the city, else `district`."""
    return data["case"]["level"]


def own_body(kind: LetterType, data: LetterInput) -> Body:
    """Return the body that issues this letter for this case."""
    return body_of(kind.issuer, level_of(data), data["way"])


def names_of(kind: LetterType, data: LetterInput) -> dict[str, str]:
    """Return the names for `{{ names.… }}` and for the placeholders of bodies.yaml and addressees.yaml."""
    unit, level, commune = data["unit"], level_of(data), data["commune"]
    found = {
        "district": data["district"]["full_name"] or BLANK,
        "commune": str(commune) if commune else BLANK,
        "unit": unit.get("name") or BLANK,
        "last_article": "1",
    }
    found |= {key: ", ".join(agencies_of(data, key)) or BLANK for key in NAMED_ONLY}
    found["area"] = CITY_NAME if level == "city" else found["district"]
    found |= {key.upper(): found[key].upper() for key in ("district", "commune", "unit")}
    for key in NAMED:
        found[key] = body_of(key, level, data["way"]).name.format_map(found)
    named = data["facts"].get("council", {}).get("name")  # of a council that is recorded as a body
    if named and data["way"] != "voluntary":
        found["council"] = str(named)
    found["committee"] = found["district_committee"]
    found["COMMITTEE"] = body_of("district_committee", level).issuer.format_map(found)
    found["commune_office"] = found["commune_committee"]
    own = own_body(kind, data)
    found["own"] = found["council"] if own.key == "council" else own.name.format_map(found)
    found["finance_head"] = body_of("finance_office", level).head.format_map(found)
    found["office_chief"] = body_of("district_committee", level).office_chief.format_map(found)
    return found | {key: ", ".join(addressees_of(key, found, data)) for key in addressees() if key not in found}


def sits_in_commune(kind: LetterType, data: LetterInput) -> bool:
    """Whether the body that issues this letter has its seat in the unit's commune."""
    return own_body(kind, data).key in AT_COMMUNE


def place_of(kind: LetterType, data: LetterInput) -> str:
    """Return the administrative unit of the issuer's seat (Circular 01/2011 art. 9)."""
    body = own_body(kind, data)
    if sits_in_commune(kind, data):
        commune = data["commune"]
        return commune.proper if commune else BLANK
    if level_of(data) == "city" or body.key in AT_CITY:
        return CITY
    return str(data["district"]["name"] or BLANK)


def addressees_of(key: str, names: Mapping[str, Any], data: LetterInput) -> tuple[str, ...]:
    """Return the addressees of a key of addressees.yaml: the names entered by the office, else the name for the level.

    `{f[agency]}` inserts a field of the letter. Raises TemplateError.
    """
    if key.startswith("{"):
        return (key.format_map(names),)
    if key not in addressees():
        raise TemplateError(f"unknown addressee {key}; known: {', '.join(addressees())}")
    entry = addressees()[key]
    if entered := agencies_of(data, key):
        return entered
    if entry == ENTERED:
        return (names[key],)
    return (_default(entry, level_of(data), str(data["unit"].get("sector") or ""), names),)


def _default(entry: Entry, level: str, sector: str, names: Mapping[str, Any]) -> str:
    """The name for a level, and where the agency differs by sector, for the sector and the kind of district."""
    if isinstance(entry, str):
        return entry.format_map(names)
    if BY_SECTOR not in entry:
        return str(entry[level]).format_map(names)
    of_sector = entry[BY_SECTOR].get(sector) or entry[BY_SECTOR][ANY_SECTOR]
    urban = str(names["district"]).casefold().startswith(URBAN)
    return str(of_sector["city" if level == "city" else "urban" if urban else "rural"]).format_map(names)


def usual_addressee(key: str, district: str) -> str:
    """Return the default addressee in letters of a district's office (full name; "": the city's); "" for none."""
    entry = addressees()[key]
    if entry == ENTERED:
        return ""
    level, names = "district" if district else "city", {"district": district, "area": district or CITY_NAME}
    sectors = entry[BY_SECTOR] if isinstance(entry, Mapping) and BY_SECTOR in entry else {"": {}}
    return "; ".join(dict.fromkeys(_default(entry, level, sector, names) for sector in sectors))


def addressee_of_obstacle(code: str, kind: LetterType, data: LetterInput) -> tuple[str, ...]:
    """Whom a letter of a case on a kind of obstacle is likely to go to; none where nobody is known."""
    key, names = obstacle_addressees().get(code, ""), names_of(kind, data)
    found = addressees_of(key, names, data) if key else ()
    return tuple(name for name in found if BLANK not in name and name != names["own"])


@cache
def obstacle_addressees() -> Mapping[str, str]:
    """Return the keys of addressees.yaml by kind of obstacle."""
    text = files("letters").joinpath("obstacle_addressees.yaml").read_text(encoding="utf-8")
    found: Mapping[str, str] = yaml.safe_load(text)
    return found


@cache
def addressees() -> Mapping[str, Entry]:
    """Return the entries of addressees.yaml by key."""
    found: Mapping[str, Entry] = yaml.safe_load(
        files("letters").joinpath("addressees.yaml").read_text(encoding="utf-8")
    )
    return found
