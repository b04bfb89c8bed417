"""views of lists saved under a name, and the columns chosen for each list"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "saved_view",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("page", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("query", sa.String(), nullable=False),
        sa.Column("is_start", sa.Boolean(), nullable=False, server_default=sa.false()),
        sa.UniqueConstraint("officer_id", "page", "name"),
    )
    op.create_index("ix_saved_view_officer_id", "saved_view", ["officer_id"])
    op.create_table(
        "list_columns",
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), primary_key=True),
        sa.Column("page", sa.String(), primary_key=True),
        sa.Column("columns", sa.JSON(), nullable=False),
    )
