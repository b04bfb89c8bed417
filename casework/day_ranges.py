"""The lawful range of each day of an act, in words beside its field."""

from collections.abc import Mapping
from datetime import date

from casework.ledger import LoadedCase
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.term_words import in_words
from procedures.named_terms import terms_of
from procedures.state_machine.day_phrases import label_of, other_day
from procedures.state_machine.day_rules import Bound, DaysOfAct, bounds_of, rules_of
from templates.words import pick, t


def lawful_ranges(loaded: LoadedCase, name: str, today: date, calendars: Calendars, lang: str) -> Mapping[str, str]:
    """The range of each day of a verb as far as earlier acts set it, and its order against days of the same act."""
    given = DaysOfAct(loaded.procedure, loaded.state, today, calendars=calendars)
    bounds = [bound for bound in bounds_of(name, given) if bound.limit != today or bound.lower]
    same_act, found = _same_act(loaded, name, lang), {}
    for field in dict.fromkeys([*(bound.field for bound in bounds), *same_act]):
        parts = _limits(loaded, name, [bound for bound in bounds if bound.field == field], lang)
        parts += same_act.get(field, [])
        if parts:
            found[field] = t("days.range", lang, parts="; ".join(parts))
    return found


def _limits(loaded: LoadedCase, name: str, bounds: list[Bound], lang: str) -> list[str]:
    low = max((bound for bound in bounds if bound.lower), key=lambda bound: bound.limit, default=None)
    high = min((bound for bound in bounds if not bound.lower), key=lambda bound: bound.limit, default=None)
    verb = loaded.procedure.verbs[name]
    return [
        t(key, lang, day=bound.limit, other=other_day(loaded.procedure, verb, bound.ref, bound.other.seq))
        for key, bound in (("days.range_from", low), ("days.range_to", high))
        if bound is not None
    ]


def _same_act(loaded: LoadedCase, name: str, lang: str) -> dict[str, list[str]]:
    """The order of days typed in the same act, which no earlier act sets."""
    verb, terms = loaded.procedure.verbs[name], terms_of(loaded.procedure).spans
    found: dict[str, list[str]] = {}
    for field, rules in rules_of(loaded.procedure, verb):
        for rule in rules:
            for kind, ref, term in () if rule.when or rule.unless else rule.bounds():
                if not ref.verb and ref.field and not ref.named:
                    span = in_words(terms[term], lang) if term in terms else ""
                    other = pick(label_of(verb, ref.field), lang)
                    found.setdefault(field, []).append(t(f"days.order_{kind}", lang, other=other, term=span))
    return found
