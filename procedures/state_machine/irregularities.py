"""Irregularities: days of an act that the law does not allow and that are what really happened.

An act states them in its fact, under `irregularities`. Each lasts until a further act cures it or the deciding body
accepts it in writing; a second person confirms that it is so. Until then the guards do not count the fact.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.errors import WrongInput
from procedures.day_vocabulary import REASON, DayRef, DayRule
from procedures.facts import IRREGULARITIES, RESERVED, CaseState, FactView, Irregularity
from procedures.state_machine.day_rules import Bound, BrokenDay, DaysOfAct, KnownDay, broken_days, refusal_of
from procedures.state_machine.field_values import clean_text

DAYS = "days"  # in the same facts: how many unlawful days the person saw
OF = "of"  # in the facts that confirm or accept an irregularity: the number of the irregular fact


def with_irregularities(
    name: str, given: DaysOfAct, data: Mapping[str, Any], reason: Any, *, ask: bool = True
) -> dict[str, Any]:
    """Return the data of an act with its irregularities, checked against the rules on its days.

    Args:
        reason: why an unlawful day is what really happened, as typed.
        ask: whether an unlawful day without a reason is refused; a paper that takes effect later cannot be asked.

    Raises:
        WrongInput: an impossible day, or an unlawful one without a reason; `also` of the error has the others.
    """
    broken = broken_days(name, given)
    impossible = [refusal_of(name, item, given) for item in broken if not item.unlawful]
    if impossible:
        raise _together(impossible)
    said = clean_text(REASON, reason or "")
    unlawful = [item for item in broken if item.unlawful]
    if unlawful and not said and ask:
        wanted = WrongInput(REASON, "irregularity_needs_reason")
        raise _together([wanted, *(refusal_of(name, item, given) for item in unlawful)])
    return {**data, IRREGULARITIES: [written(item, said) for item in unlawful]} if unlawful else dict(data)


def reason_apart(data: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """What was typed into the fields of an act, and the reason for its unlawful days, if one was given."""
    typed = dict(data)
    return typed, typed.pop(REASON, None)


def typed_again(data: Mapping[str, Any]) -> tuple[dict[str, Any], Any]:
    """What was typed into the fields of a recorded or prepared act, and the reason for its unlawful days."""
    items = data.get(IRREGULARITIES) or ()
    return {name: value for name, value in data.items() if name not in RESERVED}, items[0]["reason"] if items else ""


def _together(wrong: Sequence[WrongInput]) -> WrongInput:
    """The first error with the others; of several for one field the first is kept."""
    by_field = {item.field: item for item in reversed(wrong)}
    first, *rest = [item for item in wrong if by_field[item.field] is item]
    first.params["also"] = rest
    return first


def written(item: BrokenDay, reason: str) -> dict[str, Any]:
    """An irregularity as the fact keeps it, so that it is the same under every later version of the procedure."""
    bound = item.bound
    return {
        "rule": bound.kind,
        "field": bound.field,
        "day": item.day.isoformat(),
        "limit": bound.limit.isoformat(),
        "other": bound.ref.model_dump(exclude_defaults=True),
        "other_day": bound.other.on.isoformat(),
        "other_seq": bound.other.seq,
        "term": bound.term,
        "article": bound.rule.article,
        "accept": list(bound.rule.accept),
        "cured_by": list(bound.rule.cured_by),
        "reason": reason,
    }


def read(item: Mapping[str, Any]) -> BrokenDay:
    """The broken rule that an irregularity of a fact states."""
    rule = DayRule.model_validate(
        {"not_before": "today", "kind": "unlawful", "article": item["article"], "accept": item["accept"]}
    )
    other = KnownDay(date.fromisoformat(item["other_day"]), item["other_seq"])
    ref = DayRef.model_validate(item["other"])
    bound = Bound(item["field"], item["rule"], date.fromisoformat(item["limit"]), other, ref, rule, item["term"])
    return BrokenDay(bound, date.fromisoformat(item["day"]))


def note(state: CaseState, fact: FactView) -> None:
    """Fold an act: its own irregularities, and those of earlier acts that it cures."""
    items = fact.data.get(IRREGULARITIES) or ()
    if items:
        state.irregularities.setdefault(fact.seq, Irregularity()).add(fact, items)
        return
    for found in state.irregularities.values():
        if not found.settled:
            found.cure(fact)


def settle(state: CaseState, fact: FactView) -> None:
    """Fold the confirmation or the acceptance of an irregularity."""
    found = state.irregularities.get(int(fact.data[OF]))
    if found is None or found.settled or len(found.items) > int(fact.data.get(DAYS, len(found.items))):
        return  # of a take-over to which an unlawful day was added since, that day waits for a second person again
    if fact.kind == "irregularity_accepted":
        found.status, found.settled_by = "accepted", fact.seq
    else:
        found.status = "confirmed"
    found.seen_by = fact.seq
