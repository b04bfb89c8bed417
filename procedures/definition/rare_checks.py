"""Checks of rare acts: a list folds them, so that each step needs an act beside them."""

from collections.abc import Iterator

from procedures.definition.paper_checks import Finding
from procedures.facts import CLOCK
from procedures.schema import Procedure


def only_rare(procedure: Procedure) -> Iterator[Finding]:
    """Every step whose own acts are all rare: nothing would be shown, and none of them comes next."""
    for key, state in procedure.states.items():
        own = [verb for verb in procedure.verbs.values() if key in verb.from_ and set(verb.by) != {CLOCK}]
        if own and not state.final and all(verb.rare for verb in own):
            yield ("states", key), "procedure_only_rare", {"found": key}
