"""a case has the sort key of its unit's name, for lists by unit; open cases of a city are counted from an index;
SQLite has words by their first four to six letters"""

from importlib import import_module

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

BY_UNIT = ["district_code", "unit_sort", "ref"]
DUE = ["closed_on", "due_on", "legal_on", "target_on", "level", "state", "irregular"]


def upgrade() -> None:
    op.add_column("coop_case", sa.Column("unit_sort", sa.String(), nullable=False, server_default=""))
    op.execute("UPDATE coop_case SET unit_sort = (SELECT sort_key FROM unit WHERE unit.id = coop_case.unit_id)")
    _by_own_name()
    op.create_index("coop_case_by_unit", "coop_case", BY_UNIT)
    op.drop_index("coop_case_due", "coop_case")
    op.create_index("coop_case_due", "coop_case", DUE)
    if op.get_bind().dialect.name == "sqlite":
        op.execute("DROP TABLE search_words")
        op.execute(
            "CREATE VIRTUAL TABLE search_words USING fts5(words, content='search_entry', content_rowid='id', "
            "detail=none, columnsize=0, prefix='2 3 4 5 6', tokenize=\"ascii tokenchars '_'\")"
        )
        op.execute("INSERT INTO search_words (search_words) VALUES ('rebuild')")


def _by_own_name() -> None:
    """Cases that have a former name of their unit, as long as nobody brings the new one over."""
    key = import_module("models.migrations.versions.0017_register_words")._key
    case = sa.table("coop_case", *map(sa.column, ("id", "unit_id", "unit_name", "unit_sort")))
    unit = sa.table("unit", *map(sa.column, ("id", "name")))
    renamed = sa.select(case.c.id, case.c.unit_name).join(unit, unit.c.id == case.c.unit_id)
    bind = op.get_bind()
    for number, name in bind.execute(renamed.where(unit.c.name != case.c.unit_name)).all():
        bind.execute(sa.update(case).where(case.c.id == number).values(unit_sort=key(name)))
