"""notes and instructions on cases; kind, day and remark of documents"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

INSTANT = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "case_note",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("come_back_on", sa.Date(), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("written_at", INSTANT, nullable=False),
        sa.Column("closed_by", sa.String(), nullable=False, server_default=""),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.Column("struck_by", sa.String(), nullable=False, server_default=""),
        sa.Column("struck_at", INSTANT, nullable=True),
        sa.Column("struck_reason", sa.String(), nullable=False, server_default=""),
        sa.Column("origin", sa.Integer(), sa.ForeignKey("case_note.id"), nullable=True),
    )
    op.create_index("ix_case_note_case_id", "case_note", ["case_id"])
    op.create_index("case_note_open", "case_note", ["closed_at", "come_back_on"])
    op.create_table(
        "instruction",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), nullable=False),
        sa.Column("to_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("by_id", sa.Integer(), sa.ForeignKey("officer.id"), nullable=False),
        sa.Column("given_at", INSTANT, nullable=False),
        sa.Column("answer", sa.Text(), nullable=False, server_default=""),
        sa.Column("files", sa.JSON(), nullable=False),
        sa.Column("answered_by", sa.String(), nullable=False, server_default=""),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("withdrawn_by", sa.String(), nullable=False, server_default=""),
        sa.Column("withdrawn_at", INSTANT, nullable=True),
        sa.Column("withdrawn_reason", sa.String(), nullable=False, server_default=""),
    )
    for name in ("case_id", "to_id", "by_id"):
        op.create_index(f"ix_instruction_{name}", "instruction", [name])
    op.create_index("instruction_unanswered", "instruction", ["answered_at", "withdrawn_at", "due_on"])
    op.add_column("evidence", sa.Column("kind", sa.String(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("dated_on", sa.Date(), nullable=True))
    op.add_column("evidence", sa.Column("remark", sa.String(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("struck_by", sa.String(), nullable=False, server_default=""))
    op.add_column("evidence", sa.Column("struck_at", INSTANT, nullable=True))
    op.add_column("evidence", sa.Column("struck_reason", sa.String(), nullable=False, server_default=""))
