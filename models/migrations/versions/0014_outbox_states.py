"""states of effects and messages in the words of the field: pending, dead_letter

`owed` became `pending` and `dead` became `dead_letter`; a retry that is scheduled was never a stored state of its own.
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None
RENAMED = {"owed": "pending", "dead": "dead_letter"}


def upgrade() -> None:
    for table in ("effect", "message"):
        column = sa.table(table, sa.column("status", sa.String())).c.status
        for former, name in RENAMED.items():
            op.execute(sa.update(column.table).where(column == former).values(status=name))
        op.drop_index(f"{table}_owed", table_name=table)
        op.create_index(f"{table}_pending", table, ["status", "next_at"])
