"""A flagged unit becomes a case, with a reference, an officer and its first step open."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.effect_outbox import enqueue_with
from casework.ledger import NewFact, append_with
from casework.projection import Values, project
from models.clock import Clock
from models.database import is_sqlite
from models.driver_sql import Writes
from models.tables import books, case_rows, officers
from models.typed_rows import one_row
from models.typed_rows.case_shapes import CaseRow, RegisterRow
from procedures.facts import CaseState
from procedures.law.rules import in_force_from
from procedures.schema import Procedure
from procedures.state_machine.fold import step
from rulebook.office_calendar import calendars_of, office_of
from rulebook.versions import in_force

SNAPSHOT = (
    "name", "kind", "sector", "address", "commune", "certificate_number", "certificate_issuer", "tax_code",
    "representative", "phone", "members", "labour", "charter_capital", "turnover", "tax_debt", "grade", "status",
    "reregistered", "flags",
)  # fmt: skip


ISSUER = "coopcase"  # of the books that cases get their numbers from


def open_case(
    connection: Connection,
    unit: RegisterRow,
    *,
    by: str,
    role: str,
    clock: Clock,
    on: date,
    level: str = "",
    origin: str = "",
) -> str:
    """Open the case of a unit (a row of the register) in the caller's transaction; returns its reference.

    `level`: of the office, where it is not the usual one of the kind; `origin`: the case it was transferred from.
    """
    procedure, now = in_force(connection), clock.now()
    level = level or procedure.level_of_kind(unit["kind"], on)
    officer = _least_loaded(connection, unit["district_code"] if level == "district" else None)
    ref = _next_ref(connection, procedure.case_prefix, on.year)
    values = first_row_of(procedure, unit, ref, level, officer[0] if officer else None, on, now)
    row = one_row(CaseRow, connection.execute(case_rows.insert().values(values).returning(case_rows)))
    data = opened_with(procedure, unit, level, officer[1] if officer else None)
    if origin:
        data["transferred_from"] = origin
    writes = Writes(connection)
    fact, head = append_with(writes, row, NewFact("opened", on, now, by, role, data), ())
    state = CaseState()
    step(procedure, state, fact)
    calendars = calendars_of(connection, office_of(row))
    project(writes, row, procedure, state, head, row["officer_id"], now, calendars, CaseState())
    enqueue_with(writes, row["id"], [notice_of(ref, data)], now)
    writes.send()
    return ref


def first_row_of(
    procedure: Procedure, unit: RegisterRow, ref: str, level: str, officer_id: int | None, on: date, now: datetime
) -> Values:  # fmt: skip
    """The row of a case, without its id, before its first fact."""
    return {
        "ref": ref, "unit_id": unit["id"], "unit_name": unit["name"], "unit_sort": unit["sort_key"],
        "district_code": unit["district_code"], "level": level, "procedure": procedure.pin, "officer_id": officer_id,
        "stage": procedure.states[procedure.start].stage, "state": procedure.start, "opened_on": on,
        "overlays": [], "obstacles": [],
        "seq": 0, "head": "", "touched_at": now,
    }  # fmt: skip


def opened_with(procedure: Procedure, unit: RegisterRow, level: str, officer: str | None) -> dict[str, object]:
    """What the fact `opened` says of a case; `officer`: the login of who carries it."""
    return snapshot_of(procedure, unit) | {"level": level, "district": unit["district_code"], "officer": officer}


def notice_of(ref: str, data: Mapping[str, object]) -> tuple[str, str, Mapping[str, object]]:
    """The effect that tells the officer of a case just opened: key, kind and payload."""
    notice = {"roles": ["case_officer"], "verb": "opened", "assigned": data["officer"], "seq": 1}
    return f"{ref}:1:notice:", "notice", notice


def snapshot_of(procedure: Procedure, unit: RegisterRow) -> dict[str, object]:
    """What a case keeps of its unit: the data that its letters print and its conditions read."""
    founded = unit["founded_on"] or unit["certificate_on"]
    days = {
        "certificate_on": unit["certificate_on"], "founded_on": unit["founded_on"],
        "last_meeting_on": unit["last_meeting_on"], "stopped_on": unit["stopped_on"],
    }  # fmt: skip
    fields: Mapping[str, object] = unit
    data = {name: fields[name] for name in SNAPSHOT}
    data |= {name: day.isoformat() if day else None for name, day in days.items()}
    return data | {"founded_before_law": founded is None or founded < (in_force_from(procedure.law) or date.min)}


def _next_ref(connection: Connection, prefix: str, year: int) -> str:
    module = sqlite if is_sqlite(connection) else postgresql
    statement = module.insert(books).values(issuer=ISSUER, series=prefix, year=year, last=1)
    statement = statement.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": books.c.last + 1}
    )
    return ref_of(prefix, year, connection.execute(statement.returning(books.c.last)).scalar_one())


def ref_of(prefix: str, year: int, number: int) -> str:
    return f"{prefix}-{year}-{number:04d}"


def _least_loaded(connection: Connection, district: str | None) -> tuple[int, str] | None:
    """The id and the login of the case officer of the office with the fewest open cases."""
    load_of = (
        select(func.count())
        .select_from(case_rows)
        .where(case_rows.c.officer_id == officers.c.id, case_rows.c.closed_on.is_(None))
        .scalar_subquery()
    )
    at_home = officers.c.district_code.is_(None) if district is None else officers.c.district_code == district
    found = (
        select(officers.c.id, officers.c.login)
        .where(at_home, officers.c.role == "case_officer", officers.c.active)
        .order_by(load_of, officers.c.id)
        .limit(1)
    )
    row = connection.execute(found).tuples().first()
    return (row[0], row[1]) if row else None
