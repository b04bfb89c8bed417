"""What a procedure file says of the money of a dissolution: ranks, kinds of claims, origins of assets."""

from datetime import date
from typing import Literal

from pydantic import Field

from procedures.parts import Keys, Labelled, Part

MONEY_AVAILABLE, MONEY_LINES, MONEY_RELEASE = "money.available", "money.lines", "money.release"  # as `proposed_by`
MONEY_PROPOSALS = frozenset({MONEY_AVAILABLE, MONEY_LINES, MONEY_RELEASE})
MONEY_ORIGINS = "money.origins"  # as `options_from`


class Rank(Labelled):
    """A rank of an order of payment.

    `collateral`: claims of it belong to it as far as their collateral covers them; the rest goes to the rank with
    `shortfall`. `remainder`: members share what is left, by their capital.
    """

    kinds: Keys = ()
    collateral: bool = False
    shortfall: bool = False
    remainder: bool = False


class Order(Labelled):
    """An order of payment. `collateral_first`: the proceeds of collateral go to its creditor before the ranks."""

    article: str
    collateral_first: bool = False
    ranks: dict[int, Rank]

    def rank_of(self, kind: str) -> int:
        """The rank of a kind of claim."""
        return next(place for place, rank in sorted(self.ranks.items()) if kind in rank.kinds)

    def place(self, what: Literal["collateral", "shortfall", "remainder"]) -> int:
        """The rank that has this property."""
        return next(place for place, rank in sorted(self.ranks.items()) if getattr(rank, what))


class Destination(Labelled):
    """The destination of an undivided asset by the rule of a period."""

    from_: date = Field(alias="from")
    until: date | None = None
    article: str = ""

    def holds_on(self, day: date) -> bool:
        return self.from_ <= day and (self.until is None or day <= self.until)


class Origin(Labelled):
    """An origin of an asset. `divided`: it is divided by the order of payment; others have a destination.

    `land`: it follows the law on land, is never sold by the council and never pays debts.
    """

    divided: bool = False
    land: bool = False
    goes: tuple[Destination, ...] = ()

    def destination(self, day: date) -> Destination | None:
        """The destination by the rule of this day."""
        return next((item for item in self.goes if item.holds_on(day)), None)


class Record(Part):
    """The act that records a list, and its table."""

    verb: str
    field: str


class Reply(Part):
    """The act that records the reply of an agency, and the kind of claim that each agency's debt becomes."""

    verb: str
    agency: str
    debt: str
    symbol: str
    kinds: dict[str, str]


class Inventory(Part):
    """The act that records the sums of the inventory."""

    verb: str
    divided: str
    undivided: str
    debts: str
    later: Keys = ("cost",)  # kinds of claim that arise after it, which its debts do not count


class Advance(Part):
    """The act by which the budget advances the costs, its sum, and the origin under which the money is listed."""

    verb: str
    amount: str
    origin: str


class Notice(Part):
    """The act that tells creditors until when to claim, and its field."""

    verb: str
    until: str


class Money(Part):
    """The section `money` of a procedure file."""

    assets: Record
    claims: Record
    members: Record
    payments: Record
    releases: Record
    reply: Reply
    inventory: Inventory
    notice: Notice | None = None
    advance: Advance | None = None
    plans: Keys  # the acts that draft a pay-out
    approvals: Keys  # the acts that approve one
    capital: str = "charter_capital"  # of the unit in the register
    unclear_rank: dict[str, str] = {}  # by kind of claim: the unclear point whose ruling places it
    origins: dict[str, Origin]
    orders: dict[str, Order]
    pays_by: str = "dissolution"  # the order by which a pay-out of a case is computed
    compared_with: str = "bankruptcy"  # the order shown beside it
