"""What still holds the closing of a case: papers of its acts, overlays and open duties, as the procedure lists them."""

from collections.abc import Iterator
from dataclasses import dataclass

from models.errors import CoopcaseError, Refused
from procedures.closing_parts import ClosingHold, ClosingPaper, InRows
from procedures.facts import CaseState, FactView
from procedures.schema import Procedure, Words
from procedures.state_machine.acts_on_paper import has_confirmed_paper, has_paper, letters_by, paper_not_on_file

UNISSUED = "closing_paper_unissued"


@dataclass(frozen=True, slots=True)
class Hold:
    """One thing that holds the closing: the reason with its remedy, and the acts that settle it.

    `key`: of the condition, or the letter's template with `fact`, the number of the fact that it belongs to.
    """

    key: str
    reason: CoopcaseError
    by: tuple[str, ...] = ()
    fact: int | None = None


def closing_holds(procedure: Procedure, state: CaseState) -> list[Hold]:
    """Return everything that holds the closing, conditions first; nothing for a case that is closed or not opened."""
    if state.closed_on is not None or not state.state:
        return []
    return [*_conditions(procedure, state), *paper_holds(procedure, state)]


def lacking_papers(procedure: Procedure, state: CaseState) -> list[str]:
    """Return the templates of the letters that hold the closing, each once."""
    return list(dict.fromkeys(hold.key for hold in closing_holds(procedure, state) if hold.fact is not None))


def _conditions(procedure: Procedure, state: CaseState) -> Iterator[Hold]:
    for key, hold in procedure.closing.holds.items():
        if _holds(state, hold):
            yield Hold(key, Refused("closing_held", what=_pair(hold.label), remedy=_pair(hold.remedy)), hold.by)


def _holds(state: CaseState, hold: ClosingHold) -> bool:
    clock = state.clocks.get(hold.deadline)
    irregular = hold.irregular and any(not item.settled for item in state.irregularities.values())
    found = irregular or hold.overlay in state.overlays or (clock is not None and not clock.ended)
    return found and not (
        any(_served_somewhere(state, letter) for letter in hold.unless_proven)
        or (hold.unless_row is not None and _has_row(state, hold.unless_row))
    )


def _served_somewhere(state: CaseState, letter: str) -> bool:
    return any(fact.data.get("template") == letter for fact in state.done.get("letter_served", ()))


def _has_row(state: CaseState, rule: InRows) -> bool:
    facts = [fact for verb in rule.verbs if (fact := state.last(verb)) is not None]
    rows = [row for fact in facts for row in fact.data.get(rule.field) or ()]
    return any(all(row.get(name) == value for name, value in rule.where.items()) for row in rows)


def paper_holds(procedure: Procedure, state: CaseState) -> Iterator[Hold]:
    """The letters of a case's acts that are not issued, or not proven where they have to be; of a closed case too."""
    for name, facts in list(state.done.items()):
        verb = procedure.verbs.get(name)
        if verb is None:
            continue
        for fact in facts:
            for letter in letters_by(verb, fact.data):
                paper = procedure.closing.papers.get(letter)
                if paper is None:
                    continue
                if (lack := _lack(state, letter, paper, fact)) is not None:
                    reason = Refused(lack, paper=_pair(paper.label), seq=fact.seq, act=_pair(verb.done))
                    yield Hold(letter, reason, (), fact.seq)


def _lack(state: CaseState, letter: str, paper: ClosingPaper, fact: FactView) -> str | None:
    """What a letter of a fact lacks: to be issued, or proof that it was served; None where nothing lacks."""
    if state.waived.get(letter, 0) > fact.seq or _proven(state, letter, fact):
        return None
    entered = _taken_over(state, fact) or has_confirmed_paper(state, fact.seq, letter)
    if not entered and not _sent_out(state, "letter_issued", letter, fact):
        return UNISSUED
    return "closing_paper_unproven" if paper.proven else None


def _taken_over(state: CaseState, fact: FactView) -> bool:
    """Whether an act of before the take-over has its paper, or a second person confirmed that it is not on file."""
    return (bool(fact.source) and has_paper(fact)) or paper_not_on_file(state, fact)


def _proven(state: CaseState, letter: str, fact: FactView) -> bool:
    clocks = (clock for clock in state.clocks.values() if clock.seq == fact.seq)
    return any(clock.awaits.get(letter) is not None for clock in clocks) or _sent_out(
        state, "letter_served", letter, fact
    )


def _sent_out(state: CaseState, kind: str, letter: str, fact: FactView) -> bool:
    """Whether the letter of a fact was issued or served; one drafted by hand belongs to every earlier fact."""
    found = (item for item in state.done.get(kind, ()) if item.data.get("template") == letter)
    return any(
        item.data.get("follows") == fact.seq or (item.data.get("follows") is None and item.seq > fact.seq)
        for item in found
    )


def _pair(words: Words) -> dict[str, str]:
    return {"vi": words.vi, "en": words.en}
