"""The order of the days of an act: each rule of the procedure gives a lawful range, which a day outside it breaks.

An impossible day is refused; an unlawful one is recorded as an irregularity. Nothing here knows a verb or an article.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import Any

from models.errors import WrongInput
from procedures.day_vocabulary import CONDITIONS, OWN, BoundKind, DayRef, DayRule, DayRules
from procedures.facts import IRREGULARITIES, CaseState, FactView
from procedures.legal_time.calendar import Calendars, load_calendars
from procedures.legal_time.clocks import day_of, waiting_runs
from procedures.legal_time.deadlines import derive
from procedures.legal_time.term_words import in_words
from procedures.legal_time.terms import Term, add_days, add_months
from procedures.named_terms import terms_of
from procedures.schema import ByIdentity, Procedure, Verb
from procedures.state_machine.condition_days import day_of_conditions
from procedures.state_machine.day_phrases import label_of, other_day
from procedures.state_machine.stages import entered_stage

LOWER: frozenset[BoundKind] = frozenset({"not_before", "after", "least", "starts"})
Bounds = tuple[tuple[BoundKind, DayRef, str], ...]  # as `DayRule.bounds` gives them
COUNTED_UNITS = ("days", "weeks", "months", "years")


@dataclass(frozen=True, slots=True)
class KnownDay:
    """A day that a rule compares with, and the fact that says it; `seq` None: the act itself, or no fact."""

    on: date
    seq: int | None


@dataclass(frozen=True, slots=True)
class Bound:
    """One end of the lawful range of a day: `limit` is the first or the last lawful day."""

    field: str
    kind: BoundKind
    limit: date
    other: KnownDay
    ref: DayRef
    rule: DayRule
    term: str = ""

    @property
    def lower(self) -> bool:
        return self.kind in LOWER

    def broken_by(self, day: date) -> bool:
        return day < self.limit if self.lower else day > self.limit


@dataclass(frozen=True, slots=True)
class BrokenDay:
    """A day outside its lawful range."""

    bound: Bound
    day: date

    @property
    def unlawful(self) -> bool:
        return self.bound.rule.kind == "unlawful"


@dataclass(frozen=True, slots=True)
class DaysOfAct:
    """What the days of an act are compared with. `data` is parsed; without it only earlier facts are known.

    `verb`: of the act, for the day of its conditions.
    """

    procedure: Procedure
    state: CaseState
    today: date
    on: date | None = None
    data: Mapping[str, Any] | None = None
    calendars: Calendars | None = None
    verb: Verb | None = None


def broken_days(name: str, given: DaysOfAct) -> list[BrokenDay]:
    """Return every rule that a day of this act breaks; without rules in the procedure none."""
    found = []
    for bound in bounds_of(name, given):
        day = given.on if bound.field == OWN else day_of(given.data or {}, bound.field)
        if day is not None and bound.broken_by(day):
            found.append(BrokenDay(bound, day))
    return found


def days_of(procedure: Procedure, state: CaseState, fact: FactView) -> DaysOfAct:
    """The days of a recorded act. `state`: the case before it."""
    return DaysOfAct(procedure, state, fact.recorded_on, fact.occurred_on, fact.data)


def contradicting_days(given: DaysOfAct, fact: FactView) -> Iterator[BrokenDay]:
    """The rules that the days of a recorded act break, but for what was recorded as an irregularity."""
    recorded = bool(fact.data.get(IRREGULARITIES))
    return (broken for broken in broken_days(fact.kind, given) if not (broken.unlawful and recorded))


def bounds_of(name: str, given: DaysOfAct) -> Iterator[Bound]:
    """The ends of the lawful ranges of the days of a verb, as far as the other days are known."""
    verb = given.procedure.verbs[name]
    if given.verb is not verb:
        given = replace(given, verb=verb)
    for field, rule, bounds in _rules_by_verb(ByIdentity(given.procedure))[name]:
        if not _applies(rule, given.data):
            continue
        for kind, ref, term in bounds:
            bound = _bound(given, field, rule, kind, ref, term)
            if bound is not None:
                yield bound


@lru_cache(maxsize=32)
def _rules_by_verb(key: ByIdentity) -> dict[str, tuple[tuple[str, DayRule, Bounds], ...]]:
    """The rules of the days of every verb of a version, each with its field and its bounds."""
    return {
        name: tuple((field, rule, rule.bounds()) for field, rules in rules_of(key.procedure, verb) for rule in rules)
        for name, verb in key.procedure.verbs.items()
    }


def rules_of(procedure: Procedure, verb: Verb) -> Iterator[tuple[str, tuple[DayRule, ...]]]:
    """The rules of the day of an act (as the field `on`) and of its date fields."""
    own = verb.on or DayRules()
    yield OWN, (*general_rules(procedure, verb)[1], *own.days)
    yield from ((name, need.days) for name, need in verb.needs.items() if need.days)


def general_rules(procedure: Procedure, verb: Verb) -> tuple[str, tuple[DayRule, ...]]:
    """The rules of `own_days` for the day of an act, and which of its two parts they are."""
    part = "moving" if verb.to is not None or _meets_the_step(procedure, verb) else "staying"
    if procedure.own_days is None or (verb.on is not None and verb.on.free is not None):
        return part, ()
    return part, procedure.own_days.moving if part == "moving" else procedure.own_days.staying


def _meets_the_step(procedure: Procedure, verb: Verb) -> bool:
    """Whether the act ends a clock of the step it is done in: then it is not dated before that step began."""
    running = {key for state in procedure.sources(verb) for key in procedure.states[state].clocks}
    return not running.isdisjoint(verb.meets)


def refusal_of(name: str, broken: BrokenDay, given: DaysOfAct) -> WrongInput:
    """The message for a broken rule: both days, what the other one is and where it was recorded."""
    bound = broken.bound
    return WrongInput(bound.field, f"day_{bound.kind}", **words_of(given.procedure, name, broken))


def words_of(procedure: Procedure, name: str, broken: BrokenDay) -> dict[str, object]:
    """The parameters of the sentence on a broken rule, whose key is `errors.day_KIND`."""
    bound, verb = broken.bound, procedure.verbs.get(name)
    found: dict[str, object] = {
        "label": label_of(verb, bound.field),
        "day": broken.day,
        "other_day": bound.other.on,
        "other": other_day(procedure, verb, bound.ref, bound.other.seq),
        "limit": bound.limit,
    }
    span = terms_of(procedure).spans.get(bound.term)
    if span is not None:
        found["term"] = {lang: in_words(span, lang) for lang in ("vi", "en")}
    return found


def _applies(rule: DayRule, data: Mapping[str, Any] | None) -> bool:
    if data is None or not (rule.when or rule.unless):
        return not rule.when and not rule.unless
    return _says(data, rule.when) and not (rule.unless and _says(data, rule.unless))


def _says(data: Mapping[str, Any], fields: Mapping[str, Any]) -> bool:
    return all(data.get(name) in (value if isinstance(value, list) else [value]) for name, value in fields.items())


def _bound(given: DaysOfAct, field: str, rule: DayRule, kind: BoundKind, ref: DayRef, term: str) -> Bound | None:
    other = known_day(given, ref)
    if other is None:
        return None
    limit = other.on
    if kind in ("after", "before"):
        limit = add_days(limit, 1 if kind == "after" else -1)
    elif term:
        first = _first_unbroken(given.state, rule, limit)
        span = terms_of(given.procedure).spans.get(term)
        if span is None:
            return None
        limit = later(first, span)
    return Bound(field, kind, limit, other, ref, rule, term)


def later(day: date, span: Term) -> date:
    """The day so long after another, by the calendar; the direction of the term does not count."""
    if span.unit in ("days", "weeks"):
        return add_days(day, span.amount * (7 if span.unit == "weeks" else 1))
    return add_months(day, span.amount * (12 if span.unit == "years" else 1))


def _first_unbroken(state: CaseState, rule: DayRule, start: date) -> date:
    """The first day of the unbroken time under an overlay that would go on from `start`."""
    overlay = rule.length.unbroken if rule.length else ""
    for pause in sorted(state.times.get(overlay, ()), key=lambda pause: pause.from_on, reverse=True):
        if pause.from_on <= start and (pause.to_on is None or pause.to_on >= start):
            start = pause.from_on
    return start


def known_day(given: DaysOfAct, ref: DayRef) -> KnownDay | None:
    """The day that a rule names, as far as it is known."""
    if ref.start or ref.end:
        return _of_clock(given, ref)
    if ref.asked:
        key = str((given.data or {}).get(ref.asked))
        asked = next(iter(waiting_runs(given.procedure, given.state, key)), given.state.clocks.get(key))
        return KnownDay(asked.triggered_on, asked.seq) if asked else None
    if ref.issued:
        issued = given.state.done.get("letter_issued", ())
        fact = next((fact for fact in reversed(issued) if fact.data.get("template") == ref.issued), None)
        return KnownDay(fact.occurred_on, fact.seq) if fact else None
    if ref.named:
        return _named(given, ref.field)
    if ref.verb:
        return _of_fact(given.state.last(ref.verb), ref.field)
    own = given.on if ref.field == OWN else day_of(given.data or {}, ref.field)
    return KnownDay(own, None) if own else None


def _named(given: DaysOfAct, name: str) -> KnownDay | None:
    state = given.state
    if name == "today":
        return KnownDay(given.today, None)
    if name == "entered" and state.path:
        _, on, seq = state.path[-1]
        return KnownDay(on, seq)
    if name == CONDITIONS:
        said = day_of_conditions(given.procedure, state, given.verb, given.data) if given.verb else None
        return KnownDay(*said) if said else None
    return KnownDay(state.opened_on, 1) if state.opened_on else None


def _of_fact(fact: FactView | None, field: str) -> KnownDay | None:
    on = (fact.occurred_on if field == OWN else day_of(fact.data, field)) if fact else None
    return KnownDay(on, fact.seq) if fact and on else None


def _of_clock(given: DaysOfAct, ref: DayRef) -> KnownDay | None:
    """First or last day of a deadline; one that ended before the case came to its stage is of an earlier course."""
    clock = given.state.clocks.get(ref.start or ref.end)
    if clock is None or clock.status == "dropped":
        return None
    if clock.ended and clock.seq < entered_stage(given.procedure, given.state):
        return None
    if ref.start:
        return KnownDay(clock.starts_on, clock.seq) if clock.starts_on else None
    derived = derive(given.procedure, given.state, clock, given.calendars or load_calendars())
    return KnownDay(derived.ends_on, clock.seq) if derived.ends_on else None
