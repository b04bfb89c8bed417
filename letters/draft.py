"""A letter drafted from its template and the facts: legal bases by the day, blanks where something is missing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.sandbox import SandboxedEnvironment

from letters.catalogue import LetterType, TemplateError, body_of, letter_type
from letters.layouts import standard_on
from letters.markup import blocks, literal, plain_text, runs
from letters.numbering import BLANK, NUMBERED_TYPES, long_date, money_words, series_of
from letters.tree import Block, Letter, Missing, Table, Unverified
from models.errors import NotFound
from procedures.rules import cite
from templates.formats import date_vi, number

CITY = "Hải Phòng"
AUTHORITIES = ("", "KT", "TL", "TUQ", "Q")


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs, and by what right: nothing for the head, KT. a deputy, TL. by order, TUQ. delegated, Q. acting."""

    name: str = ""
    authority: str = ""
    post: str = ""  # of whoever signs TL. or TUQ.


def draft(
    name: str, data: Mapping[str, Any], on: date, *, signer: Signer | None = None, cleared: frozenset[str] = frozenset()
) -> Letter:
    """The letter as of the day `on`. `cleared` are recalled citations that a person has checked.

    Raises NotFound for an unknown template, TemplateError when the template cannot be filled.
    """
    kind = letter_type(name)
    names = _names(kind, data)
    filling = _Filling(kind, data, on, cleared, names)
    body = (*filling.bases(), *filling.body())
    articles = sum(isinstance(block, Block) and block.kind == "article" for block in body)
    names["last_article"] = str(articles or 1)
    names["f"] = filling.typed()
    own = body_of(kind.issuer, _level(data))
    return Letter(
        template=name,
        standard=standard_on(on),
        on=on,
        type_code=kind.abbreviation,
        symbol=symbol_of(kind, own),
        series=series_of(kind.abbreviation),
        parent=own["parent"].format_map(names),
        issuer=own["issuer"].format_map(names),
        place=_place(kind, data),
        type_name=NUMBERED_TYPES[kind.type],
        summary=plain_text(filling.render(kind.summary)),
        addressees=tuple(_addressee(key, names) for key in kind.addressees),
        body=body,
        authority=authority_lines(own, signer or Signer()),
        signer=(signer.name if signer else "") or "",
        recipients=(*(_addressee(key, names) for key in kind.recipients), f"Lưu: VT, {own['unit']}"),
        second_signer=(kind.second_signer, "") if kind.second_signer else None,
        missing=tuple(filling.missing),
        unverified=tuple(filling.unverified.values()),
        cited=dict(filling.printed),
    )


def symbol_of(kind: LetterType, body: Mapping[str, Any]) -> str:
    """`QĐ-UBND`; a công văn has no type: `UBND-TCKH`, or the issuer alone when it drafts for itself."""
    if kind.abbreviation:
        return f"{kind.abbreviation}-{body['code']}"
    return body["code"] if body["unit"] == body["code"] else f"{body['code']}-{body['unit']}"


def authority_lines(body: Mapping[str, Any], signer: Signer) -> tuple[str, ...]:
    """Cell 7a: the collective where there is one, then by what right, then the post. Raises TemplateError."""
    if signer.authority not in AUTHORITIES:
        raise TemplateError(f"unknown authority {signer.authority}")
    lines = [body["collective"]] if "collective" in body else []
    *collective, head = body["heads"]
    lines += collective
    post = signer.post.upper()
    return {
        "": (*lines, head),
        "Q": (*lines, f"Q. {head}"),
        "KT": (*lines, f"KT. {head}", body["deputy"]),
        "TL": (f"TL. {head}", post),
        "TUQ": (f"TUQ. {head}", post),
    }[signer.authority]


@dataclass
class _Filling:
    """One template being filled; what is missing or not verified is noted on the way."""

    kind: LetterType
    data: Mapping[str, Any]
    on: date
    cleared: frozenset[str]
    names: Mapping[str, Any]
    missing: list[Missing] = field(default_factory=list)
    unverified: dict[str, Unverified] = field(default_factory=dict)
    printed: dict[str, str] = field(default_factory=dict)

    def bases(self) -> list[Block]:
        """Verified bases one a line; a recalled one is left out and noted."""
        texts = [text for key in self.kind.bases if (text := self.cited(key)) is not None]
        lines = [f"Căn cứ {text}" for text in texts]
        if self.kind.proposer:
            lines.append(plain_text(self.render(self.kind.proposer)))
        last = "." if standard_on(self.on).startswith("nd30") or not self.kind.decides else ","
        ended = [f"{line}{last if place == len(lines) - 1 else ';'}" for place, line in enumerate(lines)]
        found = [Block("basis", runs(literal(line))) for line in ended]
        if self.kind.decides:
            found.append(Block("decides", runs("QUYẾT ĐỊNH:")))
        return found

    def body(self) -> tuple[Block | Table, ...]:
        return blocks(self.render(self.kind.body))

    def render(self, text: str) -> str:
        try:
            return _template(text).render(self._context())
        except (JinjaError, TypeError, ValueError, KeyError) as error:
            raise TemplateError(f"{self.kind.name}: {error}") from error

    def cited(self, key: str) -> str | None:
        """The citation's text when it may print, else None and noted."""
        try:
            found = cite(key, self.on)
        except NotFound:
            raise TemplateError(f"{self.kind.name}: no rule {key} holds on {self.on}") from None
        if found.confidence == "verified" or key in self.cleared:
            self.printed[key] = found.text_vi
            return found.text_vi
        self.unverified[key] = Unverified(key, found.text_vi, found.source)
        return None

    def _context(self) -> dict[str, Any]:
        return {
            **self.data,
            "f": self._fields(),
            "names": self.names,
            "law": lambda key: self.cited(key) or BLANK,
            "on": self.on,
        }

    def typed(self) -> dict[str, str]:
        """The fields as text, for addressees that only the letter knows: `{f[agency]}`."""
        texts = {name: plain_text(literal(value or BLANK)) for name, value in self._fields().items()}
        return {name: text[:1].upper() + text[1:] for name, text in texts.items()}

    def _fields(self) -> dict[str, Any]:
        found = {}
        self.missing.clear()
        for name, kind in self.kind.fields.items():
            value = _taken(self.data, name, kind.from_)
            if value in (None, "", []):
                if kind.required:
                    self.missing.append(Missing(name, kind.label))
                value = None
            if kind.type == "table":
                value = [dict.fromkeys(kind.columns) | dict(row) for row in value or []]
            found[name] = date.fromisoformat(value) if kind.type == "date" and isinstance(value, str) else value
        return found


def _taken(data: Mapping[str, Any], name: str, source: str) -> Any:
    """A field typed for the letter, else from the fact that the template names (`verb.field`, several by |)."""
    if data.get("extra", {}).get(name) not in (None, ""):
        return data["extra"][name]
    for place in filter(None, source.split("|")):
        verb, _, key = place.strip().partition(".")
        value = data.get("facts", {}).get(verb, {}).get(key)
        if value not in (None, ""):
            return value
    return None


@lru_cache(maxsize=512)
def _template(text: str) -> Template:
    """A text compiled once: compiling costs ten times what filling does."""
    return _environment().from_string(text)


@cache
def _environment() -> SandboxedEnvironment:
    environment = SandboxedEnvironment(
        finalize=lambda value: literal(BLANK if value is None or value == "" else value),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        autoescape=False,
    )
    environment.filters |= {
        "long_date": lambda value: long_date(_day(value)) if value else None,
        "dmy": lambda value: date_vi(_day(value)) if value else None,
        "money": lambda value: f"{number(int(value))} đồng" if value is not None else None,
        "in_words": lambda value: money_words(int(value)) if value is not None else None,
        "number": lambda value: _grouped(value) if value is not None else None,
        "first_up": lambda value: value[:1].upper() + value[1:] if value else value,
    }
    return environment


def _grouped(value: Any) -> str:
    """A number with its dots; the cells of a table are typed as text and may hold anything."""
    digits = str(value).replace(".", "").replace(" ", "")
    return number(int(digits)) if digits.isdecimal() else str(value)


def _day(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(str(value))


def _level(data: Mapping[str, Any]) -> str:
    return str(data.get("case", {}).get("level", "district"))


def _names(kind: LetterType, data: Mapping[str, Any]) -> dict[str, Any]:
    """The names that bodies, addressees and texts are made of."""
    district = data.get("district", {}).get("full_name", BLANK)
    commune, unit = data.get("unit", {}).get("commune_full", BLANK), data.get("unit", {}).get("name", BLANK)
    names: dict[str, Any] = {"district": district, "commune": commune, "unit": unit, "last_article": "1"}
    names |= {"DISTRICT": district.upper(), "COMMUNE": commune.upper(), "UNIT": unit.upper()}
    for key in ("finance_office", "district_committee", "council"):
        names[key] = body_of(key, _level(data))["name"].format_map(names)
    names["committee"] = names["district_committee"]
    names["COMMITTEE"] = names["committee"].upper()
    names["commune_office"] = f"UBND {commune}"
    names["own"] = body_of(kind.issuer, _level(data))["name"].format_map(names)
    return names


def _place(kind: LetterType, data: Mapping[str, Any]) -> str:
    """The unit of administration where the issuer sits (Circular 01/2011 art. 9)."""
    if _level(data) == "city" or kind.issuer in ("city_committee", "department"):
        return CITY
    if kind.issuer in ("commune_committee", "cooperative"):
        return str(data.get("unit", {}).get("commune") or BLANK)
    return str(data.get("district", {}).get("name") or BLANK)


@cache
def _addressees() -> Mapping[str, str]:
    found: Mapping[str, str] = yaml.safe_load(files("letters").joinpath("addressees.yaml").read_text(encoding="utf-8"))
    return found


def _addressee(key: str, names: Mapping[str, Any]) -> str:
    return _addressees().get(key, key).format_map(names)
