"""Everything that is wrong with an act that was typed, in one error: a form goes round once."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from models.errors import WrongInput
from procedures.day_vocabulary import REASON
from procedures.facts import Need
from procedures.schema import Verb
from procedures.state_machine.asked_fields import pair
from procedures.state_machine.day_rules import DaysOfAct, broken_days, refusal_of
from procedures.state_machine.field_values import parse_fields, readable_fields

EVIDENCE = "evidence"  # the files of an act, as the name of a field


def lacks_evidence(verb: Verb, evidence: Sequence[str]) -> bool:
    """Whether an act needs a file that proves it and has none."""
    return verb.evidence == "required" and not evidence


def parse_act(
    name: str,
    needs: Sequence[Need],
    typed: Mapping[str, Any],
    given: DaysOfAct,
    evidence: Sequence[str],
    already: Sequence[WrongInput] = (),
) -> dict[str, Any]:
    """`parse_fields` for an act. `already`: what is known to be wrong.

    Raises WrongInput, with every wrong field and day, and the evidence that is lacking, in `also`.
    """
    verb = given.procedure.verbs[name]
    lacking, found = lacks_evidence(verb, evidence), [*already]
    try:
        data = parse_fields(needs, typed, given.today)
    except WrongInput as wrong:
        found += wrong.every
        data = readable_fields(needs, typed, given.today)
    if found or lacking:
        found += _days(name, replace(given, data=data), asked=not found and not typed.get(REASON))
    if found:
        raise _together(verb, found, lacking)
    return data


def _days(name: str, given: DaysOfAct, *, asked: bool = False) -> list[WrongInput]:
    """The impossible days; with `asked` the unlawful ones too, which ask for a reason."""
    broken = broken_days(name, given)
    return [refusal_of(name, item, given) for item in broken if asked or not item.unlawful]


def _together(verb: Verb, found: Sequence[WrongInput], lacking: bool) -> WrongInput:
    """The first error with the others; of several for one field the first is kept."""
    first_of = {item.field: item for item in reversed(found)}
    first, *rest = [item for item in found if first_of[item.field] is item]
    if lacking:
        rest.append(WrongInput(EVIDENCE, "evidence_required", verb=pair(verb.label)))
    first.params["also"] = rest
    return first
