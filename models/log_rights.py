"""Rights of a PostgreSQL role that may work in an office and change nothing that is append-only.

The role that owns the tables could drop the triggers of the log; one with these rights can neither drop them nor empty
a table. The owner's role is needed for an upgrade only.
"""

from collections.abc import Iterator

from sqlalchemy.dialects import postgresql

from models.history_log import APPEND_ONLY
from models.tables import metadata

_QUOTE = postgresql.dialect().identifier_preparer.quote_identifier  # type: ignore[no-untyped-call]
READ_ONLY = "alembic_version"  # the state of the tables, which only an upgrade changes


def rights(role: str) -> Iterator[str]:
    """SQL statements, without semicolons, for the owner of the tables to run; again after an upgrade.

    The role must exist. What it had before on these tables is taken away first.
    """
    name = _QUOTE(role)
    yield f"REVOKE ALL ON ALL TABLES IN SCHEMA public FROM {name}"
    yield f"GRANT USAGE ON SCHEMA public TO {name}"
    yield f"GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {name}"
    yield f"GRANT SELECT ON {READ_ONLY} TO {name}"
    for table in sorted(metadata.tables):
        allowed = "SELECT, INSERT" if table in APPEND_ONLY else "SELECT, INSERT, UPDATE, DELETE"
        yield f"GRANT {allowed} ON {_QUOTE(table)} TO {name}"
