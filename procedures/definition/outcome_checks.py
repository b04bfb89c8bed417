"""Checks of what outcomes and acts write into the register: codes that it has, and fields of acts."""

from collections.abc import Collection, Iterator, Mapping

from models.units import Grade, OperatingStatus
from procedures.definition.paper_checks import Finding, unknown
from procedures.schema import FromFact, Procedure

CODES: Mapping[str, Collection[str]] = {
    "grade": {item.value for item in Grade},
    "status": {item.value for item in OperatingStatus},
}


def written_outcomes(procedure: Procedure) -> Iterator[Finding]:
    """Every problem with what outcomes and acts write into the register."""
    for key, outcome in procedure.outcomes.items():
        for name, value in outcome.unit.items():
            place = ("outcomes", key, "unit", name)
            if isinstance(value, FromFact):
                yield from unknown(place, [value.verb], procedure.verbs, "verb")
                if value.verb in procedure.verbs:
                    yield from unknown(place, [value.field], procedure.verbs[value.verb].needs, "field")
            elif name in CODES:
                yield from unknown(place, [str(value)], CODES[name], "register_code")
    for key, verb in procedure.verbs.items():
        yield from unknown(("verbs", key, "unit"), verb.unit.values(), verb.needs, "field")
