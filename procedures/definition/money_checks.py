"""The section `money` names defined acts and fields, and each order of payment has a rank for every kind of claim."""

from collections.abc import Collection, Iterator, Mapping

from procedures.definition.paper_checks import Finding, unknown
from procedures.law.rules import rules
from procedures.money.rules import MONEY_PROPOSALS, Money, Order
from procedures.schema import ColumnNeed, Procedure
from procedures.state_machine.guards import named

SINGLE = ("shortfall", "remainder")
PLAN_MONEY, PLAN_TABLE = "available", "claims"
# by list: the columns that each row has, and those that it may have; a pay-out is computed from both
COLUMNS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "assets": (
        ("number", "name", "origin", "value"),
        ("state", "got", "collateral_for", "receiver", "decision", "minutes", "pays_debts"),
    ),
    "claims": (
        ("number", "claimant", "kind", "amount"),
        ("status", "disputed", "set_off", "paid_before", "first", "agency", "lodged_on"),
    ),
    "members": (("number", "name", "capital"), ()),
    "payments": (("rank", "number", "paid"), ()),
    "releases": (("rank", "number", "claimant", "paid"), ()),
    "plans": (("rank", "claimant", "claim", "paid"), ("set_aside", "number")),
    "approvals": (("rank", "claimant", "claim", "paid"), ("set_aside", "number")),
}
MONEY_GUARDS = frozenset({"items_sound", "payout_computed", "release_computed", "undivided_handed_over"})


def money_problems(procedure: Procedure) -> Iterator[Finding]:
    """Yield what is wrong with the section, and what needs it where the file has none."""
    money = procedure.money
    if money is None:
        yield from _without(procedure)
        return
    for name in ("assets", "claims", "members", "payments", "releases"):
        record = getattr(money, name)
        yield from _fields(procedure, name, record.verb, [record.field])
        yield from _columns(procedure, name, record.verb, record.field)
    yield from _fields(procedure, "reply", money.reply.verb, [money.reply.agency, money.reply.debt, money.reply.symbol])
    sums = [money.inventory.divided, money.inventory.undivided, money.inventory.debts]
    yield from _fields(procedure, "inventory", money.inventory.verb, sums)
    if money.advance is not None:
        yield from _fields(procedure, "advance", money.advance.verb, [money.advance.amount])
        yield from unknown(("money", "advance"), [money.advance.origin], money.origins, "option")
    if money.notice is not None:
        yield from _fields(procedure, "notice", money.notice.verb, [money.notice.until])
    for name, verbs in (("plans", money.plans), ("approvals", money.approvals)):
        for verb in verbs:
            yield from _fields(procedure, name, verb, [PLAN_MONEY, PLAN_TABLE])
            yield from _columns(procedure, name, verb, PLAN_TABLE)
    yield from _kinds_and_orders(procedure, money)
    for key, order in money.orders.items():
        yield from _order(procedure, money, key, order)


def _without(procedure: Procedure) -> Iterator[Finding]:
    for name, verb in procedure.verbs.items():
        found = [guard for guard in map(named, verb.guards) if guard in MONEY_GUARDS]
        found += [need.proposed_by for need in verb.needs.values() if need.proposed_by in MONEY_PROPOSALS]
        if found:
            yield ("verbs", name), "procedure_no_money", {"found": found[0]}


def _fields(procedure: Procedure, part: str, verb: str, fields: list[str]) -> Iterator[Finding]:
    yield from unknown(("money", part), [verb], procedure.verbs, "verb")
    if verb in procedure.verbs:
        yield from unknown(("money", part), fields, procedure.verbs[verb].needs, "field")


def _columns(procedure: Procedure, part: str, verb: str, field: str) -> Iterator[Finding]:
    if verb not in procedure.verbs or field not in procedure.verbs[verb].needs:
        return
    columns, (always, may) = procedure.verbs[verb].needs[field].columns, COLUMNS[part]
    place = ("verbs", verb, "needs", field, "columns")
    yield from unknown(place, [*always, *may], columns, "field")
    for name in always:
        if name in columns and not columns[name].required:
            yield (*place, name), "procedure_money_column", {"found": name}


def _kinds_and_orders(procedure: Procedure, money: Money) -> Iterator[Finding]:
    """What other parts of the section look up: orders, kinds of claim, agencies."""
    yield from unknown(("money",), [money.pays_by, money.compared_with], money.orders, "order")
    kinds = _options(procedure, money.claims.verb, money.claims.field, "kind")
    yield from unknown(("money", "inventory"), money.inventory.later, kinds, "option")
    yield from unknown(("money", "reply", "kinds"), money.reply.kinds.values(), kinds, "option")
    yield from unknown(("money", "unclear_rank"), money.unclear_rank, kinds, "option")
    agencies = _options(procedure, money.reply.verb, money.reply.agency)
    yield from unknown(("money", "reply", "kinds"), money.reply.kinds, agencies, "option")


def _options(procedure: Procedure, verb: str, field: str, column: str = "") -> Collection[str]:
    """The codes that a field, or a column of it, may have; none if there is no such field."""
    needs = procedure.verbs[verb].needs if verb in procedure.verbs else {}
    need: ColumnNeed | None = needs.get(field)
    if column and field in needs:
        need = needs[field].columns.get(column)
    return need.options if need is not None else {}


def _order(procedure: Procedure, money: Money, key: str, order: Order) -> Iterator[Finding]:
    place = ("money", "orders", key)
    yield from unknown((*place, "article"), [order.article], rules(), "article")
    ranked = [kind for rank in order.ranks.values() for kind in rank.kinds]
    for kind in _options(procedure, money.claims.verb, money.claims.field, "kind"):
        if ranked.count(kind) != 1:
            yield place, "procedure_rank_of_kind", {"found": kind}
    for what in SINGLE:
        if sum(getattr(rank, what) for rank in order.ranks.values()) != 1:
            yield place, "procedure_one_rank", {"found": what}
