"""Checks of the section `closing`: every letter of an act has its place there, every name in it is defined."""

from collections.abc import Iterator

from procedures.closing_parts import ClosingHold
from procedures.definition.known_letters import KnownLetters
from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import letters_of

SECTION = "closing"


def closing_problems(procedure: Procedure, letters: KnownLetters | None) -> list[Finding]:
    """Return the problems as `problems_of` does; a text without the section (versions 1 to 3) has none."""
    if SECTION not in procedure.model_fields_set:
        return []
    return [
        *_letters(procedure, letters),
        *(found for key, hold in procedure.closing.holds.items() for found in _hold(procedure, key, hold, letters)),
        *_waivers(procedure),
    ]


def _letters(procedure: Procedure, letters: KnownLetters | None) -> Iterator[Finding]:
    closing = procedure.closing
    for name, verb in procedure.verbs.items():
        for letter in letters_of(verb):
            if (letter in closing.papers) == (letter in closing.free):
                yield ("verbs", name, "letters"), "procedure_closing_letter", {"found": letter}
    if letters is not None:
        yield from unknown((SECTION, "papers"), closing.papers, letters, "letter")
        yield from unknown((SECTION, "free"), closing.free, letters, "letter")


def _hold(procedure: Procedure, key: str, hold: ClosingHold, letters: KnownLetters | None) -> Iterator[Finding]:
    place: Place = (SECTION, "holds", key)
    if [bool(hold.overlay), bool(hold.deadline), hold.irregular].count(True) != 1:
        yield place, "procedure_closing_hold", {}
    yield from unknown(place, filter(None, [hold.overlay]), procedure.overlays, "overlay")
    yield from unknown(place, filter(None, [hold.deadline]), procedure.deadlines, "deadline")
    yield from unknown(place, hold.by, procedure.verbs, "verb")
    if letters is not None:
        yield from unknown(place, hold.unless_proven, letters, "letter")
    if hold.unless_row is not None:
        yield from unknown(place, hold.unless_row.verbs, procedure.verbs, "verb")
        for verb in set(hold.unless_row.verbs) & procedure.verbs.keys():
            need = procedure.verbs[verb].needs.get(hold.unless_row.field)
            yield from unknown(place, hold.unless_row.where, need.columns if need else (), "field")


def _waivers(procedure: Procedure) -> Iterator[Finding]:
    for name, verb in procedure.verbs.items():
        if verb.waives is not None:
            need = verb.needs.get(verb.waives.field)
            columns = need.columns if need else ()
            yield from unknown(("verbs", name, "waives"), [verb.waives.column], columns, "field")
