"""Citations of law by date: each rule has versions with period of validity, text and confidence."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import pairwise
from typing import Any

from models.errors import NotFound, Refused
from models.yaml_text import read_yaml

CONFIDENCES = ("verified", "recalled")


@dataclass(frozen=True, slots=True)
class Citation:
    """One version of a rule. Confidence `verified`: seen in a source; `recalled`: to be checked by a person."""

    key: str
    text_vi: str
    text_en: str
    confidence: str
    source: str
    valid_from: date | None = None
    valid_to: date | None = None
    short_vi: str = ""  # short name of a law after its first full citation
    law: str = ""  # the law of an article, where its key does not start with it
    replaces: str = ""  # the text that this one replaced
    details: str = ""  # the law that a decree or a circular is issued under
    says: Mapping[str, str] = field(default_factory=dict, hash=False)  # summary of the content by language

    def text(self, lang: str = "vi") -> str:
        return self.text_en if lang == "en" else self.text_vi

    def holds_on(self, day: date) -> bool:
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


Rules = Mapping[str, Sequence[Citation]]


class RulesError(Exception):
    """The rules file is inconsistent."""


@cache
def rules() -> Rules:
    """Return all rules by key, versions in order of validity. Raises RulesError."""
    text = files("procedures").joinpath("law", "rules.yaml").read_text(encoding="utf-8")
    return read_rules(read_yaml(text))


def read_rules(content: Mapping[str, Any]) -> Rules:
    """Build rules from their data; an article without own dates has the validity of its law.

    Raises RulesError for an unknown confidence or law, overlapping versions, a version without text, or an article
    valid on a day on which its law is not.
    """
    found = {key: _versions(key, entry) for key, entry in content.items()}
    for versions in found.values():
        for item in versions:
            _check_named(item, found)
    return {key: _within(versions, found) for key, versions in found.items()}


def _versions(key: str, entry: Any) -> Sequence[Citation]:
    versions = [_citation(key, item) for item in (entry if isinstance(entry, list) else [entry])]
    versions.sort(key=lambda item: item.valid_from or date.min)
    if any(item.valid_from and item.valid_to and item.valid_to < item.valid_from for item in versions):
        raise RulesError(f"{key}: a version ends before it begins")
    for earlier, later in pairwise(versions):
        if earlier.valid_to is None or later.valid_from is None or later.valid_from <= earlier.valid_to:
            raise RulesError(f"{key}: two versions hold on one day")
    return tuple(versions)


def _citation(key: str, item: Mapping[str, Any]) -> Citation:
    if item.get("confidence") not in CONFIDENCES or not item.get("vi") or not item.get("en"):
        raise RulesError(f"{key}: needs vi, en and a confidence of {CONFIDENCES}")
    return Citation(
        key, item["vi"], item["en"], item["confidence"], item.get("source", ""), item.get("from"), item.get("to"),
        item.get("short", ""), item.get("of", ""), item.get("replaces", ""), item.get("details", ""),
        item.get("says", {}),
    )  # fmt: skip


def _check_named(item: Citation, found: Rules) -> None:
    unknown = [name for name in (item.law, item.replaces, item.details) if name and name not in found]
    if unknown:
        raise RulesError(f"{item.key}: names {', '.join(unknown)}, which is no rule")


def _within(versions: Sequence[Citation], found: Rules) -> Sequence[Citation]:
    """The versions of an article, limited to the validity of its law where they have no dates of their own."""
    law = found[_law_of(versions[0].key, found)]
    begins, ends = law[0].valid_from, law[-1].valid_to
    first, last = versions[0], versions[-1]
    if (first.valid_from and begins and first.valid_from < begins) or (last.valid_to and ends and last.valid_to > ends):
        raise RulesError(f"{first.key}: holds on days on which {law[0].key} does not")
    inner = [replace(first, valid_from=first.valid_from or begins), *versions[1:]]
    return (*inner[:-1], replace(inner[-1], valid_to=last.valid_to or ends))


def cite(key: str, on: date) -> Citation:
    """Return the version of a rule in force on a day.

    Raises NotFound for an unknown key; Refused for a day outside the rule's validity, naming what applies then.

    Example: `cite("l2012.54", date(2016, 3, 1)).text("vi")`.
    """
    found = version_of(key, on)
    if found is not None:
        return found
    if key not in rules():
        raise NotFound("no_such_rule", key=key, on=on.strftime("%d/%m/%Y"))
    raise _not_in_force(rules()[key], on)


@lru_cache(maxsize=4096)
def version_of(key: str, on: date) -> Citation | None:
    """Return the version of a rule in force on a day; None without one, or for an unknown key."""
    return next((citation for citation in rules().get(key, ()) if citation.holds_on(on)), None)


def in_force_from(key: str) -> date | None:
    """Return the first day of a rule; None where it is not known."""
    return next((item.valid_from for item in rules().get(key, ())), None)


def nearest_version(key: str, on: date) -> Citation:
    """Return the version in force on a day, else the last before it, else the first. Raises NotFound: unknown key.

    For reference lists, which go on naming a law that has ended. Letters use `cite`.
    """
    versions = rules().get(key)
    if not versions:
        raise NotFound("no_such_rule", key=key, on=on.strftime("%d/%m/%Y"))
    begun = [item for item in versions if item.valid_from is None or item.valid_from <= on]
    return (begun or versions)[-1 if begun else 0]


def _not_in_force(versions: Sequence[Citation], on: date) -> Refused:
    nearest = versions[0] if on < (versions[0].valid_from or date.min) else versions[-1]
    governs = governing(nearest.key, on)
    rule = {"vi": nearest.text_vi, "en": nearest.text_en}
    params = {"key": nearest.key, "on": on.strftime("%d/%m/%Y"), "rule": rule, "period": _period(nearest)}
    if governs is None:
        return Refused("rule_not_in_force", **params)
    recalled = governs.confidence == "recalled"
    named = {
        "vi": governs.text_vi + (" (chưa kiểm chứng)" if recalled else ""),
        "en": governs.text_en + (" (to be verified)" if recalled else ""),
    }
    return Refused("rule_not_in_force_other", **params, governs=named)


def _period(citation: Citation) -> Mapping[str, str]:
    begins, ends = (day and day.strftime("%d/%m/%Y") for day in (citation.valid_from, citation.valid_to))
    pairs = ((begins, "từ", "from"), (ends, "đến", "until"))
    return {
        "vi": " ".join(f"{vi} {day}" for day, vi, _ in pairs if day),
        "en": " ".join(f"{en} {day}" for day, _, en in pairs if day),
    }


def governing(key: str, on: date) -> Citation | None:
    """Return the text in force on a day for the subject of a rule: its law, a predecessor or a successor; else None."""
    return next((found for law in _kin(law_of(key)) if (found := version_of(law, on)) is not None), None)


def _kin(law: str) -> Iterator[str]:
    """A law with its predecessors and successors, then the same for the law that it details."""
    yield from _line(law)
    details = next((item.details for item in rules()[law] if item.details), "")
    if details:
        yield from _line(details)


def _line(law: str) -> Iterator[str]:
    yield law
    before = law
    while before := next((item.replaces for item in rules()[before] if item.replaces), ""):
        yield before
    after: str | None = law
    while after := next((key for key, items in rules().items() if any(i.replaces == after for i in items)), None):
        yield after


def law_of(key: str) -> str:
    """Return the law of an article: `l2012` for `l2012.54.2`; the key itself where it is a law."""
    return _law_of(key, rules())


def _law_of(key: str, found: Rules) -> str:
    named = next((item.law for item in found.get(key, ()) if item.law), "")
    parts = key.split(".")
    heads = (".".join(parts[:count]) for count in range(1, len(parts)))
    return named or next((head for head in heads if head in found), key)


def confidence_of(key: str, on: date) -> str:
    """Return `verified` or `recalled` for a citation; empty for a deadline that cites no law."""
    if not key:
        return ""
    found = version_of(key, on)
    return found.confidence if found is not None else "recalled"
