"""Checks of what a file says about the values of acts: the verbs, fields and codes are defined."""

from collections.abc import Iterator, Mapping
from typing import Any

from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.schema import Procedure, Says, Verb


def said(procedure: Procedure, place: Place, **rules: tuple[Says, ...]) -> Iterator[Finding]:
    """The acts after which a ground or an overlay changes, by the key that lists them."""
    for key, listed in rules.items():
        for rule in listed:
            yield from unknown((*place, key), rule.verb, procedure.verbs, "verb")
            for name in rule.verb:
                if name in procedure.verbs:
                    yield from valued((*place, key), procedure.verbs[name], rule.where)


def valued(place: Place, verb: Verb, fields: Mapping[str, Any]) -> Iterator[Finding]:
    """The fields of an act with the values that they have to have."""
    yield from unknown(place, fields, verb.needs, "field")
    for name, value in fields.items():
        options = verb.needs[name].options if name in verb.needs else {}
        if options:
            yield from unknown(place, value if isinstance(value, list) else [value], options, "option")
