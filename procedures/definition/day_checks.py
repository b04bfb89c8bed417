"""Checks of the days that a procedure file declares: every date field does, and what its rules name is defined."""

from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files

from models.yaml_text import read_yaml
from procedures.day_vocabulary import OWN, DayRef, DayRule
from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.law.rules import rules as articles
from procedures.named_terms import terms_of
from procedures.schema import Procedure, Verb
from procedures.state_machine.day_rules import COUNTED_UNITS

BEFORE_VERSION_4 = "days_before_version_4.yaml"


def day_problems(procedure: Procedure, letters: Collection[str] | None) -> Iterator[Finding]:
    """Yield every problem. `letters`: known templates; None leaves letters unchecked.

    The published versions that were written before days were declared need not declare any.
    """
    undated = procedure.own_days is None and procedure.pin in _undated()
    if procedure.own_days is None and not undated:
        yield ("own_days",), "procedure_no_own_days", {}
    for key in ("moving", "staying"):
        rules = getattr(procedure.own_days, key, ())
        yield from _rules(procedure, ("own_days", key), OWN, rules, None, letters)
    for name, verb in procedure.verbs.items():
        place: Place = ("verbs", name)
        if verb.on is not None:
            yield from _declared((*place, "on"), bool(verb.on.days), verb.on.free is not None)
            yield from _rules(procedure, (*place, "on"), OWN, verb.on.days, verb, letters)
        for field, need in verb.needs.items():
            spot = (*place, "needs", field)
            if need.type == "date" and not undated:
                yield from _declared(spot, bool(need.days), need.free is not None)
            elif need.type != "date" and (need.days or need.free):
                yield spot, "procedure_days_of_no_date", {"found": field}
            yield from _rules(procedure, spot, field, need.days, verb, letters)


@cache
def _undated() -> frozenset[str]:
    text = files("procedures").joinpath(BEFORE_VERSION_4).read_text(encoding="utf-8")
    return frozenset(read_yaml(text)["versions"])


def _declared(place: Place, rules: bool, free: bool) -> Iterator[Finding]:
    if rules == free:
        yield place, "procedure_day_both" if rules else "procedure_day_undeclared", {}


def _rules(
    procedure: Procedure,
    place: Place,
    field: str,
    rules: tuple[DayRule, ...],
    verb: Verb | None,
    letters: Collection[str] | None,
) -> Iterator[Finding]:
    for position, rule in enumerate(rules):
        spot = (*place, "days", position) if place[0] != "own_days" else (*place, position)
        for _, ref, term in rule.bounds():
            yield from _reference(procedure, spot, field, ref, verb, letters)
            yield from _term(procedure, spot, term)
        yield from unknown(spot, rule.accept, procedure.roles, "role")
        yield from unknown(spot, rule.cured_by, procedure.verbs, "verb")
        yield from unknown(spot, (*rule.when, *rule.unless), verb.needs if verb else (), "field")
        if rule.length is not None and rule.length.unbroken:
            yield from unknown(spot, [rule.length.unbroken], procedure.overlays, "overlay")
        if rule.kind == "unlawful" and not rule.article:
            yield spot, "procedure_no_article", {}
        yield from unknown(spot, filter(None, [rule.article]), articles(), "article")


def _term(procedure: Procedure, spot: Place, term: str) -> Iterator[Finding]:
    """A length names a term that is counted by the calendar."""
    spans = terms_of(procedure).spans
    yield from unknown(spot, filter(None, [term]), {*spans, *procedure.terms}, "term")
    if term in spans and spans[term].unit not in COUNTED_UNITS:
        yield spot, "procedure_day_unit", {"found": term, "units": ", ".join(COUNTED_UNITS)}


def _reference(
    procedure: Procedure, spot: Place, field: str, ref: DayRef, verb: Verb | None, letters: Collection[str] | None
) -> Iterator[Finding]:
    yield from unknown(spot, filter(None, [ref.start, ref.end]), procedure.deadlines, "deadline")
    yield from unknown(spot, filter(None, [ref.asked]), verb.needs if verb else (), "field")
    if letters is not None:
        yield from unknown(spot, filter(None, [ref.issued]), letters, "letter")
    if ref.verb:
        yield from unknown(spot, [ref.verb], procedure.verbs, "verb")
        other = procedure.verbs.get(ref.verb)
        if other is not None:
            yield from unknown(spot, [ref.field], _dates(other), "field")
            if verb is not None and not _may_come_before(procedure, other, verb):
                yield spot, "procedure_day_never_before", {"found": str(ref)}
    elif ref.field and not ref.named:
        yield from unknown(spot, [ref.field], _dates(verb) if verb else {OWN}, "field")
        if ref.field == field:
            yield spot, "procedure_day_of_itself", {"found": field}


def _dates(verb: Verb) -> Collection[str]:
    return {OWN, *(name for name, need in verb.needs.items() if need.type == "date")}


def _may_come_before(procedure: Procedure, first: Verb, second: Verb) -> bool:
    """Whether some way leads from where the first act is done, or from where it leads, to where the second is."""
    edges: dict[str, set[str]] = {key: set() for key in procedure.states}
    for verb in procedure.verbs.values():
        for source in procedure.sources(verb) & edges.keys():
            edges[source] |= _targets(procedure, verb)
    seen: set[str] = set()
    waiting = [*(_targets(procedure, first) or procedure.sources(first))]
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += edges.get(key, ())
    return bool(seen & procedure.sources(second))


def _targets(procedure: Procedure, verb: Verb) -> set[str]:
    if verb.to is None:
        return set()
    if isinstance(verb.to, str):
        return {verb.to}
    return set(verb.to.map.values()) or set(procedure.states)
