"""clocks that wait for service; closing days taken back; the scope of a ruling"""

import sqlalchemy as sa
import sqlmodel
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deadline") as batch_op:
        batch_op.alter_column("starts_on", existing_type=sa.Date(), nullable=True)
    with op.batch_alter_table("closing") as batch_op:
        batch_op.add_column(sa.Column("takes_back", sa.Integer(), nullable=True))
        batch_op.create_foreign_key("closing_takes_back", "closing", ["takes_back"], ["id"])
        batch_op.create_unique_constraint("closing_takes_back_once", ["takes_back"])
    with op.batch_alter_table("ruling") as batch_op:
        # what was ruled before there was a scope held for the whole city: it stays so
        batch_op.add_column(sa.Column("district_code", sqlmodel.sql.sqltypes.AutoString(), nullable=True))
