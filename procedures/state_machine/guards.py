"""The conditions (guards) that a procedure file may name; each returns None, or the reason why not.

A guard takes the procedure, the state of the case, the parsed data of the act with `occurred_on` (empty while choices
are only listed) and its parameters from the file. Guards in `NEEDS_DATA`, and those with `when` or `unless`, are
checked only when the act is made.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from itertools import takewhile
from typing import Any

from models.errors import CoopcaseError, Refused
from procedures.facts import CaseState, FactView
from procedures.law.rules import nearest_version, rules
from procedures.parts import has_values
from procedures.schema import Procedure
from procedures.state_machine.closing import closing_holds
from procedures.state_machine.guards_on_days import (
    after_clock,
    after_steps,
    clock_clear,
    ground_ripe,
    lawful_suspension,
    order,
    past,
    while_clock,
)
from procedures.state_machine.guards_on_earlier_acts import (
    after_previous,
    decision_in_force,
    ground_left,
    last_says,
    level_is,
    one_person_each,
    same_as,
    served_before,
    shortage_weighed,
    weighed,
)
from procedures.state_machine.guards_on_money import (
    items_sound,
    payout_computed,
    release_computed,
    undivided_handed_over,
)
from procedures.state_machine.guards_on_votes import quorum, vote
from procedures.state_machine.payout import distribute
from procedures.state_machine.taking_over import confirmed_gap

Data = Mapping[str, Any]
Guard = Callable[[Procedure, CaseState, Data, Any], CoopcaseError | None]


def _counts(fact: FactView, after: int, only: Mapping[str, Any]) -> bool:
    """Whether a fact is later than seq `after` and no field of it contradicts `only`."""
    said = {name: value for name, value in only.items() if name in fact.data}
    return fact.seq > after and has_values(fact.data, said)


def _label(procedure: Procedure, verb: str) -> dict[str, str]:
    words = procedure.verbs[verb].label
    return {"vi": words.vi, "en": words.en}


def undone(procedure: Procedure, state: CaseState, param: Mapping[str, Any]) -> list[tuple[str, CoopcaseError]]:
    """Return every verb that has to be done first and is not, with its refusal."""
    after, only = after_steps(state, param), param.get("only") or {}
    missing = [
        verb
        for verb in param["done"]
        if not any(_counts(fact, after, only) for fact in state.proven(verb)) and not confirmed_gap(state, verb, after)
    ]
    return [(verb, Refused(_why_undone(state, verb), verb=_label(procedure, verb))) for verb in missing]


def _why_undone(state: CaseState, verb: str) -> str:
    return "gap_open" if state.gaps.get(verb) == "open" else "not_done_yet"


def done(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    return next((reason for _, reason in undone(procedure, state, param)), None)


def not_done(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    after, same = after_steps(state, param), {name: data.get(name) for name in param.get("same", ())}
    found = [verb for verb in param["not_done"] if any(_counts(fact, after, same) for fact in state.done.get(verb, ()))]
    return Refused("already_done", verb=_label(procedure, found[0])) if found else None


def at_least(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    rule = param["at_least"]
    after = after_steps(state, param | rule)
    count = sum(1 for fact in state.proven(rule["verb"]) if fact.seq > after)
    if count >= rule["times"]:
        return None
    return Refused("too_few", verb=_label(procedure, rule["verb"]), times=rule["times"], count=count)


def ground_proven(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """A ground is proven after the step in `since`; an older one has to be proven again."""
    after = after_steps(state, param)
    unsettled = {
        fact.seq
        for found in state.irregularities.values()
        for fact in found.acts
        if not found.counts(fact) and fact.kind in procedure.verbs and procedure.verbs[fact.kind].proves is not None
    }
    proven = any(seq > after and seq not in unsettled for seq in state.grounds.values())
    if proven:
        return None
    named = [nearest_version(key, state.opened_on or date.max) for key in _articles_of_grounds(procedure)]
    article = {"vi": "; ".join(item.text_vi for item in named), "en": "; ".join(item.text_en for item in named)}
    return Refused("no_ground_proven", article=article)


def _articles_of_grounds(procedure: Procedure) -> Sequence[str]:
    """The article that lists the grounds: what the articles of all of them begin with; without one each of these."""
    own = list(dict.fromkeys(ground.article for ground in procedure.grounds.values()))
    parts = [article.split(".") for article in own]
    same = takewhile(lambda level: len(set(level)) == 1, zip(*parts, strict=False))
    listing = ".".join(level[0] for level in same)
    return [listing] if listing in rules() else own


def newspaper_issues(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """Enough issues of one newspaper with consecutive numbers; with `day`, each printed after the one before."""
    needed, after, rule = procedure.papers.issues, after_steps(state, param), param["newspaper_issues"]
    papers: dict[str, dict[int, str]] = {}
    for fact in (fact for fact in state.proven(rule["verb"]) if fact.seq > after and rule["issue"] in fact.data):
        paper = str(fact.data.get(rule["newspaper"], "")).casefold()
        papers.setdefault(paper, {})[int(fact.data[rule["issue"]])] = str(fact.data.get(rule.get("day"), ""))
    best = max((_longest_run(days) for days in papers.values()), default=0)
    return None if best >= needed else Refused("too_few_issues", needed=needed, count=best)


def _longest_run(days: Mapping[int, str]) -> int:
    """The most issues in a row, by number and by the day printed (ISO, empty where days do not count)."""
    best = run = 0
    previous: int | None = None
    for number in sorted(days):
        follows = (
            previous is not None and number == previous + 1 and (not days[number] or days[previous] < days[number])
        )
        run = run + 1 if follows else 1
        best, previous = max(best, run), number
    return best


def regular(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The latest of each of these steps has no irregularity that is neither cured nor accepted."""
    for fact in filter(None, map(state.last, param["regular"])):
        if not state.regular(fact):
            return Refused("irregularity_open", verb=_label(procedure, fact.kind), seq=fact.seq)
    return None


def payout_balances(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """Ranks in order, pro rata inside a rank, and not one đồng over or short; `remainder` shares what is left."""
    rule = param["payout_balances"]
    claims: Sequence[Data] = data.get(rule["rows"]) or ()
    available = int(data.get(rule["available"]) or 0)
    ranked = [(int(row[rule["rank"]]), int(row[rule["claim"]])) for row in claims]
    due = distribute(available, ranked, rule["remainder"])
    for row, amount in zip(claims, due, strict=True):
        paid = row.get(rule["paid"])
        if int(paid or 0) != amount:
            said = {"claimant": row[rule["claimant"]], "rank": row[rule["rank"]]}
            return Refused("payout_wrong", **said, due=amount, paid=paid)
    left = available - sum(due)
    return Refused("payout_left_over", left=left) if left else None


def returned_or_waived(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """Each of `items` is named in `field` of one of the steps `by`."""
    rule = param["returned_or_waived"]
    settled = {fact.data.get(rule["field"]) for verb in rule["by"] for fact in state.proven(verb)}
    missing = [item for item in rule["items"] if item not in settled]
    if not missing:
        return None
    return Refused("not_returned", item=_option(procedure, rule["by"][0], rule["field"], missing[0]))


def _option(procedure: Procedure, verb: str, field: str, value: str) -> Any:
    found = procedure.verbs[verb].needs[field].options.get(value) if verb in procedure.verbs else None
    return {"vi": found.vi, "en": found.en} if found else value


def overlays_clear(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    found = [overlay for overlay in param["overlays_clear"] if overlay in state.overlays]
    return Refused("overlay_in_the_way", overlay=_overlay(procedure, found[0])) if found else None


def overlay_on(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    overlay = param["overlay_on"]
    if overlay in state.overlays:
        return None
    return Refused("overlay_missing", overlay=_overlay(procedure, overlay))


def _overlay(procedure: Procedure, overlay: str) -> dict[str, str]:
    words = procedure.overlays[overlay].label
    return {"vi": words.vi, "en": words.en}


def named_in(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The item or ground in the act's field was named by an earlier step, e.g. in the notice to the cooperative."""
    rule, after = param["named_in"], after_steps(state, param)
    verb, field = rule["verb"], rule["field"]
    earlier = {fact.data.get(field) for fact in state.proven(verb) if fact.seq > after}
    if data.get(field) in earlier:
        return None
    return Refused("not_named_in", verb=_label(procedure, verb), field_name=field)


def proof_served(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """Service of the letters that a deadline waits for is proven."""
    key = param["proof_served"]
    clock = state.clocks.get(key)
    if clock is None or clock.status != "waiting":
        return None
    words = procedure.deadlines[key].label
    return Refused("proof_missing", deadline={"vi": words.vi, "en": words.en})


def undivided_settled(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """What the step `stated` says of undivided assets was transferred by one of the steps `by`."""
    rule, after = param["undivided_settled"], after_steps(state, param)
    stated = state.last(rule["stated"]["verb"])
    if stated is None or not stated.data.get(rule["stated"]["field"]):
        return None
    if any(state.count(verb, after) for verb in rule["by"]):
        return None
    return Refused("undivided_open", verb=_label(procedure, rule["by"][0]))


def still_stands(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """No settlement and no judgment (`by`) has cancelled the decision (`fell`), unless a later one `restored` it."""
    rule, after = param["still_stands"], after_steps(state, param)
    facts = [(fact.seq, verb, fact) for verb in rule["by"] for fact in state.done.get(verb, ())]
    fell = max(((seq, verb) for seq, verb, fact in facts if _counts(fact, after, rule["fell"])), default=None)
    restored = [seq for seq, _, fact in facts if rule.get("restored") and has_values(fact.data, rule["restored"])]
    if fell is None or any(seq > fell[0] for seq in restored):
        return None
    return Refused("decision_fell", verb=_label(procedure, fell[1]))


def council_complete(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """Every one of `seats` is filled or has the reason of its vacancy; those in `never_vacant` are filled."""
    rule = param["council_complete"]
    rows: Sequence[Data] = data.get(rule["rows"]) or ()
    named_seats = {row.get(rule["seat"]) for row in rows if row.get(rule["name"])}
    vacant = {row.get(rule["seat"]) for row in rows if row.get(rule["reason"])} - set(rule["never_vacant"])
    missing = [seat for seat in rule["seats"] if seat not in named_seats | vacant]
    return Refused("council_seat_empty", seat=missing[0]) if missing else None


def closing_clear(procedure: Procedure, state: CaseState, _data: Data, _param: Any) -> CoopcaseError | None:
    """Nothing of the procedure's section `closing` holds the closing."""
    found = closing_holds(procedure, state)
    return found[0].reason if found else None


def named_in_rows(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """Every row of the act's table was named by the latest such act before it."""
    rule = param["named_in_rows"]
    fact = state.last(rule["verb"])
    earlier = {row.get(rule["column"]) for row in (fact.data.get(rule["field"]) or ())} if fact else set()
    if all(row.get(rule["column"]) in earlier for row in data.get(rule["field"]) or ()):
        return None
    return Refused("not_named_in", verb=_label(procedure, rule["verb"]), field_name=rule["field"])


def any_of(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """One of several guards holds; the refusal is that of the first."""
    refusals = [GUARDS[named(guard)](procedure, state, data, guard) for guard in param["any_of"]]
    return None if None in refusals else refusals[0]


def field_is(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    for field, value in param["field_is"].items():
        if data.get(field) not in (value if isinstance(value, list) else [value]):
            return Refused("field_must_be", field_name=field, value=value)
    return None


def other_office(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The office chosen in the field is not the one that carries the case."""
    own = procedure.office_at(state.level, state.district) or state.level
    return Refused("same_office") if data.get(param["other_office"]) == own else None


def kind_among(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The unit is of one of these kinds."""
    wanted: list[str] = param["kind_among"]
    return None if state.unit.get("kind") in wanted else Refused("only_for_kinds", kinds=_kinds(procedure, wanted))


def kind_not_among(procedure: Procedure, state: CaseState, _data: Data, param: Any) -> CoopcaseError | None:
    """The unit is of none of these kinds; one of an unknown kind passes."""
    found = state.unit.get("kind")
    return Refused("not_for_kinds", kinds=_kinds(procedure, [str(found)])) if found in param["kind_not_among"] else None


def _kinds(procedure: Procedure, keys: Sequence[str]) -> dict[str, str]:
    labels = [procedure.kind_rules()[key].label for key in keys if key in procedure.kind_rules()]
    return {lang: ", ".join(label[lang] for label in labels) for lang in ("vi", "en")}


GUARDS: dict[str, Guard] = {
    guard.__name__: guard
    for guard in (
        done, not_done, at_least, regular, ground_proven, ground_ripe, vote, quorum, newspaper_issues, payout_balances,
        returned_or_waived, overlays_clear, overlay_on, named_in, proof_served, undivided_settled, still_stands,
        council_complete, lawful_suspension, order, past, field_is, kind_among, kind_not_among, closing_clear,
        other_office, named_in_rows, any_of, while_clock, after_clock, clock_clear, level_is,
        last_says, after_previous, same_as, one_person_each, served_before, weighed, ground_left, shortage_weighed,
        items_sound, payout_computed, release_computed, undivided_handed_over, decision_in_force,
    )
}  # fmt: skip
NEEDS_DATA = frozenset(
    {
        "other_office",
        "vote",
        "quorum",
        "payout_balances",
        "council_complete",
        "lawful_suspension",
        "order",
        "past",
        "field_is",
    }
    | {"while_clock", "after_clock", "clock_clear"}
    | {"named_in", "named_in_rows", "ground_ripe", "after_previous", "same_as", "one_person_each", "weighed"}
    | {"items_sound", "payout_computed", "release_computed"}
)
UNSETTLED = frozenset({"last_says", "ground_left", "decision_in_force"})  # no further act on the way settles them
GUARD_KEYS = frozenset({"since", "from", "only", "same", "when", "unless"})


def named(guard: str | Mapping[str, Any]) -> str:
    """Return the name of a guard in the file."""
    if isinstance(guard, str):
        return guard
    for key in guard:
        if key not in GUARD_KEYS:
            return key
    return ""


def needs_data(guard: str | Mapping[str, Any]) -> bool:
    """Whether a guard can be checked only with the data of an act."""
    if isinstance(guard, Mapping) and any(needs_data(inner) for inner in guard.get("any_of", ())):
        return True
    return named(guard) in NEEDS_DATA or (
        isinstance(guard, Mapping) and bool({"when", "unless", "same"} & guard.keys())
    )


def _applies(guard: str | Mapping[str, Any], data: Data) -> bool:
    """Whether the guard applies to the act: its `when` matches and its `unless` does not."""
    if isinstance(guard, str):
        return True
    unless = guard.get("unless")
    return has_values(data, guard.get("when") or {}) and not (unless and has_values(data, unless))


def check_guards(
    procedure: Procedure, state: CaseState, guards: Sequence[str | Mapping[str, Any]], data: Data | None
) -> CoopcaseError | None:
    """Return the first refusal, or None. With `data` None, guards that need the data of an act are skipped."""
    for guard in guards:
        name = named(guard)
        if needs_data(guard) if data is None else not _applies(guard, data):
            continue
        refusal = GUARDS[name](procedure, state, data or {}, guard)
        if (watch := _WATCH.get()) is not None:
            watch(guard, refusal)
        if refusal is not None:
            return refusal
    return None


Watch = Callable[[str | Mapping[str, Any], CoopcaseError | None], None]
_WATCH: ContextVar[Watch | None] = ContextVar("watch", default=None)


@contextmanager
def watched(watch: Watch) -> Iterator[None]:
    """Report every guard that is checked inside the block, with its refusal or None, to `watch`."""
    before = _WATCH.set(watch)
    try:
        yield
    finally:
        _WATCH.reset(before)
