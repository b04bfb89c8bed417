"""Many letters drafted as one batch: filled together, one let out of it, all undone on the same day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, func, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.office.people import Actor
from correspondence.bulk.batch_rows import (
    BatchLetter,
    held,
    letters_of,
    needed_text,
    note_many,
    own_batch,
    record_step,
)
from correspondence.bulk.bulk_choice import Candidate, Selection, Wanted, choose, require_ours
from correspondence.composing import compose_rows
from correspondence.draft_rows import gaps, with_blanks
from correspondence.drafts import (
    common_needs_of,
    note,
    require_drafter,
    require_status,
    typed_fields,
)
from correspondence.letter_rights import ALIVE, UNSENT
from letters.catalogue import LetterType, letter_type
from letters.marks import MARKS, chosen
from models.database import is_sqlite
from models.errors import Refused
from models.letter_links import tie
from models.tables import batches, letter_rows

REASON = {"vi": "Lý do", "en": "Reason"}
NAME = {"vi": "Tên đợt", "en": "Name of the batch"}


@dataclass(frozen=True, slots=True)
class Drafted:
    """What drafting made: the batch, how many letters are new in it, and the cases that were looked at."""

    batch: int
    made: int
    selection: Selection


def draft_batch(
    connection: Connection,
    name: str,
    template: str,
    wanted: Wanted,
    data: Mapping[str, Any],
    person: Actor,
    *,
    now: datetime,
    today: date,
) -> Drafted:
    """Draft a letter to every eligible case; under the same name again on the same day only what is new is added.

    Raises:
        NotFound, WrongInput. Refused: not this person's or office's, no case is eligible, or the name is taken.
    """
    require_drafter(person)
    kind = letter_type(template)
    require_ours(kind, person)
    title = needed_text("name", name, NAME)
    known = _named(connection, title, kind, person, today)
    selection = choose(connection, wanted, kind, data, person, today, lock=True)
    if known is None and not selection.eligible:
        raise Refused("batch_nobody")
    batch_id = known or _open(connection, title, selection, wanted, person, now, today)
    made = _insert(connection, batch_id, selection, person, now, today)
    if made:
        record_step(connection, batch_id, "drafted", person, now, made)
    return Drafted(batch_id, made, selection)


def _named(connection: Connection, name: str, kind: LetterType, person: Actor, today: date) -> int | None:
    """The batch of that name that is still being drafted. Raises Refused when the name is that of another batch."""
    found = select(batches).where(batches.c.office == person.office, batches.c.name == name)
    row = connection.execute(found).mappings().first()
    if row is None:
        return None
    rows = letters_of(connection, row["id"])
    fresh = row["template"] == kind.name and row["drafted_on"] == today and row["dropped_at"] is None
    if not fresh or any(item["status"] not in UNSENT for item in rows):
        raise Refused("batch_name_taken", name=name)
    return int(row["id"])


def _open(
    connection: Connection,
    name: str,
    selection: Selection,
    wanted: Wanted,
    person: Actor,
    now: datetime,
    today: date,
) -> int:
    row = {
        "office": person.office, "name": name, "template": selection.kind.name, "common": dict(selection.common),
        "chosen": wanted.document(), "drafted_on": today, "drafted_at": now, "drafted_by": person.login,
    }  # fmt: skip
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(batches).values(row).on_conflict_do_nothing(index_elements=["office", "name"])
    connection.execute(statement)
    found = select(batches.c.id).where(batches.c.office == row["office"], batches.c.name == name)
    return int(connection.execute(found).scalar_one())


def _insert(
    connection: Connection, batch_id: int, selection: Selection, person: Actor, now: datetime, today: date
) -> int:
    """Letters to the eligible cases that the batch does not hold yet; returns how many."""
    held = select(func.max(letter_rows.c.batch_place)).where(letter_rows.c.batch_id == batch_id)
    first = (connection.scalar(held) or 0) + 1
    common = {
        "fact_seq": None, "template": selection.kind.name, "status": "draft", "issuer": "", "batch_id": batch_id,
        "drafted_for_on": today, "drafted_at": now, "drafted_by": person.login,
    }  # fmt: skip
    rows = [
        with_blanks(common | _drafted(batch_id, item, selection) | {"batch_place": first + place})
        for place, item in enumerate(selection.eligible)
        if item.draft is None
    ]
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(letter_rows).on_conflict_do_nothing(index_elements=["key"])
    made = (
        connection.execute(statement.returning(letter_rows.c.id, letter_rows.c.case_id), rows).tuples() if rows else ()
    )
    pairs = list(made)
    tie(connection, pairs)
    return len(pairs) + _adopt(connection, batch_id, selection, first)


def _adopt(connection: Connection, batch_id: int, selection: Selection, first: int) -> int:
    """Take the drafts that acts of the cases have made into the batch, in its order; returns how many."""
    places = {item.draft: first + place for place, item in enumerate(selection.eligible) if item.draft is not None}
    found = select(letter_rows.c.id, letter_rows.c.data).where(letter_rows.c.id.in_(list(places)))
    known = connection.execute(found).tuples().all() if places else ()
    note_many(
        connection,
        [
            {
                "letter_id": number, "batch_id": batch_id, "batch_place": places[number],
                "data": {**data, "extra": {**selection.common, **data["extra"]}},
            }
            for number, data in known
        ],
    )  # fmt: skip
    return len(known)


def _drafted(batch_id: int, item: Candidate, selection: Selection) -> dict[str, Any]:
    return {
        "key": f"{item.row['id']}:batch:{batch_id}", "case_id": item.row["id"],
        "data": {"extra": dict(selection.common)}, "missing": [], "unverified": list(item.unverified),
    }  # fmt: skip


def fill_batch(
    connection: Connection, batch_id: int, person: Actor, data: Mapping[str, Any], *, now: datetime, today: date
) -> int:
    """Type the common fields anew for every draft; what was typed for one letter alone is left to it.

    Returns how many letters changed. Raises NotFound, Refused, WrongInput.
    """
    require_drafter(person)
    batch = own_batch(connection, batch_id, person, lock=True)
    kind = letter_type(batch["template"])
    typed = {
        name: value
        for name, value in typed_fields(common_needs_of(kind), data, today).items()
        if value not in (None, "")
    }
    rows = [row for row in letters_of(connection, batch_id, lock=True) if row["status"] in UNSENT]
    if not rows:
        raise Refused("batch_nothing_to_fill")
    filled = [row | {"data": {"extra": _refilled(row, batch["common"], typed)}} for row in rows]
    letters = compose_rows(connection, filled, today)
    changed = [row for old, row in zip(rows, filled, strict=True) if old["data"] != row["data"]]
    note_many(
        connection, [{"letter_id": row["id"], "data": row["data"], **gaps(letters[row["id"]])} for row in changed]
    )
    connection.execute(update(batches).where(batches.c.id == batch_id).values(common=typed))
    record_step(connection, batch_id, "filled", person, now, len(changed))
    return len(changed)


def _refilled(row: BatchLetter, before: Mapping[str, Any], typed: Mapping[str, Any]) -> dict[str, Any]:
    own = {name: value for name, value in row["data"]["extra"].items() if before.get(name) != value}
    return {**typed, **own}


def mark_batch(connection: Connection, batch_id: int, person: Actor, codes: Mapping[str, str], *, now: datetime) -> int:
    """Set the marks of every draft, an empty set removing them; returns how many letters changed.

    Raises NotFound, Refused, WrongInput.
    """
    require_drafter(person)
    own_batch(connection, batch_id, person, lock=True)
    kept = chosen(codes)
    rows = [row for row in letters_of(connection, batch_id, lock=True) if row["status"] in UNSENT]
    if not rows:
        raise Refused("batch_nothing_to_fill")
    marked = [row | {"data": {**row["data"], "extra": _marked(row["data"]["extra"], kept)}} for row in rows]
    changed = [row for old, row in zip(rows, marked, strict=True) if old["data"] != row["data"]]
    note_many(connection, [{"letter_id": row["id"], "data": row["data"]} for row in changed])
    record_step(connection, batch_id, "marked", person, now, len(changed))
    return len(changed)


def _marked(extra: Mapping[str, Any], kept: Mapping[str, str]) -> dict[str, Any]:
    return {name: value for name, value in extra.items() if name != MARKS} | ({MARKS: dict(kept)} if kept else {})


def take_out(
    connection: Connection, batch_id: int, letter_id: int, person: Actor, reason: str, *, now: datetime
) -> None:
    """Let one letter go on by itself; the others stay together. Raises NotFound, Refused, WrongInput."""
    require_drafter(person)
    own_batch(connection, batch_id, person, lock=True)
    row = held(connection, batch_id, letter_id)
    require_status(row, (*ALIVE, "approved"))
    text = needed_text("reason", reason, REASON)
    note(connection, letter_id, batch_id=None, batch_place=None)
    record_step(connection, batch_id, "taken_out", person, now, 1, letter_id=letter_id, reason=text)


def drop_batch(connection: Connection, batch_id: int, person: Actor, reason: str, *, now: datetime, today: date) -> int:
    """Undo a batch on the day it was drafted, before anything of it is signed; returns how many letters were dropped.

    Raises NotFound, Refused, WrongInput.
    """
    require_drafter(person)
    batch = own_batch(connection, batch_id, person, lock=True)
    text = needed_text("reason", reason, REASON)
    rows = letters_of(connection, batch_id, lock=True)
    if any(row["status"] not in ALIVE for row in rows):
        raise Refused("batch_signed_already")
    if batch["drafted_on"] != today:
        raise Refused("batch_not_of_today")
    of_acts = [row for row in rows if row["fact_seq"] is not None]  # drafted before the batch: they stay
    own = [row for row in rows if row["fact_seq"] is None]
    note_many(connection, [{"letter_id": row["id"], "status": "cancelled", "remarks": text} for row in own])
    note_many(connection, [{"letter_id": row["id"], "batch_id": None, "batch_place": None} for row in of_acts])
    connection.execute(update(batches).where(batches.c.id == batch_id).values(dropped_at=now))
    record_step(connection, batch_id, "dropped", person, now, len(rows), reason=text)
    return len(rows)
