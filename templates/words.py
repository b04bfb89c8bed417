"""Every sentence a person reads, Vietnamese first and English second, from `templates/words/*.yaml`."""

import re
from collections.abc import Mapping
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from models.errors import CoopcaseError
from models.yaml_text import read_yaml

LANGUAGES = ("vi", "en")
_CHOICE = re.compile(r"\{(\w+):([^{}|]*)\|([^{}|]*)\}")


class WordsError(Exception):
    """The word files are inconsistent."""


@cache
def catalogue() -> Mapping[str, Mapping[str, str]]:
    """All words by key.

    Raises:
        WordsError: a key occurs twice, or lacks a language.
    """
    words: dict[str, Mapping[str, str]] = {}
    for path in sorted(files("templates").joinpath("words").iterdir(), key=lambda item: item.name):
        if path.name.endswith(".yaml"):
            for key, entry in (read_yaml(path.read_text(encoding="utf-8")) or {}).items():
                _check(key, entry, words, path.name)
                words[key] = entry
    return words


def _check(key: str, entry: Any, words: Mapping[str, Any], name: str) -> None:
    if key in words:
        raise WordsError(f"{name}: {key} occurs twice")
    if not isinstance(entry, dict) or set(entry) != set(LANGUAGES):
        raise WordsError(f"{name}: {key} needs exactly {LANGUAGES}")


def t(key: str, /, lang: str = "vi", **params: object) -> str:
    """The words of `key`; an unknown key shows itself, so that a page never breaks over a label."""
    entry = catalogue().get(key)
    if entry is None:
        return key
    text = _chosen(entry.get(lang) or entry["vi"], params)
    return text.format_map(_Params(_worded(params, lang))) if "{" in text else text


def both(key: str) -> dict[str, str]:
    """The words of `key` in each language, as a parameter that says itself in the reader's."""
    return {"vi": t(key, "vi"), "en": t(key, "en")}


def _worded(params: Mapping[str, object], lang: str) -> dict[str, object]:
    return {name: _said(value, lang) for name, value in params.items()}


def _said(value: object, lang: str) -> object:
    if isinstance(value, Mapping):
        return pick(value, lang)
    if isinstance(value, date):
        return value.strftime("%d/%m/%Y %H:%M" if isinstance(value, datetime) else "%d/%m/%Y")
    return _Number(value) if isinstance(value, int) and not isinstance(value, bool) else value


class _Number(int):
    """A number that `{name:,}` writes as in 1.250.000, in both languages like the pages."""

    def __format__(self, spec: str) -> str:
        return int.__format__(self, spec).replace(",", ".") if spec == "," else int.__format__(self, spec)


def _chosen(text: str, params: Mapping[str, object]) -> str:
    """The text with its choices of number made: `{count:day|days}` is `day` where `count` is 1 (or "1")."""
    if "|" not in text:
        return text
    return _CHOICE.sub(lambda found: found[2] if str(params.get(found[1])) == "1" else found[3], text)


class _Params(dict[str, object]):
    def __missing__(self, name: str) -> str:
        return "{" + name + "}"


def pick(labels: Mapping[str, Any] | str, lang: str = "vi") -> str:
    """The label in the language, from data that carries both (`{vi: …, en: …}`)."""
    return labels if isinstance(labels, str) else str(labels.get(lang) or labels.get("vi", ""))


def say(error: CoopcaseError, lang: str = "vi") -> str:
    """The error as a sentence that names the field and the remedy."""
    return t(f"errors.{error.code}", lang, **error.params)
