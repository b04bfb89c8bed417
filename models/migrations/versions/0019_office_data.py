"""types and former names of communes, the commune of a unit, agencies, plans"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for column in (
        sa.Column("former", sa.JSON(), nullable=False, server_default="[]"),
        sa.Column("confidence", sa.String(), nullable=False, server_default="recalled"),
        sa.Column("changed_by", sa.String(), nullable=False, server_default=""),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True),
    ):
        op.add_column("commune", column)
    op.add_column("unit", sa.Column("commune_code", sa.String(), nullable=True))
    op.create_index("ix_unit_commune_code", "unit", ["commune_code"])
    _agencies()
    _plans()


def _agencies() -> None:
    op.create_table(
        "agency",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("kind", sa.String(), nullable=False, index=True),
        sa.Column("district_code", sa.String(), sa.ForeignKey("district.code"), nullable=True, index=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("changed_by", sa.String(), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
    )


def _plans() -> None:
    op.create_table(
        "programme_plan",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("district_code", sa.String(), sa.ForeignKey("district.code"), nullable=True, index=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("invented", sa.Boolean(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
    )
