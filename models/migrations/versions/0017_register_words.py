"""headings that an office has mapped; units in the order of the Vietnamese alphabet"""

import unicodedata

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None
LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
TONES = {0x300: 1, 0x309: 2, 0x303: 3, 0x301: 4, 0x323: 5}
BATCH = 5_000


def upgrade() -> None:
    op.create_table(
        "heading_word",
        sa.Column("id", sa.Integer(), primary_key=True),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("heading", sa.String(), nullable=False),
        sa.Column("field", sa.String(), nullable=False, server_default=""),
        sa.Column("district_code", sa.String(), sa.ForeignKey("district.code"), nullable=True),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
    )
    op.create_index("ix_heading_word_key", "heading_word", ["key"])
    op.add_column("unit", sa.Column("sort_key", sa.String(), nullable=False, server_default=""))
    _fill()
    op.create_index("ix_unit_sort_key", "unit", ["sort_key"])


def _fill() -> None:
    unit = sa.table(
        "unit", sa.column("id", sa.Integer()), sa.column("name", sa.String()), sa.column("sort_key", sa.String())
    )
    bind = op.get_bind()
    rows = [
        {"unit_id": number, "found": _key(name)} for number, name in bind.execute(sa.select(unit.c.id, unit.c.name))
    ]
    statement = sa.update(unit).where(unit.c.id == sa.bindparam("unit_id")).values(sort_key=sa.bindparam("found"))
    for start in range(0, len(rows), BATCH):
        bind.execute(statement, rows[start : start + BATCH])


def _key(name: str) -> str:
    """As `templates.alphabet.sort_key` stood when this was written."""
    parts = unicodedata.normalize("NFD", name.casefold())
    toneless = unicodedata.normalize("NFC", "".join(part for part in parts if ord(part) not in TONES))
    tones = "".join(str(TONES.get(ord(part), 0)) for part in parts)
    return "".join(f"{_rank(letter):02}" for letter in toneless) + "00" + tones


def _rank(letter: str) -> int:
    if letter.isspace():
        return 1
    if letter in LETTERS:
        return 20 + LETTERS.index(letter)
    return 2 + ord(letter) - ord("0") if "0" <= letter <= "9" else 99
