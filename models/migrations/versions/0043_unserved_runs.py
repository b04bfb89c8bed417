"""which deadlines have a run that waits for the service of its letters"""

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None

deadline = sa.table("deadline", sa.column("status", sa.String), sa.column("unserved", sa.Boolean))


def upgrade() -> None:
    """A deadline had one run that lists knew: it waits where its row says so."""
    op.add_column("deadline", sa.Column("unserved", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(deadline.update().where(deadline.c.status == "waiting").values(unserved=sa.true()))
