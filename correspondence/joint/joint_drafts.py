"""Drafts that are one paper for many cases of a batch."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, Connection, func, select, update

from casework.ledger import load_cases
from correspondence.composing import Composer
from correspondence.draft_rows import gaps, with_blanks
from correspondence.joint.shares import commune_of, first_of, has_joint_text, joint_of_fact, tie_shares, untie
from correspondence.letter_rights import ALIVE, UNSENT
from letters.catalogue import JOINT, letter_type
from models.tables import letter_cases, letter_rows
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import LetterRow
from procedures.former_names import all_names

Pairs = Sequence[tuple[int, int | None]]
_L = letter_rows.c


def draft_joint(
    connection: Connection, batch_id: int, template: str, pairs: Pairs, *, by: str, now: datetime, today: date
) -> int:
    """Draft one letter about cases of a batch, each with the fact that it follows from; returns its id."""
    kind = letter_type(f"{JOINT}{template}")
    case_id, fact_seq = first_of(pairs)
    count = (
        connection.scalar(
            select(func.count()).where(_L.joint_id == batch_id, _L.template.in_(all_names((), "letters", [template])))
        )
        or 0
    )
    values = {
        "key": f"joint:{batch_id}:{template}:{count}", "case_id": case_id, "fact_seq": fact_seq, "template": template,
        "status": "draft", "issuer": "", "drafted_for_on": today, "drafted_at": now, "drafted_by": by,
        "data": {"extra": {}}, "missing": [], "unverified": [], "joint_id": batch_id,
    }  # fmt: skip
    letter_id = int(connection.execute(letter_rows.insert().values(with_blanks(values)).returning(_L.id)).scalar_one())
    tie_shares(connection, letter_id, pairs)
    loaded = load_cases(connection, [case_id])[case_id]
    letter = Composer(connection, today).joint(loaded, kind, fact_seq, {}, letter_id, batch_id)
    connection.execute(update(letter_rows).where(_L.id == letter_id).values(gaps(letter)))
    return letter_id


def draft_of_joint_act(
    connection: Connection, case_id: int, template: str, fact_seq: int, *, now: datetime, today: date, by: str
) -> int | None:
    """The joint letter that follows from an act which one paper made for many cases: drafted once for all of them.

    None where the fact was made otherwise, or where the letter has no text for many cases.
    """
    batch_id = joint_of_fact(connection, case_id, fact_seq) if has_joint_text(template) else None
    if batch_id is None:
        return None
    mine = (*_named(batch_id, template), _L.status != "cancelled")
    tied = select(_L.id).join(letter_cases, letter_cases.c.letter_id == _L.id)
    known = connection.scalar(
        tied.where(*mine, letter_cases.c.case_id == case_id, letter_cases.c.fact_seq == fact_seq).limit(1)
    )
    if known is not None:
        return int(known)
    unsent = _unsent(connection, batch_id, template, case_id)
    if unsent is None:
        return draft_joint(connection, batch_id, template, [(case_id, fact_seq)], by=by, now=now, today=today)
    tie_shares(connection, unsent, [(case_id, fact_seq)])
    return unsent


def _unsent(connection: Connection, batch_id: int, template: str, case_id: int) -> int | None:
    """The joint draft that a case belongs into: one of a commune's committee is about cases of that commune."""
    found = select(_L.id, _L.case_id).where(*_named(batch_id, template), _L.status.in_(UNSENT))
    rows = connection.execute(found.order_by(_L.id.desc())).tuples().all()
    if letter_type(template).issuer == "commune_committee":
        here = commune_of(connection, case_id)
        rows = [row for row in rows if commune_of(connection, row[1]) == here]
    return next((int(number) for number, _ in rows), None)


def _named(batch_id: int, template: str) -> tuple[ColumnElement[bool], ...]:
    return _L.joint_id == batch_id, _L.template.in_(all_names((), "letters", [template]))


def drop_shares(connection: Connection, case_id: int, seq: int) -> int:
    """Take a case out of the joint letters, not signed yet, that followed from one of its facts; returns how many.

    A letter that was handed in becomes a draft again, for its text has changed; one without cases is cancelled.
    """
    found = (
        select(letter_rows)
        .join(letter_cases, letter_cases.c.letter_id == _L.id)
        .where(letter_cases.c.case_id == case_id, letter_cases.c.fact_seq == seq)
        .where(_L.joint_id.is_not(None), _L.status.in_(ALIVE))
    )
    return _drop(connection, all_rows(LetterRow, connection.execute(found)), case_id)


def drop_unsent(connection: Connection, batch_id: int, case_id: int) -> int:
    """Take a case that leaves its batch out of the joint letters that are not signed yet; returns how many."""
    found = (
        select(letter_rows)
        .join(letter_cases, letter_cases.c.letter_id == _L.id)
        .where(letter_cases.c.case_id == case_id, _L.joint_id == batch_id, _L.status.in_(ALIVE))
    )
    return _drop(connection, all_rows(LetterRow, connection.execute(found)), case_id)


def _drop(connection: Connection, rows: Sequence[LetterRow], case_id: int) -> int:
    for row in rows:
        status = "draft" if untie(connection, row["id"], case_id) else "cancelled"
        if status == "cancelled" or row["status"] == "submitted":
            changed = {"status": status, "remarks": "annulled" if status == "cancelled" else row["remarks"]}
            connection.execute(update(letter_rows).where(_L.id == row["id"]).values(**changed))
    return len(rows)
