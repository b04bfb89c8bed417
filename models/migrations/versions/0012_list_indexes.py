"""the dates of a case stand in the indexes that its lists are read by"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

DATES = ["closed_on", "due_on", "legal_on", "target_on"]
INDEXES = {
    "coop_case_worklist": ["officer_id", *DATES],
    "coop_case_district": ["district_code", *DATES],
    "coop_case_due": DATES,
}


def upgrade() -> None:
    for name, columns in INDEXES.items():
        op.drop_index(name, "coop_case")
        op.create_index(name, "coop_case", columns)
