"""Recalled citations: a person checks one against the gazette and clears it once for all letters."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select

from casework.office.people import Actor
from models.errors import NotFound, Refused, WrongInput
from models.tables import clearances
from procedures.law.rules import Citation, rules
from procedures.state_machine.field_values import clean_text

MAY_CLEAR = frozenset({"legal", "admin"})


def cleared(connection: Connection) -> frozenset[str]:
    """The keys of the citations that have been checked, with the day their version is valid from."""
    found = connection.execute(select(clearances.c.citation, clearances.c.valid_from))
    return frozenset(_key(citation, valid_from) for citation, valid_from in found.tuples())


def cleared_on(connection: Connection, day: date) -> frozenset[str]:
    """The keys whose version in force on a day has been checked."""
    known = cleared(connection)
    return frozenset(
        citation.key
        for versions in rules().values()
        for citation in versions
        if citation.holds_on(day) and _key(citation.key, citation.valid_from) in known
    )


def recalled(connection: Connection) -> list[dict[str, Any]]:
    """Every recalled citation with whether, by whom and when it was checked."""
    rows = connection.execute(select(clearances)).mappings()
    done = {_key(row["citation"], row["valid_from"]): dict(row) for row in rows}
    return [
        {"citation": citation, "cleared": done.get(_key(citation.key, citation.valid_from))}
        for versions in rules().values()
        for citation in versions
        if citation.confidence == "recalled"
    ]


def clear(connection: Connection, key: str, valid_from: date | None, *, by: Actor, note: str, now: datetime) -> None:
    """Record that a version of a citation was checked; `note` says against what.

    Raises NotFound, Refused, WrongInput.
    """
    if by.role not in MAY_CLEAR:
        raise Refused("clearing_not_yours")
    _recalled(key, valid_from)
    text = clean_text("note", note)
    if not text:
        raise WrongInput("note", "missing_field", label={"vi": "Đã đối chiếu với", "en": "Checked against"})
    if _key(key, valid_from) in cleared(connection):
        return
    values = {"citation": key, "valid_from": valid_from, "cleared_by": by.login, "cleared_at": now, "note": text}
    connection.execute(clearances.insert().values(**values))


def _recalled(key: str, valid_from: date | None) -> Citation:
    for citation in rules().get(key, ()):
        if citation.valid_from == valid_from and citation.confidence == "recalled":
            return citation
    raise NotFound("no_such_citation", key=key)


def _key(citation: str, valid_from: date | None) -> str:
    return f"{citation}@{valid_from or ''}"
