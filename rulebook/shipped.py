"""What the product brings with it: the procedure of this release, and every one it has published before."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from procedures.definition.loader import DEFAULT, load


@dataclass(frozen=True, slots=True)
class ShippedText:
    """The text of one version as it stands in the package."""

    pin: str
    text: str

    @property
    def sha256(self) -> str:
        return digest(self.text)


@dataclass(frozen=True, slots=True)
class Shipped:
    """The version of this release, and the former ones by their pins."""

    current: ShippedText
    former: Mapping[str, ShippedText]

    def of(self, pin: str) -> ShippedText | None:
        return self.current if pin == self.current.pin else self.former.get(pin)


def digest(text: str) -> str:
    """The hash by which a version's text is known."""
    return hashlib.sha256(text.encode()).hexdigest()


@cache
def shipped() -> Shipped:
    """The texts in the package; a former one is named `former/<pin>.yaml`."""
    folder = files("procedures")
    former = {}
    for item in folder.joinpath("former").iterdir():
        if item.name.endswith(".yaml"):
            pin = item.name.removesuffix(".yaml")
            former[pin] = ShippedText(pin, item.read_text(encoding="utf-8"))
    return Shipped(ShippedText(load().pin, folder.joinpath(DEFAULT).read_text(encoding="utf-8")), former)
