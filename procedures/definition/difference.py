"""Differences between two versions of a procedure, part by part."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from procedures.former_names import SECTIONS as NAMED
from procedures.former_names import own_name
from procedures.schema import Procedure, Words

SECTIONS = (
    "roles", "programme", "stages", "outcomes", "obstacles", "overlays", "grounds", "deadlines", "terms", "levels",
    "kinds", "states", "verbs", "closing.papers", "closing.holds",
)  # fmt: skip
_NAMED = {  # the section that names the codes of a key
    "by": "roles", "tells": "roles", "who": "roles", "from": "states", "to": "states", "clocks": "deadlines",
    "meets": "deadlines", "meets_started": "deadlines",
    "keeps_running": "deadlines", "drops": "deadlines", "starts": "deadlines", "stops": "deadlines", "blocks": "verbs",
    "until": "programme", "raises": "overlays", "lifts": "overlays", "outcome": "outcomes", "four_eyes": "verbs",
    "stage": "stages", "extends": "deadlines", "suspends": "deadlines", "resumes": "deadlines", "serves": "deadlines",
    "auto": "deadlines",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Difference:
    """One key of one part, before and after.

    Empty `key`: the whole part was added (`before` empty) or removed (`after` empty).
    """

    section: str
    code: str
    label: Mapping[str, str]
    key: str
    before: Mapping[str, str]
    after: Mapping[str, str]


def differences(old: Procedure, new: Procedure) -> list[Difference]:
    """Return all differences except the version name, in the order of the sections of the file."""
    found = [*_title(old, new)]
    for section in SECTIONS:
        before, after = _by_new_names(old, new, section), _section(new, section)
        for code in {**before, **after}:
            found += _part(section, code, before.get(code), after.get(code), (old, new))
    return found


def _by_new_names(old: Procedure, new: Procedure, section: str) -> Mapping[str, Any]:
    """The parts of a section, one that got another name under its new one."""
    parts = _section(old, section)
    return {own_name(new, section, code): part for code, part in parts.items()} if section in NAMED else parts


def _section(procedure: Procedure, name: str) -> Mapping[str, Any]:
    found: Any = procedure
    for part in name.split("."):
        found = getattr(found, part)
    return dict(found)


def _title(old: Procedure, new: Procedure) -> Iterator[Difference]:
    if old.title != new.title:
        yield Difference("title", "", _pair(new.title), "label", _pair(old.title), _pair(new.title))


def _part(
    section: str, code: str, before: Any, after: Any, versions: tuple[Procedure, Procedure]
) -> Iterator[Difference]:
    old, new = versions
    label = _label(before if after is None else after)
    if before is None or after is None:
        yield Difference(section, code, label, "", label if before else {}, label if after else {})
        return
    was, now = {key: _renamed(value, key, new) for key, value in _flat(before).items()}, _flat(after)
    for key in {**was, **now}:
        if was.get(key) != now.get(key):
            said = _said(was.get(key), key, old), _said(now.get(key), key, new)
            yield Difference(section, code, label, key, *said)


def _renamed(value: Any, key: str, new: Procedure) -> Any:
    """A value of the old version with the names that the new one has for what it names."""
    section = _NAMED.get(key, "")
    if section not in NAMED:
        return value
    if isinstance(value, list | tuple):
        return type(value)(_renamed(item, key, new) for item in value)
    if isinstance(value, Mapping):
        return {
            name: _renamed(item, key, new) if name in ("deadline", "after") else item for name, item in value.items()
        }
    return own_name(new, section, value) if isinstance(value, str) else value


def _flat(part: Any) -> dict[str, Any]:
    """The keys of a part that differ from their defaults; the fields of a verb one by one."""
    if isinstance(part, Words):
        return {"label": part.model_dump()}
    content: dict[str, Any] = part.model_dump(by_alias=True, exclude_defaults=True)
    for name, field in content.pop("needs", {}).items():
        content[f"needs.{name}"] = field
    return content


def _label(part: Any) -> Mapping[str, str]:
    return _pair(part if isinstance(part, Words) else part.label)


def _said(value: Any, key: str, procedure: Procedure) -> Mapping[str, str]:
    """A value in each language: names for codes, labels for fields; empty text for an empty value."""
    if value in (None, "", (), {}, []):
        return {}
    return {lang: _text(value, key, procedure, lang) for lang in ("vi", "en")}


def _text(value: Any, key: str, procedure: Procedure, lang: str) -> str:
    if isinstance(value, Mapping):
        return _mapping(value, key, procedure, lang)
    if isinstance(value, list | tuple):
        return ", ".join(_text(item, key, procedure, lang) for item in value)
    if isinstance(value, bool):
        return {"vi": "có" if value else "không", "en": "yes" if value else "no"}[lang]
    known = getattr(procedure, _NAMED[key]).get(str(value)) if key in _NAMED else None
    return _label(known)[lang] if known is not None else str(value)


def _mapping(value: Mapping[str, Any], key: str, procedure: Procedure, lang: str) -> str:
    if set(value) == {"vi", "en"}:
        return str(value[lang])
    if set(value) == {"deadline"}:
        return _text(value["deadline"], key, procedure, lang)
    said = [f"{name}: {_text(item, key if name == 'map' else name, procedure, lang)}" for name, item in value.items()]
    return "; ".join(said) if key != "map" else ", ".join(said)


def _pair(words: Words) -> Mapping[str, str]:
    return {"vi": words.vi, "en": words.en}
