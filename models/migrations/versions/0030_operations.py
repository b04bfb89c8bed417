"""acts done for several cases or letters at once"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "operation",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False, server_default=""),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undoes", sa.Integer(), sa.ForeignKey("operation.id"), nullable=True, unique=True),
        sa.Column("reason", sa.String(), nullable=False, server_default=""),
    )
    op.create_index("ix_operation_office", "operation", ["office"])
    op.create_table(
        "operation_line",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("operation_id", sa.Integer(), sa.ForeignKey("operation.id"), nullable=False),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), nullable=True),
        sa.Column("seq", sa.Integer(), nullable=True),
        sa.Column("service_id", sa.Integer(), sa.ForeignKey("service.id"), nullable=True),
    )
    for column in ("operation_id", "case_id", "service_id"):
        op.create_index(f"ix_operation_line_{column}", "operation_line", [column])
