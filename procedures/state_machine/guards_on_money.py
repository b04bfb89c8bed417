"""Guards on the money of a dissolution: its lists are sound, and a pay-out is the one computed from them."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from models.errors import CoopcaseError, Refused, WrongInput
from procedures.facts import CaseState
from procedures.money.items import HELD, SOLD
from procedures.money.of_case import (
    due_by_line,
    gaps_of,
    not_handed_over,
    payout_of,
    provision_left,
    release_of,
    rows_of,
    table_of,
)
from procedures.money.rules import Money
from procedures.schema import Procedure

Data = Mapping[str, Any]
Rows = Sequence[Mapping[str, Any]]
Wrong = tuple[int, str, str, dict[str, Any]]  # place of the row, column, code, parameters


def items_sound(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The rows of a list agree with each other and with the other lists; the first that does not is named."""
    name, money = param["items_sound"], _money(procedure)
    field = getattr(money, name).field
    rows: Rows = data.get(field) or ()
    for place, column, code, said in _SOUND[name](procedure, money, state, rows):
        return WrongInput(f"{field}[{place}].{column}", code, **said)
    return None


def _numbered_once(rows: Rows) -> Iterator[Wrong]:
    seen: set[int] = set()
    for place, row in enumerate(rows, start=1):
        if row["number"] in seen:
            yield place, "number", "number_twice", {"number": row["number"]}
        seen.add(row["number"])


def _assets(_procedure: Procedure, money: Money, state: CaseState, rows: Rows) -> Iterator[Wrong]:
    yield from _numbered_once(rows)
    claims = {row["number"] for row in rows_of(state, money.claims)}
    for place, row in enumerate(rows, start=1):
        origin, held = money.origins[row["origin"]], row.get("state", HELD)
        if row.get("got") and held != SOLD:
            yield place, "got", "got_but_not_sold", {"name": row["name"]}
        if held == SOLD and row.get("got") is None:
            yield place, "got", "sold_for_how_much", {"name": row["name"]}
        if origin.land and (held == SOLD or row.get("pays_debts")):
            yield place, "state", "land_not_sold", {"name": row["name"]}
        if row.get("pays_debts") and origin.divided:
            yield place, "pays_debts", "divided_pays_anyway", {"name": row["name"]}
        if claims and row.get("collateral_for") not in (None, *claims):
            yield place, "collateral_for", "no_such_claim", {"number": row["collateral_for"]}


def _claims(_procedure: Procedure, _money: Money, _state: CaseState, rows: Rows) -> Iterator[Wrong]:
    yield from _numbered_once(rows)
    for place, row in enumerate(rows, start=1):
        parts = {name: row.get(name, 0) for name in ("disputed", "set_off", "paid_before")}
        if sum(parts.values()) > row["amount"]:
            largest = max(parts, key=lambda name: parts[name])
            yield place, largest, "parts_over_claim", {"claimant": row["claimant"], "amount": row["amount"]}


def _members(_procedure: Procedure, _money: Money, _state: CaseState, rows: Rows) -> Iterator[Wrong]:
    return _numbered_once(rows)


def _payments(procedure: Procedure, _money: Money, state: CaseState, rows: Rows) -> Iterator[Wrong]:
    due = due_by_line(procedure, state)
    paid: Counter[tuple[int, int]] = Counter()
    for place, row in enumerate(rows, start=1):
        line = row["rank"], row["number"]
        paid[line] += row["paid"]
        if line not in due:
            yield place, "number", "no_such_line", {"rank": line[0], "number": line[1]}
        elif paid[line] > due[line]:
            yield place, "paid", "paid_over_due", {"due": due[line], "paid": paid[line]}


_SOUND: Mapping[str, Callable[[Procedure, Money, CaseState, Rows], Iterator[Wrong]]] = {
    "assets": _assets, "claims": _claims, "members": _members, "payments": _payments,
}  # fmt: skip


def payout_computed(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The table is the one computed from the lists, which have what inventory and replies state.

    With a reason it may differ, for a second person to approve; it pays no more than is there and than is due.
    """
    rule = param["payout_computed"]
    available, rows = int(data.get(rule["available"]) or 0), data.get(rule["rows"]) or ()
    payout = payout_of(procedure, state)
    if data.get(rule["reason"]):
        return _payable(available, rows, payout.remainder)
    for gap in gaps_of(procedure, state):
        return Refused(gap.key, **gap.params)
    if available != payout.pot:
        return Refused("payout_available_differs", available=available, computed=payout.pot)
    return _differs(rows, table_of(payout))


def _payable(available: int, rows: Rows, remainder: int) -> CoopcaseError | None:
    for row in rows:
        if row["paid"] > row["claim"] and row["rank"] != remainder:
            return Refused("paid_over_claim", claimant=row["claimant"], claim=row["claim"], paid=row["paid"])
    left = available - sum(row["paid"] for row in rows)
    if left < 0:
        return Refused("paid_over_available", over=-left)
    return Refused("payout_left_over", left=left) if left else None


def _differs(rows: Rows, computed: Rows) -> CoopcaseError | None:
    """The first line that one of the tables has and the other lacks; the order of the lines does not count."""
    typed, due = Counter(map(_line, rows)), Counter(map(_line, computed))
    if extra := next(iter(typed - due), None):
        rank, claimant, _, paid, _ = extra
        same = [line for line in due if line[:2] == extra[:2]]
        return Refused("payout_wrong", claimant=claimant, rank=rank, paid=paid, due=same[0][3] if same else 0)
    if lacking := next(iter(due - typed), None):
        return Refused("payout_lacks", claimant=lacking[1], rank=lacking[0], due=lacking[3])
    return None


def _line(row: Mapping[str, Any]) -> tuple[int, str, int, int, bool]:
    return row["rank"], row["claimant"], row["claim"], row["paid"], bool(row.get("set_aside"))


def release_computed(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The further payments are those computed from the settled claims and the money approved."""
    rows: Rows = data.get(param["release_computed"]) or ()
    computed = release_of(procedure, state)
    if not computed:
        return Refused("nothing_to_release")
    left, further = provision_left(procedure, state), sum(row["paid"] for row in computed)
    if further > left:
        return Refused("release_over_provision", left=left, further=further)
    typed, due = (Counter((row["rank"], row["number"], row["paid"]) for row in table) for table in (rows, computed))
    if typed == due:
        return None
    rank, number, paid = next(iter((due - typed) or (typed - due)))
    return Refused("release_differs", rank=rank, number=number, paid=paid)


def undivided_handed_over(procedure: Procedure, state: CaseState, _data: Data, _param: Any) -> CoopcaseError | None:
    """Every undivided asset of the list has its receiver, decision and minutes of the hand-over."""
    names = not_handed_over(_money(procedure), state)
    return Refused("asset_not_handed_over", name=names[0], count=len(names)) if names else None


def _money(procedure: Procedure) -> Money:
    assert procedure.money is not None, "the loader refuses these guards without the section `money`"
    return procedure.money
