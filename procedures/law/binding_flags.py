"""Which flags of a unit put its case under a legal limit: those that name the same article (`flags.yaml`)."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from models.yaml_text import read_yaml


@dataclass(frozen=True, slots=True)
class BindingFlag:
    """A flag with an article. `typed`: by field, the values that raise it by themselves, whenever they are typed."""

    key: str
    article: str
    typed: Mapping[str, frozenset[str]]


@cache
def binding_flags() -> tuple[BindingFlag, ...]:
    """The flags that name an article, in the order of the file."""
    rule = read_yaml(files("procedures").joinpath("law", "flags.yaml").read_text(encoding="utf-8"))
    return tuple(BindingFlag(one["key"], one["article"], _typed(one)) for one in rule["flags"] if "article" in one)


def _typed(flag: Mapping[str, Any]) -> dict[str, frozenset[str]]:
    return {line["field"]: frozenset(map(str, line["is"])) for line in flag["any"] if "is" in line}
