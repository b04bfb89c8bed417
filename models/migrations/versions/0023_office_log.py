"""the office's log: entries, their order, signed checkpoints"""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

LONG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "log_entry",
        sa.Column("id", LONG, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
    )
    op.create_index("log_entry_subject", "log_entry", ["entity", "key"])
    op.create_table(
        "log_leaf",
        sa.Column("position", LONG, primary_key=True, autoincrement=False),
        sa.Column("entry_id", LONG, nullable=False, unique=True),
        sa.Column("hash", sa.String(), nullable=False),
    )
    op.create_table(
        "log_checkpoint",
        sa.Column("size", LONG, primary_key=True, autoincrement=False),
        sa.Column("root", sa.String(), nullable=False),
        sa.Column("frontier", sa.String(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_table(
        "change_note",
        sa.Column("id", LONG, primary_key=True, autoincrement=True),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("transaction", sa.String(), nullable=False),
        sqlite_autoincrement=True,
    )
