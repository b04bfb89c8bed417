"""what an attempt of service told in the case, and attempts that were annulled"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("service", sa.Column("facts", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("service", sa.Column("annulled_at", models.columns.Instant(timezone=True), nullable=True))
    op.add_column("service", sa.Column("annulled_by", sa.String(), nullable=False, server_default=""))
