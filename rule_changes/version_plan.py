"""What another version of the procedure makes of one open case, or why the case cannot go under it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from models.typed_rows.case_shapes import CaseRow
from procedures.facts import CaseState, FactView
from procedures.former_names import names_of, own_name
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive_all
from procedures.schema import BUILT_IN, Procedure, Words
from procedures.state_machine.fold import fold, valid_facts
from procedures.state_machine.replay import retrace, unknown_code

_CODES = ("states", "overlays", "obstacles", "grounds", "outcomes", "deadlines", "verbs")


@dataclass(frozen=True, slots=True)
class Plan:
    """An open case under its own version and under the new one."""

    row: CaseRow
    facts: Sequence[FactView]
    old: Procedure
    new: Procedure
    before: CaseState
    after: CaseState
    dates_before: Mapping[str, Derived]  # by the names of the new version, as far as it has one
    dates_after: Mapping[str, Derived]
    renamed: Mapping[str, str]  # old key of a deadline → its key in the new version


@dataclass(frozen=True, slots=True)
class Stuck:
    """A case that stays with its version. `code` is a words key under `procedure.stuck_`, `what` the thing in words."""

    ref: str
    unit: str
    code: str
    what: Mapping[str, str]
    seq: int | None = None  # the fact that prevents the migration


def plan_of(
    row: CaseRow, facts: Sequence[FactView], old: Procedure, new: Procedure, calendars: Calendars
) -> Plan | Stuck:
    """Fold the case under both versions. A case that the new one would close is Stuck: a migration closes no case."""
    if (unknown := _unknown_verb(facts, new)) is not None:
        return _stuck(row, "verb", _verb(old, unknown.kind), unknown.seq)
    try:
        after, broken = retrace(new, facts)
    except KeyError as missing:  # a fact names a code that the new version does not have
        return _stuck(row, "code", _named(old, str(missing.args[0])))
    if broken is not None:
        return _stuck(row, "path", _verb(old, broken.kind), broken.seq)
    if (absent := unknown_code(new, after)) is not None:
        return _stuck(row, "code", _named(old, absent))
    if after.closed_on is not None:
        return _stuck(row, "closes", _pair(new.states[after.state].label))
    before = fold(old, facts)
    dates = _by_new_names(new, derive_all(old, before, calendars)), derive_all(new, after, calendars)
    renamed = {key: name for key in before.clocks if (name := own_name(new, "deadlines", key)) != key}
    return Plan(row, facts, old, new, before, after, *dates, renamed)


def _by_new_names(new: Procedure, dates: Mapping[str, Derived]) -> dict[str, Derived]:
    named = {own_name(new, "deadlines", key): item for key, item in dates.items()}
    return {key: replace(item, key=key) for key, item in named.items()}


def _unknown_verb(facts: Sequence[FactView], new: Procedure) -> FactView | None:
    known = {*BUILT_IN, *new.verbs, *names_of(new).verbs}
    return next((fact for fact in valid_facts(facts) if fact.kind not in known), None)


def _stuck(row: CaseRow, code: str, what: Mapping[str, str], seq: int | None = None) -> Stuck:
    return Stuck(row["ref"], row["unit_name"], code, what, seq)


def _verb(old: Procedure, name: str) -> Mapping[str, str]:
    known = old.verbs.get(name)
    return _pair(known.done) if known is not None else {"vi": name, "en": name}


def _named(old: Procedure, code: str) -> Mapping[str, str]:
    found = next((part[code] for name in _CODES if code in (part := getattr(old, name))), None)
    return _pair(found.label) if found is not None else {"vi": code, "en": code}


def _pair(words: Words) -> Mapping[str, str]:
    return {"vi": words.vi, "en": words.en}
