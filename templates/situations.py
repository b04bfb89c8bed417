"""Situations beside the usual course of a case and the way to take in each: a page of the guide, kept as data."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml

Pair = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Situation:
    """One situation in vi and en. `acts`: of the procedure, in their order; `scenarios`: those that prove the way."""

    key: str
    group: str
    when: Pair
    way: Pair
    acts: tuple[str, ...]
    scenarios: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Situations under one heading."""

    label: Pair
    situations: tuple[Situation, ...]


@cache
def situations() -> tuple[Group, ...]:
    """Return all situations by group, in the order of the file."""
    content = read_yaml(files("templates").joinpath("guide", "situations.yaml").read_text(encoding="utf-8"))
    listed = [
        Situation(**{**row, "acts": tuple(row["acts"]), "scenarios": tuple(row["scenarios"])})
        for row in content["situations"]
    ]
    return tuple(
        Group(label, tuple(item for item in listed if item.group == key)) for key, label in content["groups"].items()
    )
