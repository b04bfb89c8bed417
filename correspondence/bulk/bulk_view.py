"""A batch as people and programs see it: how far each letter is, what lacks, and what this person may do with all."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypedDict

from sqlalchemy import Connection, func, select

from casework.ledger import load_cases
from casework.office.people import CITY_OFFICE, Actor
from correspondence.bulk.batch_rights import READER, open_acts
from correspondence.bulk.batch_rows import BatchLetter, fingerprint, letters_of, one_batch
from correspondence.bulk.bulk_choice import said
from correspondence.composing import Composer, unfit
from correspondence.electronic_signing import may_sign_electronically
from correspondence.letter_rights import ALIVE, KEY_HOLDER, SIGNER, UNSENT
from correspondence.signing import may_sign
from letters.catalogue import LetterType, TemplateError, letter_type, letter_types
from letters.marks import MARKS
from models.errors import Refused
from models.tables import batch_acts, batches, letter_rows, officers
from models.typed_rows import all_rows
from models.typed_rows.case_shapes import CarriedCase
from models.typed_rows.letter_shapes import BatchRow

NEXT = ("approve", "issue", "submit", "print")  # who may do several does first what others wait for
_SHOWN = (
    "id", "case_id", "ref", "unit_name", "district_code", "status", "number", "symbol", "issued_on", "remarks",
    "batch_place", "pdf_sha", "submitted_by",
)  # fmt: skip


class ShownAct(TypedDict):
    """An act on a batch, or on one letter of it, with the name of its author."""

    id: int
    batch_id: int
    act: str
    by: str
    at: datetime
    count: int
    letter_id: int | None
    reason: str
    name: str | None


class ListedBatch(BatchRow):
    """A batch with the number of its letters by status; `waits` for an act of the reader."""

    counts: dict[str, int]
    total: int
    waits: bool


@dataclass(frozen=True, slots=True)
class BatchView:
    """One batch; `next` is the one thing to do now, nothing when it waits for another person or is done."""

    row: BatchRow
    kind: LetterType
    letters: tuple[Mapping[str, Any], ...]  # with missing (labels), unverified (keys), unfit, said, problem
    counts: Mapping[str, int]
    problems: int
    allowed: frozenset[str]
    next: str
    seen: str
    acts: tuple[ShownAct, ...]


def batch_view(connection: Connection, batch_id: int, person: Actor, today: date) -> BatchView:
    """Raises NotFound."""
    batch = one_batch(connection, batch_id, person)
    kind = letter_type(batch["template"])
    rows = letters_of(connection, batch_id)
    shown = _with_lacks(connection, rows, today)
    counts = Counter(str(row["status"]) for row in rows)
    lacking = sum(bool(item["missing"] or item["unfit"]) for item in shown)
    problems = sum(item["problem"] for item in shown)
    allowed = steps(connection, batch, kind, person, rows, lacking, today)
    step = next((name for name in NEXT if name in allowed), "")
    return BatchView(
        batch, kind, tuple(shown), counts, problems, allowed, step, fingerprint(rows), _acts(connection, batch_id)
    )


def _with_lacks(connection: Connection, rows: Sequence[BatchLetter], today: date) -> list[dict[str, Any]]:
    """Rows for a list; what is not signed yet is held against today's facts."""
    alive = [row for row in rows if row["status"] in ALIVE]
    loaded = load_cases(connection, [row["case_id"] for row in alive])
    composer = Composer(connection, today)
    found = []
    for row in rows:
        lacks: dict[str, Any] = {"missing": [], "unverified": [], "unfit": "", "said": {}}
        if row["status"] in ALIVE:
            case = loaded[row["case_id"]]
            lacks["said"] = said(letter_type(row["template"]), case, row["fact_seq"], row["data"]["extra"])
            try:
                letter = composer.of_row(row, case)
                lacks["missing"] = [dict(item.label) for item in letter.missing]
                lacks["unverified"] = [item.key for item in letter.unverified]
            except (TemplateError, Refused) as error:
                lacks["unfit"] = unfit(error)
        lacks["problem"] = bool(lacks["missing"] or lacks["unfit"]) or row["status"] == "returned"
        marks = row["data"]["extra"].get(MARKS, {})
        columns: Mapping[str, object] = row
        found.append({name: columns[name] for name in _SHOWN} | lacks | {"marks": marks})
    return found


def steps(
    connection: Connection,
    batch: BatchRow,
    kind: LetterType,
    person: Actor,
    rows: Sequence[BatchLetter],
    lacking: int,
    today: date,
) -> frozenset[str]:
    """The acts of the table that are open to the person, less what this batch does not allow yet."""
    if batch["dropped_at"] is not None or not rows:
        return frozenset()
    submitted = [row for row in rows if row["status"] == "submitted"]
    found = set(open_acts({row["status"] for row in rows}, _parts(connection, batch, kind, person, rows, today)))
    if kind.four_eyes and any(row["submitted_by"] == person.login for row in submitted):
        found.discard("approve")
    if not kind.fields:
        found.discard("fill")
    if lacking:
        found.discard("submit")
    if batch["drafted_on"] != today:
        found.discard("drop")
    return frozenset(found)


def _parts(
    connection: Connection,
    batch: BatchRow,
    kind: LetterType,
    person: Actor,
    rows: Sequence[BatchLetter],
    today: date,
) -> frozenset[str]:
    """The capacities of a person towards a batch: role in its own office, signer, holder of the certificate."""
    parts = frozenset({READER})
    submitted = next((row for row in rows if row["status"] == "submitted"), None)
    if submitted is not None and may_sign(connection, person, kind, submitted, today):
        parts |= SIGNER
    if batch["office"] != person.office:
        return parts
    with_key = any(may_sign_electronically(person, row) and not row["signed_sha"] for row in rows)
    return parts | {person.role} | (KEY_HOLDER if with_key else frozenset())


def _acts(connection: Connection, batch_id: int) -> tuple[ShownAct, ...]:
    """What was done with the batch, latest first, with the names of those who did it."""
    found = (
        select(batch_acts, officers.c.name)
        .outerjoin(officers, officers.c.login == batch_acts.c.by)
        .where(batch_acts.c.batch_id == batch_id)
        .order_by(batch_acts.c.id.desc())
    )
    return tuple(all_rows(ShownAct, connection.execute(found)))


def batch_list(connection: Connection, person: Actor, today: date) -> list[ListedBatch]:
    """The batches a person may see, those that wait for their hand first, then the newest."""
    found = select(batches).order_by(batches.c.id.desc())
    if person.district is not None:
        found = found.where(batches.c.office == person.district)
    rows = all_rows(BatchRow, connection.execute(found))
    counted = _counts(connection, [row["id"] for row in rows])
    listed: list[ListedBatch] = []
    for row in rows:
        counts = counted.get(row["id"], {})
        waits = row["dropped_at"] is None and _waits(connection, row, counts, person, today)
        listed.append({**row, "counts": counts, "total": sum(counts.values()), "waits": waits})
    return sorted(listed, key=lambda row: not row["waits"])


def waiting_batches(connection: Connection, person: Actor, today: date) -> list[ListedBatch]:
    """The batches that wait for this person's hand."""
    return [row for row in batch_list(connection, person, today) if row["waits"]]


def _counts(connection: Connection, batch_ids: Sequence[int]) -> dict[int, dict[str, int]]:
    columns = letter_rows.c
    held = columns.batch_id.in_(batch_ids), (columns.status != "cancelled") | columns.number.is_not(None)
    found = select(columns.batch_id, columns.status, func.count()).where(*held)
    counts: dict[int, dict[str, int]] = {}
    for batch_id, status, count in connection.execute(found.group_by(columns.batch_id, columns.status)).tuples():
        counts.setdefault(batch_id, {})[status] = count
    return counts


def _waits(connection: Connection, row: BatchRow, counts: Mapping[str, int], person: Actor, today: date) -> bool:
    """Drafts wait for their drafter, submitted ones for who may sign, signed ones for the office's clerk."""
    own = row["office"] == person.office
    if own and person.login == row["drafted_by"] and counts.keys() & set(UNSENT):
        return True
    if own and person.role == "clerk" and "approved" in counts and not counts.keys() & {*ALIVE, "entered"}:
        return True
    if "submitted" not in counts or row["template"] not in letter_types():
        return False
    level = "city" if row["office"] == CITY_OFFICE else "district"
    case: CarriedCase = {"level": level, "district_code": row["office"]}
    return may_sign(connection, person, letter_type(row["template"]), case, today)
