"""The sandboxed template environment: unknown values become blanks, dates and amounts are formatted for letters."""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from letters.markup import literal
from letters.numbering import BLANK, long_date, money_words
from procedures.named_terms import NamedTerms
from templates.formats import date_vi, number

_ENDS = (".", "!", "?", "…")


@cache
def environment() -> SandboxedEnvironment:
    """Return the environment of the letter templates, with their filters."""
    made = SandboxedEnvironment(
        finalize=_printed, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False
    )
    made.filters |= {
        "long_date": lambda value: long_date(_day(value)),
        "dmy": lambda value: date_vi(_day(value)) if value else None,
        "money": lambda value: f"{BLANK if value is None else number(int(value))} đồng",
        "in_words": lambda value: money_words(int(value)) if value is not None else None,
        "number": lambda value: _grouped(value) if value is not None else None,
        "first_up": lambda value: value[:1].upper() + value[1:] if value else value,
        "sentence": lambda value: _sentence(value) if value else value,
        "label": _labelled,
        "phrase": lambda value: value.rstrip(" .;,") if value else value,
    }
    return made


@lru_cache(maxsize=1_000)
def compiled(text: str) -> Template:
    """Return the compiled template of a text. Raises jinja2's TemplateError."""
    return environment().from_string(text)


@cache
def labels() -> Mapping[str, Mapping[str, str]]:
    """Return the labels of procedure codes in letters, by kind."""
    text = files("letters").joinpath("labels.yaml").read_text(encoding="utf-8")
    found: Mapping[str, Mapping[str, str]] = yaml.safe_load(text)
    return found


@pass_context
def _labelled(context: Context, value: Any, kind: str) -> Any:
    """The label of a procedure code; a value that is no code is unchanged. Raises UnknownTerm."""
    found = labels()[kind].get(str(value)) if value else None
    if found is None:
        return value
    terms: NamedTerms = context["terms"]
    return terms.filled(found, "vi", official=True)


@pass_context
def _printed(context: Context, value: Any) -> str:
    return literal(context["blank"] if value is None or value == "" else value)


def _sentence(value: str) -> str:
    """Typed text with exactly one full stop at its end."""
    text = value.rstrip(" ;,:\n")
    return text if text.endswith(_ENDS) else f"{text}."


def _grouped(value: Any) -> str:
    """A number with thousands separators; other text of table cells is unchanged."""
    digits = str(value).replace(".", "").replace(" ", "")
    return number(int(digits)) if digits.isdecimal() else str(value)


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) or not value else date.fromisoformat(str(value))
