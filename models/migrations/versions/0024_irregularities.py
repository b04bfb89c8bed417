"""how many irregularities of a case are not settled"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("coop_case", sa.Column("irregular", sa.Integer(), nullable=False, server_default="0"))
