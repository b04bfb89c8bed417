"""letters of no, one or many cases; books kept on paper; papers signed in ink, their signatories; earlier papers"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _letter_cases()
    _books()
    _signatories()
    _signed_papers()
    _earlier_papers()


def _moment(name: str, *, nullable: bool = False) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def _texts(*names: str) -> list[sa.Column[object]]:
    return [sa.Column(name, sa.String(), nullable=False, server_default="") for name in names]


def _letter_cases() -> None:
    op.create_table(
        "letter_case",
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), primary_key=True),
    )
    op.create_index("ix_letter_case_case_id", "letter_case", ["case_id"])
    op.execute("INSERT INTO letter_case (letter_id, case_id) SELECT id, case_id FROM letter WHERE case_id IS NOT NULL")


def _books() -> None:
    op.add_column("book", sa.Column("start", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("book", sa.Column("started_by", sa.String(), nullable=False, server_default=""))
    op.add_column("book", _moment("started_at", nullable=True))
    op.add_column("book_entry", sa.Column("on_paper", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "book_mode",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("mode", sa.String(), nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        _moment("recorded_at"),
    )
    op.create_index("ix_book_mode_issuer", "book_mode", ["issuer"])


def _signatories() -> None:
    op.create_table(
        "signatory",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("post", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("district_code", sa.String(), sa.ForeignKey("district.code"), nullable=True),
        sa.Column("commune_code", sa.String(), sa.ForeignKey("commune.code"), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("recorded_by", sa.String(), nullable=False),
        _moment("recorded_at"),
        _moment("ended_at", nullable=True),
        *_texts("authority", "decision", "ended_by", "end_reason"),
    )
    op.create_index("ix_signatory_district_code", "signatory", ["district_code"])


def _signed_papers() -> None:
    op.create_table(
        "signed_paper",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("letter_id", sa.Integer(), sa.ForeignKey("letter.id"), nullable=False),
        sa.Column("status", sa.String(), nullable=False),
        sa.Column("signer", sa.String(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=True),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("before", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("entered_by", sa.String(), nullable=False),
        _moment("entered_at"),
        _moment("decided_at", nullable=True),
        *_texts("authority", "post", "decided_by", "remarks"),
    )
    op.create_index("ix_signed_paper_letter_id", "signed_paper", ["letter_id"])
    op.create_index("ix_signed_paper_status", "signed_paper", ["status"])
    entered = sa.text("status = 'entered'")
    op.create_index(
        "signed_paper_open", "signed_paper", ["letter_id"], unique=True, sqlite_where=entered, postgresql_where=entered
    )


def _earlier_papers() -> None:
    op.create_table(
        "earlier_paper",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("office", sa.String(), nullable=False),
        sa.Column("body", sa.String(), nullable=False),
        sa.Column("symbol", sa.String(), nullable=False),
        sa.Column("issued_on", sa.Date(), nullable=False),
        sa.Column("summary", sa.String(), nullable=False),
        sa.Column("recorded_by", sa.String(), nullable=False),
        _moment("recorded_at"),
        *_texts("template", "signer", "sha256", "name", "media_type"),
        sa.UniqueConstraint("office", "body", "symbol", "issued_on"),
    )
    op.create_table(
        "earlier_paper_case",
        sa.Column("paper_id", sa.Integer(), sa.ForeignKey("earlier_paper.id"), primary_key=True),
        sa.Column("case_id", sa.Integer(), sa.ForeignKey("coop_case.id"), primary_key=True),
    )
    op.create_index("ix_earlier_paper_case_case_id", "earlier_paper_case", ["case_id"])
