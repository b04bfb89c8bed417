"""Procedure texts shipped with the product: the version of this release and all earlier ones."""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from procedures.definition.loader import DEFAULT, load
from procedures.facts import FactView
from procedures.former_names import names_of


@dataclass(frozen=True, slots=True)
class ShippedText:
    """The text of one version in the package."""

    pin: str
    text: str

    @property
    def sha256(self) -> str:
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class Shipped:
    """The version of this release, and earlier ones by pin."""

    current: ShippedText
    former: Mapping[str, ShippedText]

    def of(self, pin: str) -> ShippedText | None:
        return self.current if pin == self.current.pin else self.former.get(pin)


def by_names_of_release(facts: Iterable[FactView]) -> list[FactView]:
    """Return facts by the names of this release, which the letter templates use for acts, fields and letters."""
    return names_of(load()).facts(facts)


def ways_of_dissolution() -> Mapping[str, str]:
    """Return, by the acts of this release, the way of dissolution that begins with each."""
    return load().ways_of_dissolution


def digest(text: str) -> str:
    """Return the SHA-256 of a version's text, in hex."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def shipped() -> Shipped:
    """Return the texts in the package; an earlier one is in `former/<pin>.yaml`."""
    folder = files("procedures")
    former = {}
    for item in folder.joinpath("former").iterdir():
        if item.name.endswith(".yaml"):
            pin = item.name.removesuffix(".yaml")
            former[pin] = ShippedText(pin, item.read_text(encoding="utf-8"))
    return Shipped(ShippedText(load().pin, folder.joinpath(DEFAULT).read_text(encoding="utf-8")), former)
