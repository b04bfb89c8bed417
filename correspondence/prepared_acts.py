"""Acts that wait for their paper, seen from the letter that was drafted for them."""

from collections.abc import Sequence
from dataclasses import replace

from casework.acts import verb_label
from casework.ledger import LoadedCase
from letters.catalogue import letter_type
from letters.tree import Letter
from models.errors import Refused
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.facts import FactView, Paper
from procedures.former_names import letter_name
from procedures.state_machine.acts_on_paper import acts_by, paper_of, without_paper
from procedures.state_machine.fold import valid_facts
from templates.words import LANGUAGES

CAPACITIES = ("KT.", "TL.", "TUQ.", "Q.", "TM.")  # how the line over a signature begins where nobody signs alone


def prepared_by(facts: Sequence[FactView], row: LetterOfCase) -> str:
    """The verb that a letter was drafted for and that waits for it; empty for any other letter."""
    known = valid_facts(facts)
    found = next((fact for fact in known if fact.seq == row["fact_seq"] and fact.kind == "act_prepared"), None)
    if found is None or letter_name(found.data["letter"]) != letter_name(row["template"]):
        return ""
    gone = any(fact.kind == "act_withdrawn" and fact.data["prepared"] == found.seq for fact in known)
    return "" if gone else str(found.data["verb"])


def require_free(loaded: LoadedCase, row: LetterOfCase) -> None:
    """Raises Refused when a letter is the paper that a prepared act waits for: the act is withdrawn instead."""
    verb = prepared_by(loaded.facts, row)
    if verb:
        raise Refused("withdraw_act_first", verb=verb_label(loaded, verb))


def acts_instead(loaded: LoadedCase, template: str) -> tuple[str, ...]:
    """The acts to be done in place of drafting a letter by hand; none where it is the paper of no act.

    None too where an act on record lacks that very paper: the letter makes good for it.
    """
    procedure = loaded.procedure
    lacking = (paper_of(procedure.verbs[fact.kind], fact.data) for fact in without_paper(procedure, loaded.state))
    if any(paper is not None and letter_name(paper.letter) == template for paper in lacking):
        return ()
    return acts_by(procedure, loaded.state, template)


def require_no_act(loaded: LoadedCase, template: str) -> None:
    """Raises Refused for a letter by which an act takes effect: it is drafted by doing the act."""
    verbs = acts_instead(loaded, template)
    if verbs:
        labels = [verb_label(loaded, verb) for verb in verbs]
        acts = {lang: "; ".join(label[lang] for label in labels) for lang in LANGUAGES}
        title, ref = dict(letter_type(template).title), loaded.row["ref"]
        raise Refused("letter_is_of_act", title=title, acts=acts, ref=ref, verbs=list(verbs), labels=labels)


def as_done(fact: FactView) -> FactView:
    """A preparation as the letter drafted for it has to read it: as the act that it will be."""
    if fact.kind != "act_prepared":
        return fact
    return replace(fact, kind=str(fact.data["verb"]), data=fact.data["data"])


def paper_of_letter(row: LetterOfCase, letter: Letter, symbol: str) -> Paper:
    """The paper that a signed letter is once it has its number. `letter`: as it is dated; `symbol` with the number."""
    begins = (line.split(" ")[0] for line in reversed(letter.authority))
    capacity = next((word for word in begins if word in CAPACITIES), "")
    return Paper(row["template"], symbol, letter.on, letter.signer, capacity)
