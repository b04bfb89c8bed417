"""letters as they were really signed"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "signed_version",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("added_at", models.columns.Instant(timezone=True), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("record", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("differing", sa.Integer(), nullable=False),
    )
    op.create_index("ix_signed_version_letter_id", "signed_version", ["letter_id"])
