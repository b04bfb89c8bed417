"""Finds the terms of law named in letter templates, in every branch, without rendering them."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from jinja2 import nodes

from letters.catalogue import LetterType, letter_types
from letters.filling import environment, labels
from procedures.definition.known_letters import KnownLetter, KnownLetters
from procedures.law.remedies import remedy_sentences
from procedures.named_terms import keys_in


@dataclass(frozen=True, slots=True)
class NamedHere:
    """A term or fixed date named in a template; `line`: line of the file, 0 for the front matter."""

    kind: str  # "term" or "day"
    key: str
    line: int


def named_in_letters() -> KnownLetters:
    """Return what a procedure has to know of each letter type: the terms and dates it names, and its issuer."""
    return {name: KnownLetter(_keys(name), kind.issuer) for name, kind in letter_types().items()}


@cache
def _keys(name: str) -> frozenset[str]:
    return frozenset(item.key for item in named_in(letter_types()[name]))


def named_in(kind: LetterType) -> Iterator[NamedHere]:
    """Yield the terms of one letter type, including those in labels of codes. Raises jinja2's TemplateError."""
    for text in (kind.summary, kind.proposer, kind.second_signer, kind.signers):
        for item in named_in_text(environment().parse(text)):
            yield NamedHere(item.kind, item.key, 0)
    for item in named_in_text(environment().parse(kind.body)):
        yield NamedHere(item.kind, item.key, item.line + kind.body_line - 1)


def named_in_text(tree: nodes.Template) -> Iterator[NamedHere]:
    """Yield the terms of a parsed template; lines count within it."""
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("term", "day"):
            key = call.args[0] if call.args else None
            yield NamedHere(call.node.name, key.value if isinstance(key, nodes.Const) else "", call.lineno)
        if isinstance(call.node, nodes.Name) and call.node.name == "remedy":
            which = call.args[2].as_const() if len(call.args) > 2 else "first"
            yield from named_in_text(environment().parse(remedy_sentences()[which]))
    for used in tree.find_all(nodes.Filter):
        if used.name == "label":
            texts = labels().get(used.args[0].as_const(), {}).values()
            yield from (NamedHere(*found, used.lineno) for text in texts for found in keys_in(text))
