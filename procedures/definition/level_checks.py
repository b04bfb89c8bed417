"""Checks of the levels of offices: two of them, the one above the other, and every level that is named is one."""

from collections.abc import Iterator, Mapping
from typing import Any

from procedures.definition.paper_checks import Finding, unknown
from procedures.schema import Procedure


def level_problems(procedure: Procedure) -> Iterator[Finding]:
    """Yield every problem."""
    levels = procedure.levels
    if len(levels) != 2 or {rule.above for rule in levels.values()} != {"", procedure.top_level}:
        yield ("levels",), "procedure_levels", {}
    for key, kind in procedure.kinds.items():
        yield from unknown(("kinds", key, "registered"), [row.level for row in kind.registered], levels, "level")
    for name, verb in procedure.verbs.items():
        for place, guard in enumerate(verb.guards):
            yield from unknown(("verbs", name, "guards", place), _named_in(guard), levels, "level")


def _named_in(guard: str | Mapping[str, Any]) -> Iterator[str]:
    if isinstance(guard, Mapping):
        yield from filter(None, [guard.get("level_is")])
        for inner in guard.get("any_of", ()):
            yield from _named_in(inner)
