"""The items that a pay-out is computed from, as the acts of a case recorded them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

HELD, SOLD, HANDED_OVER, LOST = "held", "sold", "handed_over", "lost"
LODGED, ACCEPTED, REJECTED = "lodged", "accepted", "rejected"


@dataclass(frozen=True, slots=True)
class Asset:
    """An asset. `got`: the money that it brought; `pays_debts`: the decision by which an undivided one pays debts."""

    number: int
    name: str
    origin: str
    value: int
    state: str = HELD
    got: int = 0
    collateral_for: int | None = None  # number of the claim
    pays_debts: str = ""
    receiver: str = ""
    decision: str = ""
    minutes: str = ""


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim. `disputed`: the part of its amount that the parties or the court have not settled."""

    number: int
    claimant: str
    kind: str
    amount: int
    status: str = ACCEPTED
    disputed: int = 0
    set_off: int = 0
    paid_before: int = 0
    first: bool = False  # paid before the others of its rank, by a ruling
    lodged_on: date | None = None

    @property
    def due(self) -> int:
        """What is still to be paid of it."""
        return 0 if self.status == REJECTED else max(self.amount - self.set_off - self.paid_before, 0)

    @property
    def open(self) -> int:
        """The part of `due` that is only provided for."""
        return self.due if self.status == LODGED else min(self.disputed, self.due)


@dataclass(frozen=True, slots=True)
class Member:
    number: int
    name: str
    capital: int


@dataclass(frozen=True, slots=True)
class Ledger:
    """The assets, claims and members of a case."""

    assets: Sequence[Asset] = ()
    claims: Sequence[Claim] = ()
    members: Sequence[Member] = ()
    charter_capital: int | None = None

    @property
    def debts(self) -> int:
        return sum(claim.due for claim in self.claims)


def read_assets(rows: Iterable[Mapping[str, Any]]) -> list[Asset]:
    """The assets in the rows of an act."""
    names = ("receiver", "decision", "minutes", "pays_debts")
    return [
        Asset(
            row["number"], row["name"], row["origin"], row["value"], row.get("state", HELD), row.get("got", 0),
            row.get("collateral_for"), **{name: row.get(name, "") for name in names},
        )
        for row in rows
    ]  # fmt: skip


def read_claims(rows: Iterable[Mapping[str, Any]]) -> list[Claim]:
    """The claims in the rows of an act."""
    return [
        Claim(
            row["number"], row["claimant"], row["kind"], row["amount"], row.get("status", ACCEPTED),
            row.get("disputed", 0), row.get("set_off", 0), row.get("paid_before", 0), bool(row.get("first")),
            date.fromisoformat(row["lodged_on"]) if row.get("lodged_on") else None,
        )
        for row in rows
    ]  # fmt: skip


def read_members(rows: Iterable[Mapping[str, Any]]) -> list[Member]:
    """The members in the rows of an act."""
    return [Member(row["number"], row["name"], row["capital"]) for row in rows]
