"""The catalogue of letter types: front matter and body of every template in templates/letters, validated when read."""

import hashlib
from collections.abc import Iterator, Mapping
from functools import cache, cached_property
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from letters.issuing_bodies import bodies
from letters.numbering import NUMBERED_TYPES
from models.errors import NotFound
from models.yaml_text import read_yaml
from procedures.former_names import letter_name

JOINT = "joint_"  # how the names of templates begin that are the text of another letter for many cases


class TemplateError(Exception):
    """A letter template is invalid, or cannot be filled; the message names the template and the reason."""


class FieldKind(BaseModel):
    """A field of a letter in addition to the data of the case.

    `from`: source of its value: `verb.field`, a field of the latest fact of that verb, or `letter.NAME`, number and day
    of another letter of the case; several sources are separated by `|`, the first known value is used.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)
    type: Literal["text", "longtext", "date", "money", "number", "boolean", "table"] = "text"
    required: bool = True
    label: dict[str, str]
    from_: str = Field(default="", alias="from")
    columns: dict[str, dict[str, str]] = {}  # of a table: keys and labels of its columns
    sample: Any = None  # value in previews


class LetterType(BaseModel):
    """A letter template: its front matter (see docs/how-to-add-a-letter.md) and its body."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    name: str
    document: str  # number in the catalogue of documents, e.g. 04; empty when not in the catalogue
    title: dict[str, str]
    gist: dict[str, str]
    type: str
    issuer: str
    summary: str
    addressees: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    bases_by: dict[str, dict[str, tuple[str, ...]]] = {}  # further bases by the value of a field
    later_bases: tuple[str, ...] = ()  # omitted before they are in force; any other basis is then refused
    proposer: str = ""
    decides: bool = False
    by_head: bool = False  # decided and signed by the head personally, not on behalf of the collective
    levels: tuple[Literal["district", "city"], ...] = ("district", "city")  # levels of the cases it is for
    recipients: tuple[str, ...] = ()
    recipients_by: dict[str, dict[str, tuple[str, ...]]] = {}  # further recipients by the value of a field
    fields: dict[str, FieldKind] = {}
    second_signer: str = ""  # minutes: capacity of the person who signs on the left
    signers: str = ""  # minutes: who attended and signs, a line each: capacity | name; the last is on the right
    four_eyes: bool = True
    sums: bool = False  # its text uses `sums`: the computation of the deadlines of its case
    incoming: bool = False  # written by another party; the template is a form to fill in
    body: str
    body_line: int = 1  # line of the file on which the body begins

    variants: dict[str, dict[str, Any]] = {}  # further letters of this text, by name: what of the front matter differs
    text_hash: str = ""  # SHA-256 of the whole template, recorded with each letter

    @property
    def is_joint(self) -> bool:
        """Whether it is the text of another letter for many cases of a batch."""
        return self.name.startswith(JOINT)

    @property
    def lists_cases(self) -> bool:
        """Whether it is about many cases at once, which are chosen elsewhere than on the page of one case."""
        return self.is_joint or bool(self._sources("obstacles."))

    @property
    def abbreviation(self) -> str:
        return "" if self.type == "CV" else self.type

    @property
    def every_basis(self) -> tuple[str, ...]:
        return (*self.bases, *self.later_bases, *_all(self.bases_by))

    @property
    def every_recipient(self) -> tuple[str, ...]:
        return (*self.recipients, *_all(self.recipients_by))

    @cached_property
    def quoted(self) -> frozenset[str]:
        """The letters of the same case that it refers to: sources `letter.NAME` of its fields."""
        return self._sources("letter.")

    @cached_property
    def deadlines(self) -> frozenset[str]:
        """The clocks of the case whose last day it prints: sources `deadline.KEY` of its fields."""
        return self._sources("deadline.")

    @cached_property
    def own_terms(self) -> frozenset[str]:
        """The clocks that start with it and whose last day it prints: sources `term.KEY` of its fields."""
        return self._sources("term.")

    @property
    def has_figures(self) -> bool:
        """Whether it reports figures of the programme."""
        return bool(self._sources("figures."))

    @cached_property
    def of_case(self) -> frozenset[str]:
        """What it says of the case beside its acts: names of `case.NAME`."""
        return self._sources("case.")

    @cached_property
    def names_council(self) -> bool:
        """Whether it is a letter of the council that serves the case, or names it."""
        return self.issuer == "council" or bool(self._sources("council."))

    def _sources(self, begin: str) -> frozenset[str]:
        places = (place.strip() for field in self.fields.values() for place in field.from_.split("|"))
        return frozenset(place.removeprefix(begin) for place in places if place.startswith(begin))


def _all(by_field: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Iterator[str]:
    yield from (key for cases in by_field.values() for keys in cases.values() for key in keys)


def chosen_by(by_field: Mapping[str, Mapping[str, tuple[str, ...]]], fields: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what the values of the fields add."""
    return tuple(key for name, cases in by_field.items() for key in cases.get(str(fields.get(name)), ()))


@cache
def letter_types() -> Mapping[str, LetterType]:
    """Return every letter type by name. Raises TemplateError."""
    found = {}
    for path in sorted(_template_files(), key=lambda item: item.name):
        name = path.name.removesuffix(".j2")
        for kind in read_types(name, path.read_text(encoding="utf-8")):
            if kind.name in found:
                raise TemplateError(f"{kind.name}: two templates of templates/letters have this name")
            found[kind.name] = kind
    return found


def _template_files() -> Iterator[Traversable]:
    """The template files of templates/letters, one folder per part of the programme."""
    for folder in files("templates").joinpath("letters").iterdir():
        if folder.is_dir():
            yield from (path for path in folder.iterdir() if path.name.endswith(".j2"))


def letter_type(name: str) -> LetterType:
    """Return a letter type by its name, or by a former one. Raises NotFound."""
    found = letter_types().get(name) or letter_types().get(letter_name(name))
    if found is None:
        raise NotFound("no_such_letter_type", name=name)
    return found


def read_types(name: str, text: str) -> list[LetterType]:
    """Parse a template and the further letters of its text (`variants`). Raises TemplateError."""
    first = read_type(name, text)
    return [first, *(read_type(other, text, differs) for other, differs in first.variants.items())]


def read_type(name: str, text: str, differs: Mapping[str, Any] | None = None) -> LetterType:
    """Parse a template: YAML between two lines of ---, then the body. Raises TemplateError.

    `differs`: what a variant has in place of the front matter; of `fields`, each on its own.
    """
    parts = text.split("---\n", 2)
    if len(parts) != 3 or parts[0].strip():
        raise TemplateError(f"{name}: needs its front matter between two lines of ---")
    try:
        front: dict[str, Any] = read_yaml(parts[1])
        text_hash = hashlib.sha256(text.encode()).hexdigest()
        body = parts[2].lstrip("\n")
        line = text[: len(text) - len(body)].count("\n") + 1
        front = front if differs is None else _varied(front, differs)
        found = LetterType(name=name, body=body.rstrip("\n"), body_line=line, text_hash=text_hash, **front)
    except (yaml.YAMLError, TypeError, ValueError) as error:
        raise TemplateError(f"{name}: {error}") from None
    _check(found)
    return found


def _varied(front: Mapping[str, Any], differs: Mapping[str, Any]) -> dict[str, Any]:
    fields = {name: {**kind, **differs.get("fields", {}).get(name, {})} for name, kind in front["fields"].items()}
    return {**front, **differs, "fields": fields, "variants": {}}


def _check(found: LetterType) -> None:
    if found.type not in NUMBERED_TYPES:
        raise TemplateError(f"{found.name}: unknown type {found.type}; known: {', '.join(NUMBERED_TYPES)}")
    if found.issuer not in bodies():
        raise TemplateError(f"{found.name}: unknown issuer {found.issuer}; known: {', '.join(bodies())}")
    if found.document and found.document not in documents():
        raise TemplateError(f"{found.name}: the catalogue has no document {found.document}")
    if not found.incoming and not found.recipients:
        raise TemplateError(f"{found.name}: nobody receives it")


@cache
def documents() -> Mapping[str, Mapping[str, str]]:
    """Return the catalogue of documents by number: title, and who writes it (ours, others, both)."""
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(
        files("letters").joinpath("documents.yaml").read_text(encoding="utf-8")
    )
    return found
