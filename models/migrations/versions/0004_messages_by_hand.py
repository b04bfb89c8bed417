"""who retried or dropped a message by hand, and when"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("handled_by", sa.String(), nullable=False, server_default=""))
    op.add_column("message", sa.Column("handled_at", models.columns.Instant(timezone=True), nullable=True))
