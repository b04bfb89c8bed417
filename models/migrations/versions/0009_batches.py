"""batches of letters, their acts, and the place of a letter in one"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_batch",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("template", sa.String(), nullable=False),
        sa.Column("common", sa.JSON(), nullable=False),
        sa.Column("chosen", sa.JSON(), nullable=False),
        sa.Column("drafted_on", sa.Date(), nullable=False),
        sa.Column("drafted_at", models.columns.Instant(timezone=True), nullable=False),
        sa.Column("drafted_by", sa.String(), nullable=False),
        sa.Column("dropped_at", models.columns.Instant(timezone=True), nullable=True),
        sa.UniqueConstraint("office", "name"),
    )
    op.create_table(
        "letter_batch_act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("batch_id", sa.Integer(), sa.ForeignKey("letter_batch.id"), nullable=False),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", models.columns.Instant(timezone=True), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), nullable=True),
        sa.Column("reason", sa.String(), nullable=False),
    )
    op.create_index("ix_letter_batch_act_batch_id", "letter_batch_act", ["batch_id"])
    # in plain SQL: SQLite adds a column with its reference only so
    op.execute("ALTER TABLE letter ADD COLUMN batch_id INTEGER REFERENCES letter_batch (id)")
    op.add_column("letter", sa.Column("batch_place", sa.Integer(), nullable=True))
    op.create_index("ix_letter_batch_id", "letter", ["batch_id"])
