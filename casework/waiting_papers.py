"""Acts of a case that wait for their paper, and acts on record whose paper nobody has entered."""

from datetime import date
from typing import TypedDict

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase, load_case
from models.letter_links import follows_in_case, of_case
from models.tables import letter_rows
from procedures.facts import FactView
from procedures.former_names import own_name
from procedures.schema import Procedure
from procedures.state_machine.acts_on_paper import entries_to_confirm, paper_of, without_paper
from templates.words import pick


class PreparedAct(TypedDict):
    """An act that is prepared: it takes effect when its letter is issued."""

    verb: str
    label: str
    seq: int  # of the fact that prepared it
    prepared_on: date
    by: str
    letter: int | None  # id of the draft
    template: str
    status: str  # of the letter: draft | returned | submitted | approved


class LackingPaper(TypedDict):
    """An act recorded without the paper that it takes effect by: the paper has to be entered."""

    verb: str
    label: str
    seq: int
    occurred_on: date
    template: str
    entered: bool  # from its scan, and waiting for a second person
    taken_over: bool  # of before the take-over, to which its paper is added


def prepared_acts(connection: Connection, loaded: LoadedCase, lang: str) -> list[PreparedAct]:
    """Acts of a case that wait for their paper, with the letter of each as far as it is."""
    prepared = loaded.state.prepared
    if not prepared:
        return []
    columns = letter_rows.c
    seqs = [fact.seq for fact in prepared.values()]
    follows = follows_in_case(loaded.row["id"])
    found = select(follows.label("fact_seq"), columns.template, columns.id, columns.status).where(
        of_case(loaded.row["id"]), follows.in_(seqs), columns.status != "cancelled"
    )
    letters = {
        (row.fact_seq, own_name(loaded.procedure, "letters", row.template)): (row.id, row.status)
        for row in connection.execute(found)
    }
    return [
        _prepared(loaded.procedure, verb, fact, letters.get((fact.seq, fact.data["letter"])), lang)
        for verb, fact in prepared.items()
    ]


def _prepared(
    procedure: Procedure, verb: str, fact: FactView, letter: tuple[int, str] | None, lang: str
) -> PreparedAct:
    return {
        "verb": verb,
        "label": _label_of(procedure, verb, lang),
        "seq": fact.seq,
        "prepared_on": fact.occurred_on,
        "by": fact.by,
        "letter": letter[0] if letter else None,
        "template": str(fact.data["letter"]),
        "status": letter[1] if letter else "",
    }


def prepared_verb(connection: Connection, ref: str, seq: int) -> str:
    """The verb that a fact prepared and that still waits for its paper; empty for any other fact."""
    prepared = load_case(connection, ref).state.prepared
    return next((verb for verb, fact in prepared.items() if fact.seq == seq), "")


def papers_to_enter(loaded: LoadedCase, lang: str) -> list[LackingPaper]:
    """Acts of a case, recorded under an earlier version or taken over, whose paper has to be entered."""
    found: list[LackingPaper] = []
    entered = {entry.data["act"] for entry in entries_to_confirm(loaded.state)}
    for fact in without_paper(loaded.procedure, loaded.state):
        spec = paper_of(loaded.procedure.verbs[fact.kind], fact.data)
        assert spec is not None, "without_paper lists only acts that have a paper"
        item: LackingPaper = {
            "verb": fact.kind, "label": _label_of(loaded.procedure, fact.kind, lang), "seq": fact.seq,
            "occurred_on": fact.occurred_on, "template": spec.letter, "entered": fact.seq in entered,
            "taken_over": bool(fact.source),
        }  # fmt: skip
        found.append(item)
    return found


def _label_of(procedure: Procedure, verb: str, lang: str) -> str:
    """What the verb does, in words; its code where the case's version lacks it."""
    found = procedure.verbs.get(verb)
    return pick({"vi": found.label.vi, "en": found.label.en}, lang) if found else verb
