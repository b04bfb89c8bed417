"""What a grid asks: the columns of an act, what is proposed for each case, and what is typed as the act takes it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from casework.ledger import LoadedCase
from casework.typed_choices import code_of
from models.errors import Refused
from procedures.day_vocabulary import REASON
from procedures.facts import Need
from procedures.schema import Procedure
from procedures.state_machine.asked_fields import asked_of, pair
from procedures.state_machine.field_values import parse_day

ON, CASE = "on", "case"  # the day of the act; the key of what is wrong with a whole line
BESIDES = (ON, REASON)  # keys of a line that are no fields of the act


@dataclass(frozen=True, slots=True)
class Line:
    """A case with what is typed for it alone, by key; what it leaves empty is what was typed once for all.

    `seen`: the number of the last fact that the person saw, None where nobody looked.
    """

    ref: str
    values: Mapping[str, Any]
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class Asked:
    """An act for many cases: its lines, what is typed once for all, and the files that prove all of them."""

    verb: str
    lines: tuple[Line, ...]
    common: Mapping[str, Any]
    files: tuple[tuple[str, bytes], ...] = ()  # names and contents


def columns_of(loaded: Iterable[LoadedCase], verb: str) -> list[Need]:
    """The fields that the cases ask for, each once, with the options of all; tables are no columns.

    Raises Refused: no case knows the verb, or a table would have to be typed, which a cell cannot hold.
    """
    found: dict[str, Need] = {}
    known = False
    for case in loaded:
        if verb not in case.procedure.verbs:
            continue
        known = True
        for need in asked_of(case.procedure, case.procedure.verbs[verb], case.state):
            if need.type == "table":
                _require_given(case.procedure, verb, need)
            elif need.name in found:
                options = {**found[need.name].options, **need.options}
                found[need.name] = replace(found[need.name], options=options)
            else:
                found[need.name] = need
    if not known:
        raise Refused("no_such_verb", verb=verb)
    return list(found.values())


def proposals_of(loaded: LoadedCase, verb: str) -> dict[str, Any]:
    """What earlier acts of a case propose for the fields, as JSON values."""
    spec = loaded.procedure.verbs.get(verb)
    needs = asked_of(loaded.procedure, spec, loaded.state) if spec else ()
    return {need.name: need.proposed for need in needs if need.proposed not in (None, "", [])}


def data_of_line(loaded: LoadedCase, asked: Asked, line: Line) -> dict[str, Any]:
    """The fields of the act for one case: its cell, else what is for all, else what is proposed for a table."""
    typed = {key: value for key, value in {**asked.common, **_filled(line.values)}.items() if key != ON}
    spec = loaded.procedure.verbs[asked.verb]
    for need in asked_of(loaded.procedure, spec, loaded.state):
        if need.type == "table" and need.proposed:
            typed.setdefault(need.name, need.proposed)
        elif need.name in typed:
            typed[need.name] = code_of(need, typed[need.name])
    return {key: value for key, value in typed.items() if not _empty(value)}


def day_of_line(asked: Asked, line: Line) -> Any:
    """The day of the act for one case; None: today. Raises WrongInput."""
    text = str(line.values.get(ON) or asked.common.get(ON) or "")
    return parse_day(ON, text) if text.strip() else None


def _filled(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in values.items() if not _empty(value)}


def _empty(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _require_given(procedure: Procedure, verb: str, need: Need) -> None:
    if not need.fits_a_cell:
        raise Refused("grid_has_table", label=dict(need.label), verb=pair(procedure.verbs[verb].label))
