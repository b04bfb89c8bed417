"""A pay-out of 10,000 claims and 10^15 đồng, beside the bare sum of as many products."""

import sys
from time import process_time

from procedures.definition.loader import load
from procedures.money.computation import compute
from procedures.money.items import SOLD, Asset, Claim, Ledger
from procedures.money.rules import Money

CLAIMS, AVAILABLE = 10_000, 10**15
KINDS = ("cost", "wages", "secured", "unsecured", "tax")


def run() -> None:
    """Print the seconds of processor time of one computation and of the minimum."""
    money = Money.model_validate(load().money)
    claims = [Claim(number, f"Chủ nợ {number}", KINDS[number % 5], 10**11 + number) for number in range(1, CLAIMS + 1)]
    ledger = Ledger([Asset(1, "Tiền", "own", AVAILABLE, SOLD, AVAILABLE - CLAIMS)], claims)
    start = process_time()
    compute(money.orders["dissolution"], money.origins, ledger)
    seconds, start = process_time() - start, process_time()
    sum(claim.amount * AVAILABLE // (CLAIMS * 10**11) for claim in claims)
    sys.stdout.write(f"pay-out of {CLAIMS}  {seconds:8.3f} s   bare products {process_time() - start:8.4f} s\n")
