"""Which letters are about which cases: a letter is about none, one or many."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, select
from sqlalchemy.dialects import postgresql, sqlite

from models.database import is_sqlite
from models.tables import letter_cases, letter_rows


def of_case(case_id: int) -> ColumnElement[bool]:
    """Letters that are about a case."""
    return letter_rows.c.id.in_(select(letter_cases.c.letter_id).where(letter_cases.c.case_id == case_id))


def with_cases(found: Select[Any]) -> Select[Any]:
    """A statement on letters, with a row for each of their cases."""
    return found.join(letter_cases, letter_cases.c.letter_id == letter_rows.c.id)


def tie(connection: Connection, pairs: Iterable[tuple[int, int]]) -> None:
    """Record that letters are about cases (pairs of their ids); what is recorded already stays."""
    rows = [{"letter_id": letter, "case_id": case} for letter, case in pairs]
    if rows:
        module = sqlite if is_sqlite(connection) else postgresql
        connection.execute(module.insert(letter_cases).on_conflict_do_nothing(), rows)
