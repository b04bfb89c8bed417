"""what was looked at for contradictions; the nightly checks fill it"""

import sqlalchemy as sa
from alembic import op

revision = "0050"
down_revision = "0049"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "content_check",
        sa.Column("kind", sa.String(), primary_key=True),
        sa.Column("subject", sa.Integer(), primary_key=True, autoincrement=False),
        sa.Column("identity", sa.String(), nullable=False),
        sa.Column("rules", sa.String(), nullable=False),
        sa.Column("found", sa.Integer(), nullable=False),
    )
    some = sa.text("found > 0")
    op.create_index("content_check_found", "content_check", ["kind"], sqlite_where=some, postgresql_where=some)
