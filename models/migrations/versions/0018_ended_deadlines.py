"""what was met in a week or a month is counted from an index"""

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("deadline_ended", "deadline", ["status", "ended_on", "key", "case_id"])
