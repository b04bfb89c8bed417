"""Which letters are about which cases: a letter is about none, one or many."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, case, func, or_, select, text
from sqlalchemy.dialects import postgresql, sqlite

from models.database import is_sqlite
from models.letter_tables import WAITING
from models.tables import case_rows, letter_cases, letter_rows
from models.typed_rows.letter_shapes import LetterColumns

OBSTACLE_LETTER = "obstacle_letter"  # one letter to a body about obstacles of many cases; no step of a procedure
# a letter that each of its cases has in its own way: with the fact that it follows from there and its service
ABOUT_MANY = or_(letter_rows.c.joint_id.is_not(None), letter_rows.c.template == OBSTACLE_LETTER)
_waits = letter_rows.alias("waits")
# letters that still wait for a hand: written as the index of these few, so that a statement begins with it
IN_HAND_IDS = select(_waits.c.id).where(text(f"waits.{WAITING}"))
IN_HAND = letter_rows.c.id.in_(IN_HAND_IDS)


def is_about_many(row: LetterColumns) -> bool:
    """`ABOUT_MANY` of a row that was read."""
    return row["joint_id"] is not None or row["template"] == OBSTACLE_LETTER


def of_case(case_id: int) -> ColumnElement[bool]:
    """Letters that are about a case."""
    return letter_rows.c.id.in_(select(letter_cases.c.letter_id).where(letter_cases.c.case_id == case_id))


def follows_in_case(case_id: int) -> ColumnElement[int | None]:
    """The fact of a case that a letter about it follows from; of a letter about several, the one of this case."""
    return _in_case(letter_cases.c.fact_seq, case_id, letter_rows.c.fact_seq)


def status_in_case(case_id: int) -> ColumnElement[str]:
    """How far a letter has come in a case: a letter about several is served to each."""
    return _in_case(func.nullif(letter_cases.c.status, ""), case_id, letter_rows.c.status)


def _in_case(own: ColumnElement[Any], case_id: int, of_letter: ColumnElement[Any]) -> ColumnElement[Any]:
    here = select(own).where(letter_cases.c.letter_id == letter_rows.c.id, letter_cases.c.case_id == case_id)
    return case((~ABOUT_MANY, of_letter), else_=func.coalesce(here.scalar_subquery(), of_letter))


def about_open_cases() -> ColumnElement[bool]:
    """Letters that are about a case which is not closed; of a letter about several, any of them."""
    open_ = (letter_cases.c.letter_id == letter_rows.c.id, case_rows.c.closed_on.is_(None))
    return select(case_rows.c.id).join(letter_cases, letter_cases.c.case_id == case_rows.c.id).where(*open_).exists()


def with_cases(found: Select[Any]) -> Select[Any]:
    """A statement on letters, with a row for each of their cases."""
    return found.join(letter_cases, letter_cases.c.letter_id == letter_rows.c.id)


def tie(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Record that letters are about cases (pairs of their ids); what is recorded already stays."""
    rows = [{"letter_id": letter, "case_id": case} for letter, case in pairs]
    if rows:
        module = sqlite if is_sqlite(connection) else postgresql
        connection.execute(module.insert(letter_cases).on_conflict_do_nothing(), rows)
