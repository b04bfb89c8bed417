"""A letter about many cases as each of them has it: its share, with the fact that it follows from and its service.

`case_id` and `fact_seq` of the letter's own row are those of the first of its cases.
"""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from sqlalchemy import Connection, and_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from letters.catalogue import JOINT, LetterType, letter_type
from models.database import is_sqlite
from models.letter_links import is_about_many
from models.tables import batch_cases, case_rows, letter_cases, letter_rows, services, units
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.councils import batch_rules

_T = letter_cases.c
REACHED = ("served", "published")


def kind_of(row: LetterOfCase) -> LetterType:
    """The template of a letter: of a joint one, its text for many cases. Raises NotFound."""
    return letter_type(f"{JOINT}{row['template']}" if row["joint_id"] is not None else row["template"])


def shares_of(connection: Connection, row: LetterOfCase) -> list[LetterOfCase]:
    """The letter as each of its cases has it; an ordinary letter is its own only share."""
    if not is_about_many(row):
        return [row]
    columns = (
        case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code, case_rows.c.level, case_rows.c.officer_id,
        case_rows.c.procedure, _T.case_id, _T.fact_seq, _T.status,
    )  # fmt: skip
    found = select(*columns).join(case_rows, case_rows.c.id == _T.case_id).where(_T.letter_id == row["id"])
    return [_share(row, dict(one)) for one in connection.execute(found.order_by(_T.case_id)).mappings()]


def _share(row: LetterOfCase, one: dict[str, Any]) -> LetterOfCase:
    one["status"] = one["status"] or row["status"]
    return cast(LetterOfCase, {**row, **one})


def follow(connection: Connection, share: LetterOfCase, seq: int) -> None:
    """Record that a letter follows from a fact of a case from now on."""
    if is_about_many(share):
        mine = and_(_T.letter_id == share["id"], _T.case_id == share["case_id"])
        connection.execute(update(letter_cases).where(mine).values(fact_seq=seq))
    own = (letter_rows.c.id == share["id"], letter_rows.c.case_id == share["case_id"])
    connection.execute(update(letter_rows).where(*own).values(fact_seq=seq))


def set_status(connection: Connection, share: LetterOfCase, status: str) -> str:
    """Write how far the service of a letter has come in a case; returns the status of the whole letter.

    A joint letter has reached its addressees once it has in every case; until then it can be served further.
    """
    if not is_about_many(share):
        connection.execute(update(letter_rows).where(letter_rows.c.id == share["id"]).values(status=status))
        return status
    mine = and_(_T.letter_id == share["id"], _T.case_id == share["case_id"])
    connection.execute(update(letter_cases).where(mine).values(status=status))
    every = set(connection.scalars(select(_T.status).where(_T.letter_id == share["id"])))
    reached = next((one for one in ("served", "published") if one in every), "issued")
    whole = reached if every <= set(REACHED) else "undelivered" if "undelivered" in every else "issued"
    connection.execute(update(letter_rows).where(letter_rows.c.id == share["id"]).values(status=whole))
    return whole


def tie_shares(connection: Connection, letter_id: int, pairs: Iterable[tuple[int, int | None]]) -> None:
    """Let a joint letter be about cases, each with the fact that it follows from there."""
    rows = [{"letter_id": letter_id, "case_id": case, "fact_seq": seq, "status": ""} for case, seq in pairs]
    if rows:
        module = sqlite if is_sqlite(connection) else postgresql
        connection.execute(module.insert(letter_cases).on_conflict_do_nothing(), rows)


def untie(connection: Connection, letter_id: int, case_id: int) -> bool:
    """Take a case out of a joint letter that is not signed; returns whether other cases are left in it.

    Where the case was the first, the next becomes the one whose facts the letter is filled from.
    """
    connection.execute(letter_cases.delete().where(_T.letter_id == letter_id, _T.case_id == case_id))
    left = connection.execute(
        select(_T.case_id, _T.fact_seq).where(_T.letter_id == letter_id).order_by(_T.case_id).limit(1)
    ).first()
    if left is None:
        return False
    own = (letter_rows.c.id == letter_id, letter_rows.c.case_id == case_id)
    connection.execute(update(letter_rows).where(*own).values(case_id=left.case_id, fact_seq=left.fact_seq))
    return True


def joint_of_fact(connection: Connection, case_id: int, fact_seq: int) -> int | None:
    """The batch whose joint letter a fact of a case took effect by, waits for, or was recorded by in serving it.

    None for any other fact.
    """
    found = (
        select(letter_rows.c.joint_id)
        .join(letter_cases, _T.letter_id == letter_rows.c.id)
        .where(_T.case_id == case_id, _T.fact_seq == fact_seq, letter_rows.c.joint_id.is_not(None))
    )
    return connection.scalar(found.limit(1)) or _served_by(connection, case_id, fact_seq)


def _served_by(connection: Connection, case_id: int, fact_seq: int) -> int | None:
    found = (
        select(letter_rows.c.joint_id, services.c.facts)
        .join(services, services.c.letter_id == letter_rows.c.id)
        .where(services.c.case_id == case_id, services.c.annulled_at.is_(None))
    )
    return next((batch for batch, seqs in connection.execute(found).tuples() if fact_seq in seqs), None)


def commune_of(connection: Connection, case_id: int) -> str | None:
    """The commune of the unit of a case."""
    found = select(units.c.commune_code).join(case_rows, case_rows.c.unit_id == units.c.id)
    return connection.scalar(found.where(case_rows.c.id == case_id))


def signed_joint(connection: Connection, case_id: int, fact_seq: int) -> int | None:
    """The joint letter that a fact of a case waits for, where it is signed and has no number yet."""
    found = select(letter_rows.c.id).join(letter_cases, _T.letter_id == letter_rows.c.id)
    mine = (_T.case_id == case_id, _T.fact_seq == fact_seq, letter_rows.c.joint_id.is_not(None))
    return connection.scalar(found.where(*mine, letter_rows.c.status.in_(("entered", "approved"))).limit(1))


def has_joint_text(template: str) -> bool:
    """Whether a letter can be written for many cases at once."""
    return template in batch_rules().letters


def open_batch_of(connection: Connection, case_id: int) -> int | None:
    """The batch that a case is in."""
    columns = batch_cases.c
    return connection.scalar(select(columns.batch_id).where(columns.case_id == case_id, columns.left_at.is_(None)))


def first_of(pairs: Sequence[tuple[int, int | None]]) -> tuple[int, int | None]:
    """The case whose facts a joint letter is filled from."""
    return min(pairs)
