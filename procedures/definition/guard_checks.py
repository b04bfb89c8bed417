"""Names in the parameters of guards that read fields, steps and columns: each is defined."""

from collections.abc import Iterator, Mapping
from typing import Any

from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.schema import Procedure, Verb

# by guard: parameters that name fields of the act itself
_OWN_FIELDS: Mapping[str, tuple[str, ...]] = {
    "vote": ("present", "in_favour"),
    "quorum": ("session", "members", "present"),
    "ground_ripe": ("ground", "since"),
    "lawful_suspension": ("notified", "from", "to"),
    "payout_balances": ("rows", "available"),
    "payout_computed": ("rows", "available", "reason"),
    "council_complete": ("rows",),
}
# by guard with a table: parameters that name its columns
_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "payout_balances": ("rank", "claim", "paid", "claimant"),
    "council_complete": ("seat", "name", "reason"),
}
_STEPS = (
    "returned_or_waived",
    "undivided_settled",
    "still_stands",
    "shortage_weighed",
)  # guards whose `by` names steps


def names_in_guard(procedure: Procedure, spot: Place, verb: Verb, guard: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield the undefined names of a guard that has the right shape."""
    for name, fields in _OWN_FIELDS.items():
        if name in guard:
            yield from unknown(spot, [guard[name][key] for key in fields], verb.needs, "field")
    if "release_computed" in guard:
        yield from unknown(spot, [guard["release_computed"]], verb.needs, "field")
    for name, columns in _COLUMNS.items():
        if name in guard and guard[name]["rows"] in verb.needs:
            known = verb.needs[guard[name]["rows"]].columns
            yield from unknown(spot, [guard[name][key] for key in columns], known, "field")
    yield from _council(spot, verb, guard)
    for name in _STEPS:
        if name in guard:
            named = [*guard[name]["by"], *guard[name].get("instead", ())]
            yield from unknown(spot, named, procedure.verbs, "verb")
    yield from _defined(procedure, spot, verb, guard)
    yield from _earlier(procedure, spot, guard)


def _defined(procedure: Procedure, spot: Place, verb: Verb, guard: Mapping[str, Any]) -> Iterator[Finding]:
    """Steps, states, deadlines and kinds that a rule of a shape of its own names."""
    if rule := guard.get("decision_in_force"):
        yield from unknown(spot, rule["ended_by"], procedure.verbs, "verb")
        yield from unknown(spot, rule["made_at"], procedure.states, "state")
    if rule := guard.get("served_before"):
        yield from unknown(spot, [rule["deadline"]], procedure.deadlines, "deadline")
        yield from unknown(spot, filter(None, [rule.get("matter")]), verb.needs, "field")
    yield from unknown(spot, guard.get("regular", ()), procedure.verbs, "verb")
    for name in ("kind_among", "kind_not_among"):
        yield from unknown(spot, guard.get(name, ()), procedure.kind_rules(), "kind")


def _earlier(procedure: Procedure, spot: Place, guard: Mapping[str, Any]) -> Iterator[Finding]:
    """Fields of the earlier steps that a guard reads."""
    reads: list[tuple[str, list[str]]] = []
    if rule := guard.get("newspaper_issues"):
        reads.append((rule["verb"], [rule["newspaper"], rule["issue"], *filter(None, [rule.get("day")])]))
    if rule := guard.get("undivided_settled"):
        reads.append((rule["stated"]["verb"], [rule["stated"]["field"]]))
        yield from unknown(spot, filter(None, [rule["first"]]), procedure.verbs, "verb")
    if rule := guard.get("served_before"):
        reads.append((rule["verb"], [*filter(None, [rule.get("matter")])]))
    if rule := guard.get("shortage_weighed"):
        reads.append((rule["verb"], [rule["more"], rule["than"]]))
    if rule := guard.get("returned_or_waived"):
        reads += [(name, [rule["field"]]) for name in rule["by"]]
    for name, fields in reads:
        yield from unknown(spot, [name], procedure.verbs, "verb")
        if name in procedure.verbs:
            yield from unknown(spot, fields, procedure.verbs[name].needs, "field")


def _council(spot: Place, verb: Verb, guard: Mapping[str, Any]) -> Iterator[Finding]:
    rule = guard.get("council_complete")
    if rule and rule["rows"] in verb.needs and rule["seat"] in (columns := verb.needs[rule["rows"]].columns):
        yield from unknown(spot, [*rule["seats"], *rule["never_vacant"]], columns[rule["seat"]].options, "option")
