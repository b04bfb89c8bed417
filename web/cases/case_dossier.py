"""What is on the page of a case beside its facts: documents, notes, instructions, and the buttons that add to them."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Connection

from casework.as_of import AsOf
from casework.dossier.documents import documents_of
from casework.dossier.instructions import instructions_of
from casework.dossier.notes import notes_of
from casework.dossier.rights import READERS
from casework.ledger import LedgerCase
from models.clock import HANOI
from models.typed_rows.dossier_shapes import DocumentRow
from oversight.notes_and_instructions import report_is_late
from procedures.facts import Choice
from procedures.schema import FromField, Procedure
from web.access import may_open
from web.request_context import Visit

FIRST = 5  # of what waits; the rest is folded
DOCUMENTS_SHOWN = 6  # the newest; the rest is folded
SETTLED = ("closed_at", "struck_at", "answered_at", "withdrawn_at")
WITH = {"closed_at": ("closed_by",), "struck_at": ("struck_by", "struck_reason"),
        "answered_at": ("answered_by", "answer"), "withdrawn_at": ("withdrawn_by", "withdrawn_reason")}  # fmt: skip
Written = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Dossier:
    """Notes and instructions, those that wait before those that are settled; `first` of those that wait are shown."""

    waiting: Sequence[Written] = ()
    settled: Sequence[Written] = ()
    first: int = FIRST


def dossier(connection: Connection, here: Visit, case: LedgerCase, sight: AsOf) -> dict[str, Any]:
    """The documents of a case, and for who may read them its notes and instructions, as of a point in time."""
    before = _before(sight)
    documents = [row for row in documents_of(connection, case["id"]) if before is None or row["added_at"] < before]
    reads = here.person.role in READERS
    return {
        "documents": documents, "documents_first": DOCUMENTS_SHOWN,
        "files_by_hash": {row["sha256"]: row for row in documents},
        "written": _written(connection, case["id"], before) if reads else Dossier(),
        "report_late": days_late(sight.day(here.today)),
        "may_add_documents": sight.is_now and may_open("documents_now", here.person.role, here.person.district),
    }  # fmt: skip


def writers_of(found: Mapping[str, Any]) -> list[str]:
    """The logins in what `dossier` returned."""
    written: Dossier = found["written"]
    names = ("by", "closed_by", "struck_by", "answered_by", "withdrawn_by")
    listed = [str(item.get(name, "")) for item in (*written.waiting, *written.settled) for name in names]
    documents: Sequence[DocumentRow] = found["documents"]
    return [login for login in (*listed, *(row["by"] for row in documents)) if login]


def days_late(today: date) -> Callable[[Written], int]:
    """For templates: by how many days the report on an instruction is late, 0 where it is not."""

    def late(item: Written) -> int:
        due_on: date = item["due_on"]
        waits = not item["answered_at"] and not item["withdrawn_at"]
        return (today - due_on).days if waits and report_is_late(due_on, today) else 0

    return late


def tools(here: Visit, procedure: Procedure, ref: str, listed: Sequence[Choice]) -> list[tuple[str, str]]:
    """What is one press from the top of a case for this person: its word, and where it is done."""
    who = here.person.role, here.person.district
    may = [choice.verb for choice in listed if choice.allowed]
    obstacle = next((verb for verb in may if isinstance(procedure.verbs[verb].names, FromField)), "")
    wanted = (
        ("obstacle", f"/cases/{ref}/acts/{obstacle}", bool(obstacle)),
        ("note", f"/cases/{ref}/notes", may_open("note_new", *who)),
        ("document", f"/cases/{ref}/documents", may_open("documents", *who)),
        ("instruction", f"/cases/{ref}/instructions", may_open("instruct", *who)),
        ("irregular", f"/cases/{ref}/irregularities", bool(may)),
    )
    return [(name, address) for name, address, open_to in wanted if open_to]


def _written(connection: Connection, case_id: int, before: datetime | None) -> Dossier:
    rows: list[dict[str, Any]] = [*map(dict, instructions_of(connection, case_id, before))]
    rows += map(dict, notes_of(connection, case_id, before))
    seen = [_as_known(row, before) for row in rows]
    waiting = [row for row in seen if not any(row.get(name) for name in SETTLED)]
    settled = [row for row in seen if any(row.get(name) for name in SETTLED)]
    return Dossier(
        sorted(waiting, key=lambda row: row.get("due_on") or row["come_back_on"] or date.max),
        sorted(settled, key=_when, reverse=True),
    )


def _when(row: Written) -> datetime:
    found: datetime = row.get("given_at") or row["written_at"]
    return found


def _as_known(row: dict[str, Any], before: datetime | None) -> dict[str, Any]:
    """Without what became of it later."""
    later = [name for name in SETTLED if before is not None and row.get(name) and row[name] >= before]
    return row | {field: None if field == name else "" for name in later for field in (name, *WITH[name])}


def _before(sight: AsOf) -> datetime | None:
    """The instant by which something has to be written to be seen; None: now."""
    days = [day for day in (sight.as_of, sight.known_on) if day is not None and day != date.max]
    return datetime.combine(min(days) + timedelta(days=1), time(), HANOI) if days else None
