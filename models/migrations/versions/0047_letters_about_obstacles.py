"""the obstacles that one letter to a body is about"""

import sqlalchemy as sa
from alembic import op

revision = "0047"
down_revision = "0046"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "letter_obstacle",
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), primary_key=True),
        sa.Column("code", sa.String(), primary_key=True),
        sa.Column("since_on", sa.Date(), nullable=False),
        sa.Column("asked", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_letter_obstacle_case_id", "letter_obstacle", ["case_id"])
