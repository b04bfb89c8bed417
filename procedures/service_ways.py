"""Ways in which letters reach their addressees: what each asks for and may come to, as the procedure says it."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import Field, TypeAdapter

from models.yaml_text import read_yaml
from procedures.parts import Labelled, Part, Words

BEFORE_VERSION_6 = "ways_before_version_6.yaml"
DETAILS = ("receiver", "tracking", "place", "witness", "newspaper", "issue", "reason")  # each has its words
DAYS = ("on", "to_on")
UNDER_WAY = "under_way"
Meaning = Literal["under_way", "served", "returned", "published"]


class WayResult(Labelled):
    """What an attempt comes to. `act`: as something to be recorded; `offered`: statuses of a letter that suggest it."""

    means: Meaning
    act: Words
    hint: Words
    proof: Words
    asks: tuple[str, ...] = Field(min_length=1)
    needs: tuple[str, ...] = ()
    offered: tuple[str, ...] = ()

    @property
    def under_way(self) -> bool:
        return self.means == UNDER_WAY

    def is_needed(self, name: str) -> bool:
        """Whether an attempt cannot do without a field: a day, or a detail that it needs."""
        return name in DAYS or name in self.needs


class Issues(Part):
    """The details that name the newspaper and the number of an issue."""

    newspaper: str
    number: str


class ServiceWay(Labelled):
    """A way of service. `span`: it lasts until a day; `issues`: it is printed, consecutive issues count together."""

    day: Words
    span: bool = False
    issues: Issues | None = None
    results: dict[str, WayResult] = Field(min_length=1)

    @property
    def to_a_person(self) -> bool:
        """Whether the letter is given or sent to its addressee, not shown to the public."""
        return not self.span and self.issues is None


@cache
def ways_before_version_6() -> Mapping[str, ServiceWay]:
    """The ways of procedure texts that name none."""
    text = files("procedures").joinpath(BEFORE_VERSION_6).read_text(encoding="utf-8")
    return TypeAdapter(dict[str, ServiceWay]).validate_python(read_yaml(text))
