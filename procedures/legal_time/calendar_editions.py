"""Editions of the national days off: each is a complete text, never changed after its release."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from models.errors import NotFound
from models.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class Edition:
    """The schedules of all years in one edition; `changes`: what it corrected, in vi and en."""

    number: int
    changes: Mapping[str, str]
    schedules: Sequence[Mapping[str, Any]]


@cache
def editions() -> Mapping[int, Edition]:
    """Return every edition that the product ships, by number, oldest first."""
    found = sorted((_read(path) for path in _texts()), key=lambda item: item.number)
    return {item.number: item for item in found}


def newest_edition() -> int:
    """Return the number of the edition that a new office starts with."""
    return max(editions())


def edition_of(number: int | None) -> Edition:
    """Return an edition by number; None: the newest. Raises NotFound: a number of a later release."""
    found = newest_edition() if number is None else number
    if found not in editions():
        raise NotFound("no_such_edition", edition=found, known=", ".join(map(str, editions())))
    return editions()[found]


def _texts() -> Iterator[Traversable]:
    folder = files("procedures").joinpath("calendars")
    yield folder.joinpath("national.yaml")
    yield from (path for path in folder.joinpath("former").iterdir() if path.name.endswith(".yaml"))


def _read(path: Traversable) -> Edition:
    content = read_yaml(path.read_text(encoding="utf-8"))
    return Edition(content["edition"], content["changes"], content["schedules"])
