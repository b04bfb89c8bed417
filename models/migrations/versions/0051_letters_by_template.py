"""letters are found by their template: those that have to be printed so many times"""

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("letter_by_template", "letter", ["template"])
