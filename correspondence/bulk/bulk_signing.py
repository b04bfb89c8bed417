"""Many letters signed as one batch: handed in together, approved together, one returned with remarks."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import Connection

from casework.ledger import load_cases
from casework.office.people import Actor
from correspondence.bulk.batch_rows import (
    BatchLetter,
    held,
    letters_of,
    note_many,
    one_batch,
    own_batch,
    record_step,
    require_seen,
)
from correspondence.composing import compose_rows
from correspondence.draft_rows import gaps
from correspondence.drafts import approval, require_drafter, require_two_people, require_whole, send_back
from correspondence.letter_data import way_of
from correspondence.letter_rights import UNSENT
from correspondence.signing import signer_for, signing_body
from correspondence.signing_news import notify_signers
from letters.catalogue import letter_type
from letters.draft import Signer
from letters.tree import Letter
from models.errors import Refused


def submit_batch(
    connection: Connection, batch_id: int, person: Actor, *, now: datetime, today: date, seen: str = ""
) -> int:
    """Hand in every draft for signature, all or none; returns how many. Raises NotFound, Refused, Conflict."""
    require_drafter(person)
    batch = own_batch(connection, batch_id, person, lock=True)
    rows = letters_of(connection, batch_id, lock=True)
    require_seen(rows, seen)
    drafts = [row for row in rows if row["status"] in UNSENT]
    if not drafts:
        raise Refused("batch_nothing_to_submit")
    letters = compose_rows(connection, drafts, today)
    _require_whole(drafts, letters)
    handed_in = {"status": "submitted", "submitted_by": person.login, "submitted_at": now, "remarks": ""}
    note_many(connection, [{"letter_id": key, **handed_in, **gaps(letter)} for key, letter in letters.items()])
    record_step(connection, batch_id, "submitted", person, now, len(drafts))
    batch_summary = {"id": batch_id, "name": batch["name"], "count": len(drafts)}
    notify_signers(connection, drafts[0], letter_type(batch["template"]), person, now, today, batch_summary)
    return len(drafts)


def _require_whole(rows: Iterable[BatchLetter], letters: Mapping[int, Letter]) -> None:
    lacking = [row["ref"] for row in rows if letters[row["id"]].missing]
    if lacking:
        raise Refused("batch_incomplete", count=len(lacking), refs=", ".join(lacking[:5]))
    for letter in letters.values():
        require_whole(letter)


def approve_batch(
    connection: Connection, batch_id: int, person: Actor, *, now: datetime, today: date, seen: str = ""
) -> int:
    """Sign every submitted letter, all or none; the right is checked for each. Returns how many.

    Raises NotFound, Refused, Conflict.
    """
    one_batch(connection, batch_id, person)
    rows = letters_of(connection, batch_id, lock=True)
    require_seen(rows, seen)
    waiting = [row for row in rows if row["status"] == "submitted"]
    if not waiting:
        raise Refused("batch_nothing_to_approve")
    signers = signers_for(connection, waiting, person, today)
    letters = compose_rows(connection, waiting, today, signers)
    _require_whole(waiting, letters)
    changes = [
        {"letter_id": row["id"], **approval(row, letter_type(row["template"]), letters[row["id"]], person, now)}
        for row in waiting
    ]
    note_many(connection, changes)
    record_step(connection, batch_id, "approved", person, now, len(waiting))
    return len(waiting)


def signers_for(connection: Connection, rows: Sequence[BatchLetter], person: Actor, today: date) -> dict[int, Signer]:
    """How the person signs each of the letters, looked up once for each body.

    Raises Refused when one of them is not theirs to sign.
    """
    loaded = load_cases(connection, [row["case_id"] for row in rows])
    known: dict[tuple[str, str], Signer] = {}
    found = {}
    for row in rows:
        kind, facts = letter_type(row["template"]), loaded[row["case_id"]].facts
        place = signing_body(kind, row["level"], way_of(facts, row["fact_seq"])), row["district_code"]
        if place not in known:
            known[place] = signer_for(connection, person, kind, row, today)
        require_two_people(kind, row, person)
        found[row["id"]] = known[place]
    return found


def return_letter(
    connection: Connection, batch_id: int, letter_id: int, person: Actor, remarks: str, *, now: datetime, today: date
) -> None:
    """Return one letter with remarks; it stays in the batch. Raises NotFound, Refused, WrongInput."""
    one_batch(connection, batch_id, person)
    held(connection, batch_id, letter_id)
    send_back(connection, letter_id, person, remarks, now=now, today=today)
    record_step(connection, batch_id, "returned", person, now, 1, letter_id=letter_id, reason=remarks.strip())
