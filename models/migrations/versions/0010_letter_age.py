"""when a letter was handed in for signature"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("letter", sa.Column("submitted_at", models.columns.Instant(timezone=True), nullable=True))
