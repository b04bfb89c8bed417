"""The bodies that issue letters: names in the cells of a letter, code in the symbol, head and signer."""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models.yaml_text import read_yaml

NOBODY: Literal["nobody"] = "nobody"  # `signs` of a body outside this office: the template is only a form


class NamedSigner(BaseModel):
    """Where a case names the person who signs: the row of a table of an act, and the column with the name."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    source: str = Field(alias="from")  # VERB.FIELD
    where: dict[str, str]
    name: str


class Body(BaseModel):
    """An issuing body of bodies.yaml; texts may have placeholders such as `{district}`, `{UNIT}`.

    Optional keys, empty when absent: the body for the city (`city`) and for voluntary dissolution (`voluntary`), the
    collective that the head signs for, the name in decisions (`decides_as`).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    key: str
    parent: str  # cell 2, above the issuer: empty for none
    issuer: str
    name: str  # name in running text
    code: str  # code in the symbol of its letters
    unit: str  # code of the drafting unit in the symbol of a công văn
    files: str  # archive of the file copies
    heads: tuple[str, ...]  # lines above the signature; the last is the head's post
    deputy: str
    signs: Literal["manager", "leader", "commune", "nobody"]  # role that signs for it
    city: str = ""
    voluntary: str = ""
    head: str = ""  # in a sentence: "Xét đề nghị của …"
    office_chief: str = ""
    decides_as: str = ""
    chair_decides_as: str = ""
    collective: str = ""
    signer: NamedSigner | None = None

    def named_signer(self, facts: Mapping[str, Mapping[str, Any]]) -> str:
        """The person whom the latest facts of the case, by verb, name as the body's signer; empty for nobody.

        Of a council that is recorded as a body, its chair of the day.
        """
        if self.signer is None:
            return ""
        chair = facts.get(self.key, {}).get("chair")
        if chair:
            return str(chair)
        verb, _, field = self.signer.source.partition(".")
        rows = facts.get(verb, {}).get(field) or ()
        fitting = (row for row in rows if all(row.get(key) == value for key, value in self.signer.where.items()))
        return next((str(row.get(self.signer.name) or "") for row in fitting), "")

    @property
    def is_ours(self) -> bool:
        """Whether a person of this office signs for the body."""
        return self.signs != NOBODY


@cache
def bodies() -> Mapping[str, Body]:
    """Return the issuing bodies by key. Raises pydantic's ValidationError for an unknown or missing key in the file."""
    content = read_yaml(files("letters").joinpath("bodies.yaml").read_text(encoding="utf-8"))
    return {key: Body(key=key, **entry) for key, entry in content.items()}


def body_of(issuer: str, level: str, way: str = "") -> Body:
    """Return the issuing body of a case: of the city for a unit registered with the city (`level`), the members'
    council for a voluntary dissolution (`way` is `voluntary`).

    Raises KeyError for an unknown issuer, which the catalogue refuses in templates.
    """
    body = bodies()[issuer]
    if way == "voluntary" and body.voluntary:
        return bodies()[body.voluntary]
    return bodies()[body.city] if level == "city" and body.city else body
