"""Checks of the papers by which acts take effect."""

from collections.abc import Iterator, Mapping

from procedures.definition.known_letters import KnownLetters
from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.schema import Verb


def _always_filled(verb: Verb, fills: Mapping[str, str]) -> bool:
    """Whether every act has a paper that fills these fields: one for all acts, or one for each option of a field."""
    papers = [paper for paper in verb.takes_effect_by if paper.fills == fills]
    if any(not paper.when for paper in papers):
        return len(papers) == len(verb.takes_effect_by)
    chosen = {name for paper in papers for name in paper.when}
    name = chosen.pop() if len(chosen) == 1 else ""
    options = set(verb.needs[name].options) if name in verb.needs and verb.needs[name].required else set()
    return bool(options) and {str(paper.when[name]) for paper in papers} == options


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
        if paper.fills and not _always_filled(verb, paper.fills):
            yield spot, "procedure_paper_fills", {"found": ", ".join(paper.fills)}
        for name, source in paper.fills.items():
            if name in verb.needs and verb.needs[name].type != types[source]:
                yield spot, "procedure_paper_type", {"found": name, "known": types[source]}
        known = letters.get(paper.letter) if letters is not None else None
        if known is not None and known.issuer != paper.body:
            yield spot, "procedure_paper_body", {"found": paper.body, "letter": paper.letter, "known": known.issuer}
