"""Fills the term placeholders in the words of a procedure file when it is loaded."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from pydantic import BaseModel

from procedures.definition.paper_checks import Finding, Place
from procedures.named_terms import NamedTerms, UnknownTerm, terms_of
from procedures.schema import NamedTerm, Procedure, Words

BEFORE_VERSION_3 = "terms_before_version_3.yaml"


def with_terms(procedure: Procedure) -> tuple[Procedure, list[Finding]]:
    """Return the procedure with its words filled, and the problems: unknown keys, malformed placeholders.

    A text without a section `terms` (versions 1 and 2) gets those of `terms_before_version_3.yaml`.
    """
    if "terms" not in procedure.model_fields_set:
        procedure = procedure.model_copy(update={"terms": _unwritten(procedure)})
    filling = _Filling(terms_of(procedure))
    return filling.part(procedure, ()), filling.findings


def _unwritten(procedure: Procedure) -> dict[str, NamedTerm]:
    own = {f"grounds.{key}" for key, ground in procedure.grounds.items() if ground.term}
    return {key: item for key, item in terms_before_version_3().items() if key not in own}


@cache
def terms_before_version_3() -> Mapping[str, NamedTerm]:
    """Terms for procedure texts that have no section `terms`: versions 1 and 2 wrote them only in letters."""
    text = files("procedures").joinpath(BEFORE_VERSION_3).read_text(encoding="utf-8")
    return {key: NamedTerm.model_validate(item) for key, item in yaml.safe_load(text).items()}


@dataclass
class _Filling:
    terms: NamedTerms
    findings: list[Finding] = field(default_factory=list)

    def part(self, value: Any, place: Place) -> Any:
        """The value with every `Words` in it filled; the same object where nothing changes."""
        if isinstance(value, Words):
            return self._words(value, place)
        if isinstance(value, BaseModel):
            names = {name: info.alias or name for name, info in type(value).model_fields.items()}
            inner = ((name, getattr(value, name), (*place, alias)) for name, alias in names.items())
            changed = dict(self._changed(inner))
            return value.model_copy(update=changed) if changed else value
        if isinstance(value, dict):
            changed = dict(self._changed((key, old, (*place, key)) for key, old in value.items()))
            return {**value, **changed} if changed else value
        return value

    def _changed(self, items: Iterator[tuple[str, Any, Place]]) -> Iterator[tuple[str, Any]]:
        for key, old, place in items:
            new = self.part(old, place)
            if new is not old:
                yield key, new

    def _words(self, words: Words, place: Place) -> Words:
        said = {lang: self._text(words[lang], lang, (*place, lang)) for lang in ("vi", "en")}
        return Words(**said) if said != {"vi": words.vi, "en": words.en} else words

    def _text(self, text: str, lang: str, place: Place) -> str:
        try:
            return self.terms.filled(text, lang)
        except UnknownTerm as error:
            self.findings.append((place, "procedure_unknown_term", {"found": error.found, "known": error.known}))
            return text
