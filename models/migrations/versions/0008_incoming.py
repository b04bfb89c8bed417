"""what incoming documents are and what they told in the case"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("kind", "part"):
        op.add_column("incoming", sa.Column(name, sa.String(), nullable=False, server_default=""))
    op.add_column("incoming", sa.Column("fact_seq", sa.Integer(), nullable=True))
    op.add_column("incoming", sa.Column("files", sa.JSON(), nullable=False, server_default="[]"))
    op.create_index("ix_incoming_answers_letter_id", "incoming", ["answers_letter_id"])
