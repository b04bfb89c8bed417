"""dissolution councils as bodies; batches of cases with joint letters"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0040"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _councils()
    _members()
    _meetings()
    _batches()
    _letters()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.String(), nullable=False) for name in names]


def _to(name: str, table: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Integer(), sa.ForeignKey(f"{table}.id"), nullable=nullable)


def _day(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.Date(), nullable=nullable)


def _document(name: str) -> sa.Column[object]:
    return sa.Column(name, sa.JSON(), nullable=False)


def _id() -> sa.Column[object]:
    return sa.Column("id", sa.Integer(), primary_key=True)


def _councils() -> None:
    op.create_table(
        "council", _id(), *_texts("office", "name", "decision", "recorded_by"), _day("formed_on", nullable=True),
        sa.Column("uses_seal", sa.Boolean(), nullable=False), _moment("recorded_at"),
        sa.UniqueConstraint("office", "name"),
    )  # fmt: skip
    op.create_index("ix_council_office", "council", ["office"])
    op.create_table(
        "council_case", _id(), _to("council_id", "council"), _to("case_id", "coop_case"), _day("from_on"),
        _day("left_on", nullable=True), *_texts("recorded_by", "ended_by", "end_reason"), _moment("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_council_case_council_id", "council_case", ["council_id"])
    op.create_index("ix_council_case_case_id", "council_case", ["case_id"])
    _one_open("council_case", "left_on")


def _members() -> None:
    op.create_table(
        "council_member", _id(), _to("council_id", "council"), _day("from_on"), _day("to_on", nullable=True),
        *_texts("seat", "name", "post", "reason", "decision", "recorded_by", "approved_by", "ended_by", "end_reason"),
        _moment("recorded_at"), _moment("approved_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_council_member_council_id", "council_member", ["council_id"])


def _meetings() -> None:
    op.create_table(
        "council_meeting", _id(), _to("council_id", "council"), _day("held_on"), _document("present"),
        *_texts("place", "settled", "sha256", "file_name", "media_type", "recorded_by"), _moment("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_council_meeting_council_id", "council_meeting", ["council_id"])
    op.create_table(
        "council_task", _id(), _to("council_id", "council"), _to("member_id", "council_member", nullable=True),
        _day("due_on"), _day("done_on", nullable=True), *_texts("what", "recorded_by", "done_by"),
        _moment("recorded_at"),
    )  # fmt: skip
    op.create_index("ix_council_task_council_id", "council_task", ["council_id"])


def _batches() -> None:
    op.create_table(
        "dissolution_batch", _id(), *_texts("office", "name", "recorded_by"),
        _to("council_id", "council", nullable=True), _moment("recorded_at"), sa.UniqueConstraint("office", "name"),
    )  # fmt: skip
    op.create_index("ix_dissolution_batch_office", "dissolution_batch", ["office"])
    op.create_index("ix_dissolution_batch_council_id", "dissolution_batch", ["council_id"])
    op.create_table(
        "batch_case", _id(), _to("batch_id", "dissolution_batch"), _to("case_id", "coop_case"), _document("values"),
        *_texts("joined_by", "left_by", "left_reason"), _moment("joined_at"), _moment("left_at", nullable=True),
    )  # fmt: skip
    op.create_index("ix_batch_case_batch_id", "batch_case", ["batch_id"])
    op.create_index("ix_batch_case_case_id", "batch_case", ["case_id"])
    _one_open("batch_case", "left_at")
    op.create_table(
        "batch_step", _id(), _to("batch_id", "dissolution_batch"), *_texts("kind", "verb", "reason", "by"),
        _to("letter_id", "letter", nullable=True), sa.Column("count", sa.Integer(), nullable=False), _moment("at"),
    )  # fmt: skip
    op.create_index("ix_batch_step_batch_id", "batch_step", ["batch_id"])


def _one_open(table: str, ends: str) -> None:
    where = sa.text(f"{ends} IS NULL")
    op.create_index(f"{table}_open", table, ["case_id"], unique=True, sqlite_where=where, postgresql_where=where)


def _letters() -> None:
    # in plain SQL: SQLite adds a column with its reference only so
    op.execute("ALTER TABLE letter ADD COLUMN joint_id INTEGER REFERENCES dissolution_batch (id)")
    op.create_index("ix_letter_joint_id", "letter", ["joint_id"])
    op.execute("ALTER TABLE service ADD COLUMN case_id INTEGER REFERENCES coop_case (id)")
    op.add_column("letter_case", sa.Column("fact_seq", sa.Integer(), nullable=True))
    op.add_column("letter_case", sa.Column("status", sa.String(), nullable=False, server_default=""))
