"""Guards on dates: order of days, past deadlines, notice periods and the minimum duration of grounds."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from models.errors import CoopcaseError, Refused
from procedures.facts import CaseState, ClockState, Pause
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.date_computation import Suspension, merged
from procedures.legal_time.deadlines import derive
from procedures.legal_time.term_words import in_words
from procedures.legal_time.terms import Term, add_days, add_months
from procedures.named_terms import terms_of
from procedures.schema import Procedure, Words
from procedures.state_machine.taking_over import confirmed_gap

Data = Mapping[str, Any]
GUARD_TERMS: Mapping[str, Mapping[str, tuple[str, ...]]] = {  # by guard: parameters that name terms, and their units
    "lawful_suspension": {"notice": ("days",), "longest": ("months", "years")},
}


def lawful_suspension(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """Notice of suspension in time, and total length within the limit, continued periods included: Circular 03/2014."""
    terms, rule = terms_of(procedure), param["lawful_suspension"]
    notice, longest = terms.span(rule["notice"]), terms.span(rule["longest"])
    notified, start, end = (_day(data.get(rule[name])) for name in ("notified", "from", "to"))
    if notified and start and add_days(notified, notice.amount) > start:
        return Refused("suspension_notice_late", notice=_both(notice))
    if start and end and end < start:
        return Refused("dates_reversed", first=rule["from"], second=rule["to"])
    if start and end and end > add_months(_first_day(state, start, rule["overlay"]), _months(longest)):
        return Refused("suspension_too_long", longest=_both(longest))
    return None


def _months(term: Term) -> int:
    return term.amount * 12 if term.unit == "years" else term.amount


def _both(term: Term) -> dict[str, str]:
    """The term in both languages, as a parameter of a message."""
    return {lang: in_words(term, lang) for lang in ("vi", "en")}


def _first_day(state: CaseState, start: date, overlay: str) -> date:
    """The first day of the unbroken suspension of business that would continue from `start`."""
    for pause in sorted(state.times.get(overlay, ()), key=lambda pause: pause.from_on, reverse=True):
        if pause.from_on <= start and (pause.to_on is None or pause.to_on >= start):
            start = pause.from_on
    return start


def order(_procedure: Procedure, _state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    first, second = param["order"]
    early, late = _day(data.get(first)), _day(data.get(second))
    return Refused("dates_reversed", first=first, second=second) if early and late and early > late else None


def past(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The last day set by an earlier step has passed on the day of the act; with `since`, by a step after those.

    Of several such steps the latest counts; with `every`, the last of their days.
    """
    rule, on = param["past"], _day(data.get("occurred_on"))
    after = after_steps(state, param)
    facts = [fact for fact in state.done.get(rule["verb"], ()) if fact.seq > after]
    if not facts and param.get("since") and not confirmed_gap(state, rule["verb"], after):
        return Refused("not_done_yet", verb=_words(procedure.verbs[rule["verb"]].label))
    days = [day for fact in facts if (day := _day(fact.data.get(rule["field"]))) is not None]
    if not days or on is None:
        return None
    until = max(days) if rule.get("every") else days[-1]
    if on > until:
        return None
    label = procedure.verbs[rule["verb"]].needs[rule["field"]].label
    return Refused("not_over_yet", what=_words(label), until=until.strftime("%d/%m/%Y"))


def after_steps(state: CaseState, param: Any) -> int:
    """The seq after which facts count: the latest step of `since`, or the one before the latest of `from`; 0: all."""
    if not isinstance(param, Mapping) or ("since" not in param and "from" not in param):
        return 0
    since, with_itself = _listed(param.get("since")), _listed(param.get("from"))
    after = max(state.latest(since), state.latest(with_itself) - 1, 0)
    taken = state.taken_over  # the acts of a take-over share its number
    return after - 1 if taken is not None and after == taken.seq else after


def _listed(steps: Any) -> Sequence[str]:
    return [steps] if isinstance(steps, str) else steps or ()


def _words(label: Words) -> dict[str, str]:
    return {"vi": label.vi, "en": label.en}


def ground_ripe(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The unbroken months that a ground requires have passed since the given day.

    Time under an overlay of `stopped_by` does not count, as the reading in force may have it.
    """
    rule = param["ground_ripe"]
    ground = procedure.grounds.get(str(data.get(rule["ground"])))
    if ground is None or not ground.term:
        return None
    since, on, months = _day(data.get(rule["since"])), _day(data.get("occurred_on")), Term.parse(ground.term).amount
    if since is None:
        return Refused("ground_since_missing", months=months)
    full = add_months(since, months)
    if on is not None and on <= full:
        return Refused("ground_too_young", months=months, on=full.strftime("%d/%m/%Y"))
    without = _without_pauses(full, since, [pause for key in ground.stopped_by for pause in state.times.get(key, ())])
    if on is None or (without is not None and on > without):
        return None
    return Refused("ground_stopped", months=months, on=without.strftime("%d/%m/%Y") if without else "…")


def _without_pauses(end: date, since: date, pauses: Sequence[Pause]) -> date | None:
    """The end of a term from `since` moved by the pauses in it; None while one has no end yet."""
    for pause in merged([Suspension(pause.from_on, pause.to_on) for pause in pauses]):
        begin = max(pause.from_on, add_days(since, 1))
        if begin > end:
            break
        if pause.to_on is None:
            return None
        end = add_days(end, max((pause.to_on - begin).days, 0))
    return end


def while_clock(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The clock runs on the day of the act: it has started and its last day has not passed."""
    key, on = param["while_clock"], _day(data.get("occurred_on"))
    for clock in state.runs(key):
        last = _last_day(procedure, state, clock)
        if clock.status == "open" and (on is None or last is None or on <= last):
            return None
    return Refused("clock_not_running", deadline=_deadline(procedure, key))


def after_clock(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """The clock has run and is over on the day of the act: it was met, or its last day has passed."""
    key, on = param["after_clock"], _day(data.get("occurred_on"))
    runs = state.runs(key)
    if not runs:
        return Refused("clock_not_over", deadline=_deadline(procedure, key), until="")
    last = _last_day(procedure, state, runs[-1])
    if runs[-1].status == "met" or (last is not None and on is not None and on > last):
        return None
    until = last.strftime("%d/%m/%Y") if last else ""
    return Refused("clock_not_over", deadline=_deadline(procedure, key), until=until)


def clock_clear(procedure: Procedure, state: CaseState, data: Data, param: Any) -> CoopcaseError | None:
    """No run of the clock is open on the day of the act: it never started, or it is over."""
    key, on = param["clock_clear"], _day(data.get("occurred_on"))
    for clock in state.runs(key):
        last = None if clock.ended else _last_day(procedure, state, clock)
        if last is not None and on is not None and on <= last:
            return Refused("clock_not_over", deadline=_deadline(procedure, key), until=last.strftime("%d/%m/%Y"))
    return None


def _last_day(procedure: Procedure, state: CaseState, clock: ClockState) -> date | None:
    """By the national calendars: a guard knows no closing days of an office."""
    return derive(procedure, state, clock, load_calendars()).ends_on


def _deadline(procedure: Procedure, key: str) -> dict[str, str]:
    label = procedure.deadlines[key].label
    return {"vi": label.vi, "en": label.en}


def _day(value: Any) -> date | None:
    return date.fromisoformat(value) if isinstance(value, str) and value else value or None
