"""letters have their district and whether they are answered, the days that acts set are found by the day, and lists of
units, cases and messages have an index in their order"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"
branch_labels = None
depends_on = None

_DUE = [
    "closed_on", "due_on", "legal_on", "target_on", "level", "state", "irregular", "district_code", "officer_id",
    "stage",
]  # fmt: skip
_DAYS = {
    "sqlite": (
        "SELECT value, fact.case_id, fact.kind, key FROM fact, json_each(fact.data) WHERE type = 'text' "
        "AND value GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND value >= fact.occurred_on"
    ),
    "postgresql": (
        "SELECT value, fact.case_id, fact.kind, key FROM fact, json_each_text(fact.data) "
        "WHERE value ~ '^[0-9]{4}-[0-9]{2}-[0-9]{2}$' AND value >= to_char(fact.occurred_on, 'YYYY-MM-DD')"
    ),
}


def upgrade() -> None:
    _letters()
    op.create_table(
        "act_day",
        sa.Column("day", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("day", "case_id", "kind", "field"),
    )
    days = _DAYS[op.get_bind().dialect.name]
    op.execute(f"INSERT INTO act_day (day, case_id, kind, field) {days} ON CONFLICT DO NOTHING")
    op.drop_index("ix_unit_district_code", "unit")
    op.drop_index("ix_unit_commune_code", "unit")
    op.create_index("unit_of_district", "unit", ["district_code", "sort_key", "id"])
    op.create_index("unit_of_commune", "unit", ["commune_code", "district_code"])
    still_open = sa.text("closed_on IS NULL")
    op.create_index(
        "coop_case_by_opening", "coop_case", ["district_code", "opened_on", "ref"], sqlite_where=still_open,
        postgresql_where=still_open,
    )  # fmt: skip
    nobodys = sa.text("officer_id IS NULL AND closed_on IS NULL")
    op.create_index(
        "coop_case_unassigned", "coop_case", ["district_code", "level"], sqlite_where=nobodys, postgresql_where=nobodys
    )
    op.drop_index("coop_case_due", "coop_case")
    op.create_index("coop_case_due", "coop_case", _DUE)
    op.create_index("message_of_officer", "message", ["officer_id", "status", "attempts"])


def _letters() -> None:
    op.add_column("letter", sa.Column("district_code", sa.String(), nullable=False, server_default=""))
    op.add_column("letter", sa.Column("answered", sa.Boolean(), nullable=False, server_default=sa.false()))
    district = "(SELECT district_code FROM coop_case WHERE coop_case.id = letter.case_id)"
    answered = "EXISTS (SELECT 1 FROM incoming WHERE incoming.answers_letter_id = letter.id)"
    op.execute(f"UPDATE letter SET district_code = coalesce({district}, ''), answered = {answered}")  # noqa: S608
    op.create_index("letter_of_district", "letter", ["district_code", "status", "issued_on", "id"])
    op.create_index("letter_of_kind", "letter", ["district_code", "template", "id"])
    op.create_index(
        "letter_unanswered", "letter", ["template", "district_code", "status", "issued_on"],
        sqlite_where=sa.text("answered = 0"), postgresql_where=sa.text("NOT answered"),
    )  # fmt: skip
