"""The sandboxed template environment: unknown values become blanks, dates and amounts are formatted for letters."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any

import yaml
from jinja2 import StrictUndefined, Template, nodes, pass_context
from jinja2.runtime import Context
from jinja2.sandbox import SandboxedEnvironment

from letters.markup import literal
from letters.numbering import BLANK, long_date, money_words
from procedures.named_terms import NamedTerms
from templates.formats import date_vi, number

_ENDS = (".", "!", "?", "…")
_TITLES = ("ông", "bà")
_SHOWN = "shown"  # the filter around every value of a template


class _Environment(SandboxedEnvironment):
    """Gives every value that a template prints the name of what it prints, so that a blank can be named."""

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        rows = {
            loop.target.name: loop.iter.attr
            for loop in tree.find_all(nodes.For)
            if isinstance(loop.target, nodes.Name) and isinstance(loop.iter, nodes.Getattr)
        }
        for output in tree.find_all(nodes.Output):
            output.nodes = [_named(part, rows) for part in output.nodes]
        return tree


def _named(part: nodes.Expr, rows: Mapping[str, str]) -> nodes.Expr:
    if isinstance(part, nodes.TemplateData):
        return part
    source = nodes.Const(_source(part, rows), lineno=part.lineno)
    return nodes.Filter(part, _SHOWN, [source], [], None, None, lineno=part.lineno)


def _source(part: nodes.Expr, rows: Mapping[str, str]) -> str:
    """What fills an expression: a field of the letter before one of the unit, a cell by its table, a citation."""
    read = list(part.find_all(nodes.Getattr)) + ([part] if isinstance(part, nodes.Getattr) else [])
    owned = [(item.node.name, item.attr) for item in read if isinstance(item.node, nodes.Name)]
    for owner, attr in sorted(owned, key=lambda item: item[0] not in ("f", *rows)):
        cell = f"{rows[owner]}.{attr}" if owner in rows else ""
        found = {"f": attr, "unit": f"unit_{attr}", "officer": "officer"}.get(owner) or cell
        if found:
            return found
    calls = [part] if isinstance(part, nodes.Call) else list(part.find_all(nodes.Call))
    cited = [call.args[0] for call in calls if isinstance(call.node, nodes.Name) and call.node.name == "law"]
    return next((f"law.{key.value}" for key in cited if isinstance(key, nodes.Const)), "")


@cache
def environment() -> SandboxedEnvironment:
    """Return the environment of the letter templates, with their filters."""
    made = _Environment(undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True, autoescape=False)
    made.filters |= {
        _SHOWN: _shown,
        "long_date": lambda value: long_date(_day(value)),
        "dmy": lambda value: date_vi(_day(value)) if value else None,
        "money": lambda value: f"{BLANK if value is None else number(int(value))} đồng",
        "in_words": lambda value: money_words(int(value)) if value is not None else None,
        "number": lambda value: _grouped(value) if value is not None else None,
        "first_up": lambda value: value[:1].upper() + value[1:] if value else value,
        "sentence": lambda value: _sentence(value) if value else value,
        "sum": _total,
        "tally": _tally,
        "day_or_text": _day_or_text,
        "label": _labelled,
        "signature": lambda value: _signature(value) if value else value,
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
def _shown(context: Context, value: Any, source: str) -> str:
    """The value as it prints; a blank is recorded under its source."""
    text = str(context["blank"] if value is None or value == "" else value)
    if BLANK in text and source:
        context["blanks"](source)
    return literal(text)


def _sentence(value: str) -> str:
    """Typed text with exactly one full stop at its end."""
    text = value.rstrip(" ;,:\n")
    return text if text.endswith(_ENDS) else f"{text}."


def _total(rows: Sequence[Mapping[str, Any]], column: str) -> int:
    """The sum of a column of a table, as far as its cells are numbers."""
    texts = (str(row.get(column) or "").replace(".", "") for row in rows)
    return sum(int(text) for text in texts if text.isdecimal())


def _tally(rows: Sequence[Mapping[str, Any]], column: str) -> list[tuple[str, int]]:
    """How often each value occurs in a column of a table, in order of the rows."""
    return list(Counter(str(row[column]) for row in rows if row.get(column)).items())


def _day_or_text(value: Any) -> Any:
    """A day as dd/mm/yyyy; a typed text as it is."""
    try:
        return date_vi(_day(value)) if value else value
    except ValueError:
        return value


def _signature(value: str) -> str:
    """The name under a signature: without title, post and address, as Circular 01/2011 art. 12 has it."""
    name = value.partition(",")[0].partition("(")[0].strip(" .;")
    title, _, rest = name.partition(" ")
    return rest if title.lower() in _TITLES and rest else name


def _grouped(value: Any) -> str:
    """A number with thousands separators; other text of table cells is unchanged."""
    digits = str(value).replace(".", "").replace(" ", "")
    return number(int(digits)) if digits.isdecimal() else str(value)


def _day(value: Any) -> date | None:
    return value if isinstance(value, date) or not value else date.fromisoformat(str(value))
