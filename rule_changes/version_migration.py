"""Open cases migrated to another version of the procedure: one fact per case, and its projected rows refreshed."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, update

from casework.effect_outbox import enqueue_many
from casework.ledger import NewFact, append_many
from casework.office.people import Actor
from casework.projection import Refolded, project_many
from casework.upkeep.open_cases import open_elsewhere
from models.clock import Clock
from models.tables import case_rows
from procedures.facts import FactView
from procedures.schema import Procedure
from procedures.state_machine.fold import step
from rule_changes.renamed_rows import carry_names
from rule_changes.version_impact import Change, Planner, Tally, moved_dates
from rule_changes.version_plan import Plan


@dataclass(frozen=True, slots=True)
class Approval:
    """Who proposed the version and who approves it, on which day."""

    proposed_by: str
    by: Actor
    clock: Clock


def migrate(connection: Connection, new: Procedure, approval: Approval, refs: Collection[str] = ()) -> Change:
    """Move every open case that can move, or those of `refs`, in the caller's transaction.

    Returns the change with its mark: a caller that expected another mark rolls back.
    """
    today = approval.clock.today()
    planner, tally = Planner(connection, new), Tally(new, today)
    for batch in open_elsewhere(connection, new.pin, refs, lock=True):
        plans = [planner.plan(row, facts) for row, facts in batch]
        for plan in plans:
            tally.add(plan)
        _move(connection, planner, [plan for plan in plans if isinstance(plan, Plan)], approval, today)
    return tally.change(connection)


def _move(connection: Connection, planner: Planner, plans: Sequence[Plan], approval: Approval, today: date) -> None:
    now = approval.clock.now()
    recorded = append_many(connection, [(plan.row, _fact(plan, approval, today)) for plan in plans])
    items = []
    for plan, (fact, head) in zip(plans, recorded, strict=True):
        step(plan.new, plan.after, fact)
        calendar = planner.calendar(plan.row)
        items.append(Refolded(plan.row, plan.before, plan.after, plan.dates_before, plan.dates_after, head, calendar))
    carry_names(connection, {plan.row["id"]: plan.renamed for plan in plans if plan.renamed})
    project_many(connection, items, now)
    if plans:
        moved = [plan.row["id"] for plan in plans]
        connection.execute(update(case_rows).where(case_rows.c.id.in_(moved)).values(procedure=plans[0].new.pin))
    pending = [_withdrawal(plan, fact, today) for plan, (fact, _) in zip(plans, recorded, strict=True)]
    enqueue_many(connection, [item for item in pending if item is not None], now)


def _fact(plan: Plan, approval: Approval, today: date) -> NewFact:
    data = {
        "from": plan.row["procedure"], "to": plan.new.pin, "proposed_by": approval.proposed_by,
        "approved_by": approval.by.login,
    }  # fmt: skip
    return NewFact("migrated", today, approval.clock.now(), approval.by.login, approval.by.role, data)


def _withdrawal(plan: Plan, fact: FactView, today: date) -> tuple[int, str, str, dict[str, object]] | None:
    """The effect that withdraws the announcements of the old dates. None: no date moves."""
    keys = [item.key for item in moved_dates(plan, today)]
    payload: dict[str, object] = {"keys": keys, "seq": fact.seq, "verb": "migrated"}
    return (plan.row["id"], f"{plan.row['ref']}:{fact.seq}:withdraw:", "withdraw", payload) if keys else None
