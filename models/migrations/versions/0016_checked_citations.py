"""the 90 days to complain rest on an article that has been read since: their deadlines say so"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(sa.text("UPDATE deadline SET confidence = 'verified' WHERE article = 'complaints.9'"))
