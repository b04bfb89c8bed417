"""What a person sees of the money of a case: the pay-out with its reasons, what is missing, and what to do about it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection

from casework.ledger import LoadedCase
from procedures.law.interpretations import unclear_points
from procedures.law.rules import law_of, nearest_version
from procedures.money.computation import Line, PayOut, Reason
from procedures.money.items import Asset
from procedures.money.late_claims import lodged_late, remarks_on_late
from procedures.money.of_case import (
    approved,
    due_by_line,
    gaps_of,
    ledger_of,
    payout_of,
    provision_left,
    replies_to_add,
    rows_of,
)
from procedures.money.rules import Destination, Money, Order
from procedures.schema import Procedure
from rulebook.office_calendar import office_of
from rulebook.readings import office_readings, plain_readings
from templates.spreadsheet import Table, Value, columns_of
from templates.words import catalogue, pick, t


@dataclass(frozen=True, slots=True)
class Outside:
    """An undivided asset and its destination by the rule of the day."""

    asset: Asset
    origin: str
    destination: Destination | None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What one claimant gets when the cooperative is dissolved, and in a bankruptcy."""

    number: int
    claimant: str
    due: int
    dissolution: int
    bankruptcy: int


@dataclass(frozen=True, slots=True)
class MoneyView:
    """The pay-out of a case; `short`: debts that are not covered, a reason to think of a bankruptcy."""

    payout: PayOut
    order: Order
    bankruptcy: Order
    day: date
    as_if_sold: bool
    outside: tuple[Outside, ...]
    gaps: tuple[Reason, ...]
    remarks: tuple[Reason, ...]
    replies: tuple[dict[str, Any], ...]
    compared: tuple[Comparison, ...]
    approved: dict[str, Any] | None
    due: int
    paid: int
    deposited: int
    provision: int
    late: frozenset[int]  # numbers of the claims lodged after the last day to claim

    def article(self, lang: str) -> str:
        """The article of the order of payment."""
        return nearest_version(self.order.article, self.day).text(lang)

    def law_of_bankruptcy(self, lang: str) -> str:
        return nearest_version(law_of(self.bankruptcy.article), self.day).text(lang)


def look(connection: Connection, loaded: LoadedCase, day: date, *, as_if_sold: bool = False) -> MoneyView | None:
    """The money of a case on a day; None where its version has no lists of assets and claims.

    `as_if_sold`: assets that are still held count with their value.
    """
    procedure, state, money = loaded.procedure, loaded.state, loaded.procedure.money
    if money is None:
        return None
    payout = payout_of(procedure, state, as_if_sold=as_if_sold)
    outside = tuple(_outside(money, asset, day) for asset in payout.outside)
    fact = approved(procedure, state)
    receipts = rows_of(state, money.payments)
    first = _paid_first(connection, loaded, money)
    ledger = ledger_of(money, state)
    late = frozenset(claim.number for claim, _ in lodged_late(money, state, ledger))
    return MoneyView(
        payout, money.orders[money.pays_by], money.orders[money.compared_with], day, as_if_sold, outside,
        tuple(gaps_of(procedure, state)),
        (
            *payout.remarks,
            *remarks_on_late(money, state, ledger, fact, payout.remainder),
            *_against_rulings(loaded, money, first),
        ),
        tuple(with_rulings(replies_to_add(procedure, state), first)), tuple(_compared(procedure, loaded, payout)),
        dict(fact.data) if fact is not None else None, sum(due_by_line(procedure, state).values()),
        sum(row["paid"] for row in receipts), sum(row["paid"] for row in receipts if row["way"] == "deposit"),
        provision_left(procedure, state), late,
    )  # fmt: skip


def _outside(money: Money, asset: Asset, day: date) -> Outside:
    origin = money.origins[asset.origin]
    return Outside(asset, asset.origin, origin.destination(day))


def _paid_first(connection: Connection, loaded: LoadedCase, money: Money) -> dict[str, bool]:
    """By kind of claim with an unclear rank: whether the office's ruling pays it before the others of its rank."""
    ruled = plain_readings(office_readings(connection).of(office_of(loaded.row)))
    points = unclear_points()
    return {kind: ruled.get(key) == points[key].adding for kind, key in money.unclear_rank.items() if key in points}


def with_rulings(rows: list[dict[str, Any]], first: dict[str, bool]) -> Iterator[dict[str, Any]]:
    for row in rows:
        yield {**row, "first": True} if first.get(row["kind"]) else row


def _against_rulings(loaded: LoadedCase, money: Money, first: dict[str, bool]) -> Iterator[Reason]:
    for claim in ledger_of(money, loaded.state).claims:
        if claim.kind in first and claim.first != first[claim.kind]:
            yield Reason("remark_ruling", {"claimant": claim.claimant, "number": claim.number})


def _compared(procedure: Procedure, loaded: LoadedCase, payout: PayOut) -> Iterator[Comparison]:
    if not payout.short:
        return
    assert procedure.money is not None
    other = payout_of(procedure, loaded.state, procedure.money.compared_with)
    for claim in sorted(ledger_of(procedure.money, loaded.state).claims, key=lambda claim: claim.number):
        here, there = (_paid(found, claim.number) for found in (payout, other))
        yield Comparison(claim.number, claim.claimant, claim.due, here, there)


def _paid(payout: PayOut, number_: int) -> int:
    return sum(line.paid for line in payout.lines if line.number == number_ and line.rank != payout.remainder)


def reason_text(reason: Reason, lang: str) -> str:
    """A sentence of the explanation in words; sums with points between thousands."""
    key = f"errors.{reason.key}"
    return t(key if key in catalogue() else f"payout.{reason.key}", lang, **reason.params)


def as_table(view: MoneyView, unit: str, lang: str) -> Table:
    """The pay-out: rank, claimant, claim, payment, set aside, reason; the sums below."""
    heads = [t(f"payout.head_{name}", lang) for name in ("rank", "claimant", "claim", "paid", "aside", "why")]
    total = [sum(getattr(line, name) for line in view.payout.lines) for name in ("claim", "paid")]
    rows = [_sheet_row(line, mark_of(view, line, lang), lang) for line in view.payout.lines]
    columns, title = columns_of(heads, (10, 34, 18, 18, 14, 70)), t("payout.sheet", lang)
    return Table(title, title, unit, columns, rows, totals=[None, t("payout.total", lang), *total])


def mark_of(view: MoneyView, line: Line, lang: str) -> str:
    """What marks a line: set aside, lodged late; empty for most."""
    late = line.rank != view.payout.remainder and line.number in view.late
    marks = [(line.set_aside, "set_aside"), (late, "lodged_late")]
    return ", ".join(t(f"payout.{word}", lang) for marked, word in marks if marked)


def _sheet_row(line: Line, mark: str, lang: str) -> list[Value]:
    return [line.rank, line.claimant, line.claim, line.paid, mark, reason_text(line.reason, lang)]


def rank_label(order: Order, rank: int, lang: str) -> str:
    return pick({"vi": order.ranks[rank].label.vi, "en": order.ranks[rank].label.en}, lang)
