"""The pay-out of article 49, and that of the Bankruptcy Law, as properties of any ledger and as examples."""

import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from random import Random
from types import FrameType
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.money.computation import PayOut, compute
from procedures.money.items import LODGED, REJECTED, SOLD, Asset, Claim, Ledger, Member
from procedures.money.rules import Order
from tests.procedures.money.invented_ledgers import BANKRUPTCY, DISSOLUTION, MONEY, ledgers

EXAMPLE = Path(__file__).parents[3] / "docs" / "pay-out.md"
ORDERS = st.sampled_from([DISSOLUTION, BANKRUPTCY])


def paid(ledger: Ledger, order: Order = DISSOLUTION, available: int | None = None) -> PayOut:
    return compute(order, MONEY.origins, ledger, available=available)


def sold(number: int, got: int, **more: object) -> Asset:
    return Asset(number, f"Tài sản {number}", "own", got, SOLD, got, **more)  # type: ignore[arg-type]


def lines(payout: PayOut) -> list[tuple[int, int, int, int]]:
    return [(line.rank, line.number, line.claim, line.paid) for line in payout.lines]


@given(ledgers(), ORDERS)
def test_every_dong_is_paid_or_named_as_left(ledger: Ledger, order: Order) -> None:
    found = paid(ledger, order)
    assert sum(line.paid for line in found.lines) + found.left == found.pot
    assert found.left == 0 or not any(member.capital for member in ledger.members)


@given(ledgers(), ORDERS)
def test_nobody_gets_more_than_is_due(ledger: Ledger, order: Order) -> None:
    found = paid(ledger, order)
    debts = [line for line in found.lines if line.rank != found.remainder]
    assert all(0 <= line.paid <= line.claim for line in debts)
    for claim in ledger.claims:
        assert sum(line.claim for line in debts if line.number == claim.number) == claim.due


@given(ledgers())
def test_a_rank_is_paid_only_after_those_before_it(ledger: Ledger) -> None:
    found = paid(ledger)
    for line in found.lines:
        if line.paid:
            assert all(other.paid == other.claim for other in found.lines if other.rank < line.rank)


@given(ledgers(), ORDERS, st.randoms())
def test_the_order_of_entry_changes_nothing(ledger: Ledger, order: Order, random: Random) -> None:
    assets, claims, members = list(ledger.assets), list(ledger.claims), list(ledger.members)
    for items in (assets, claims, members):
        random.shuffle(items)
    other = Ledger(assets, claims, members, ledger.charter_capital)
    assert paid(ledger, order) == paid(other, order)


@given(ledgers(), st.integers(0, 10**15))
def test_one_dong_more_makes_nobody_poorer_by_more_than_one(ledger: Ledger, available: int) -> None:
    less, more = (
        {(line.rank, line.number, line.set_aside): line.paid for line in paid(ledger, available=money).lines}
        for money in (available, available + 1)
    )
    assert all(more.get(key, 0) >= amount - 1 for key, amount in less.items())


def many_claims(count: int) -> Ledger:
    """One asset whose price pays about half of so many claims of every rank."""
    kinds = ("cost", "wages", "secured", "unsecured", "tax")
    claims = [Claim(number, f"Chủ nợ {number}", kinds[number % 5], 10**11 + number) for number in range(1, count + 1)]
    return Ledger([sold(1, count * 10**11 // 2 - 7)], claims)


def test_ten_thousand_claims_are_paid_to_the_last_dong() -> None:
    ledger = many_claims(10_000)
    price, debts = 10_000 * 10**11 // 2 - 7, sum(claim.amount for claim in ledger.claims)
    found = paid(ledger)
    assert sum(line.paid for line in found.lines) == price and found.short == debts - price


def lines_run(act: Callable[[], object]) -> int:
    """Python lines that an act runs, those of its comprehensions too: a cost that no machine changes."""
    counted = 0

    def count(_frame: FrameType, event: str, _arg: Any) -> Any:
        nonlocal counted
        counted += event == "line"
        return count

    before = sys.gettrace()
    sys.settrace(count)
    try:
        act()
    finally:
        sys.settrace(before)
    return counted


def test_four_times_the_claims_cost_four_times_the_steps() -> None:
    some, more = (lines_run(partial(paid, many_claims(count))) for count in (250, 1_000))
    assert more < 5 * some


def test_ranks_one_after_the_other_and_pro_rata_in_the_last() -> None:
    ledger = Ledger(
        [sold(1, 100)],
        [
            Claim(1, "Chi phí", "cost", 12),
            Claim(2, "Lương", "wages", 30),
            Claim(3, "Công ty vật tư", "unsecured", 80),
            Claim(4, "Thuế", "tax", 20),
        ],
        [Member(1, "Một thành viên", 50)],
    )
    found = paid(ledger)
    assert lines(found) == [(1, 1, 12, 12), (2, 2, 30, 30), (4, 3, 80, 46), (4, 4, 20, 12)]
    assert (found.short, found.costs_short, found.left) == (42, 0, 0)
    assert [line.reason.key for line in found.lines] == ["full", "full", "pro_rata", "pro_rata_odd"]


def test_the_shortfall_of_collateral_is_unsecured() -> None:
    ledger = Ledger(
        [sold(1, 60, collateral_for=1), sold(2, 40)],
        [Claim(1, "Ngân hàng", "secured", 90), Claim(2, "A", "unsecured", 30)],
    )
    assert lines(paid(ledger)) == [(3, 1, 60, 60), (4, 1, 30, 20), (4, 2, 30, 20)]


def test_in_a_bankruptcy_collateral_goes_to_its_creditor_first() -> None:
    ledger = Ledger(
        [sold(1, 60, collateral_for=1)], [Claim(1, "Ngân hàng", "secured", 90), Claim(2, "Lương", "wages", 50)]
    )
    assert lines(paid(ledger)) == [(2, 2, 50, 50), (3, 1, 60, 10), (4, 1, 30, 0)]
    assert sorted(lines(paid(ledger, BANKRUPTCY))) == [(2, 2, 50, 0), (4, 1, 30, 0), (4, 1, 60, 60)]


def test_a_disputed_part_is_provided_for_in_its_rank() -> None:
    ledger = Ledger([sold(1, 50)], [Claim(1, "A", "unsecured", 60, disputed=20), Claim(2, "B", "unsecured", 40)])
    found = paid(ledger)
    assert [(line.number, line.claim, line.paid, line.set_aside) for line in found.lines] == [
        (1, 40, 20, False),
        (1, 20, 10, True),
        (2, 40, 20, False),
    ]
    assert found.set_aside == 10


def test_a_claim_only_lodged_is_provided_for_and_a_rejected_one_is_left_out() -> None:
    ledger = Ledger([sold(1, 50)], [Claim(1, "A", "unsecured", 20, LODGED), Claim(2, "B", "unsecured", 40, REJECTED)])
    assert [(line.number, line.paid, line.set_aside) for line in paid(ledger).lines] == [(1, 20, True)]
    assert paid(ledger).left == 30


def test_set_off_and_earlier_payments_are_not_due_again() -> None:
    claim = Claim(1, "A", "unsecured", 100, set_off=30, paid_before=20)
    assert lines(paid(Ledger([sold(1, 80)], [claim], [Member(1, "M", 5)]))) == [(4, 1, 50, 50), (5, 1, 5, 30)]


def test_a_ruling_pays_a_claim_before_the_others_of_its_rank() -> None:
    ledger = Ledger([sold(1, 30)], [Claim(1, "A", "unsecured", 20), Claim(2, "Thuế", "tax", 20)])
    assert lines(paid(ledger)) == [(4, 1, 20, 15), (4, 2, 20, 15)]
    first = replace(ledger, claims=[ledger.claims[0], replace(ledger.claims[1], first=True)])
    assert lines(paid(first)) == [(4, 1, 20, 10), (4, 2, 20, 20)]


def test_members_share_what_is_left_by_their_capital() -> None:
    ledger = Ledger([sold(1, 100)], [], [Member(1, "A", 1), Member(2, "B", 1), Member(3, "C", 1)], 10)
    found = paid(ledger)
    assert lines(found) == [(5, 1, 1, 34), (5, 2, 1, 33), (5, 3, 1, 33)]
    assert [remark.key for remark in found.remarks] == ["remark_capital"]


def test_undivided_assets_and_land_are_outside() -> None:
    state = Asset(1, "Kênh mương", "state", 40, SOLD, 40)
    land = Asset(2, "Đất trụ sở", "land_free", 0)
    found = paid(Ledger([state, land, sold(3, 10)], [Claim(1, "A", "unsecured", 30)]))
    assert (found.pot, [asset.number for asset in found.outside]) == (10, [1, 2])
    assert [remark.key for remark in found.remarks] == []  # the land is still held: it is not for the council to sell
    with_decision = replace(state, pays_debts="12/QĐ-UBND")
    assert paid(Ledger([with_decision, land], [Claim(1, "A", "unsecured", 30)])).pot == 40


def test_what_is_not_sold_counts_only_as_if_it_were() -> None:
    ledger = Ledger([Asset(1, "Nhà kho", "own", 70)], [Claim(1, "A", "cost", 30)])
    assert (paid(ledger).pot, paid(ledger).costs_short) == (0, 30)
    assert compute(DISSOLUTION, MONEY.origins, ledger, as_if_sold=True).pot == 70
    assert [remark.key for remark in paid(ledger).remarks] == ["remark_held"]


def test_the_example_of_the_documentation() -> None:
    ditch = Asset(3, "Kênh mương", "state", 20_000_000)
    ledger = Ledger(
        [sold(1, 60_000_000, collateral_for=3), sold(2, 40_000_000), ditch],
        [
            Claim(1, "Costs", "cost", 12_000_000),
            Claim(2, "Wages", "wages", 18_000_000),
            Claim(3, "Bank", "secured", 90_000_000),
            Claim(4, "Supplier", "unsecured", 40_000_000, disputed=20_000_000),
            Claim(5, "Tax", "tax", 10_000_000),
        ],
    )
    found = paid(ledger)
    text = EXAMPLE.read_text(encoding="utf-8")
    for line in found.lines:
        aside = ", set aside" if line.set_aside else ""
        row = f"| {line.rank} | {line.number} {line.claimant}{aside} | {line.claim:,} | {line.paid:,} |"
        assert row in text, row
    assert (found.pot, found.short) == (100_000_000, 70_000_000)


@pytest.mark.parametrize(("day", "words"), [(date(2016, 3, 1), "chờ UBND"), (date(2017, 9, 15), "ưu tiên hợp tác xã")])
def test_where_an_undivided_asset_goes_is_the_rule_of_its_day(day: date, words: str) -> None:
    goes = MONEY.origins["fund"].destination(day)
    assert goes is not None and words in goes.label.vi
    assert MONEY.origins["fund"].destination(date(2013, 6, 30)) is None
