"""A version in which verbs and letters have other names, in force for every case that an office has already."""

import re
from datetime import datetime

from sqlalchemy import Engine

from models.database import writing
from models.tables import case_rows, procedure_versions
from procedures.definition.loader import load
from rulebook.shipped import digest, shipped
from tests.rule_changes.version_texts import NAME, text_of

PIN = f"{NAME}@9"
AT = datetime.fromisoformat("2016-03-14T03:00:00+00:00")


def renamed_text(**names: str) -> str:
    """Our text with verbs and letters under other names, by their present ones, each naming its former one."""
    text, verbs = shipped().current.text, load().verbs
    for old, new in names.items():
        text, count = re.subn(rf"\b{old}\b", new, text)
        assert count, old
        if old in verbs:
            text = text.replace(f"\n  {new}:\n", f"\n  {new}:\n    formerly: {old}\n", 1)
    letters = [f"  {new}: {{formerly: {old}}}\n" for old, new in names.items() if old not in verbs]
    return text_of("9", base="".join((text, "\nletters:\n", *letters) if letters else (text,)))


def led_over(bind: Engine, **names: str) -> None:
    """Every case of the office is pinned to a version with these other names.

    Its text is stored as a later release would ship it: this release has no templates under names to come.
    """
    text = renamed_text(**names)
    stored = {
        "pin": PIN, "text": text, "sha256": digest(text), "status": "retired", "added_by": "", "added_at": AT,
        "adopted_at": AT, "note": "", "mark": "", "history": [],
    }  # fmt: skip
    with writing(bind) as connection:
        connection.execute(procedure_versions.insert().values(**stored))
        connection.execute(case_rows.update().values(procedure=PIN))
