"""An office of 50,000 open cases and forty officers, a fifth of the cases due within the week; every row as acts make it.

A few cases go through the real door; the others are their likes under other names, with hash chains of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from casework.door import apply_in
from casework.evidence_store import keep
from casework.opening import open_case
from models.clock import FrozenClock
from models.database import writing
from models.tables import case_rows, deadlines, effects, evidence, facts, obstacles, officers, units
from procedures.chain import fact_hash
from samples.paths import PATHS
from tests.web.office import TODAY, build_office, login_of, new_unit

OFFICERS, BATCH = 40, 2000
STEPS = 12  # of the path: the case stands before the members' meeting, sixty days after the decision
DUE = tuple(range(54, 61))  # days since the last step: the term ends within the week
LATER = tuple(range(2, 30))
CONTENT = ("seq", "kind", "occurred_on", "recorded_at", "by", "role", "data", "evidence", "annuls")


@dataclass(frozen=True)
class Likeness:
    """A case made through the door, and all its rows."""

    case: Mapping[str, Any]
    facts: list[dict[str, Any]]
    others: Mapping[Table, list[dict[str, Any]]]


def fill(bind: Engine, cases: int) -> None:
    """The office; whatever its effects were, they are done."""
    build_office(bind)
    with writing(bind) as connection:
        people = _officers(connection)
        due, later = ([_likeness(connection, days) for days in group] for group in (DUE, LATER))
        connection.execute(effects.delete())
        places = [
            (due[n % len(due)] if n % 5 == 0 else later[n % len(later)], people[n % OFFICERS], n) for n in range(cases)
        ]
        for start in range(0, cases, BATCH):
            _write(connection, places[start : start + BATCH])


def _officers(connection: Connection) -> list[tuple[int, str]]:
    """Forty case officers of one office, each with an e-mail address."""
    model = dict(
        connection.execute(select(officers).where(officers.c.login == login_of("case_officer"))).mappings().one()
    )
    del model["id"]
    rows = [
        model | {"login": f"cv{n}.hbg", "name": f"Chuyên viên {n}", "email": f"cv{n}@van-phong.example"}
        for n in range(OFFICERS)
    ]
    made = connection.execute(
        officers.insert().returning(officers.c.id, officers.c.login, sort_by_parameter_order=True), rows
    )
    return list(made.tuples())


def _likeness(connection: Connection, days: int) -> Likeness:
    path = PATHS["dissolved_voluntary"][:STEPS]
    on = TODAY - timedelta(days=days + sum(step.after for step in path))
    unit = new_unit(connection, f"HTX mẫu {days}", "HBG")
    ref = open_case(connection, unit, by="clock", role="clock", clock=FrozenClock.on(on), on=on)
    row = connection.execute(select(case_rows).where(case_rows.c.ref == ref)).mappings().one()
    own = connection.scalar(select(officers.c.login).where(officers.c.id == row["officer_id"])) or ""
    for step in path:
        on += timedelta(days=step.after)
        clock, by = FrozenClock.on(on), own if step.role == "case_officer" else login_of(step.role)
        proof = [keep(connection, row["id"], b"Chung cu", "a.txt", by=by, now=clock.now())] if step.proof else []
        apply_in(connection, ref, step.verb, by=by, clock=clock, data=step.fields(on), evidence=proof)
    return _read(connection, row["id"])


def _read(connection: Connection, case_id: int) -> Likeness:
    case = connection.execute(select(case_rows).where(case_rows.c.id == case_id)).mappings().one()
    others = {table: _rows(connection, table, case_id) for table in (deadlines, obstacles, evidence)}
    return Likeness(dict(case), _rows(connection, facts, case_id), others)


def _rows(connection: Connection, table: Table, case_id: int) -> list[dict[str, Any]]:
    found = connection.execute(select(table).where(table.c.case_id == case_id).order_by(table.c.id)).mappings()
    return [{name: value for name, value in row.items() if name != "id"} for row in found]


def _write(connection: Connection, places: Sequence[tuple[Likeness, tuple[int, str], int]]) -> None:
    """Cases of a batch with everything that hangs on them, each by one statement a table."""
    unit = dict(connection.execute(select(units).limit(1)).mappings().one())
    del unit["id"]
    made = connection.execute(
        units.insert().returning(units.c.id, sort_by_parameter_order=True),
        [unit | {"name": _name(number), "search": f"htx so {number}"} for _, _, number in places],
    ).scalars().all()  # fmt: skip
    chained = [_chain(like, f"HP-2015-{number + 10_000}", login, _name(number)) for like, (_, login), number in places]
    cases = [
        {**like.case, "ref": f"HP-2015-{number + 10_000}", "unit_id": unit_id, "unit_name": _name(number),
         "officer_id": officer, "head": chain[-1]["hash"]}
        for (like, (officer, _), number), unit_id, chain in zip(places, made, chained, strict=True)
    ]  # fmt: skip
    for case in cases:
        del case["id"]
    ids = (
        connection.execute(case_rows.insert().returning(case_rows.c.id, sort_by_parameter_order=True), cases)
        .scalars()
        .all()
    )
    connection.execute(
        facts.insert(), [row | {"case_id": one} for one, rows in zip(ids, chained, strict=True) for row in rows]
    )
    for table in (deadlines, obstacles, evidence):
        rows = [
            row | {"case_id": one} for one, (like, _, _) in zip(ids, places, strict=True) for row in like.others[table]
        ]
        if rows:
            connection.execute(table.insert(), rows)


def _chain(like: Likeness, ref: str, login: str, name: str) -> list[dict[str, Any]]:
    """The facts under another reference and officer, hashed anew."""
    previous, rows = "", []
    for fact in like.facts:
        row = dict(fact)
        if row["kind"] == "opened":
            row["data"] = row["data"] | {"officer": login, "name": name}
        row["previous"] = previous
        previous = row["hash"] = fact_hash(previous, case=ref, **{key: row[key] for key in CONTENT})
        rows.append(row)
    return rows


def _name(number: int) -> str:
    return f"HTX Dịch vụ nông nghiệp số {number}"
