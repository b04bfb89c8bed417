"""Whether what is stored is what happened: hash chains, projections equal to the fold, orphans."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.ledger import LoadedCase, load_case
from models.tables import case_rows, deadlines, facts
from procedures.chain import fact_hash
from procedures.deadlines import derive_all
from rulebook.office_calendar import calendars_of, office_of


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold; `code` is a words key under `casework.`."""

    ref: str
    code: str
    params: dict[str, Any]


def verify(connection: Connection, ref: str | None = None) -> Iterator[Fault]:
    """Every fault found, of one case or of all; one broken case does not stop the others."""
    wanted = select(case_rows.c.ref).order_by(case_rows.c.ref)
    for found in connection.scalars(wanted.where(case_rows.c.ref == ref) if ref else wanted).all():
        yield from _chain(connection, found)
        try:
            yield from _projections(connection, load_case(connection, found))
        except Exception as error:
            yield Fault(found, "fault_unreadable", {"why": type(error).__name__})


def _chain(connection: Connection, ref: str) -> Iterator[Fault]:
    row = connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one()
    previous, expected = "", 1
    listed = connection.execute(select(facts).where(facts.c.case_id == row["id"]).order_by(facts.c.seq))
    for fact in listed.mappings():
        content = {
            name: fact[name]
            for name in ("seq", "kind", "occurred_on", "recorded_at", "by", "role", "data", "evidence", "annuls")
        }
        if fact["seq"] != expected:
            yield Fault(ref, "fault_gap", {"seq": fact["seq"], "expected": expected})
        if fact["previous"] != previous or fact["hash"] != fact_hash(previous, case=ref, **content):
            yield Fault(ref, "fault_chain", {"seq": fact["seq"]})
        previous, expected = fact["hash"], fact["seq"] + 1
    if row["head"] != previous or row["seq"] != expected - 1:
        yield Fault(ref, "fault_head", {"seq": row["seq"]})


def _projections(connection: Connection, loaded: LoadedCase) -> Iterator[Fault]:
    row, state, ref = loaded.row, loaded.state, loaded.row["ref"]
    same = {
        "state": state.state, "stage": state.stage, "outcome": state.outcome, "closed_on": state.closed_on,
        "overlays": list(state.overlays), "obstacles": list(state.obstacles),
    }  # fmt: skip
    for name, value in same.items():
        if row[name] != value:
            yield Fault(ref, "fault_projection", {"name": name, "row": str(row[name]), "fold": str(value)})
    derived = derive_all(loaded.procedure, state, calendars_of(connection, office_of(row)))
    wanted = {key: _comparable(item.ends_on, item.status) for key, item in derived.items()}
    listed = select(deadlines.c.key, deadlines.c.ends_on, deadlines.c.status).where(deadlines.c.case_id == row["id"])
    found = {key: _comparable(ends, status) for key, ends, status in connection.execute(listed).tuples()}
    for key in sorted(wanted.keys() | found.keys()):
        if wanted.get(key) != found.get(key):
            yield Fault(ref, "fault_deadline", {"key": key, "row": str(found.get(key)), "fold": str(wanted.get(key))})


def _comparable(ends_on: date | None, status: str) -> tuple[date | None, str]:
    """A clock that has ended keeps the date it ended with, whatever the calendar says since."""
    return (ends_on if status == "open" else None), status
