"""Notes on a case: written, shown again on a day, closed, struck out with a reason; never changed or deleted.

A case officer's note comes back to the officer who carries the case now, another's to the person who wrote it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, select, update

from casework.case_view import find
from casework.dossier.documents import Files, chosen_documents
from casework.dossier.rights import HEADS, READERS, WRITERS, day_to_come, required_text, seen_case
from casework.evidence_store import keep
from casework.ledger import LedgerCase
from casework.office.people import Actor
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused
from models.tables import case_notes
from models.typed_rows import all_rows, first_row
from models.typed_rows.dossier_shapes import NoteRow
from oversight.notes_and_instructions import OnCase, notes_coming_back

_N = case_notes.c


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note as it is typed; `files` are new, `documents` the hashes of such as the case has."""

    text: str
    come_back_on: str = ""
    files: Files = ()
    documents: Sequence[str] = ()


def write_note(connection: Connection, ref: str, note: NewNote, *, by: Actor, clock: Clock) -> int:
    """Write a note; returns its number.

    Raises:
        NotFound, Refused: the case or the act is not this person's.
        WrongInput: at its fields, all of them.
    """
    row = seen_case(connection, ref, by, WRITERS, "note_not_yours")
    gathered, text, on = InputErrors(), "", None
    files: list[str] = []
    with gathered:
        text = required_text("text", note.text, "dossier.note_text")
    with gathered:
        on = day_to_come("come_back_on", note.come_back_on, "dossier.come_back_on", clock.today())
    with gathered:
        files = chosen_documents(connection, row["id"], note.documents)
    now = clock.now()
    for name, content in note.files:
        with gathered:
            files.append(keep(connection, row["id"], content, name, by=by.login, now=now))
    gathered.raise_if_any()
    values = {"case_id": row["id"], "text": text, "files": files, "come_back_on": on, "by": by.login}
    statement = case_notes.insert().values(**values, written_at=now, closed_by="", struck_by="", struck_reason="")
    return int(connection.execute(statement.returning(_N.id)).scalar_one())


def close_note(connection: Connection, ref: str, number: int, *, by: Actor, clock: Clock) -> None:
    """Close a note: it comes back no more. Raises NotFound, Refused."""
    case_of, row = find(connection, ref, by), one_note(connection, ref, number, by)
    if not may_close(row, case_of, by):
        raise Refused("note_not_yours")
    if row["struck_at"] or row["closed_at"]:
        raise Refused("note_settled")
    _settle(connection, number, _N.closed_at, closed_by=by.login, closed_at=clock.now())


def strike_note(connection: Connection, ref: str, number: int, reason: str, *, by: Actor, clock: Clock) -> None:
    """Strike a note out with a reason; it stays on record. Raises NotFound, Refused, WrongInput."""
    row = one_note(connection, ref, number, by)
    if not may_strike(row, by):
        raise Refused("note_not_yours")
    if row["struck_at"]:
        raise Refused("struck_already")
    said = required_text("reason", reason, "dossier.reason")
    _settle(connection, number, _N.struck_at, struck_by=by.login, struck_at=clock.now(), struck_reason=said)


def may_close(row: NoteRow, case_of: LedgerCase, by: Actor) -> bool:
    """The person who wrote it, the officer of the case, and the heads."""
    return by.role in WRITERS and (row["by"] == by.login or case_of["officer_id"] == by.id or by.role in HEADS)


def may_strike(row: NoteRow, by: Actor) -> bool:
    """The person who wrote it, and the heads."""
    return by.role in WRITERS and (row["by"] == by.login or by.role in HEADS)


def notes_of(connection: Connection, case_id: int, before: datetime | None = None) -> list[NoteRow]:
    """The notes of a case, the newest first, as they are now; `before`: only those written by then."""
    found = select(case_notes).where(_N.case_id == case_id).order_by(_N.id.desc())
    if before is not None:
        found = found.where(_N.written_at < before)
    return all_rows(NoteRow, connection.execute(found))


def one_note(connection: Connection, ref: str, number: int, person: Actor) -> NoteRow:
    """Raises NotFound, Refused."""
    case_of = find(connection, ref, person)
    if person.role not in READERS:
        raise Refused("note_not_yours")
    row = first_row(NoteRow, connection.execute(select(case_notes).where(_N.id == number)))
    if row is None or row["case_id"] != case_of["id"]:
        raise NotFound("no_such_note", number=number)
    return row


def notes_to_see(connection: Connection, persons: Sequence[int], today: date) -> list[OnCase]:
    """The notes that come back to these people by today, the oldest day first."""
    return [row for row in all_rows(OnCase, connection.execute(notes_coming_back(today))) if row["person"] in persons]


def copy_notes(connection: Connection, source: int, target: int) -> None:
    """Give the case at the receiving office the notes of the case that was transferred, as they are."""
    wanted = select(case_notes).where(_N.case_id == source, _N.struck_at.is_(None)).order_by(_N.id)
    for row in all_rows(NoteRow, connection.execute(wanted)):
        values = {name: value for name, value in row.items() if name != "id"}
        connection.execute(case_notes.insert().values({**values, "case_id": target, "origin": row["id"]}))


def _settle(connection: Connection, number: int, once: ColumnElement[Any], **values: Any) -> None:
    """Raises Refused: another person was quicker."""
    if not connection.execute(update(case_notes).where(_N.id == number, once.is_(None)).values(**values)).rowcount:
        raise Refused("note_settled")
