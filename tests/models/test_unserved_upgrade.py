"""An upgrade marks the deadlines that wait for the service of their letters, so that lists find them as before."""

from importlib import import_module

from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import create_engine, text

UPGRADE = "models.migrations.versions.0043_unserved_runs"


def test_what_waited_is_marked() -> None:
    with create_engine("sqlite://").begin() as connection:
        connection.execute(text("CREATE TABLE deadline (id INTEGER PRIMARY KEY, status VARCHAR NOT NULL)"))
        connection.execute(text("INSERT INTO deadline (status) VALUES ('waiting'), ('open'), ('met'), ('waiting')"))
        with Operations.context(MigrationContext.configure(connection)):
            import_module(UPGRADE).upgrade()
        rows = connection.execute(text("SELECT status, unserved FROM deadline ORDER BY id")).tuples().all()
    assert [(status, bool(marked)) for status, marked in rows] == [
        ("waiting", True), ("open", False), ("met", False), ("waiting", True),
    ]  # fmt: skip
