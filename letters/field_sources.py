"""Reads the value of a letter's field: what was typed for the letter, else the first source that has one.

Sources, separated by `|`:
  verb.field     the latest fact of an act
  each VERB      all facts of an act, for a table
  letter.NAME    number and day of another letter of the case
  deadline.KEY   the last day of a clock of the case
  term.KEY       the last day of a clock that the letter's own act starts, counted from the letter's day
  case.NAME      what the case has come to (OF_CASE)
  figures.NAME   figures of the programme for the office of the case (OF_PROGRAMME)
  council.NAME   the council that serves the case (OF_COUNCIL)
  batch.NAME     the batch and the cases that a joint letter is about (OF_BATCH)
  obstacles.NAME the obstacles of several cases that a letter to one body is about (OF_OBSTACLES)
"""

from collections.abc import Mapping, Sequence
from typing import Any

from letters.catalogue import FieldKind
from letters.letter_input import LetterInput

EACH, DEADLINE, TERM, CASE, LETTER, FIGURES = "each", "deadline", "term", "case", "letter", "figures"
COUNCIL, BATCH, OBSTACLES = "council", "batch", "obstacles"
OF_CASE = ("outcome", "outcome_code", "irregularities", "papers", "not_handed_in")  # what `case.NAME` may name
OF_COUNCIL = ("name", "decision", "uses_seal", "chair", "members")
OF_BATCH = ("cases", "name")
OF_OBSTACLES = ("cases",)
OF_PROGRAMME = ("until_on", "counts", "closed", "late", "totals", "outcomes")  # and `figures.NAME`


def counts_its_day(data: LetterInput, name: str, kind: FieldKind) -> bool:
    """Whether the value of a field is counted from the day of the letter."""
    if data["extra"].get(name) not in (None, "") or f"{TERM}." not in kind.from_:
        return False
    filled = (place for place in alternatives(kind.from_) if from_facts(data["facts"], place) is not None)
    return next(filled, "").startswith(f"{TERM}.")


def value_of(data: LetterInput, name: str, kind: FieldKind) -> Any:
    """Return the value of a field; None when it has none."""
    typed = data["extra"].get(name)
    if typed not in (None, ""):
        return typed
    found = from_facts(data["facts"], kind.from_)
    return found if found not in (None, "", []) else None


def from_facts(facts: Mapping[str, Mapping[str, Any]], source: str) -> Any:
    """Return the value of a source such as `receive_file.received_on | letter.receipt_note`.

    The first alternative with a value is used; None without one.
    """
    for place in alternatives(source):
        value = _every(facts, place) if place.startswith(f"{EACH} ") else _one(facts, place)
        if value not in (None, "", []):
            return value
    return None


def alternatives(source: str) -> tuple[str, ...]:
    """Return the alternatives of a source, each trimmed."""
    return tuple(place.strip() for place in source.split("|") if place.strip())


def _one(facts: Mapping[str, Mapping[str, Any]], place: str) -> Any:
    verb, _, key = place.partition(".")
    return facts.get(verb, {}).get(key)


def _every(facts: Mapping[str, Mapping[str, Any]], place: str) -> Sequence[Mapping[str, Any]]:
    listed: Sequence[Mapping[str, Any]] = facts.get(EACH, {}).get(place.removeprefix(f"{EACH} ").strip(), ())
    return list(listed)
