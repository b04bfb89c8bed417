"""What of a procedure the scenarios touch: transitions, guards passed and refused, deadlines, letters."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from models.errors import CoopcaseError
from procedures.scenario_runs.checked_days import day_items
from procedures.schema import FromField, Procedure, Verb
from procedures.state_machine.acts_on_paper import letters_of
from procedures.state_machine.guards import named


@dataclass(slots=True)
class Touched:
    """Items of a procedure as text, in the form in which `items_of` lists them."""

    items: set[str] = field(default_factory=set)

    def moved(self, procedure: Procedure, name: str, source: str, target: str) -> None:
        """Record an act that was done. A verb of every state counts once, whatever the state."""
        verb = procedure.verbs[name]
        if verb.at_any_step:
            source = verb.from_[0]
            target = source if verb.to is None else target
        self.items.add(_move(name, source, target))

    def guarded(self, name: str, place: int, guard: object, passed: bool) -> None:
        """Record that a guard let an act pass, or that it refused it as the scenario expects."""
        self.items.add(_guard(name, place, guard, passed))

    def dated(self, item: str, broken: bool) -> None:
        """Record that a day was inside a bound, or outside and refused or recorded as the scenario expects."""
        self.items.add(_day(item, broken))

    def deadline(self, key: str) -> None:
        """Record that a scenario says when a deadline starts or ends, or its status."""
        self.items.add(f"deadline {key}")

    def letter(self, template: str) -> None:
        """Record that a scenario expects the draft of a letter."""
        self.items.add(f"letter {template}")

    def hold(self, key: str) -> None:
        """Record that a scenario expects something to hold the closing."""
        self.items.add(f"closing {key}")


class CheckedGuards:
    """The guards that the engine checks for one act, as `watched` reports them."""

    def __init__(self) -> None:
        self._checked: list[tuple[str | Mapping[str, Any], CoopcaseError | None]] = []

    def note(self, guard: str | Mapping[str, Any], refusal: CoopcaseError | None) -> None:
        """Take a report of a guard."""
        self._checked.append((guard, refusal))

    def record(self, touched: Touched, procedure: Procedure, verb: str, *, refused: bool) -> None:
        """Record the guards as passed when the act was done, and otherwise the one that refused it."""
        for guard, refusal in self._checked:
            for place, known in enumerate(procedure.verbs[verb].guards):
                if known is guard and (refusal is not None) == refused:
                    touched.guarded(verb, place, guard, passed=not refused)


def items_of(procedure: Procedure) -> list[str]:
    """Return everything that the scenarios of a procedure have to touch, in the order of its file."""
    found = [item for name, verb in procedure.verbs.items() for item in _items_of_verb(procedure, name, verb)]
    found += [_day(item, broken) for item in day_items(procedure) for broken in (False, True)]
    found += [f"deadline {key}" for key in procedure.deadlines]
    letters = dict.fromkeys(letter for verb in procedure.verbs.values() for letter in letters_of(verb))
    found += [f"letter {template}" for template in letters]
    return found + [f"closing {key}" for key in (*procedure.closing.holds, *_papers_to_touch(procedure))]


def _papers_to_touch(procedure: Procedure) -> list[str]:
    """The papers that may hold a closing; that of an act which it is the paper of is always issued."""
    of_acts = {paper.letter for verb in procedure.verbs.values() for paper in verb.takes_effect_by}
    return [key for key, paper in procedure.closing.papers.items() if paper.proven or key not in of_acts]


def untouched(procedure: Procedure, touched: Touched) -> list[str]:
    """Return what no scenario touches."""
    return [item for item in items_of(procedure) if item not in touched.items]


def _items_of_verb(procedure: Procedure, name: str, verb: Verb) -> Iterator[str]:
    sources = verb.from_ if verb.at_any_step else tuple(key for key in procedure.states if key in verb.from_)
    for source in sources:
        for target in _targets(procedure, verb, source):
            yield _move(name, source, target)
    for place, guard in enumerate(verb.guards):
        yield _guard(name, place, guard, True)
        yield _guard(name, place, guard, False)


def _targets(procedure: Procedure, verb: Verb, source: str) -> list[str]:
    if verb.to is None:
        return [source]
    if isinstance(verb.to, FromField):
        return list(dict.fromkeys(verb.to.map.values())) or list(procedure.states)
    return [verb.to]


def _move(name: str, source: str, target: str) -> str:
    return f"transition {name} {source} > {target}"


def _day(item: str, broken: bool) -> str:
    return f"day {item} {'broken' if broken else 'kept'}"


def _guard(name: str, place: int, guard: object, passed: bool) -> str:
    what = named(guard) if isinstance(guard, str | dict) else ""
    return f"guard {name} {place + 1} {what} {'passed' if passed else 'refused'}"
