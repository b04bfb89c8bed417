"""The bodies that issue letters: their names in the cells of a letter, the code in its symbol, who heads and signs."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict

from models.yaml_text import read_yaml

NOBODY: Literal["nobody"] = "nobody"  # `signs` of a body that is not of this office: ours is only the form


class Body(BaseModel):
    """An issuing body, as its entry of bodies.yaml says; texts may hold braces such as `{district}`, `{UNIT}`.

    A key that the file may leave out is empty: no other body for the city (`city`) or for members' own dissolution
    (`voluntary`), no collective that the head signs for, no decisions (`decides_as`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    parent: str  # cell 2, over the issuer: empty where it stands alone
    issuer: str
    name: str  # as a sentence names it
    code: str  # in the symbol of its letters
    unit: str  # of the unit that drafts, in the symbol of its công văn
    files: str  # where the file copies go
    heads: tuple[str, ...]  # the lines over the signature; the last is the head's post
    deputy: str
    signs: Literal["manager", "leader", "commune", "nobody"]  # the role that signs for it
    city: str = ""
    voluntary: str = ""
    head: str = ""  # in a sentence: "Xét đề nghị của …"
    office_chief: str = ""
    decides_as: str = ""
    chair_decides_as: str = ""
    collective: str = ""

    @property
    def is_ours(self) -> bool:
        """Whether a person of this office signs for it."""
        return self.signs != NOBODY


@cache
def bodies() -> Mapping[str, Body]:
    """The issuing bodies by key. Raises pydantic's ValidationError for an unknown or missing key in the file."""
    content = read_yaml(files("letters").joinpath("bodies.yaml").read_text(encoding="utf-8"))
    return {key: Body(key=key, **entry) for key, entry in content.items()}


def body_of(issuer: str, level: str, way: str = "") -> Body:
    """The body that issues: the city's own where the unit is registered with the city, the members' own council where
    they resolved to dissolve (`way` is `voluntary`).

    Raises KeyError for an unknown issuer; the catalogue refuses templates that name one.
    """
    body = bodies()[issuer]
    if way == "voluntary" and body.voluntary:
        return bodies()[body.voluntary]
    return bodies()[body.city] if level == "city" and body.city else body
