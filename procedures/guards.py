"""The conditions that a procedure file may name; each says yes, or why not.

A guard gets the case's state, the act with its parsed data (None while choices are only listed) and its
parameters from the file. Guards in `NEEDS_DATA` are asked only when the act is really made.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from models.errors import CoopcaseError, Refused
from procedures.facts import CaseState
from procedures.payout import distribute
from procedures.schema import Procedure

Data = Mapping[str, Any]
Guard = Callable[[Procedure, CaseState, Data, Any], CoopcaseError | None]
NEWSPAPER_ISSUES = 3  # art. 54 of the Law 2012
NOTICE_DAYS = 15  # Circular 03/2014 on suspension
COUNCIL_SEATS = ("chair", "standing", "line_agency", "commune", "board", "control_board", "member")


def _after(state: CaseState, param: Mapping[str, Any]) -> int:
    fact = state.last(param["since"]) if param.get("since") else None
    return fact.seq if fact else 0


def _label(procedure: Procedure, verb: str) -> dict[str, str]:
    words = procedure.verbs[verb].label
    return {"vi": words.vi, "en": words.en}


def undone(procedure: Procedure, state: CaseState, param: Mapping[str, Any]) -> list[tuple[str, CoopcaseError]]:
    """Every verb that has to be done first and is not, with how to say so."""
    after = _after(state, param)
    missing = [verb for verb in param["done"] if not state.count(verb, after)]
    return [(verb, Refused("not_done_yet", verb=_label(procedure, verb))) for verb in missing]


def done(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    return next((reason for _, reason in undone(procedure, state, param)), None)


def not_done(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    after = _after(state, param)
    found = [verb for verb in param["not_done"] if state.count(verb, after)]
    return Refused("already_done", verb=_label(procedure, found[0])) if found else None


def at_least(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    rule = param["at_least"]
    count = state.count(rule["verb"], _after(state, param | rule))
    if count >= rule["times"]:
        return None
    return Refused("too_few", verb=_label(procedure, rule["verb"]), times=rule["times"], count=count)


def ground_proven(_procedure: Procedure, state: CaseState, _data: Data, _param: Any) -> CoopcaseError | None:
    return None if state.grounds else Refused("no_ground_proven")


def vote(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """At least `share` % of those present, or strictly more than `over` %: article 34."""
    rule = param["vote"]
    present, in_favour = int(data.get("present") or 0), int(data.get("in_favour") or 0)
    if in_favour > present:
        return Refused("more_votes_than_present", present=present, in_favour=in_favour)
    if ("share" in rule and in_favour * 100 < rule["share"] * present) or present == 0:
        return Refused("vote_not_carried", share=rule.get("share", 0), present=present, in_favour=in_favour)
    if "over" in rule and in_favour * 100 <= rule["over"] * present:
        return Refused("vote_not_over", over=rule["over"], present=present, in_favour=in_favour)
    return None


def quorum(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    share = int(param["quorum"]["sessions"].get(str(data.get("session", "1")), 0))
    members, present = int(data.get("members_total") or 0), int(data.get("present") or 0)
    if present > members:
        return Refused("more_present_than_members", present=present, members=members)
    if present * 100 < share * members or present == 0:
        return Refused("no_quorum", share=share, present=present, members=members)
    return None


def newspaper_issues(_procedure: Procedure, state: CaseState, _data: Data, _param: Any) -> CoopcaseError | None:
    """Three issues of one newspaper with consecutive numbers: article 54."""
    papers: dict[str, set[int]] = {}
    for fact in state.done.get("record_newspaper_issue", ()):
        papers.setdefault(str(fact.data.get("newspaper", "")).casefold(), set()).add(int(fact.data["issue_number"]))
    best = max((_longest_run(numbers) for numbers in papers.values()), default=0)
    return None if best >= NEWSPAPER_ISSUES else Refused("too_few_issues", needed=NEWSPAPER_ISSUES, count=best)


def _longest_run(numbers: set[int]) -> int:
    best = run = 0
    previous: int | None = None
    for number in sorted(numbers):
        run = run + 1 if previous is not None and number == previous + 1 else 1
        best, previous = max(best, run), number
    return best


def payout_balances(_procedure: Procedure, _state: CaseState, data: Data, _param: Any) -> CoopcaseError | None:
    """Ranks in order, pro rata inside a rank, and not one đồng over or short: article 49."""
    claims: Sequence[Data] = data.get("claims") or ()
    available = int(data.get("available") or 0)
    due = distribute(available, [(int(row["rank"]), int(row["claim"])) for row in claims])
    for row, amount in zip(claims, due, strict=True):
        if int(row.get("paid") or 0) != amount:
            return Refused("payout_wrong", claimant=row["claimant"], rank=row["rank"], due=amount, paid=row.get("paid"))
    left = available - sum(due)
    return Refused("payout_left_over", left=left) if left else None


def returned_or_waived(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    facts = [*state.done.get("return_item", ()), *state.done.get("approve_waiver", ())]
    settled = {fact.data.get("item") for fact in facts}
    missing = [item for item in param["returned_or_waived"] if item not in settled]
    if not missing:
        return None
    return Refused("not_returned", item=_option(procedure, "return_item", "item", missing[0]))


def _option(procedure: Procedure, verb: str, field: str, value: str) -> Any:
    found = procedure.verbs[verb].needs[field].options.get(value) if verb in procedure.verbs else None
    return {"vi": found.vi, "en": found.en} if found else value


def overlays_clear(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    found = [overlay for overlay in param["overlays_clear"] if overlay in state.overlays]
    return Refused("overlay_in_the_way", overlay=_overlay(procedure, found[0])) if found else None


def overlay_on(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    wanted = param["overlay_on"]
    if wanted in state.overlays:
        return None
    return Refused("overlay_missing", overlay=_overlay(procedure, wanted))


def _overlay(procedure: Procedure, overlay: str) -> dict[str, str]:
    words = procedure.overlays[overlay].label
    return {"vi": words.vi, "en": words.en}


def council_complete(_procedure: Procedure, _state: CaseState, data: Data, _param: Any) -> CoopcaseError | None:
    """Every seat of Decree 193/2013 art. 19(2) is filled, or the reason why not is written down."""
    rows: Sequence[Data] = data.get("council") or ()
    settled = {row.get("seat") for row in rows if row.get("name") or row.get("reason_missing")}
    missing = [seat for seat in COUNCIL_SEATS if seat not in settled]
    return Refused("council_seat_empty", seat=missing[0]) if missing else None


def lawful_suspension(_procedure: Procedure, _state: CaseState, data: Data, _param: Any) -> CoopcaseError | None:
    """Notice at least 15 days before the start, and at most one year: Circular 03/2014."""
    notified, start, end = (_day(data.get(name)) for name in ("notified_on", "from_on", "to_on"))
    if notified and start and notified + timedelta(days=NOTICE_DAYS) > start:
        return Refused("suspension_notice_late", days=NOTICE_DAYS)
    if start and end and end < start:
        return Refused("dates_reversed", first="from_on", second="to_on")
    if start and end and end > _a_year_after(start):
        return Refused("suspension_too_long")
    return None


def order(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    first, second = param["order"]
    early, late = _day(data.get(first)), _day(data.get(second))
    return Refused("dates_reversed", first=first, second=second) if early and late and early > late else None


def field_is(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    for field, value in param["field_is"].items():
        if data.get(field) not in (value if isinstance(value, list) else [value]):
            return Refused("field_must_be", field_name=field, value=value)
    return None


def unit_is(_procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    for field, values in param["unit_is"].items():
        found = state.unit.get(field)
        wanted = values if isinstance(values, list) else [values]
        if not (set(found) & set(wanted) if isinstance(found, list) else found in wanted):
            return Refused("unit_is_not", field_name=field, wanted=", ".join(map(str, wanted)))
    return None


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None


def _a_year_after(day: date) -> date:
    try:
        return day.replace(year=day.year + 1)
    except ValueError:
        return date(day.year + 1, 2, 28)


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        done, not_done, at_least, ground_proven, vote, quorum, newspaper_issues, payout_balances, returned_or_waived,
        overlays_clear, overlay_on, council_complete, lawful_suspension, order, field_is, unit_is,
    )
}  # fmt: skip
NEEDS_DATA = frozenset(
    {"vote", "quorum", "payout_balances", "council_complete", "lawful_suspension", "order", "field_is"}
)
GUARD_KEYS = frozenset({"since"})


def named(guard: str | Mapping[str, Any]) -> str:
    """The name of a guard as the file writes it."""
    return guard if isinstance(guard, str) else next((key for key in guard if key not in GUARD_KEYS), "")


def ask(
    procedure: Procedure, state: CaseState, guards: Sequence[str | Mapping[str, Any]], data: Data | None
) -> CoopcaseError | None:
    """The first reason why not; guards that need data are passed over while there is none."""
    for guard in guards:
        name = named(guard)
        if data is None and name in NEEDS_DATA:
            continue
        refusal = GUARDS[name](procedure, state, data or {}, guard)
        if refusal is not None:
            return refusal
    return None
