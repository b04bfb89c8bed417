"""An office of many open cases and forty officers, a fifth of the cases due within the week; every row as acts make it.

A few cases go through the real door; the others are their likes under other names, with hash chains of their own.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Engine, Table, select

from casework.evidence_store import keep
from casework.opening import open_case
from models.clock import FrozenClock
from models.database import writing
from models.tables import case_rows, deadlines, effects, evidence, facts, obstacles, officers, units
from procedures.state_machine.chain import fact_hash
from samples.path_step import Step
from samples.paths import PATHS
from templates.alphabet import sort_key
from tests.acting import apply_in
from tests.web.web_office import TODAY, build_office, login_of, new_unit

OFFICERS, BATCH = 40, 2000
PATH = PATHS["dissolved_voluntary"][:12]  # to before the members' meeting, sixty days after the decision
DUE = tuple(range(54, 61))  # days since the last step: the term ends within the week
LATER = tuple(range(2, 30))
CONTENT = ("seq", "kind", "occurred_on", "recorded_at", "by", "role", "data", "evidence", "annuls")


@dataclass(frozen=True)
class Likeness:
    """A case made through the door, and all its rows."""

    case: Mapping[str, Any]
    facts: list[dict[str, Any]]
    others: Mapping[Table, list[dict[str, Any]]]


@dataclass(frozen=True)
class Place:
    """Place of a likeness in the office: its officer, and the number that tells it from the others."""

    like: Likeness
    officer_id: int
    login: str
    number: int

    @property
    def ref(self) -> str:
        return f"HP-2015-{self.number + 10_000}"

    @property
    def name(self) -> str:
        return f"HTX Dịch vụ nông nghiệp số {self.number}"


def fill(bind: Engine, cases: int, path: Sequence[Step] = PATH) -> None:
    """The office; whatever its effects were, they are done. `path`: the steps that every case went."""
    build_office(bind)
    with writing(bind) as connection:
        people = _officers(connection)
        due, later = ([_likeness(connection, days, path) for days in group] for group in (DUE, LATER))
        connection.execute(effects.delete())
        places = [
            Place(due[n % len(due)] if n % 5 == 0 else later[n % len(later)], *people[n % OFFICERS], n)
            for n in range(cases)
        ]
        for start in range(0, cases, BATCH):
            _write(connection, places[start : start + BATCH])


def _officers(connection: Connection) -> list[tuple[int, str]]:
    """Forty case officers of one office, each with an e-mail address."""
    found = select(officers).where(officers.c.login == login_of("case_officer"))
    model = dict(connection.execute(found).mappings().one())
    del model["id"]
    rows = [
        model | {"login": f"cv{n}.hbg", "name": f"Chuyên viên {n}", "email": f"cv{n}@van-phong.example"}
        for n in range(OFFICERS)
    ]
    insert = officers.insert().returning(officers.c.id, officers.c.login, sort_by_parameter_order=True)
    return list(connection.execute(insert, rows).tuples())


def _likeness(connection: Connection, days: int, path: Sequence[Step]) -> Likeness:
    """A case as of so many days after its last step; undone once read, as numbers of a book never go back."""
    with connection.begin_nested() as lived:
        found = _lived(connection, days, path)
        lived.rollback()
    return found


def _lived(connection: Connection, days: int, path: Sequence[Step]) -> Likeness:
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


def _write(connection: Connection, places: Sequence[Place]) -> None:
    """Cases of a batch with all rows that refer to them, each table by one statement."""
    unit_ids = _insert(connection, units, _units(connection, places))
    chains = [_chain(place) for place in places]
    cases = [
        {**place.like.case, "ref": place.ref, "unit_id": unit_id, "unit_name": place.name,
         "unit_sort": sort_key(place.name), "officer_id": place.officer_id, "head": chain[-1]["hash"]}
        for place, unit_id, chain in zip(places, unit_ids, chains, strict=True)
    ]  # fmt: skip
    for case in cases:
        del case["id"]
    ids = _insert(connection, case_rows, cases)
    _hang(connection, facts, ids, chains)
    for table in (deadlines, obstacles, evidence):
        _hang(connection, table, ids, [place.like.others[table] for place in places])


def _units(connection: Connection, places: Sequence[Place]) -> list[dict[str, Any]]:
    unit = dict(connection.execute(select(units).limit(1)).mappings().one())
    del unit["id"]
    return [unit | {"name": place.name, "search": f"htx so {place.number}"} for place in places]


def _insert(connection: Connection, table: Table, rows: list[dict[str, Any]]) -> list[int]:
    made = connection.execute(table.insert().returning(table.c.id, sort_by_parameter_order=True), rows)
    return list(made.scalars())


def _hang(connection: Connection, table: Table, ids: list[int], groups: list[list[dict[str, Any]]]) -> None:
    rows = [row | {"case_id": one} for one, group in zip(ids, groups, strict=True) for row in group]
    if rows:
        connection.execute(table.insert(), rows)


def _chain(place: Place) -> list[dict[str, Any]]:
    """The facts under another reference and officer, hashed anew."""
    previous, rows = "", []
    for fact in place.like.facts:
        row = dict(fact)
        if row["kind"] == "opened":
            row["data"] = row["data"] | {"officer": place.login, "name": place.name}
        row["previous"] = previous
        previous = row["hash"] = fact_hash(previous, case=place.ref, **{key: row[key] for key in CONTENT})
        rows.append(row)
    return rows
