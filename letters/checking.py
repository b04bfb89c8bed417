"""Checks of the letter templates: every branch, at both levels, with all data and with none."""

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from itertools import product

from jinja2 import nodes
from jinja2.exceptions import TemplateError as JinjaError
from jinja2.meta import find_undeclared_variables

from letters.catalogue import FieldKind, LetterType, TemplateError, letter_types
from letters.draft import draft_of
from letters.field_sources import (
    BATCH,
    CASE,
    COUNCIL,
    DEADLINE,
    EACH,
    FIGURES,
    LETTER,
    OBSTACLES,
    OF_BATCH,
    OF_CASE,
    OF_COUNCIL,
    OF_OBSTACLES,
    OF_PROGRAMME,
    TERM,
    alternatives,
)
from letters.filling import environment, labels
from letters.letter_input import CaseInput, DistrictInput, LetterInput, OfficerInput
from letters.letter_names import addressees, names_of
from letters.marks import MARKS
from letters.programme_plan import PLANS
from letters.remedy_names import SETTLERS
from letters.specimen import SIGNING_DAY, UNIT, blank, specimen, ways_of
from letters.template_terms import named_in
from letters.tree import Block, Letter, Table
from procedures.definition.loader import load, read
from procedures.law.rules import rules
from procedures.named_terms import NamedTerms, UnknownTerm, terms_of
from procedures.schema import Procedure
from rulebook.shipped import shipped

DAYS = (date(2014, 12, 1), SIGNING_DAY, date(2016, 10, 3), date(2020, 3, 4), date(2020, 3, 5))
GLOBALS = frozenset(
    "unit case district city officer way f names law article in_force settlers on htx sums term day has remedy".split()
)
_ATTRIBUTES: Mapping[str, frozenset[str]] = {
    "unit": frozenset(UNIT), "case": frozenset(CaseInput.__annotations__),
    "district": frozenset(DistrictInput.__annotations__), "officer": frozenset(OfficerInput.__annotations__),
    "settlers": frozenset(SETTLERS),
}  # fmt: skip
_ROW_METHODS = frozenset(("get", "items", "keys", "values", "count"))
_TWICE = re.compile(r"  |\.\.|;\.|,\.|\.;|,,|;;| [.,;:]|: *$")
_NAMED = {  # sources with their names
    CASE: OF_CASE,
    FIGURES: OF_PROGRAMME,
    COUNCIL: OF_COUNCIL,
    BATCH: OF_BATCH,
    OBSTACLES: OF_OBSTACLES,
}
_FIELD = re.compile(r"\{f\[(\w+)\]\}")


def problems(kinds: Mapping[str, LetterType] | None = None) -> Iterator[str]:
    """Yield the problems of letter types (None: all), one sentence each, starting with the template's name."""
    known = acts()
    for kind in (letter_types() if kinds is None else kinds).values():
        found = [*_of_front(kind, known), *_of_text(kind)]
        yield from (f"{kind.name}: {problem}" for problem in found)
        if not found:
            yield from _of_letters(kind)


@cache
def _procedures() -> tuple[Procedure, ...]:
    """The current procedure and the earlier versions, whose cases also use the templates."""
    return (load(), *(read(item.text, item.pin, None) for item in shipped().former.values()))


@cache
def known_terms() -> tuple[NamedTerms, ...]:
    """Return the terms of each of these procedures."""
    return tuple(terms_of(procedure) for procedure in _procedures())


def acts() -> frozenset[str]:
    """Return `verb.field` for all verbs of these procedures."""
    return frozenset(
        f"{name}.{need}" for procedure in _procedures() for name, verb in procedure.verbs.items() for need in verb.needs
    )


def _of_front(kind: LetterType, known: frozenset[str]) -> Iterator[str]:
    yield from (f"unknown article {key}" for key in kind.every_basis if not _is_citable(key))
    for key in (*kind.addressees, *kind.every_recipient):
        field = _FIELD.fullmatch(key)
        if (field and field[1] not in kind.fields) or (not field and key not in addressees()):
            yield f"unknown addressee {key}; known: {', '.join(addressees())}"
    if "as_above" in kind.recipients and not kind.addressees:
        yield "as_above, but the letter goes to nobody above"
    if MARKS in kind.fields:
        yield f"no field may be called {MARKS}"
    for name, needed in kind.fields.items():
        yield from _of_field(name, needed, known)


def _is_citable(key: str) -> bool:
    """Whether the key is an article of the rules, or a plan that the office enters."""
    return key in rules() or key in PLANS


def _of_field(name: str, field: FieldKind, known: frozenset[str]) -> Iterator[str]:
    if (field.type == "table") != bool(field.columns):
        yield f"field {name}: columns belong to a table, and a table needs them"
    for column in _ROW_METHODS & field.columns.keys():
        yield f"field {name}: a column may not be called {column}"
    for place in alternatives(field.from_):
        yield from (f"field {name}: {problem}" for problem in _of_source(place, field, known))


def _of_source(place: str, field: FieldKind, known: frozenset[str]) -> Iterator[str]:
    verb, _, need = place.partition(".")
    every = place.removeprefix(f"{EACH} ").strip() if place.startswith(f"{EACH} ") else ""
    if every:
        yield from (f"no act has {every}.{column}" for column in field.columns if f"{every}.{column}" not in known)
    elif verb == LETTER:
        if need not in letter_types():
            yield f"there is no letter {need}"
    elif verb in (DEADLINE, TERM):
        if not any(need in procedure.deadlines for procedure in _procedures()):
            yield f"there is no deadline {need}"
    elif verb in _NAMED:
        known_here = _NAMED[verb]
        if need not in known_here:
            yield f"no {place}; known: {', '.join(known_here)}"
    elif place not in known:
        yield f"no act has {place}"


def _of_text(kind: LetterType) -> Iterator[str]:
    """Check names, filters and articles in every branch, also those that no specimen reaches."""
    for text in (kind.summary, kind.proposer, kind.second_signer, kind.signers, kind.body):
        try:
            tree = environment().parse(text)
            environment().from_string(text)
        except JinjaError as error:
            yield str(error)
            continue
        yield from (f"undefined name {name}" for name in sorted(find_undeclared_variables(tree) - GLOBALS - {"range"}))
        yield from _of_attributes(kind, tree)
        yield from _of_calls(tree)
    yield from _of_terms(kind)


def _of_terms(kind: LetterType) -> Iterator[str]:
    """Check that every term in the template is defined by the current procedure and by the earlier versions."""
    try:
        named = list(dict.fromkeys(named_in(kind)))
    except JinjaError:  # reported with its text
        return
    for terms in known_terms():
        for item in named:
            try:
                terms.require(item.kind, item.key)
            except UnknownTerm as error:
                place = f"line {item.line}" if item.line else "front matter"
                yield f"{place}: unknown {item.kind} {item.key}; known: {error.known}"


def _of_attributes(kind: LetterType, tree: nodes.Template) -> Iterator[str]:
    known = {**_ATTRIBUTES, "f": frozenset(kind.fields), "names": frozenset(names_of(kind, specimen(kind)))}
    yield from _unknown(tree, known)
    for loop in tree.find_all(nodes.For):
        table = loop.iter.attr if isinstance(loop.iter, nodes.Getattr) else ""
        if table in kind.fields and isinstance(loop.target, nodes.Name):
            yield from _unknown(loop, {loop.target.name: frozenset(kind.fields[table].columns)})


def _unknown(within: nodes.Node, known: Mapping[str, frozenset[str]]) -> Iterator[str]:
    for node in within.find_all(nodes.Getattr):
        owner = node.node.name if isinstance(node.node, nodes.Name) else ""
        if owner in known and node.attr not in known[owner]:
            yield f"undefined name {owner}.{node.attr}; known: {', '.join(sorted(known[owner]))}"


def _of_calls(tree: nodes.Template) -> Iterator[str]:
    for call in tree.find_all(nodes.Call):
        if isinstance(call.node, nodes.Name) and call.node.name in ("law", "in_force"):
            key = call.args[0].as_const() if call.args else ""
            if not _is_citable(key):
                yield f"unknown article {key}"
    for used in tree.find_all(nodes.Filter):
        if used.name == "label" and used.args[0].as_const() not in labels():
            yield f"unknown labels {used.args[0].as_const()}; known: {', '.join(labels())}"


def _of_letters(kind: LetterType) -> Iterator[str]:
    """Problems of letters drafted from the template: every level, way of dissolution and day, filled and blank."""
    made: dict[str, None] = {}
    for level, way in product(kind.levels, ways_of(kind)):
        filled = (specimen(kind, level, way), blank(kind, level, way), *_without_one(kind, level, way))
        for data, day in product(filled, DAYS):
            try:
                letter = draft_of(kind, data, day)
            except TemplateError as error:
                made[str(error)] = None
            else:
                made |= dict.fromkeys(_of_letter(letter))
    yield from made


def _without_one(kind: LetterType, level: str, way: str) -> Iterator[LetterInput]:
    """Variants of the specimen: without each optional field, and with each yes as no."""
    for name, field in kind.fields.items():
        data = specimen(kind, level, way)
        if field.type == "boolean":
            yield {**data, "extra": {**data["extra"], name: not data["extra"][name]}}
        if not field.required:
            yield {**data, "extra": {**data["extra"], name: None}}


def _of_letter(letter: Letter) -> Iterator[str]:
    name = letter.template
    if not any(isinstance(block, Table) or block.kind != "basis" for block in letter.body):
        yield f"{name}: says nothing"
    if not letter.summary.strip():
        yield f"{name}: has no summary"
    if not letter.recipients[:-1]:
        yield f"{name}: nobody receives it"
    for block in (*letter.body, *(part for appendix in letter.appendices for part in appendix.body)):
        if isinstance(block, Table):
            if sum(block.widths) != 100:
                yield f"{name}: the widths of {' | '.join(block.header)} are not 100 together"
        elif _TWICE.search(block.text) and not _introduces(block):
            yield f"{name}: look at the marks in: {block.text[-80:]}"


def _introduces(block: Block) -> bool:
    """Whether a paragraph ends with a colon and so introduces the next one."""
    return block.text.endswith(":") and not _TWICE.search(block.text.rstrip(":"))
