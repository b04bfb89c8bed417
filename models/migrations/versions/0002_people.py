"""passwords given by somebody else, and the journal of the office"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("officer", sa.Column("temporary", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "office_act",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("act", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", models.columns.Instant(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
    )
