"""Who settles a complaint against a decision, and which court hears the suit, by the body that decided."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Any

from models.yaml_text import read_yaml
from procedures.law.rules import version_of
from procedures.legal_time.terms import Term


@dataclass(frozen=True, slots=True)
class Settler:
    """The person who settles a complaint: the head of a body (`head_of`), or `words` in vi and en with {district}.

    `article`: key of the rule that says so.
    """

    article: str
    head_of: str = ""
    words: Mapping[str, str] = field(default_factory=dict)

    def named_on(self, day: date) -> bool:
        """Whether a letter of that day may name the settler: the article is in force and was seen in a source."""
        found = version_of(self.article, day)
        return found is not None and found.confidence == "verified"


@dataclass(frozen=True, slots=True)
class Remedies:
    """Remedies against the decisions of one body: first settler, second, court; None: no source names one."""

    first: Settler
    second: Settler
    court: Settler | None


@dataclass(frozen=True, slots=True)
class LawfulTerm:
    """A term of another party (not of the office), with the key of its article."""

    term: Term
    article: str


@cache
def remedies() -> Mapping[str, Remedies]:
    """Return remedies by deciding body: finance_office, district_committee, department, city_committee."""
    return {
        body: Remedies(
            _settler(item["first"]), _settler(item["second"]), _settler(item["court"]) if "court" in item else None
        )
        for body, item in _content()["bodies"].items()
    }


@cache
def lawful_terms() -> Mapping[str, LawfulTerm]:
    """Return the terms by key, such as second_complaint, legal_force and suit."""
    return {key: LawfulTerm(Term.parse(item["term"]), item["article"]) for key, item in _content()["terms"].items()}


@cache
def otherwise() -> Mapping[str, Mapping[str, str]]:
    """Return the words for a `settler` and a `court` that may not be named, in vi and en."""
    found: Mapping[str, Mapping[str, str]] = _content()["otherwise"]
    return found


@cache
def remedy_sentences() -> Mapping[str, str]:
    """Return the sentences `first` (against a decision), `second` (a settlement), `suit` (a suit alone is left)."""
    found: Mapping[str, str] = _content()["sentences"]
    return found


def _settler(item: Mapping[str, str]) -> Settler:
    words = {lang: item[lang] for lang in ("vi", "en") if lang in item}
    return Settler(item["article"], item.get("head_of", ""), words)


def _content() -> Mapping[str, Any]:
    text = files("procedures").joinpath("law", "remedies.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Any] = read_yaml(text)
    return found
