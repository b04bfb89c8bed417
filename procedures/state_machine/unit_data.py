"""What an act says of the unit, such as who represents it now."""

from collections.abc import Mapping
from typing import Any

from procedures.facts import CaseState
from procedures.schema import Verb


def note_unit(state: CaseState, verb: Verb, data: Mapping[str, Any]) -> None:
    """Take over the fields of the unit that an act gives."""
    if not verb.unit:
        return
    said: dict[str, Any] = {name: data[field] for name, field in verb.unit.items() if data.get(field)}
    if said:
        state.unit = {**state.unit, **said}
