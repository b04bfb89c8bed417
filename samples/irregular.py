"""Irregular days of the sample office: one that waits for a second person, and one cured by the act done again."""

from datetime import date, timedelta

from sqlalchemy import Connection, case, func, select

from casework.acts import apply_in
from casework.evidence_store import keep
from models.clock import FrozenClock
from models.tables import case_rows, facts, officers
from samples.histories import TODAY
from samples.path_parts import MEETING

OFFICE = "VBO"  # its cases are taken first
FIRST_MEETING = 30  # days ago; the cases had nothing recorded since
LATE_CALL = 3  # days of notice that were given, fewer than the law asks for
WHY = "Giấy mời gửi muộn, thành viên vẫn đến đủ (mẫu)"
PROOF = b"Bien ban dai hoi (mau)"


def record_irregular(connection: Connection) -> None:
    """Record a general meeting called too late in two cases that prepare re-registration; one is held again."""
    latest = select(func.max(facts.c.occurred_on)).where(facts.c.case_id == case_rows.c.id).scalar_subquery()
    found = select(case_rows.c.ref, case_rows.c.id, officers.c.login).join(officers)
    idle = found.where(
        case_rows.c.level == "district",
        case_rows.c.state == "R2",
        latest < TODAY - timedelta(days=FIRST_MEETING),
    )
    here_first = case((case_rows.c.district_code == OFFICE, 0), else_=1)
    (first, second) = connection.execute(idle.order_by(here_first, case_rows.c.ref).limit(2)).tuples().all()
    _meeting(connection, *first, TODAY - timedelta(days=4), LATE_CALL, WHY)
    _meeting(connection, *second, TODAY - timedelta(days=FIRST_MEETING), LATE_CALL, WHY)
    _meeting(connection, *second, TODAY - timedelta(days=6), 12, "")


def _meeting(connection: Connection, ref: str, case_id: int, by: str, on: date, notice: int, why: str) -> None:
    clock = FrozenClock.on(on, 11)
    data = MEETING.fields(on) | {"called_on": (on - timedelta(days=notice)).isoformat()}
    if why:
        data["irregularity_reason"] = why
    proof = keep(connection, case_id, PROOF, "bien-ban-dai-hoi-mau.txt", by=by, now=clock.now())
    apply_in(connection, ref, MEETING.verb, by=by, clock=clock, data=data, on=on, evidence=[proof])
