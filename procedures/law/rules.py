"""Citations by the date that matters: each rule has versions with validity, text and how sure we are of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from models.errors import NotFound
from models.yaml_text import read_yaml

CONFIDENCES = ("verified", "recalled")


@dataclass(frozen=True, slots=True)
class Citation:
    """One version of a rule. `verified`: seen in a source; `recalled`: waits for a person's check."""

    key: str
    text_vi: str
    text_en: str
    confidence: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    short_vi: str = ""  # how a law is called once it has been named in full

    def text(self, lang: str = "vi") -> str:
        return self.text_en if lang == "en" else self.text_vi

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


class RulesError(Exception):
    """The rules file does not hold together."""


@cache
def rules() -> Mapping[str, Sequence[Citation]]:
    """All rules by key, their versions in order of validity. Raises RulesError."""
    text = files("procedures").joinpath("law", "rules.yaml").read_text(encoding="utf-8")
    return read_rules(read_yaml(text))


def read_rules(content: Mapping[str, Any]) -> Mapping[str, Sequence[Citation]]:
    """Rules from their data. Raises RulesError for unknown confidence, overlap or a version without text."""
    found = {}
    for key, entry in content.items():
        versions = [_citation(key, item) for item in (entry if isinstance(entry, list) else [entry])]
        versions.sort(key=lambda item: item.valid_from or date.min)
        if any(item.valid_from and item.valid_to and item.valid_to < item.valid_from for item in versions):
            raise RulesError(f"{key}: a version ends before it begins")
        for earlier, later in pairwise(versions):
            if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
                raise RulesError(f"{key}: two versions hold on one day")
        found[key] = tuple(versions)
    return found


def _citation(key: str, item: Mapping[str, Any]) -> Citation:
    if item.get("confidence") not in CONFIDENCES or not item.get("vi") or not item.get("en"):
        raise RulesError(f"{key}: needs vi, en and a confidence of {CONFIDENCES}")
    return Citation(
        key, item["vi"], item["en"], item["confidence"], item.get("source", ""), item.get("from"), item.get("to"),
        item.get("short", ""),
    )  # fmt: skip


@lru_cache(maxsize=4096)
def cite(key: str, on: date) -> Citation:
    """The version of a rule that holds on a day. Raises NotFound."""
    for citation in rules().get(key, ()):
        if citation.holds_on(on):
            return citation
    raise NotFound("no_such_rule", key=key, on=on.strftime("%d/%m/%Y"))


def law_of(key: str) -> str:
    """The law that an article belongs to: `l2012` of `l2012.54.2`; the key itself where there is no law above it."""
    parts = key.split(".")
    heads = (".".join(parts[:count]) for count in range(1, len(parts)))
    return next((head for head in heads if head in rules()), key)


def confidence_of(key: str, on: date) -> str:
    """How sure we are of a citation; nothing for a deadline that cites no law."""
    if not key:
        return ""
    try:
        return cite(key, on).confidence
    except NotFound:
        return "recalled"
