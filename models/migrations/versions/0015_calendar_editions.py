"""the editions of the days off that an office adopted; one that runs already keeps the first"""

from datetime import UTC, datetime

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    adoptions = op.create_table(
        "calendar_adoption",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("adopted_by", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
        sa.Column("adopted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("note", sqlmodel.sql.sqltypes.AutoString(), nullable=False),
    )
    # the deadlines of an office with cases were derived by the first edition ever since, whatever is shipped today
    if op.get_bind().execute(sa.text("SELECT 1 FROM coop_case LIMIT 1")).first() is not None:
        row = {"edition": 1, "adopted_by": "", "adopted_at": datetime(1970, 1, 1, tzinfo=UTC), "note": ""}
        op.bulk_insert(adoptions, [row])
