"""The fields that an act asks for, with the options and proposals that follow from the case."""

from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

from procedures.facts import CaseState, ClockState, Need
from procedures.law.interpretations import points_of
from procedures.legal_time.clocks import waiting_runs
from procedures.money.of_case import payout_of, release_of, table_of
from procedures.money.rules import MONEY_AVAILABLE, MONEY_LINES, MONEY_ORIGINS, MONEY_RELEASE
from procedures.schema import CLOSING_PAPERS, ByIdentity, ColumnNeed, DeadlineKind, FieldNeed, Procedure, Verb, Words
from procedures.state_machine.acts_on_paper import filled_by_paper
from procedures.state_machine.closing import lacking_papers


def needs_of(procedure: Procedure, verb: Verb, state: CaseState) -> tuple[Need, ...]:
    """Return the fields of a verb with their options resolved for the case."""
    same = _same_everywhere(ByIdentity(procedure)).get(id(verb), {})
    if len(same) == len(verb.needs):
        return tuple(same.values())
    return tuple(same.get(name) or _need(procedure, name, spec, state) for name, spec in verb.needs.items())


def asked_of(procedure: Procedure, verb: Verb, state: CaseState) -> tuple[Need, ...]:
    """Return the fields that a person types: not those that the act's paper fills in."""
    filled, needs = filled_by_paper(verb), needs_of(procedure, verb, state)
    return tuple(need for need in needs if need.name not in filled) if filled else needs


def nothing_to_choose(procedure: Procedure, spec: FieldNeed, state: CaseState) -> bool:
    """Whether a required choice among the deadlines of a case has none to offer."""
    return spec.required and spec.options_from in _DEADLINES and not _options(procedure, spec, state)


@lru_cache(maxsize=32)
def _same_everywhere(key: ByIdentity) -> dict[int, dict[str, Need]]:
    """The fields that no case changes, by the identity of their verb and by name."""
    procedure, outside = key.procedure, CaseState("")
    return {
        id(verb): {
            name: _need(procedure, name, spec, outside) for name, spec in verb.needs.items() if not _by_case(spec)
        }
        for verb in procedure.verbs.values()
    }


def _by_case(spec: ColumnNeed) -> bool:
    """Whether the options or the proposed value of a field follow from the case."""
    inner = isinstance(spec, FieldNeed) and (spec.proposed_by or any(map(_by_case, spec.columns.values())))
    return bool(spec.options_from or inner)


def _need(procedure: Procedure, name: str, spec: ColumnNeed, state: CaseState) -> Need:
    columns: tuple[Need, ...] = ()
    required_if: Mapping[str, Any] = {}
    proposed: Any = None
    if isinstance(spec, FieldNeed):
        columns = tuple(_need(procedure, key, column, state) for key, column in spec.columns.items())
        required_if = spec.required_if
        proposed = _proposed(procedure, spec, state)
    return Need(
        name,
        spec.type,
        spec.required,
        pair(spec.label),
        pair(spec.hint) if spec.hint else None,
        _options(procedure, spec, state),
        columns,
        required_if,
        spec.future,
        spec.min,
        spec.max,
        proposed,
        isinstance(spec, FieldNeed) and spec.proposed_if_empty,
    )


def _proposed(procedure: Procedure, spec: FieldNeed, state: CaseState) -> Any:
    """The value of a field (`verb.field`) in the latest valid fact of that verb; None without one.

    `closing.papers`: a row for each letter that holds the closing; `money.…`: computed from the lists of the case.
    """
    if spec.proposed_by == CLOSING_PAPERS:
        column = next(iter(spec.columns), "")
        return [{column: letter} for letter in lacking_papers(procedure, state)] or None
    if spec.proposed_by in _FROM_MONEY:
        return _FROM_MONEY[spec.proposed_by](procedure, state) if state.state else None
    verb, _, name = spec.proposed_by.partition(".")
    done = state.done.get(verb)
    return done[-1].data.get(name) if done else None


def _options(procedure: Procedure, spec: ColumnNeed, state: CaseState) -> dict[str, dict[str, str]]:
    if not spec.options_from:
        return {code: pair(words) for code, words in spec.options.items()}
    if spec.options_from == MONEY_ORIGINS and procedure.money is not None:
        return {code: pair(origin.label) for code, origin in procedure.money.origins.items()}
    if spec.options_from == CLOSING_PAPERS:
        return {letter: pair(paper.label) for letter, paper in procedure.closing.papers.items()}
    applies = _DEADLINES.get(spec.options_from)
    section: Mapping[str, Any] = procedure.deadlines if applies else getattr(procedure, spec.options_from)
    if applies is None or not state.state:  # outside a case: all of them
        return {code: pair(item.label) for code, item in section.items()}
    if spec.options_from == "waiting":
        return {key: pair(section[key].label) for key in state.clocks if waiting_runs(procedure, state, key)}
    running = (clock for key, clock in state.clocks.items() if key in section and not clock.ended)
    chosen = (clock.key for clock in running if applies(procedure, section[clock.key], clock))
    return {key: pair(section[key].label) for key in chosen}


def _may_extend(procedure: Procedure, kind: DeadlineKind, clock: ClockState) -> bool:
    """It has a cap, or extending it is an unclear point: then a ruling decides whether the extension counts."""
    unclear = (point.extends for point in points_of(procedure, clock.key))
    return clock.status == "open" and (bool(kind.cap) or any(unclear))


_FROM_MONEY: Mapping[str, Callable[[Procedure, CaseState], Any]] = {
    MONEY_AVAILABLE: lambda procedure, state: payout_of(procedure, state).pot,
    MONEY_LINES: lambda procedure, state: table_of(payout_of(procedure, state)),
    MONEY_RELEASE: release_of,
}
_DEADLINES: Mapping[str, Callable[[Procedure, DeadlineKind, ClockState], bool]] = {
    "deadlines": lambda _procedure, _kind, clock: clock.status == "open",
    "waiting": lambda _procedure, _kind, clock: clock.status == "waiting",
    "extendable": _may_extend,
    # the law allows no office to stop a legal clock
    "stoppable": lambda _procedure, kind, clock: kind.kind == "target" and clock.status == "open",
    "stopped": lambda _procedure, _kind, clock: any(pause.ended_by is None for pause in clock.pauses),
}


def pair(words: Words) -> dict[str, str]:
    """The words of a label as an act's JSON holds them."""
    return {"vi": words.vi, "en": words.en}
