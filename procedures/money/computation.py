"""The pay-out computed from assets, claims and members by an order of payment, each line with its reason.

Integers of đồng only. Within a rank that is not covered, claims are paid pro rata; the đồng left over by rounding go to
the largest remainders, equal ones by the number of the claim. The result does not depend on the order of the items.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from procedures.money.items import HELD, SOLD, Asset, Claim, Ledger
from procedures.money.rules import Order, Origin
from procedures.state_machine.payout import pro_rata


@dataclass(frozen=True, slots=True)
class Reason:
    """A sentence of the explanation: a key of the words under `payout.`, and its parameters."""

    key: str
    params: Mapping[str, int | str | Mapping[str, str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AssetLine:
    """What an asset adds to the money to be divided."""

    asset: Asset
    money: int
    reason: Reason


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the pay-out: a claim, or the part of one that a rank has, or the capital of a member."""

    rank: int
    number: int
    claimant: str
    claim: int
    paid: int
    set_aside: bool = False
    reason: Reason = field(default_factory=lambda: Reason("full"))

    @property
    def unpaid(self) -> int:
        return self.claim - self.paid


@dataclass(frozen=True, slots=True)
class PayOut:
    """A computed pay-out. `left`: money without a receiver; `short`: debts that are not covered."""

    pot: int
    assets: tuple[AssetLine, ...]
    outside: tuple[Asset, ...]  # undivided, not part of the money to be divided
    lines: tuple[Line, ...]
    remainder: int  # the rank of the members
    left: int
    remarks: tuple[Reason, ...] = ()

    @property
    def short(self) -> int:
        return sum(line.unpaid for line in self.lines if line.rank != self.remainder)

    @property
    def costs_short(self) -> int:
        """What the first rank lacks: the sum to be advanced."""
        return sum(line.unpaid for line in self.lines if line.rank == 1)

    @property
    def set_aside(self) -> int:
        return sum(line.paid for line in self.lines if line.set_aside)

    def rank_sums(self) -> list[tuple[int, int, int]]:
        """(rank, claims, payments) of each rank that has lines."""
        ranks = sorted({line.rank for line in self.lines})
        return [
            (
                rank,
                *(sum(getattr(line, name) for line in self.lines if line.rank == rank) for name in ("claim", "paid")),
            )
            for rank in ranks
        ]  # type: ignore[misc]


@dataclass(frozen=True, slots=True)
class _Part:
    """The part of a claim in one rank."""

    rank: int
    later: bool  # after those of its rank that are paid first
    number: int
    claimant: str
    amount: int
    set_aside: bool = False
    collateral: int = 0  # of it from the proceeds of collateral, before the ranks


def compute(
    order: Order,
    origins: Mapping[str, Origin],
    ledger: Ledger,
    *,
    as_if_sold: bool = False,
    available: int | None = None,
) -> PayOut:
    """Return the pay-out of a ledger by an order of payment.

    Args:
        as_if_sold: assets that are still held count with their value, for a look ahead.
        available: the money to be divided; None: what the assets brought.
    """
    counted = sorted(ledger.assets, key=lambda asset: asset.number)
    assets = tuple(
        _asset_line(asset, origins[asset.origin], as_if_sold) for asset in counted if _divided(asset, origins)
    )
    outside = tuple(asset for asset in counted if not _divided(asset, origins))
    money = {line.asset.number: line.money for line in assets}
    pot = sum(money.values()) if available is None else available
    backing = _backing(counted, money)
    parts = [part for claim in ledger.claims for part in _parts(order, claim, backing.get(claim.number, 0))]
    lines, left = _pay(order, pot, parts)
    shares, left = _share(order, ledger, left)
    remarks = tuple(_remarks(ledger, [line.asset for line in assets], backing, left))
    return PayOut(pot, assets, outside, (*lines, *shares), order.place("remainder"), left, remarks)


def _divided(asset: Asset, origins: Mapping[str, Origin]) -> bool:
    origin = origins[asset.origin]
    return origin.divided or (bool(asset.pays_debts) and not origin.land)


def _asset_line(asset: Asset, origin: Origin, as_if_sold: bool) -> AssetLine:
    if asset.state == SOLD:
        key = "asset_got" if origin.divided else "asset_pays_debts"
        return AssetLine(asset, asset.got, Reason(key, {"got": asset.got, "decision": asset.pays_debts}))
    if asset.state == HELD and as_if_sold:
        return AssetLine(asset, asset.value, Reason("asset_as_if_sold", {"value": asset.value}))
    return AssetLine(asset, 0, Reason(f"asset_{asset.state}", {"value": asset.value}))


def _backing(assets: Iterable[Asset], money: Mapping[int, int]) -> dict[int, int]:
    """By number of a claim, the money that its collateral brought."""
    found: dict[int, int] = {}
    for asset in assets:
        if asset.collateral_for is not None:
            found[asset.collateral_for] = found.get(asset.collateral_for, 0) + money.get(asset.number, 0)
    return found


def _parts(order: Order, claim: Claim, backing: int) -> Iterator[_Part]:
    """The parts of a claim by rank, settled ones before those that are only provided for."""
    rank = order.rank_of(claim.kind)
    covered_left = backing if order.ranks[rank].collateral else 0
    for amount, set_aside in ((claim.due - claim.open, False), (claim.open, True)):
        covered = min(amount, covered_left)
        covered_left -= covered
        later = not claim.first
        if not order.ranks[rank].collateral:
            yield _Part(rank, later, claim.number, claim.claimant, amount, set_aside)
            continue
        yield _Part(
            rank, later, claim.number, claim.claimant, covered, set_aside, covered if order.collateral_first else 0
        )
        rest = order.place("shortfall")
        yield _Part(rest, True, claim.number, claim.claimant, amount - covered, set_aside)


def _pay(order: Order, pot: int, parts: Sequence[_Part]) -> tuple[list[Line], int]:
    """The lines of all claims in the order of payment, and the money that is left."""
    left = max(pot - sum(part.collateral for part in parts), 0)
    lines = [_from_collateral(part) for part in parts if part.collateral]
    waiting = sorted(
        (part for part in parts if part.amount and not part.collateral),
        key=lambda part: (part.rank, part.later, part.number, part.set_aside, part.amount),
    )
    for _, group in groupby(waiting, key=lambda part: (part.rank, part.later)):
        due = list(group)
        total = sum(part.amount for part in due)
        given = min(left, total)
        lines += _group(due, given, total, left)
        left -= given
    return sorted(lines, key=lambda line: (line.rank, line.number, line.set_aside)), left


def _from_collateral(part: _Part) -> Line:
    reason = Reason("from_collateral", {"amount": part.amount})
    return Line(part.rank, part.number, part.claimant, part.amount, part.amount, part.set_aside, reason)


def _group(due: Sequence[_Part], given: int, total: int, left: int) -> Iterator[Line]:
    for part, paid in zip(due, pro_rata(given, [part.amount for part in due]), strict=True):
        if given == total:
            reason = Reason("full", {"left": left, "total": total})
        elif given == 0:
            reason = Reason("nothing_left", {"total": total})
        else:
            odd = paid - given * part.amount // total
            reason = Reason("pro_rata_odd" if odd else "pro_rata", {"left": left, "total": total, "claim": part.amount})
        yield Line(part.rank, part.number, part.claimant, part.amount, paid, part.set_aside, reason)


def _share(order: Order, ledger: Ledger, left: int) -> tuple[list[Line], int]:
    """The lines of the members, who share what is left; none where nothing is left or no capital is known."""
    members = sorted((member for member in ledger.members if member.capital), key=lambda member: member.number)
    capital = sum(member.capital for member in members)
    if not left or not capital:
        return [], left
    rank, shares = order.place("remainder"), pro_rata(left, [member.capital for member in members])
    return [
        Line(
            rank, member.number, member.name, member.capital, share,
            reason=Reason("member", {"left": left, "capital": member.capital, "total": capital}),
        )
        for member, share in zip(members, shares, strict=True)
    ], 0  # fmt: skip


def _remarks(ledger: Ledger, divided: Sequence[Asset], backing: Mapping[int, int], left: int) -> Iterator[Reason]:
    """What a person has to look at before the pay-out is signed; what is not divided does not hold it up."""
    if left:
        yield Reason("remark_left", {"left": left})
    capital = sum(member.capital for member in ledger.members)
    if ledger.members and ledger.charter_capital is not None and capital != ledger.charter_capital:
        yield Reason("remark_capital", {"capital": capital, "charter": ledger.charter_capital})
    for asset in divided:
        if asset.state == HELD:
            yield Reason("remark_held", {"number": asset.number, "name": asset.name, "value": asset.value})
    known = {claim.number: claim for claim in ledger.claims}
    for number in sorted(backing):
        if number not in known:
            yield Reason("remark_collateral", {"claim": number})
