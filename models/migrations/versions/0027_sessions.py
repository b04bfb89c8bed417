"""sessions in the database; who was signed in signs in again"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.drop_table("ended_session")
    op.create_table(
        "session",
        sa.Column("key_hash", sa.String(), primary_key=True),
        sa.Column("officer_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("stamp", sa.String(), nullable=False),
        sa.Column("began_at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_session_officer_id", "session", ["officer_id"])
