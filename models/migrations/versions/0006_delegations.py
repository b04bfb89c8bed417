"""delegations: the post they sign under, who added and who ended them"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("post", "added_by", "ended_by", "end_reason"):
        op.add_column("delegation", sa.Column(name, sa.String(), nullable=False, server_default=""))
    for name in ("added_at", "ended_at"):
        op.add_column("delegation", sa.Column(name, models.columns.Instant(timezone=True), nullable=True))
    op.add_column("delegation", sa.Column("ended_on", sa.Date(), nullable=True))
