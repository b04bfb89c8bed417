"""What a person sees of a letter and may do with it now."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from casework.office.people import Actor
from correspondence.drafts import LiveLetter
from correspondence.electronic_signing import may_sign_electronically
from correspondence.joint.shares import kind_of
from correspondence.letter_rights import KEY_HOLDER, SIGNER, WRITER, is_writer, open_acts, statuses_of
from correspondence.signing import body_for, seat_of, signed_as, signer_or_none, signers_of
from letters.catalogue import LetterType
from letters.draft import Signer
from letters.issuing_bodies import bodies
from letters.tree import Letter
from models.typed_rows.letter_shapes import LetterOfCase
from rulebook.office_papers import papers_of

OWN_JOBS: Mapping[str, tuple[str, ...]] = {  # of the steps that several roles may do: whose job each is
    "fill": ("case_officer",),
    "issue": ("clerk",),
    "serve": ("clerk", "commune", "case_officer"),
}
DONE = ("served", "published", "cancelled")


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter as one person sees it on a day; who may sign it is looked up once."""

    letter: Letter  # as this person will sign it, where they may
    steps: frozenset[str]
    next: str  # the one thing that is this person's to do next; empty when it waits for another or is done
    signers: str  # the names of those who may sign it


def letter_view(connection: Connection, found: LiveLetter, person: Actor, on: date) -> LetterView:
    """What a person sees of a letter and may do with it on a day."""
    row, kind = found.row, found.kind
    signer = _signer(connection, person, row, kind, on)
    allowed = _steps(connection, person, row, kind, signer)
    letter = found.letter if signer is None else signed_as(connection, found.letter, kind, row, signer)
    printed = row["template"] in papers_of(connection, row["procedure"]).printed
    own = frozenset(step for step in allowed if is_own_job(step, person, row))
    return LetterView(letter, allowed, next_step(row, own, printed), signers_of(connection, kind, row, on))


def steps(connection: Connection, person: Actor, row: LetterOfCase, on: date) -> frozenset[str]:
    """The acts open to the person, without composing the letter."""
    kind = kind_of(row)
    return _steps(connection, person, row, kind, _signer(connection, person, row, kind, on))


def _signer(connection: Connection, person: Actor, row: LetterOfCase, kind: LetterType, on: date) -> Signer | None:
    """How the person would sign the letter; None when it does not wait for that, or they may not."""
    waits = row["status"] in statuses_of("approve")
    return signer_or_none(connection, person, kind, row, on) if waits else None


def _steps(
    connection: Connection, person: Actor, row: LetterOfCase, kind: LetterType, signer: Signer | None
) -> frozenset[str]:
    """The acts of the table that are open to the person, less what this letter leaves to others.

    Who handed a letter in does not sign it too where two people must; the form of a body that is not ours is not sent.
    """
    parts = frozenset({person.role}) | (SIGNER if signer is not None else frozenset())
    parts |= WRITER if is_writer(person, row) else frozenset()
    parts |= KEY_HOLDER if may_sign_electronically(person, row) else frozenset()
    found = set(open_acts(row["status"], parts))
    if kind.four_eyes and row["submitted_by"] == person.login:
        found.discard("approve")
    seat = seat_of(body_for(connection, kind, row), row)
    if person.district != seat:
        found -= {"enter", "confirm"}
    if seat is None and person.district is not None:
        found -= {"issue", "cancel"}
    if "submit" in found and not bodies()[body_for(connection, kind, row)].is_ours:
        found -= {"submit", "mark", "enter"}
    return frozenset(found)


def is_own_job(step: str, person: Actor, row: LetterOfCase) -> bool:
    """Whether a step is this person's to do, and not only open to them in another's place."""
    if step == "fill":
        return person.role in OWN_JOBS[step] or row["drafted_by"] == person.login
    return person.role in OWN_JOBS.get(step, (person.role,))


def next_step(row: LetterOfCase, allowed: frozenset[str], printed: bool) -> str:
    """The one thing to do next with a letter; empty when it waits for another person or is done.

    `printed`: it is published by a newspaper alone.
    """
    if row["status"] in DONE and not (row["status"] == "served" and printed):
        return ""
    return next((step for step in ("approve", "issue", "fill", "serve") if step in allowed), "")
