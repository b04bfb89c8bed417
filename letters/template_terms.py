"""The terms of law that letter templates name, found in every branch without filling them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from jinja2 import nodes

from letters.catalogue import LetterType, letter_types
from letters.filling import environment, labels
from procedures.named_terms import keys_in


@dataclass(frozen=True, slots=True)
class NamedHere:
    """A term or a fixed date that a template names; `line` is the line of its file, 0 for its front matter."""

    kind: str  # "term" or "day"
    key: str
    line: int


def named_in_letters() -> Mapping[str, frozenset[str]]:
    """The keys of the terms and dates that each letter type names, by its name: what a procedure has to have."""
    return {name: _keys(name) for name in letter_types()}


@cache
def _keys(name: str) -> frozenset[str]:
    return frozenset(item.key for item in named_in(letter_types()[name]))


def named_in(kind: LetterType) -> Iterator[NamedHere]:
    """The terms of one letter type, also by way of the labels of its codes. Raises jinja2's TemplateError."""
    for text in (kind.summary, kind.proposer, kind.second_signer):
        for item in named_in_text(environment().parse(text)):
            yield NamedHere(item.kind, item.key, 0)
    for item in named_in_text(environment().parse(kind.body)):
        yield NamedHere(item.kind, item.key, item.line + kind.body_line - 1)


def named_in_text(tree: nodes.Template) -> Iterator[NamedHere]:
    """The terms of a parsed template; lines are counted within it."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("term", "day"):
            key = call.args[0] if call.args else None
            yield NamedHere(call.node.name, key.value if isinstance(key, nodes.Const) else "", call.lineno)
    for used in tree.find_all(nodes.Filter):
        if used.name == "label":
            texts = labels().get(used.args[0].as_const(), {}).values()
            yield from (NamedHere(*found, used.lineno) for text in texts for found in keys_in(text))
