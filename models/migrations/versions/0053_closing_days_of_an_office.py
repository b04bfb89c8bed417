"""closing days are found by their office: with each act those of its case, among those of hundreds of offices"""

from alembic import op

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_closing_district_code", "closing", ["district_code"])
