"""a date of the plan older than the case counts from the day the case was opened"""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None

OURS = ("programme", "target")

deadline = sa.table(
    "deadline", sa.column("id", sa.Integer), sa.column("case_id", sa.Integer), sa.column("kind", sa.String),
    sa.column("ends_on", sa.Date), sa.column("status", sa.String),
    sa.column("sum", sa.JSON),
)  # fmt: skip
coop_case = sa.table(
    "coop_case", sa.column("id", sa.Integer), sa.column("opened_on", sa.Date), sa.column("target_on", sa.Date),
    sa.column("legal_on", sa.Date), sa.column("due_on", sa.Date),
)  # fmt: skip


def upgrade() -> None:
    """Write the rows as `procedures.legal_time.deadlines` derives them now, with the two dates of their cases."""
    bind, columns, row = op.get_bind(), deadline.c, coop_case.c
    older = (
        sa.select(columns.id, columns.case_id, columns.ends_on, columns.sum, row.opened_on)
        .join(coop_case, row.id == columns.case_id)
        .where(columns.kind == "programme", columns.ends_on < row.opened_on)
    )
    moved = bind.execute(older).all()
    for item in moved:
        total = {**item.sum, "until": item.opened_on.isoformat(), "fixed": item.ends_on.isoformat()}
        bind.execute(deadline.update().where(columns.id == item.id).values(ends_on=item.opened_on, sum=total))
    for case_id in sorted({item.case_id for item in moved}):
        ends = sa.select(sa.func.min(columns.ends_on)).where(
            columns.case_id == case_id, columns.status == "open", columns.kind.in_(OURS)
        )
        target, legal = bind.scalar(ends), bind.scalar(sa.select(row.legal_on).where(row.id == case_id))
        due = min((day for day in (target, legal) if day), default=None)
        bind.execute(coop_case.update().where(row.id == case_id).values(target_on=target, due_on=due))
