"""Closed cases as a test of a version: is each recorded fact allowed by it, and is the outcome the same?"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from casework.upkeep.open_cases import closed_cases
from models.errors import CoopcaseError
from procedures.schema import Procedure
from procedures.state_machine.fold import fold
from procedures.state_machine.replay import first_refusal
from rulebook.versions import Versions


@dataclass(frozen=True, slots=True)
class Unlawful:
    """A closed case with the first fact that would have been refused."""

    ref: str
    unit: str
    seq: int
    verb: str
    label: Mapping[str, str]
    reason: CoopcaseError


@dataclass(frozen=True, slots=True)
class OtherEnd:
    """A closed case that would be open under the version, or closed with another outcome or on another day."""

    ref: str
    unit: str
    before: Mapping[str, str]
    after: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Replayed:
    """How many closed cases were replayed, and those with another result."""

    pin: str
    cases: int
    unlawful: tuple[Unlawful, ...]
    other_end: tuple[OtherEnd, ...]


def replay(connection: Connection, new: Procedure) -> Replayed:
    """Every closed case decided again fact by fact; nothing is changed, and closed cases are never migrated."""
    versions = Versions(connection)
    count, unlawful, other_end = 0, list[Unlawful](), list[OtherEnd]()
    for row, facts in closed_cases(connection):
        count += 1
        refusal = first_refusal(new, facts)
        if refusal is not None:
            fact = refusal.fact
            label = _label(versions, fact.kind, row["procedure"])
            unlawful.append(Unlawful(row["ref"], row["unit_name"], fact.seq, fact.kind, label, refusal.reason))
            continue
        after = fold(new, facts)
        if (after.outcome, after.closed_on) != (row["outcome"], row["closed_on"]):
            was = _end(versions.of(row["procedure"]), row["state"], row["outcome"])
            other_end.append(OtherEnd(row["ref"], row["unit_name"], was, _end(new, after.state, after.outcome)))
    return Replayed(new.pin, count, tuple(unlawful), tuple(other_end))


def _label(versions: Versions, verb: str, pin: str) -> Mapping[str, str]:
    found: Any = versions.part("verbs", verb, pin)
    return {"vi": found.done.vi, "en": found.done.en} if found else {"vi": verb, "en": verb}


def _end(procedure: Procedure, state: str, outcome: str | None) -> Mapping[str, str]:
    known = procedure.outcomes.get(outcome or "") or procedure.states.get(state)
    return {"vi": known.label.vi, "en": known.label.en} if known else {"vi": state, "en": state}
