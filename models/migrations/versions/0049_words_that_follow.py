"""the words of units that an import changes may follow it"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("search_stale", sa.Column("later", sa.Boolean(), nullable=False, server_default=sa.false()))
