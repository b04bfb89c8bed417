"""histories of cases for forecasts; the daily watch fills them"""

import sqlalchemy as sa
from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "case_history",
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), primary_key=True),
        sa.Column("head", sa.String(), nullable=False),
        sa.Column("pin", sa.String(), nullable=False),
        sa.Column("reading", sa.Integer(), nullable=False),
        sa.Column("seen_on", sa.Date(), nullable=False),
        sa.Column("course", sa.JSON(), nullable=False),
    )
