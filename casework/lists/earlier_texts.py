"""Texts that an officer typed into the same fields of the same act before, to be taken again with one press."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, select

from casework.office.people import Actor
from models.tables import case_rows, facts
from procedures.former_names import all_names

CASES, TEXTS, LONGEST = 60, 3, 300  # cases looked into, texts of a field, signs of a text


def earlier_texts(
    connection: Connection, verb: str, names: Sequence[str], person: Actor
) -> Mapping[str, tuple[str, ...]]:
    """By field: the latest texts in the officer's own cases, each once; nothing for those who carry no cases."""
    if not names:
        return {}
    own = select(case_rows.c.id).where(case_rows.c.officer_id == person.id)
    latest = own.order_by(case_rows.c.touched_at.desc()).limit(CASES)
    same = facts.c.kind.in_(all_names((), "verbs", [verb]))
    found = select(facts.c.data).where(facts.c.case_id.in_(latest.scalar_subquery()), same, facts.c.by == person.login)
    listed = connection.scalars(found.order_by(facts.c.recorded_at.desc(), facts.c.id.desc())).all()
    texts: dict[str, dict[str, None]] = {name: {} for name in names}
    for data in listed:
        for name, kept in texts.items():
            text = str(data.get(name) or "").strip()
            if text and len(text) <= LONGEST:
                kept.setdefault(text)
    return {name: tuple(kept)[:TEXTS] for name, kept in texts.items() if kept}
