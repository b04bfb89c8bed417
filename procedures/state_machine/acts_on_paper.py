"""Acts that take effect by a paper: prepared with their data, effective on the day of the paper, never before."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from procedures.facts import PAPER, CaseState, FactView, Paper
from procedures.former_names import letter_name
from procedures.parts import has_values
from procedures.schema import EffectPaper, Procedure, Verb


def paper_of(verb: Verb, data: Mapping[str, Any]) -> EffectPaper | None:
    """The paper by which an act with this data takes effect; None for an act that needs none."""
    return next((paper for paper in verb.takes_effect_by if has_values(data, paper.when)), None)


def letters_of(verb: Verb) -> tuple[str, ...]:
    """Every letter that a verb may call for: the papers of the act itself first."""
    return (*(paper.letter for paper in verb.takes_effect_by), *verb.letters)


def letters_by(verb: Verb, data: Mapping[str, Any]) -> tuple[str, ...]:
    """The letters that an act with this data calls for."""
    paper = paper_of(verb, data)
    return verb.letters if paper is None else (paper.letter, *verb.letters)


def acts_by(procedure: Procedure, state: CaseState, letter: str) -> tuple[str, ...]:
    """The verbs that take effect by a letter; where some of them may be done in the present state, only those."""
    known = [
        name
        for name, verb in procedure.verbs.items()
        if any(letter_name(paper.letter) == letter for paper in verb.takes_effect_by)
    ]
    here = [name for name in known if state.state in procedure.sources(procedure.verbs[name])]
    return tuple(here or known)


def filled_by_paper(verb: Verb) -> frozenset[str]:
    """The fields of a verb that its paper fills in."""
    return frozenset(name for paper in verb.takes_effect_by for name in paper.fills)


def days_by_paper(verb: Verb, on: date) -> dict[str, str]:
    """The fields of a verb that its paper fills with its day, for a paper of that day."""
    return {
        name: on.isoformat()
        for paper in verb.takes_effect_by
        for name, source in paper.fills.items()
        if source == "day"
    }


def completed(spec: EffectPaper, data: Mapping[str, Any], paper: Paper) -> dict[str, Any]:
    """The data of an act with what its paper gives."""
    known = {"day": paper.on.isoformat(), "symbol": paper.symbol}
    return {**data, **{name: known[source] for name, source in spec.fills.items()}}


def without_paper(procedure: Procedure, state: CaseState) -> list[FactView]:
    """Acts on record, the latest of each verb, that the procedure makes depend on a paper which nobody has entered.

    They were recorded under an earlier version or taken over. A letter of this office that was issued on such an act
    is its paper; of an act that was taken over a second person may have confirmed that its paper is not on file.
    """
    latest = (state.last(name) for name, verb in procedure.verbs.items() if verb.takes_effect_by)
    return [fact for fact in latest if fact is not None and _lacks_paper(procedure, state, fact)]


def _lacks_paper(procedure: Procedure, state: CaseState, fact: FactView) -> bool:
    spec = paper_of(procedure.verbs[fact.kind], fact.data)
    if spec is None or has_paper(fact) or paper_not_on_file(state, fact):
        return False
    issued = (item.data for item in state.done.get("letter_issued", ()) if item.seq > fact.seq)
    return not (
        any(data.get("template") == spec.letter and data.get("follows") in (None, fact.seq) for data in issued)
        or has_confirmed_paper(state, fact.seq, spec.letter)
    )


def has_paper(fact: FactView) -> bool:
    """Whether an act names the paper by which it took effect; of one taken over the issuer alone may be known."""
    return bool((fact.data.get(PAPER) or {}).get("symbol"))


def paper_not_on_file(state: CaseState, fact: FactView) -> bool:
    """Whether a second person confirmed that the paper of an act of before the take-over is not on file."""
    return bool(fact.source) and state.gaps.get(f"{fact.kind}.{PAPER}") == "confirmed"


def has_confirmed_paper(state: CaseState, act: int, letter: str) -> bool:
    """Whether the paper of an act on record was entered from its scan and confirmed by a second person."""
    return any(
        item.data["act"] == act and letter_name(str(item.data["letter"])) == letter_name(letter)
        for item in _entries(state, confirmed=True)
    )


def entries_to_confirm(state: CaseState) -> list[FactView]:
    """Papers of acts on record that were entered and wait for a second person."""
    return _entries(state, confirmed=False)


def _entries(state: CaseState, *, confirmed: bool) -> list[FactView]:
    seen = {item.data["entered"] for item in state.done.get("paper_confirmed", ())}
    return [item for item in state.done.get("paper_entered", ()) if (item.seq in seen) is confirmed]
