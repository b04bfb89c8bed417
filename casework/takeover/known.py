"""What is known of a case that began on paper: the items that can be given for a step, and the fact that they make.

Items have one key in forms, workbooks and commands: `verb` is the day of an act, `verb.field` one of its fields,
`verb.paper` the number of its paper, `verb.issuer` who issued it, `verb.served` the day it was served, `verb.source`
where its day is known from. The second and further times of an act are `verb#2`, `verb#2.field` …
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from casework.typed_choices import code_of
from letters.typed_text import check_values
from models.errors import InputErrors, WrongInput
from procedures.day_vocabulary import OWN
from procedures.facts import IRREGULARITIES, TAKEN_OVER, CaseState, FactView, Need
from procedures.schema import Procedure
from procedures.state_machine.asked_fields import needs_of
from procedures.state_machine.day_rules import refusal_of
from procedures.state_machine.earlier_acts import EarlierAct, Step, acts_before, step_named
from procedures.state_machine.earlier_days import broken_earlier_days
from procedures.state_machine.field_values import parse
from procedures.state_machine.irregularities import written
from templates.words import t

OF_PAPERS = ("paper", "issuer")
STEP, SOURCE = "step", "source"  # keys beside those of the items
LANGUAGES = ("vi", "en")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that can be given: its key, the act it belongs to, its part and how it is read."""

    key: str
    act: EarlierAct
    time: int
    part: str
    need: Need


@dataclass(frozen=True, slots=True)
class Known:
    """What is given of a case: the key of its step, the source of what has none of its own, and items by their keys."""

    step: str
    source: str
    values: Mapping[str, Any] = field(default_factory=dict)


def items_of(procedure: Procedure, step: Step) -> list[Item]:
    """Everything that can be given for a step, in the order of its acts."""
    return [
        item
        for act in acts_before(procedure, step)
        for time in range(1, act.times + 1)
        for item in _items(procedure, act, time)
    ]


def fact_of(procedure: Procedure, known: Known, today: date) -> dict[str, Any]:
    """The data of the fact `taken_over`.

    Raises:
        WrongInput: naming the key of an item, `step` or `source`; `also` of the error has the others.
    """
    step = step_named(procedure, known.step)
    if step is None:
        raise WrongInput(STEP, "takeover_no_step", value=known.step)
    errors, items = InputErrors(), items_of(procedure, step)
    with errors:
        source = _required_text(SOURCE, known.source)
        check_values({SOURCE: source})
    by_key = {item.key: item for item in items}
    given: dict[str, Any] = {}
    for key, value in known.values.items():
        with errors:
            if str(value if value is not None else "").strip():
                given[key] = _value(procedure, by_key, key, value, today, step)
                check_values({key: given[key]})
    acts = [] if errors.wrong else list(_acts(items, given, source))
    for wrong in _disordered(acts) if procedure.own_days is None else _irregular(procedure, acts, today):
        with errors:
            if wrong.field not in {known.field for known in errors.wrong}:
                raise wrong
    errors.raise_if_any()
    return {
        "state": step.state, "step": step.key, "source": source, "acts": [act for _, act in acts],
        "gaps": list(_gaps(items, acts)),
    }  # fmt: skip


def _items(procedure: Procedure, act: EarlierAct, time: int) -> Iterator[Item]:
    verb = procedure.verbs[act.verb]
    needs = {need.name: need for need in needs_of(procedure, verb, CaseState())}
    base = act.verb if time == 1 else f"{act.verb}#{time}"
    said = {"vi": verb.label.vi, "en": verb.label.en}
    day = needs.get(act.day)
    yield Item(base, act, time, "", _loose(day, base) if day else _need(base, "date", said))
    for name in act.fields:
        yield Item(f"{base}.{name}", act, time, name, _loose(needs[name], f"{base}.{name}"))
    if act.paper:
        for part in OF_PAPERS:
            yield Item(f"{base}.{part}", act, time, part, _need(f"{base}.{part}", "text", _words(part)))
    if act.served:
        yield Item(f"{base}.served", act, time, "served", _need(f"{base}.served", "date", _words("served")))
    yield Item(f"{base}.source", act, time, "source", _need(f"{base}.source", "text", _words("source")))


def _words(part: str) -> dict[str, str]:
    return {lang: t(f"takeover.part_{part}", lang) for lang in LANGUAGES}


def _need(key: str, kind: str, label: Mapping[str, str]) -> Need:
    return Need(key, kind, False, label)


def _loose(need: Need, key: str) -> Need:
    return replace(need, name=key, required=False, required_if={}, proposed=None)


def _required_text(key: str, value: str) -> str:
    found = parse(_need(key, "text", _words("source")), value, date.min)
    if not found:
        raise WrongInput(key, "missing_field", label=t("takeover.part_source"))
    return str(found)


def _value(
    procedure: Procedure, by_key: Mapping[str, Item], key: str, value: Any, today: date, step: Step
) -> Any:  # fmt: skip
    item = by_key.get(key)
    if item is None:
        state = procedure.states[step.state].label
        raise WrongInput(key, "takeover_not_before", step={"vi": state.vi, "en": state.en})
    return parse(item.need, code_of(item.need, value), today)


def _acts(items: Sequence[Item], given: Mapping[str, Any], source: str) -> Iterator[tuple[Item, dict[str, Any]]]:
    """The acts of the fact in order: those of which something is known, and the moves that led to the step."""
    for item in (item for item in items if not item.part):
        own = {other.part: given[other.key] for other in items if _same(other, item) and other.key in given}
        day = own.pop("", None)
        if not own and day is None and (item.act.to is None or item.time > 1):
            continue
        if day is None and not item.act.asked:
            raise WrongInput(item.key, "takeover_day_missing", label=item.need.label)
        data = {name: value for name, value in own.items() if name in item.act.fields} | dict(item.act.fixed)
        if day is not None and item.act.day:
            data[item.act.day] = day
        act = {"verb": item.act.verb, "on": day, "data": data, "source": own.get("source", source)}
        if "paper" in own or "issuer" in own:
            act["paper"] = {"symbol": own.get("paper", ""), "on": day, "issuer": own.get("issuer", "")}
        if "served" in own:
            act["served_on"] = own["served"]
        yield item, act


def _same(one: Item, other: Item) -> bool:
    return one.act.verb == other.act.verb and one.time == other.time


def _disordered(acts: Sequence[tuple[Item, Mapping[str, Any]]]) -> Iterator[WrongInput]:
    """A move dated before the move before it, for a version of the procedure that declares no days."""
    before: tuple[Item, str] | None = None
    for item, act in acts:
        if item.act.to is None or act["on"] is None:
            continue
        if before is not None and act["on"] < before[1]:
            yield WrongInput(
                item.key, "takeover_disordered", label=item.need.label, on=_shown(act["on"]),
                other=before[0].need.label, other_on=_shown(before[1]),
            )  # fmt: skip
        before = item, act["on"]


def _irregular(
    procedure: Procedure, acts: Sequence[tuple[Item, dict[str, Any]]], today: date
) -> Iterator[WrongInput]:  # fmt: skip
    """Days that are impossible; those that are unlawful are written into their acts, with the source as the reason."""
    fact = FactView(0, TAKEN_OVER, today, data={"acts": [act for _, act in acts]})
    for found in list(broken_earlier_days(procedure, fact, today)):
        item, act = acts[found.place]
        if found.broken.unlawful:
            act.setdefault(IRREGULARITIES, []).append(written(found.broken, str(act["source"])))
        else:
            wrong = refusal_of(item.act.verb, found.broken, found.given)
            own = wrong.field in (OWN, item.act.day)
            yield WrongInput(item.key if own else f"{item.key}.{wrong.field}", wrong.code, **_without_field(wrong))


def _without_field(wrong: WrongInput) -> dict[str, object]:
    return {name: value for name, value in wrong.params.items() if name != "field"}


def _shown(day: str) -> str:
    return date.fromisoformat(day).strftime("%d/%m/%Y")


def _gaps(items: Sequence[Item], acts: Sequence[tuple[Item, Mapping[str, Any]]]) -> Iterator[str]:
    known = {(item.act.verb, item.time): act for item, act in acts if act["on"] is not None}
    for item in (item for item in items if not item.part and item.time == 1):
        act = known.get((item.act.verb, 1))
        if act is None:
            if item.act.asked:
                yield item.act.verb
            continue
        yield from (f"{item.act.verb}.{name}" for name in item.act.needed if name not in act["data"])
        if item.act.takes_effect and not act.get("paper", {}).get("symbol"):
            yield f"{item.act.verb}.paper"
