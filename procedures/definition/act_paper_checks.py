"""Checks of the papers by which acts take effect."""

from collections.abc import Iterator

from procedures.definition.known_letters import KnownLetters
from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.schema import Verb


def act_papers(place: Place, verb: Verb, letters: KnownLetters | None) -> Iterator[Finding]:
    """An act's paper is drafted with the act, by people, and its body is the one that issues the letter."""
    spot = (*place, "takes_effect_by")
    types = {"day": "date", "symbol": "text"}
    if verb.takes_effect_by and verb.auto is not None:
        yield spot, "procedure_paper_auto", {}
    for paper in verb.takes_effect_by:
        yield from unknown(spot, (*paper.when, *paper.fills), verb.needs, "field")
        if paper.letter in verb.letters:
            yield spot, "procedure_paper_twice", {"found": paper.letter}
        if paper.when and paper.fills:
            yield spot, "procedure_paper_fills", {"found": ", ".join(paper.fills)}
        for name, source in paper.fills.items():
            if name in verb.needs and verb.needs[name].type != types[source]:
                yield spot, "procedure_paper_type", {"found": name, "known": types[source]}
        known = letters.get(paper.letter) if letters is not None else None
        if known is not None and known.issuer != paper.body:
            yield spot, "procedure_paper_body", {"found": paper.body, "letter": paper.letter, "known": known.issuer}
