"""Which letters may be entered as signed in ink, and which entries wait for a second person."""

from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, Text, cast, false, func, select

from casework.office.people import Actor
from correspondence.letter_queue import JOINED, SHOWN, ListedLetter, office_letters, scope
from correspondence.letter_rights import ENTERERS
from letters.frozen import thaw
from letters.tree import Letter
from models.letter_links import IN_HAND
from models.tables import case_rows, letter_rows, officers, signed_papers
from models.typed_rows import all_rows
from models.typed_rows.paper_shapes import SignedPaperRow

NOTHING = "[]"  # as JSON
_P, _L = signed_papers.c, letter_rows.c


class EnteredPaper(SignedPaperRow):
    """An entry that waits, with its letter and the name of who entered it."""

    template: str
    ref: str
    unit_name: str
    data: dict[str, object]
    by_name: str


class ShownPaper(TypedDict):
    """An entry as the second person compares it with its scan."""

    entry: EnteredPaper
    letter: Letter
    mine: bool  # entered by the reader, who may only take it back


def to_enter(connection: Connection, person: Actor, limit: int | None = None) -> list[ListedLetter]:
    """Letters of the person's office, of a case officer's own cases, that can be entered as signed in ink now, each
    kind together: the first `limit`, or all of them.

    Those with a field missing are left out: they are filled in first.
    """
    if person.role not in ENTERERS:
        return []
    found = select(*SHOWN).select_from(JOINED).where(*_enterable(person))
    return all_rows(ListedLetter, connection.execute(found.order_by(_L.template, _L.id).limit(limit)))


def to_enter_count(connection: Connection, person: Actor) -> int:
    """How many letters `to_enter` would list without its limit."""
    if person.role not in ENTERERS:
        return 0
    return connection.scalar(select(func.count()).select_from(JOINED).where(*_enterable(person))) or 0


def _enterable(person: Actor) -> tuple[ColumnElement[bool], ...]:
    open_and_whole = (case_rows.c.closed_on.is_(None), cast(_L.missing, Text) == NOTHING)
    return IN_HAND, office_letters(person), *scope(person), *open_and_whole


def to_confirm(connection: Connection, person: Actor, number: int = 0) -> list[ShownPaper]:
    """The entries that wait in the person's office, the oldest first; one of them where `number` is given."""
    found = (
        select(
            signed_papers, _L.template, case_rows.c.ref, case_rows.c.unit_name, _L.data,
            officers.c.name.label("by_name"),
        )
        .join_from(JOINED, signed_papers, _P.letter_id == _L.id)
        .join(officers, officers.c.login == _P.entered_by)
        .where(*_waiting_for(person))
        .order_by(_P.id)
    )  # fmt: skip
    if number:
        found = found.where(_P.id == number)
    rows = all_rows(EnteredPaper, connection.execute(found))
    return [
        {"entry": row, "letter": thaw(row["data"]["frozen"]), "mine": row["entered_by"] == person.login}  # type: ignore[arg-type]
        for row in rows
    ]


def to_confirm_count(connection: Connection, person: Actor) -> int:
    """How many entries wait for this person to confirm; who entered one does not confirm it."""
    found = select(func.count()).select_from(JOINED).join(signed_papers, _P.letter_id == _L.id)
    found = found.where(*_waiting_for(person), _P.entered_by != person.login)
    return int(connection.scalar(found) or 0)


def _waiting_for(person: Actor) -> list[ColumnElement[bool]]:
    own = office_letters(person, ("entered",)) if person.role in ENTERERS else false()
    return [_P.status == "entered", _L.status == "entered", *scope(person), own]


def last_remarks(connection: Connection, letter_ids: list[int]) -> dict[int, str]:
    """Why the last entry of a letter was returned, by the letter."""
    found = select(_P.letter_id, _P.remarks).where(_P.letter_id.in_(letter_ids), _P.status == "returned")
    return dict(connection.execute(found.order_by(_P.id)).tuples().all())
