"""Ledgers drawn at random, and the orders of payment of the procedure."""

from hypothesis import strategies as st

from procedures.definition.loader import load
from procedures.money.items import HANDED_OVER, HELD, LODGED, LOST, REJECTED, SOLD, Asset, Claim, Ledger, Member
from procedures.money.rules import Money

MONEY: Money = Money.model_validate(load().money)
DISSOLUTION, BANKRUPTCY = MONEY.orders["dissolution"], MONEY.orders["bankruptcy"]
KINDS = ("cost", "wages", "insurance", "secured", "unsecured", "tax")
dong = st.one_of(st.integers(0, 50), st.integers(0, 10**15))


@st.composite
def claims(draw: st.DrawFn, number: int) -> Claim:
    amount = draw(dong)
    disputed = draw(st.integers(0, amount))
    set_off = draw(st.integers(0, amount - disputed))
    status = draw(st.sampled_from(["accepted", "accepted", LODGED, REJECTED]))
    kind, first = draw(st.sampled_from(KINDS)), draw(st.booleans())
    return Claim(number, f"Chủ nợ {number}", kind, amount, status, disputed, set_off, 0, first)


@st.composite
def assets(draw: st.DrawFn, number: int, claims: int) -> Asset:
    origin = draw(st.sampled_from(["own", "own", "own", "state", "fund", "land_free"]))
    state = draw(st.sampled_from([SOLD, SOLD, HELD, HANDED_OVER, LOST]))
    decision = draw(st.sampled_from(["", "12/QĐ-UBND"])) if origin in ("state", "fund") else ""
    backed = draw(st.one_of(st.none(), st.integers(1, max(claims, 1))))
    got = draw(dong) if state == SOLD else 0
    return Asset(number, f"Tài sản {number}", origin, draw(dong), state, got, backed, decision)


@st.composite
def ledgers(draw: st.DrawFn) -> Ledger:
    count = draw(st.integers(0, 8))
    listed = [draw(claims(number)) for number in range(1, count + 1)]
    property_ = [draw(assets(number, count)) for number in range(1, draw(st.integers(0, 5)) + 1)]
    members = [Member(number, f"Thành viên {number}", draw(dong)) for number in range(1, draw(st.integers(0, 5)) + 1)]
    return Ledger(property_, listed, members, draw(st.one_of(st.none(), dong)))
