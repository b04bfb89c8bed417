"""A transaction that changed more rows than a database takes parameters in one statement is logged all the same."""

from sqlalchemy import Engine, func, select, text

from models.database import reading, writing
from models.history_log import begin_noting, drop_notes
from models.tables import change_notes

MANY = 70_000  # PostgreSQL takes 65,535
NUMBERS = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < :many) "
OWN = {"sqlite": "''", "postgresql": "pg_current_xact_id()::text"}


def test_the_notes_of_a_long_transaction_are_dropped(either_bind: Engine) -> None:
    noted = f"INSERT INTO change_note(entity, key, transaction) {NUMBERS}SELECT 'unit', '1', {{own}} FROM n"
    if either_bind.dialect.name == "sqlite":
        noted = noted.replace("transaction)", '"transaction")')
    with writing(either_bind) as connection:
        after = begin_noting(connection)
        connection.execute(text(noted.format(own=OWN[either_bind.dialect.name])), {"many": MANY})
        drop_notes(connection, after)
    with reading(either_bind) as connection:
        assert connection.scalar(select(func.count()).select_from(change_notes)) == 0
