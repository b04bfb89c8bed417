"""Entries in the register of what dissolved units have not handed in, each with its proof; also after the closing.

What cannot be recovered needs its evidence, the reason, and a second person.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, select

from casework.evidence_store import keep
from casework.ledger import LedgerCase, case_row
from casework.office.data_rights import clean_line
from casework.office.people import Actor, require_visible
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows, outstanding_entries
from oversight.outstanding import KINDS, outstanding
from rulebook.office_calendar import office_of
from templates.words import both

ENTERERS = frozenset({"case_officer", "clerk", "manager"})
CONFIRMERS = frozenset({"case_officer", "manager", "leader"})
OUTCOMES = ("missing", "returned", "not_recoverable", "cancelled", "found")
NEEDS: dict[str, tuple[str, ...]] = {  # what an outcome cannot do without
    "missing": ("reason",), "returned": ("paper",), "not_recoverable": ("reason",), "cancelled": ("paper",),
    "found": ("holder",),
}  # fmt: skip
PROVEN = frozenset({"returned", "not_recoverable", "cancelled", "found"})


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry as it is typed. `paper`: number of the receipt or decision; `holder`: who received or had the thing."""

    kind: str
    outcome: str
    on: date
    paper: str = ""
    holder: str = ""
    reason: str = ""
    files: Sequence[tuple[str, bytes]] = ()  # names and contents


def enter(connection: Connection, ref: str, entry: Entry, person: Actor, *, clock: Clock) -> int:
    """Record what became of a thing; returns the number of the entry.

    Raises:
        NotFound. Refused: it is not this person's, or the case is none of a dissolved unit.
        WrongInput: every wrong field at once.
    """
    row = _case(connection, ref, person, ENTERERS)
    if not outstanding(connection, ref=ref):
        raise Refused("outstanding_not_dissolved", ref=ref)
    values = _checked(entry, clock.today())
    now, case_id = clock.now(), row["id"]
    hashes = [keep(connection, case_id, content, name, by=person.login, now=now) for name, content in entry.files]
    made = outstanding_entries.insert().values(
        **values, case_id=case_id, kind=entry.kind, outcome=entry.outcome, on=entry.on, evidence=hashes,
        by=person.login, at=now,
    )  # fmt: skip
    return int(connection.execute(made.returning(outstanding_entries.c.id)).scalar_one())


def confirm(connection: Connection, number: int, person: Actor, *, clock: Clock) -> int:
    """Confirm, as the second person, that a thing cannot be recovered. Raises NotFound, Refused."""
    row, ref = _open_entry(connection, number, person, CONFIRMERS)
    if row.outcome != "not_recoverable":
        raise Refused("outstanding_nothing_to_confirm", number=number)
    if row.by == person.login:
        raise Refused("outstanding_four_eyes", ref=ref)
    return _answer(connection, row, "confirmed", "", person, clock)


def take_back(connection: Connection, number: int, reason: str, person: Actor, *, clock: Clock) -> int:
    """Take back an entry that is wrong; it stays on file with the reason. Raises NotFound, Refused, WrongInput."""
    row, _ = _open_entry(connection, number, person, ENTERERS)
    if person.login != row.by and person.role != "manager":
        raise Refused("outstanding_not_yours")
    text = clean_line("reason", reason, both("outstanding.reason"))
    return _answer(connection, row, "taken_back", text, person, clock)


def _answer(connection: Connection, row: Row[Any], outcome: str, reason: str, person: Actor, clock: Clock) -> int:
    values = {"case_id": row.case_id, "kind": row.kind, "answers": row.id, "evidence": list[str]()}
    made = outstanding_entries.insert().values(
        **values, outcome=outcome, on=clock.today(), reason=reason, by=person.login, at=clock.now(), paper="",
        holder="",
    )  # fmt: skip
    return int(connection.execute(made.returning(outstanding_entries.c.id)).scalar_one())


def _open_entry(
    connection: Connection, number: int, person: Actor, roles: frozenset[str]
) -> tuple[Row[Any], str]:  # fmt: skip
    columns = outstanding_entries.c
    row = connection.execute(select(outstanding_entries).where(columns.id == number, columns.answers.is_(None))).first()
    if row is None:
        raise NotFound("no_such_outstanding", number=number)
    ref = str(connection.scalar(select(case_rows.c.ref).where(case_rows.c.id == row.case_id)))
    _case(connection, ref, person, roles)
    if connection.scalar(select(columns.id).where(columns.answers == number)) is not None:
        raise Refused("outstanding_answered", number=number)
    return row, ref


def _case(connection: Connection, ref: str, person: Actor, roles: frozenset[str]) -> LedgerCase:
    row = case_row(connection, ref, lock=True)
    require_visible(person, row["district_code"], ref)
    if person.role not in roles or person.district != office_of(row):
        raise Refused("outstanding_not_yours")
    return row


def _checked(entry: Entry, today: date) -> dict[str, str]:
    errors = InputErrors()
    values: dict[str, str] = {}
    with errors:
        if entry.kind not in KINDS:
            raise WrongInput("kind", "outstanding_no_kind")
    with errors:
        if entry.outcome not in OUTCOMES:
            raise WrongInput("outcome", "outstanding_no_outcome")
    with errors:
        if entry.on > today:
            raise WrongInput("on", "date_in_future", label=both("outstanding.on"), value=f"{entry.on:%d/%m/%Y}")
    for name in ("paper", "holder", "reason"):
        with errors:
            needed = name in NEEDS.get(entry.outcome, ())
            values[name] = clean_line(name, getattr(entry, name), both(f"outstanding.{name}"), required=needed)
    with errors:
        if entry.outcome in PROVEN and not entry.files:
            raise WrongInput("evidence", "outstanding_needs_proof")
    errors.raise_if_any()
    return values
