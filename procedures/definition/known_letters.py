"""What a procedure file has to know of the letter templates that it names."""

from collections.abc import Collection, Mapping
from typing import NamedTuple


class KnownLetter(NamedTuple):
    """A letter template. `terms`: the keys of the terms that its text names; `issuer`: the body that issues it."""

    terms: Collection[str]
    issuer: str


KnownLetters = Mapping[str, KnownLetter]
