"""Codes in words: what lists and menus of the pages show."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from letters.catalogue import LetterType, letter_types
from procedures.schema import Procedure
from rulebook.versions import Versions
from templates.formats import date_vi, number
from templates.words import pick, t

BRIEF = ("text", "date", "money", "number", "integer")  # types of fields that fit into a list


def code_text(field: str, code: Any, lang: str) -> str:
    """A code of the register in words; nothing for an empty one."""
    return t(f"register.{field}.{code}", lang) if code else ""


def coded(field: str, codes: Iterable[str], lang: str) -> list[tuple[str, str]]:
    return [(code, code_text(field, code, lang)) for code in codes]


def version_name(pin: str, lang: str) -> str:
    """A version of the procedure as an officer names it: by its number, without the name of its file."""
    return t("versions.numbered", lang, number=pin.rpartition("@")[2])


def name_among(people: Mapping[str, str], login: str) -> str:
    """The name of one of several people; with the sign-in name where another has the same name."""
    name = people[login]
    return f"{name} ({login})" if list(people.values()).count(name) > 1 else name


def stages_of(procedure: Procedure, lang: str) -> list[tuple[str, str]]:
    return [(code, item.label[lang]) for code, item in procedure.stages.items()]


def obstacles_of(procedure: Procedure, lang: str) -> list[tuple[str, str]]:
    return [(code, item.label[lang]) for code, item in procedure.obstacles.items()]


def lifter_of(versions: Versions, obstacle: str, lang: str, pin: str = "") -> str:
    """Who can lift an obstacle; nothing where no version knows it."""
    found = versions.part("obstacles", obstacle, pin)
    return str(found.lifted_by[lang]) if found is not None else ""


def letter_name(template: str, lang: str) -> str:
    """The name of a kind of letter, or its code where the template is gone."""
    kind = letter_types().get(template)
    return pick(kind.title, lang) if kind else template.replace("_", " ")


def said_briefly(kind: LetterType, said: Mapping[str, Any], lang: str) -> list[tuple[str, str]]:
    """The short fields of a letter as (label, value), for a list."""
    shown = [(name, item) for name, item in kind.fields.items() if name in said and item.type in BRIEF]
    return [(pick(item.label, lang), _brief(item.type, said[name])) for name, item in shown]


def _brief(kind: str, value: Any) -> str:
    if kind == "date":
        return date_vi(date.fromisoformat(str(value)))
    if kind in ("money", "number", "integer"):
        return number(int(value))
    return str(value)


def letter_statuses(statuses: Iterable[str], lang: str) -> list[tuple[str, str]]:
    return [("all", t("pages.every_status", lang)), *((item, t(f"letters.status_{item}", lang)) for item in statuses)]


def roles_in_words(roles: Iterable[str], lang: str) -> str:
    """Who does it, as a list."""
    return ", ".join(t(f"pages.role_{role}", lang) for role in roles)


def deadlines_in_words(versions: Versions, keys: str, lang: str) -> str:
    """Keys separated by commas, as their names."""
    return ", ".join(versions.label("deadlines", key, lang) for key in keys.split(","))
