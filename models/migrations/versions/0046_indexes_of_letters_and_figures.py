"""lists of letters, what waits for a hand, and the figures of a month are read from indexes alone"""

import sqlalchemy as sa
from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

OF_CASE = (
    "case_id", "status", "template", "number", "issued_on", "drafted_for_on", "submitted_at", "approved_at",
)  # fmt: skip
OF_DISTRICT = ["district_code", "closed_on", "due_on", "legal_on", "target_on", "opened_on"]
WAITING = "status IN ('draft', 'returned', 'submitted', 'entered', 'approved', 'issued', 'undelivered')"


def upgrade() -> None:
    op.drop_index("ix_letter_case_id", "letter")
    op.create_index("letter_of_case", "letter", OF_CASE)
    waiting = sa.text(WAITING)
    op.create_index(
        "letter_waiting", "letter", ["status", "case_id", "template"], sqlite_where=waiting, postgresql_where=waiting
    )
    op.drop_index("deadline_ended", "deadline")
    op.create_index("deadline_ended", "deadline", ["status", "ended_on", "key", "case_id", "kind", "ends_on"])
    op.drop_index("coop_case_district", "coop_case")
    op.create_index("coop_case_district", "coop_case", OF_DISTRICT)
    dissolved = sa.text("outcome IS NOT NULL")
    op.create_index(
        "coop_case_outcome", "coop_case", ["outcome", "district_code"], sqlite_where=dissolved,
        postgresql_where=dissolved,
    )  # fmt: skip
