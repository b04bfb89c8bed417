"""numbers of claims of messages, leases on the duties of a day"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("claim", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("dayrun", sa.Column("claim", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("dayrun", sa.Column("holder", sa.String(), nullable=False, server_default=""))
    op.add_column("dayrun", sa.Column("held_until", sa.DateTime(timezone=True), nullable=True))
