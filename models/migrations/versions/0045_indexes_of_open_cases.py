"""lists and counts of open cases, of dates to meet, of service awaited and of days set are read from indexes alone"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None

OPEN = (
    "district_code", "due_on", "ref", "legal_on", "target_on", "level", "stage", "state", "officer_id", "irregular",
    "unit_id", "closed_on",
)  # fmt: skip


def upgrade() -> None:
    of_open = sa.text("closed_on IS NULL")
    op.create_index("coop_case_open", "coop_case", OPEN, sqlite_where=of_open, postgresql_where=of_open)
    op.drop_index("deadline_open", "deadline")
    op.create_index("deadline_open", "deadline", ["status", "ends_on", "kind", "case_id", "who", "key"])
    op.create_index(
        "deadline_unserved", "deadline", ["case_id"], sqlite_where=sa.text("unserved = 1"),
        postgresql_where=sa.text("unserved"),
    )  # fmt: skip
    op.create_index("fact_kind", "fact", ["kind", "occurred_on", "case_id"])
