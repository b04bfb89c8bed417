"""the failure code of an internal address: own_house became internal_address"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None
CODES = {"own_house": "internal_address"}


def upgrade() -> None:
    for table, name in (("channel", "last_error"), ("message", "note")):
        column = sa.table(table, sa.column(name, sa.String())).c[name]
        for former, code in CODES.items():
            op.execute(sa.update(column.table).where(column == former).values({name: code}))
