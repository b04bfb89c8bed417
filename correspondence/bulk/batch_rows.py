"""Batches of letters in the database: their rows, the letters they hold, and what was done with them."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from casework.office.people import Actor, may_see
from correspondence.drafts import WITH_CASE
from correspondence.letter_rights import ALIVE
from models.database import is_sqlite
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.tables import batch_acts, batches, case_rows, letter_rows
from models.typed_rows import all_rows, first_row
from models.typed_rows.letter_shapes import BatchRow, LetterOfCase
from procedures.state_machine.field_values import clean_text


def one_batch(connection: Connection, batch_id: int, person: Actor) -> BatchRow:
    """Raises NotFound, also when the person may not see that office's cases."""
    row = first_row(BatchRow, connection.execute(select(batches).where(batches.c.id == batch_id)))
    if row is None or not may_see(person, row["office"]):
        raise NotFound("no_such_batch", batch=batch_id)
    return row


def own_batch(connection: Connection, batch_id: int, person: Actor, *, lock: bool = False) -> BatchRow:
    """A batch of the person's own office, not dropped; `lock` holds it. Raises NotFound, Refused."""
    row = one_batch(connection, batch_id, person)
    if lock and not is_sqlite(connection):
        connection.execute(select(batches.c.id).where(batches.c.id == batch_id).with_for_update())
    if row["office"] != person.office:
        raise Refused("batch_of_another_office")
    if row["dropped_at"] is not None:
        raise Refused("batch_dropped", name=row["name"])
    return row


class BatchLetter(LetterOfCase):
    """A letter of a batch, with how far its case is."""

    case_seq: int


def letters_of(connection: Connection, batch_id: int, *, lock: bool = False) -> list[BatchLetter]:
    """The letters that a batch holds, in its order; cancelled drafts fell out. `lock` holds them, in order of ids."""
    columns = letter_rows.c
    found = (
        select(*WITH_CASE, case_rows.c.seq.label("case_seq"))
        .join(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.batch_id == batch_id, (columns.status != "cancelled") | columns.number.is_not(None))
        .order_by(columns.id)
    )
    if lock and not is_sqlite(connection):
        found = found.with_for_update(of=letter_rows)
    rows = all_rows(BatchLetter, connection.execute(found))
    return sorted(rows, key=lambda row: row["batch_place"] or 0)


def held(connection: Connection, batch_id: int, letter_id: int) -> BatchLetter:
    """One letter of a batch, held until the transaction ends. Raises Refused when it is not in it."""
    found = next((row for row in letters_of(connection, batch_id, lock=True) if row["id"] == letter_id), None)
    if found is None:
        raise Refused("letter_not_in_batch", letter=letter_id)
    return found


def fingerprint(rows: Iterable[BatchLetter]) -> str:
    """The digest of a batch as shown: its letters, their statuses and contents."""
    seen = hashlib.sha256()
    for row in rows:
        content = f"{row['case_seq']} {row['data']}" if row["status"] in ALIVE else row["content_hash"]
        seen.update(f"{row['id']} {row['status']} {content}\n".encode())
    return seen.hexdigest()[:12]


def require_seen(rows: Sequence[BatchLetter], seen: str) -> None:
    """Raises Conflict unless `seen` is the fingerprint of the batch; an empty `seen` is not checked."""
    if seen and seen != fingerprint(rows):
        raise Conflict("batch_changed")


def note_many(connection: Connection, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write the same columns of many letters' rows; each change names its `letter_id`."""
    if changes:
        names = changes[0].keys() - {"letter_id"}
        values: dict[str, Any] = {name: bindparam(f"v_{name}") for name in names}
        statement = update(letter_rows).where(letter_rows.c.id == bindparam("letter_id")).values(values)
        connection.execute(statement, [_bound(change) for change in changes])


def _bound(change: Mapping[str, Any]) -> dict[str, Any]:
    return {name if name == "letter_id" else f"v_{name}": value for name, value in change.items()}


def record_step(
    connection: Connection,
    batch_id: int,
    act: str,
    person: Actor,
    now: datetime,
    count: int,
    *,
    letter_id: int | None = None,
    reason: str = "",
) -> None:
    """Note an act on a batch."""
    row = {"batch_id": batch_id, "act": act, "by": person.login, "at": now, "count": count}
    connection.execute(batch_acts.insert().values(**row, letter_id=letter_id, reason=reason))


def needed_text(field: str, value: str, label: Mapping[str, str]) -> str:
    """A text that may not be empty. Raises WrongInput."""
    text = clean_text(field, value)
    if not text:
        raise WrongInput(field, "missing_field", label=dict(label))
    return text
