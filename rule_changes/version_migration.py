"""Open cases migrated to another version of the procedure: one fact per case, and its projected rows refreshed.

Folding every case by two versions takes a while and holds nobody up: the rows that result go into temporary tables of
the connection. Then, while nobody else writes, the cases that were changed meanwhile are planned anew, and a few
statements take all of them over: a reader sees every case under the former version, or every case under the new one.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, Table, delete, select, true, tuple_, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.effect_outbox import effect_row
from casework.ledger import NewFact, written_fact
from casework.office.people import Actor
from casework.projection import CASE_COLUMNS, DATE_COLUMNS, Refolded, Values, changed_rows, write_obstacles
from casework.upkeep.open_cases import CaseFacts, heads_elsewhere, open_elsewhere
from models.clock import Clock
from models.database import is_sqlite
from models.staging import fill, staged, take_over
from models.tables import case_rows, deadlines, effects, facts
from procedures.facts import FactView
from procedures.schema import Procedure
from procedures.state_machine.fold import step
from rule_changes.renamed_rows import carry_names
from rule_changes.version_impact import Change, Planner, Tally, moved_dates
from rule_changes.version_plan import Plan

_MOVED = ("id", "procedure", *CASE_COLUMNS)  # what of the row of a case a version changes, and its id
_AT_ONCE = 500  # cases in one statement


@dataclass(frozen=True, slots=True)
class Approval:
    """Who proposed the version and who approves it, on which day."""

    proposed_by: str
    by: Actor
    clock: Clock


@dataclass(slots=True)
class _Rest:
    """Of cases that are about to move, what few of them have: by the case's id."""

    renamed: dict[int, dict[str, str]] = field(default_factory=dict)
    obstacles: dict[int, list[Values]] = field(default_factory=dict)

    def forget(self, case_id: int) -> None:
        self.renamed.pop(case_id, None)
        self.obstacles.pop(case_id, None)


class Migration:
    """Every open case of another version that can move, or those of `refs`: planned, and moved by `write`."""

    def __init__(self, connection: Connection, new: Procedure, approval: Approval, refs: Collection[str] = ()) -> None:
        self._connection, self._new, self._approval, self._refs = connection, new, approval, refs
        self._today = approval.clock.today()
        self._planner, self._tally = Planner(connection, new), Tally(new, self._today)
        self._seen: dict[int, tuple[str, str]] = {}  # reference and head of every case that was planned
        self._rest = _Rest()
        of_case, of_gone = (
            ("case_id",),
            [column.name for column in deadlines.c if column.name not in ("case_id", "key")],
        )
        self._tables = {
            "case": staged(connection, case_rows, without={*case_rows.c.keys()} - {*_MOVED}, found_by=("id",)),
            "fact": staged(connection, facts, without=("id",), found_by=of_case),
            "deadline": staged(connection, deadlines, without=("id",), found_by=of_case),
            "gone": staged(connection, deadlines, name="gone_deadline", without=of_gone, found_by=of_case),
            "effect": staged(connection, effects, without=("id",), found_by=of_case),
        }
        for batch in open_elsewhere(connection, new.pin, refs):
            self._plan(batch)

    def change(self) -> Change:
        """What the move does, with the mark of it."""
        return self._tally.change(self._connection)

    def catch_up(self) -> None:
        """Plan anew what was changed since, while nobody else writes: acts, cases opened and closed."""
        now = heads_elsewhere(self._connection, self._new.pin, self._refs)
        stale = [case_id for case_id, seen in self._seen.items() if now.get(case_id) != seen]
        self._tally.forget({self._seen.pop(case_id)[0] for case_id in stale})
        for start in range(0, len(stale), _AT_ONCE):
            self._forget(stale[start : start + _AT_ONCE])
        fresh = [ref for case_id, (ref, _) in now.items() if case_id not in self._seen]
        for start in range(0, len(fresh), _AT_ONCE):
            for batch in open_elsewhere(self._connection, self._new.pin, fresh[start : start + _AT_ONCE]):
                self._plan(batch)

    def write(self) -> None:
        """Move what was planned."""
        connection, tables = self._connection, self._tables
        carry_names(connection, self._rest.renamed)
        gone = select(tables["gone"].c.case_id, tables["gone"].c.key)
        connection.execute(delete(deadlines).where(tuple_(deadlines.c.case_id, deadlines.c.key).in_(gone)))
        _write_dates(connection, tables["deadline"])
        write_obstacles(connection, self._rest.obstacles)
        moved = tables["case"]
        values = {column.name: column for column in moved.c if column.name != "id"}
        connection.execute(update(case_rows).where(case_rows.c.id == moved.c.id).values(values))
        take_over(connection, facts, tables["fact"])
        take_over(connection, effects, tables["effect"])

    def _plan(self, batch: Sequence[CaseFacts]) -> None:
        now = self._approval.clock.now()
        rows: dict[str, list[Values]] = {name: [] for name in self._tables}
        for row, listed in batch:
            self._seen[row["id"]] = (row["ref"], row["head"])
            plan = self._planner.plan(row, listed)
            self._tally.add(plan)
            if not isinstance(plan, Plan):
                continue
            new = self._fact(plan)
            last = max((fact.recorded_at for fact in listed if fact.recorded_at is not None), default=new.recorded_at)
            values, seen = written_fact(row, new, last)
            step(plan.new, plan.after, seen)
            dates = plan.dates_before, plan.dates_after
            calendar = self._planner.calendar(row)
            changed = changed_rows(Refolded(row, plan.before, plan.after, *dates, values["hash"], calendar), now)
            case = {name: value for name, value in changed.case.items() if name != "case_id"}
            rows["case"].append(case | {"id": row["id"], "procedure": self._new.pin})
            rows["fact"].append(values)
            rows["deadline"] += changed.deadlines
            rows["gone"] += [{"case_id": row["id"], "key": key} for key in changed.gone]
            rows["effect"] += self._withdrawal(plan, seen)
            if plan.renamed:
                self._rest.renamed[row["id"]] = dict(plan.renamed)
            if changed.obstacles is not None:
                self._rest.obstacles[row["id"]] = changed.obstacles
        for name, table in self._tables.items():
            fill(self._connection, table, rows[name])

    def _forget(self, case_ids: Sequence[int]) -> None:
        for name, table in self._tables.items():
            own = table.c.id if name == "case" else table.c.case_id
            self._connection.execute(delete(table).where(own.in_(case_ids)))
        for case_id in case_ids:
            self._rest.forget(case_id)

    def _fact(self, plan: Plan) -> NewFact:
        by, clock = self._approval.by, self._approval.clock
        data = {
            "from": plan.row["procedure"], "to": plan.new.pin, "proposed_by": self._approval.proposed_by,
            "approved_by": by.login,
        }  # fmt: skip
        return NewFact("migrated", self._today, clock.now(), by.login, by.role, data)

    def _withdrawal(self, plan: Plan, fact: FactView) -> list[Values]:
        """The effect that withdraws the announcements of the old dates; none where no date moves."""
        keys = [item.key for item in moved_dates(plan, self._today)]
        payload: dict[str, object] = {"keys": keys, "seq": fact.seq, "verb": "migrated"}
        key, now = f"{plan.row['ref']}:{fact.seq}:withdraw:", self._approval.clock.now()
        return [effect_row(plan.row["id"], key, "withdraw", payload, now)] if keys else []


def _write_dates(connection: Connection, changed: Table) -> None:
    names = ("case_id", "key", *DATE_COLUMNS)
    module = sqlite if is_sqlite(connection) else postgresql
    written = module.insert(deadlines).from_select(
        names, select(*(changed.c[name] for name in names)).where(true()), include_defaults=False
    )  # SQLite takes ON CONFLICT for a join without a condition before it
    connection.execute(
        written.on_conflict_do_update(
            index_elements=["case_id", "key"], set_={name: written.excluded[name] for name in DATE_COLUMNS}
        )
    )
