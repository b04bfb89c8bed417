"""Claims that came late: after the last day to claim, or after the pay-out was approved.

No article was found that shuts out a claim lodged after the day that the notice to creditors named: until the pay-out
is approved it is paid like the others of its rank, and marked. What was approved is not divided anew for a later one.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from procedures.facts import CaseState, FactView
from procedures.money.computation import Reason
from procedures.money.items import Claim, Ledger
from procedures.money.rules import Money


def lodged_late(money: Money, state: CaseState, ledger: Ledger) -> list[tuple[Claim, date]]:
    """The claims lodged after the last day to claim, each with that day."""
    notice = state.last(money.notice.verb) if money.notice is not None else None
    until = notice.data.get(money.notice.until) if notice is not None and money.notice is not None else None
    if not until:
        return []
    last = date.fromisoformat(until)
    return [
        (claim, last)
        for claim in sorted(ledger.claims, key=lambda claim: claim.number)
        if claim.lodged_on is not None and claim.lodged_on > last
    ]


def after_approval(approved: FactView, ledger: Ledger, remainder: int) -> list[Claim]:
    """The claims that the approved table has no line of; none where its lines have no numbers."""
    lines = [row for row in approved.data.get("claims") or () if row["rank"] != remainder]
    if any("number" not in row for row in lines):
        return []
    known = {row["number"] for row in lines}
    return [claim for claim in ledger.claims if claim.due and claim.number not in known]


def without(ledger: Ledger, claims: Sequence[Claim]) -> Ledger:
    """The ledger without some of its claims."""
    gone = {claim.number for claim in claims}
    return replace(ledger, claims=[claim for claim in ledger.claims if claim.number not in gone])


def remarks_on_late(
    money: Money, state: CaseState, ledger: Ledger, approved: FactView | None, remainder: int
) -> Iterator[Reason]:
    """What is said of them before the pay-out is signed and after it."""
    for claim, last in lodged_late(money, state, ledger):
        assert claim.lodged_on is not None, "a claim without its day is not late"
        days = {"on": f"{claim.lodged_on:%d/%m/%Y}", "last": f"{last:%d/%m/%Y}"}
        yield Reason("remark_late", {"number": claim.number, "claimant": claim.claimant, **days})
    for claim in after_approval(approved, ledger, remainder) if approved is not None else ():
        yield Reason("remark_after_approval", {"number": claim.number, "claimant": claim.claimant, "due": claim.due})
