"""How many cases began on paper and were taken over, and of how many something is not on file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Connection, select

from models.tables import case_rows, facts
from procedures.facts import COMPLETED, TAKEN_OVER

CONFIRMED = "gaps_confirmed"


@dataclass(frozen=True, slots=True)
class TakenOverCount:
    """Cases taken over. `lacking`: with an earlier act, paper or day that is not on file; `unconfirmed`: of those, with
    gaps that no second person has confirmed."""

    cases: int
    lacking: int
    unconfirmed: int


def count_taken_over(
    connection: Connection, district: str | None = None, since: date | None = None, until: date | None = None
) -> TakenOverCount:
    """The cases of a district (None: of all) taken over from `since` up to `until`, both included."""
    of_case = select(facts.c.case_id).where(facts.c.kind == TAKEN_OVER)
    of_case = of_case.where(facts.c.occurred_on >= since) if since else of_case
    of_case = of_case.where(facts.c.occurred_on <= until) if until else of_case
    columns = (facts.c.case_id, facts.c.seq, facts.c.kind, facts.c.data, facts.c.annuls)
    found = select(*columns).where(facts.c.case_id.in_(of_case)).order_by(facts.c.case_id, facts.c.seq)
    if district is not None:
        found = found.join(case_rows, case_rows.c.id == facts.c.case_id).where(case_rows.c.district_code == district)
    rows = connection.execute(found)
    gaps = [_gaps(list(own)) for _, own in groupby(rows, key=attrgetter("case_id"))]
    known = [one for one in gaps if one is not None]
    return TakenOverCount(
        len(known), sum(bool(left) for left, _ in known), sum(bool(left) and open_ for left, open_ in known)
    )


def _gaps(rows: Sequence[Any]) -> tuple[list[str], bool] | None:
    """The gaps of a case that no later act filled, and whether they wait for the second person."""
    annulled = {row.annuls for row in rows if row.annuls is not None}
    valid = [row for row in rows if row.seq not in annulled and row.annuls is None]
    taken = next((row for row in reversed(valid) if row.kind == TAKEN_OVER), None)
    if taken is None:
        return None
    later = [row for row in valid if row.seq > taken.seq]
    known = next((row for row in reversed(later) if row.kind == COMPLETED and row.data["of"] == taken.seq), taken)
    kinds = {row.kind for row in later}
    left = [gap for gap in known.data["gaps"] if gap.partition(".")[0] not in kinds]
    confirmed = {gap for row in later if row.kind == CONFIRMED for gap in row.data["gaps"]}
    return left, not confirmed.issuperset(left)
