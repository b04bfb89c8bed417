"""Acts of a case that wait for their paper: what is to be done with the letter now, and by whom."""

from collections.abc import Sequence
from typing import TypedDict

from sqlalchemy import Connection

from casework.waiting_papers import PreparedAct
from correspondence.drafts import one_letter
from correspondence.joint.shares import kind_of
from correspondence.letter_steps import next_step, steps
from correspondence.signing import signers_of
from letters.issuing_bodies import NOBODY, bodies
from models.typed_rows.letter_shapes import LetterOfCase
from templates.words import t
from web.request_context import Visit


class WaitingPaper(TypedDict):
    """A prepared act as its case shows it. `mine`: this person may take the next step of the letter."""

    act: PreparedAct
    todo: str
    who: str
    mine: bool


def waiting_papers(connection: Connection, here: Visit, listed: Sequence[PreparedAct]) -> list[WaitingPaper]:
    """Prepared acts, each with the next step of its letter."""
    return [_waiting(connection, here, act) for act in listed]


def _waiting(connection: Connection, here: Visit, act: PreparedAct) -> WaitingPaper:
    todo = t(f"messages.to_do_{act['status'] or 'draft'}", here.lang)
    if act["letter"] is None:
        return {"act": act, "todo": todo, "who": "", "mine": False}
    row = one_letter(connection, act["letter"])
    mine = bool(next_step(row, steps(connection, here.person, row, here.today), printed=False))
    return {"act": act, "todo": todo, "who": _who(connection, here, row), "mine": mine}


def _who(connection: Connection, here: Visit, row: LetterOfCase) -> str:
    """Whose turn it is: the drafter's, the signatory's by name, or the clerk's."""
    kind = kind_of(row)
    if row["status"] == "submitted" and bodies()[kind.issuer].signs != NOBODY:
        return signers_of(connection, kind, row, here.today)
    role = "clerk" if row["status"] == "approved" else "case_officer"
    return t(f"pages.role_{role}", here.lang)
