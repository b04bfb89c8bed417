"""The assets, claims and members that the acts of a case recorded, and the pay-out computed from them."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from procedures.facts import CaseState, FactView
from procedures.money.computation import PayOut, Reason, compute
from procedures.money.items import LOST, Ledger, read_assets, read_claims, read_members
from procedures.money.late_claims import after_approval, without
from procedures.money.rules import Money, Record
from procedures.schema import Procedure

Row = dict[str, Any]


def rows_of(state: CaseState, record: Record) -> list[Row]:
    """The rows of a list as it was recorded last."""
    fact = state.last(record.verb)
    return list(fact.data.get(record.field) or ()) if fact is not None else []


def ledger_of(money: Money, state: CaseState) -> Ledger:
    """The lists of a case."""
    return Ledger(
        read_assets(rows_of(state, money.assets)),
        read_claims(rows_of(state, money.claims)),
        read_members(rows_of(state, money.members)),
        state.unit.get(money.capital),
    )


def payout_of(procedure: Procedure, state: CaseState, order: str = "", *, as_if_sold: bool = False) -> PayOut:
    """The pay-out of a case as its lists are now, by one of the orders of its procedure; without one, by `pays_by`."""
    money = _money(procedure)
    chosen = money.orders[order or money.pays_by]
    return compute(chosen, money.origins, ledger_of(money, state), as_if_sold=as_if_sold)


def table_of(payout: PayOut) -> list[Row]:
    """The lines of a pay-out as the act that drafts it records them."""
    return [
        {"rank": line.rank, "claimant": line.claimant, "claim": line.claim, "paid": line.paid}
        | ({"set_aside": True} if line.set_aside else {})
        | {"number": line.number}
        for line in payout.lines
    ]


def approved(procedure: Procedure, state: CaseState) -> FactView | None:
    """The latest approval of a pay-out."""
    found = [fact for verb in _money(procedure).approvals if (fact := state.last(verb)) is not None]
    return max(found, key=lambda fact: fact.seq, default=None)


def release_of(procedure: Procedure, state: CaseState) -> list[Row]:
    """What each claim and member still gets of the approved money, now that disputed claims are settled."""
    money, fact = _money(procedure), approved(procedure, state)
    if fact is None:
        return []
    available, order = int(fact.data.get("available") or 0), money.orders[money.pays_by]
    ledger = ledger_of(money, state)
    shared = without(ledger, after_approval(fact, ledger, order.place("remainder")))
    after = compute(order, money.origins, shared, available=available)
    paid = due_by_line(procedure, state)
    further = [(line, line.paid - paid.get((line.rank, line.number), 0)) for line in after.lines if not line.set_aside]
    return [
        {"rank": line.rank, "number": line.number, "claimant": line.claimant, "paid": amount}
        for line, amount in further
        if amount > 0
    ]


def provision_left(procedure: Procedure, state: CaseState) -> int:
    """What was set aside for disputed claims and has not been released."""
    fact, releases = approved(procedure, state), _money(procedure).releases
    if fact is None:
        return 0
    aside = sum(row["paid"] for row in fact.data.get("claims") or () if row.get("set_aside"))
    later = (item for item in state.done.get(releases.verb, ()) if item.seq > fact.seq)
    return int(aside - sum(row["paid"] for item in later for row in item.data.get(releases.field) or ()))


def paid_by_line(rows: Sequence[Mapping[str, Any]]) -> dict[tuple[int, int], int]:
    """By rank and number, what the rows of a pay-out pay; not what they set aside."""
    found: dict[tuple[int, int], int] = {}
    for row in rows:
        key = row["rank"], row.get("number", 0)
        found[key] = found.get(key, 0) + (0 if row.get("set_aside") else row["paid"])
    return found


def due_by_line(procedure: Procedure, state: CaseState) -> dict[tuple[int, int], int]:
    """By rank and number, what was approved and released to be paid."""
    fact = approved(procedure, state)
    rows = list(fact.data.get("claims") or ()) if fact is not None else []
    releases = _money(procedure).releases
    for release in state.done.get(releases.verb, ()):
        rows += release.data.get(releases.field) or ()
    return paid_by_line(rows)


def gaps_of(procedure: Procedure, state: CaseState) -> Iterator[Reason]:
    """What the inventory and the replies of agencies state and the lists lack; assets that are still held."""
    money = _money(procedure)
    ledger = ledger_of(money, state)
    yield from _inventory_gaps(money, state, ledger)
    yield from _advance_gap(money, state, ledger)
    by_agency = {fact.data.get(money.reply.agency): fact for fact in state.done.get(money.reply.verb, ())}
    listed = rows_of(state, money.claims)
    for agency, fact in by_agency.items():
        debt = int(fact.data.get(money.reply.debt) or 0)
        claimed = sum(row["amount"] for row in listed if row.get("agency") == agency)
        if agency in money.reply.kinds and claimed < debt:
            words = procedure.verbs[money.reply.verb].needs[money.reply.agency].options[str(agency)]
            yield Reason("gap_reply", {"agency": {"vi": words.vi, "en": words.en}, "debt": debt, "claimed": claimed})
    yield from (
        reason for reason in payout_of(procedure, state).remarks if reason.key in ("remark_held", "remark_left")
    )


def _advance_gap(money: Money, state: CaseState, ledger: Ledger) -> Iterator[Reason]:
    """What the budget advanced is money of the case."""
    if money.advance is None:
        return
    advanced = sum(int(fact.data[money.advance.amount]) for fact in state.done.get(money.advance.verb, ()))
    listed = sum(asset.value for asset in ledger.assets if asset.origin == money.advance.origin)
    if listed < advanced:
        yield Reason("gap_advance", {"stated": advanced, "listed": listed})


def _inventory_gaps(money: Money, state: CaseState, ledger: Ledger) -> Iterator[Reason]:
    fact = state.last(money.inventory.verb)
    if fact is None:
        return
    groups = {True: 0, False: 0}
    for asset in ledger.assets:
        origin = money.origins[asset.origin]
        groups[origin.divided] += 0 if origin.land else asset.value
    debts = sum(claim.amount for claim in ledger.claims if claim.kind not in money.inventory.later)
    listed = (("divided", groups[True]), ("undivided", groups[False]), ("debts", debts))
    for name, found in listed:
        stated = int(fact.data.get(getattr(money.inventory, name)) or 0)
        if found < stated:
            yield Reason(f"gap_{name}", {"stated": stated, "listed": found})


def replies_to_add(procedure: Procedure, state: CaseState) -> list[Row]:
    """The rows of claims that the replies of agencies add to the list: one for each debt that no row of it names."""
    money = _money(procedure)
    listed = rows_of(state, money.claims)
    known = {row.get("agency") for row in listed}
    number = max((row["number"] for row in listed), default=0)
    added: list[Row] = []
    for fact in {fact.data.get(money.reply.agency): fact for fact in state.done.get(money.reply.verb, ())}.values():
        agency, debt = fact.data.get(money.reply.agency), fact.data.get(money.reply.debt)
        if not debt or agency in known or agency not in money.reply.kinds:
            continue
        number += 1
        label = procedure.verbs[money.reply.verb].needs[money.reply.agency].options[agency].vi
        row = {"number": number, "claimant": label, "kind": money.reply.kinds[agency], "amount": debt}
        said = {"status": "accepted", "agency": agency, "note": fact.data.get(money.reply.symbol)}
        added.append({**row, **{name: value for name, value in said.items() if value}})
    return added


def not_handed_over(money: Money, state: CaseState) -> list[str]:
    """The undivided assets, land apart, that have no receiver, decision or minutes of their hand-over yet."""
    return [
        asset.name
        for asset in ledger_of(money, state).assets
        if not money.origins[asset.origin].divided
        and not money.origins[asset.origin].land
        and asset.state != LOST
        and not asset.pays_debts
        and not (asset.receiver and asset.decision and asset.minutes)
    ]


def _money(procedure: Procedure) -> Money:
    assert procedure.money is not None, "a version without the section `money` has no lists"
    return procedure.money
