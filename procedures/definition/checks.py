"""Consistency checks of a procedure file: names are defined, every state is reachable, no open state is a dead end."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from typing import Any

from models.errors import CoopcaseError
from models.units import UnitKind
from procedures.deadline_parts import OfDeadline
from procedures.definition.act_paper_checks import act_papers
from procedures.definition.day_checks import day_problems
from procedures.definition.guard_checks import names_in_guard
from procedures.definition.known_letters import KnownLetters
from procedures.definition.money_checks import money_problems
from procedures.definition.outcome_checks import written_outcomes
from procedures.definition.paper_checks import Finding, Place, unknown
from procedures.definition.rare_checks import only_rare
from procedures.definition.said_checks import said, valued
from procedures.facts import CLOCK
from procedures.former_names import letter_name
from procedures.law.rules import rules
from procedures.legal_time.terms import Term
from procedures.money.rules import MONEY_ORIGINS, MONEY_PROPOSALS
from procedures.named_terms import terms_of
from procedures.schema import CLOSING_PAPERS, FromField, Procedure, Verb
from procedures.state_machine.acts_on_paper import letters_of
from procedures.state_machine.guard_shapes import misshapen
from procedures.state_machine.guards import GUARDS, named
from procedures.state_machine.guards_on_days import GUARD_TERMS

PRACTICE = "practice"  # as an article: nobody verified one
SECTIONS = (
    "grounds", "outcomes", "obstacles", "overlays", "states",
    "deadlines", "extendable", "stoppable", "stopped", "waiting",  # those of the case to which that applies
    CLOSING_PAPERS,
    MONEY_ORIGINS,
)  # fmt: skip


def problems_of(procedure: Procedure, letters: KnownLetters | None) -> list[Finding]:
    """Return every problem as (place in the file, words key under `errors.`, parameters of the message).

    `letters`: the letter templates by name; None leaves what belongs to the release unchecked: letters, their terms,
    articles.
    """
    return [
        *_whole(procedure),
        *_deadlines(procedure),
        *_terms(procedure),
        *_kinds(procedure),
        *written_outcomes(procedure),
        *_formerly(procedure),
        *(_articles(procedure) if letters is not None else ()),
        *_states(procedure),
        *_grounds(procedure),
        *_overlays(procedure),
        *(finding for name, verb in procedure.verbs.items() for finding in _verb(procedure, name, verb, letters)),
        *_paths(procedure),
        *day_problems(procedure, letters),
        *money_problems(procedure),
        *only_rare(procedure),
    ]


def _articles(procedure: Procedure) -> Iterator[Finding]:
    """Every article is one of the rules, which say how sure we are of it; `practice` where nobody verified one."""
    for section in ("programme", "grounds", "deadlines", "terms", "verbs"):
        for key, part in getattr(procedure, section).items():
            if part.article and part.article != PRACTICE and part.article not in rules():
                yield from unknown((section, key, "article"), [part.article], rules(), "article")
    for key, rule in procedure.kinds.items():
        articles = [row.article for row in rule.registered if row.article != PRACTICE]
        yield from unknown(("kinds", key, "registered"), articles, rules(), "article")


def _formerly(procedure: Procedure) -> Iterator[Finding]:
    """A former name belongs to one part, and no part has it now: else older facts would count for the wrong one."""
    yield from _former(("deadlines",), {**procedure.terms, **procedure.deadlines})
    for section in ("states", "verbs", "letters"):
        yield from _former((section,), getattr(procedure, section))
    for name, verb in procedure.verbs.items():
        yield from _former(("verbs", name, "needs"), verb.needs)


def _former(place: Place, parts: Mapping[str, Any]) -> Iterator[Finding]:
    seen: dict[str, str] = {}
    for key, part in parts.items():
        for name in part.formerly:
            if name in parts or seen.setdefault(name, key) != key:
                yield (*place, key, "formerly"), "procedure_former_name", {"found": name}


def _whole(procedure: Procedure) -> Iterator[Finding]:
    if not procedure.stages:
        yield ("stages",), "procedure_stages", {}
    starts = [key for key, state in procedure.states.items() if state.start]
    if len(starts) != 1:
        yield ("states",), "procedure_one_start", {"count": len(starts)}
    if CLOCK not in procedure.roles:
        yield ("roles",), "procedure_no_clock", {}
    for key, ground in procedure.grounds.items():
        if ground.article in ("", PRACTICE):  # refusals name where the grounds are listed
            yield ("grounds", key), "procedure_ground_article", {}


def _deadlines(procedure: Procedure) -> Iterator[Finding]:
    for key, kind in procedure.deadlines.items():
        place = ("deadlines", key)
        yield from unknown((*place, "who"), filter(None, (kind.who, kind.above)), procedure.roles, "role")
        if bool(kind.term) == bool(kind.until):
            yield place, "procedure_term_or_until", {}
        if kind.until:
            yield from unknown((*place, "until"), [kind.until], procedure.programme, "programme")
        for name in ("term", "cap"):
            if (text := getattr(kind, name)) and not _is_term(text):
                yield (*place, name), "procedure_bad_term", {"found": text}
        if kind.kind in ("legal", "period") and not kind.article:
            yield place, "procedure_no_article", {}


def _terms(procedure: Procedure) -> Iterator[Finding]:
    for key, named_term in procedure.terms.items():
        place = ("terms", key)
        if key in procedure.deadlines:
            yield place, "procedure_term_twice", {"found": key}
        if not _is_term(named_term.term):
            yield (*place, "term"), "procedure_bad_term", {"found": named_term.term}
        if not named_term.article:
            yield place, "procedure_no_article", {}


def _kinds(procedure: Procedure) -> Iterator[Finding]:
    """Every kind of the register has its level on every day: no gap, no day twice."""
    if procedure.kinds:
        for missing in sorted(UnitKind):
            if missing not in procedure.kinds:
                yield ("kinds",), "procedure_kind_missing", {"found": str(missing)}
        yield from unknown(("kinds",), procedure.kinds, [str(kind) for kind in UnitKind], "kind")
    for key, rule in procedure.kinds.items():
        for _ in rule.gaps():
            yield ("kinds", key, "registered"), "procedure_kind_days", {"found": key}


def _is_term(text: str) -> bool:
    try:
        Term.parse(text)
    except CoopcaseError:
        return False
    return True


def _states(procedure: Procedure) -> Iterator[Finding]:
    for key, state in procedure.states.items():
        yield from unknown(("states", key, "clocks"), state.clocks, procedure.deadlines, "deadline")
        yield from unknown(("states", key, "keeps_running"), state.keeps_running, state.clocks, "deadline")
        yield from unknown(("states", key, "stage"), [state.stage], procedure.stages, "stage")


def _grounds(procedure: Procedure) -> Iterator[Finding]:
    for key, ground in procedure.grounds.items():
        if ground.term and not (_is_term(ground.term) and Term.parse(ground.term).unit == "months"):
            yield ("grounds", key, "term"), "procedure_bad_term", {"found": ground.term}
        yield from unknown(("grounds", key, "stopped_by"), ground.stopped_by, procedure.overlays, "overlay")
        yield from said(procedure, ("grounds", key), defeated_by=ground.defeated_by, restored_by=ground.restored_by)


def _overlays(procedure: Procedure) -> Iterator[Finding]:
    for key, overlay in procedure.overlays.items():
        yield from unknown(("overlays", key, "blocks"), overlay.blocks, procedure.verbs, "verb")
        yield from unknown(("overlays", key, "stops"), overlay.stops, procedure.deadlines, "deadline")
        yield from said(procedure, ("overlays", key), raised_by=overlay.raised_by, lifted_by=overlay.lifted_by)


def _verb(procedure: Procedure, name: str, verb: Verb, letters: KnownLetters | None) -> Iterator[Finding]:
    place: Place = ("verbs", name)
    if not verb.by:
        yield (*place, "by"), "procedure_nobody", {}
    yield from unknown((*place, "by"), verb.by, procedure.roles, "role")
    yield from unknown((*place, "tells"), verb.tells, procedure.roles, "role")
    if verb.tells_above is not None:
        yield from unknown((*place, "tells_above"), verb.tells_above.roles, procedure.roles, "role")
        yield from valued(place, verb, verb.tells_above.when)
    if not verb.at_any_step:
        yield from unknown((*place, "from"), verb.from_, procedure.states, "state")
    yield from unknown((*place, "four_eyes"), verb.four_eyes, procedure.verbs, "verb")
    for clock in verb.meets_started:
        if clock not in {start.deadline for start in verb.starts}:
            yield (*place, "meets_started"), "procedure_meets_started", {"found": clock}
    for key in ("meets", "drops"):
        yield from unknown((*place, key), getattr(verb, key), procedure.deadlines, "deadline")
    yield from _starts(procedure, place, verb)
    if letters is not None:
        yield from _letters(procedure, place, verb, letters)
    if verb.auto is not None:
        yield from unknown((*place, "auto"), [verb.auto.after], procedure.deadlines, "deadline")
    yield from act_papers(place, verb, letters)
    yield from _codes(procedure, place, verb)
    yield from _guards(procedure, place, verb)
    yield from _fields(procedure, place, verb)


def _starts(procedure: Procedure, place: Place, verb: Verb) -> Iterator[Finding]:
    """A clock that starts on the service of a letter needs an act that drafts the letter, or it would never start."""
    dates = {name for name, need in verb.needs.items() if need.type == "date"}
    for start in verb.starts:
        yield from unknown((*place, "starts"), [start.deadline], procedure.deadlines, "deadline")
        yield from unknown((*place, "starts"), [start.from_] if start.from_ else [], dates, "field")
        yield from unknown((*place, "starts"), start.served, letters_of(verb), "served")
        yield from unknown((*place, "starts"), [start.who] if start.who else [], procedure.roles, "role")
        yield from (finding for fields in (start.when, start.unless) for finding in valued(place, verb, fields))
        fixed = start.served and start.deadline in procedure.deadlines and procedure.deadlines[start.deadline].until
        if fixed:
            yield (*place, "starts"), "procedure_served_fixed", {"found": start.deadline}


def _letters(procedure: Procedure, place: Place, verb: Verb, letters: KnownLetters) -> Iterator[Finding]:
    """The letters that an act drafts exist, and the procedure defines every term that they name."""
    terms = terms_of(procedure)
    said = {*terms.spans, *terms.days}
    papers = dict.fromkeys(paper.letter for paper in verb.takes_effect_by)
    for key, drafted in (("takes_effect_by", papers), ("letters", verb.letters)):
        spot = (*place, key)
        for letter in drafted:
            name = letter if letter in letters else letter_name(letter)
            yield from unknown(spot, [name], letters, "letter")
            lacking = (term for term in (letters[name].terms if name in letters else ()) if term not in said)
            yield from ((spot, "procedure_letter_term", {"found": term, "letter": letter}) for term in lacking)


def _codes(procedure: Procedure, place: Place, verb: Verb) -> Iterator[Finding]:
    known: dict[str, tuple[Collection[str], str]] = {
        "to": (procedure.states, "state"),
        "raises": (procedure.overlays, "overlay"),
        "lifts": (procedure.overlays, "overlay"),
        "names": (procedure.obstacles, "obstacle"),
        "clears": (procedure.obstacles, "obstacle"),
        "proves": (procedure.grounds, "ground"),
        "disproves": (procedure.grounds, "ground"),
        "outcome": (procedure.outcomes, "outcome"),
    }
    if verb.lifts_each:
        raising = [other for other in procedure.verbs.values() if other.raises == verb.lifts]
        for asked in (verb, *raising):
            yield from unknown((*place, "lifts_each"), [verb.lifts_each], asked.needs, "field")
    if verb.opens is not None:
        yield from unknown((*place, "opens"), [verb.opens.field], verb.needs, "field")
    for key, (codes, what) in known.items():
        choice = getattr(verb, key)
        if isinstance(choice, str):
            yield from unknown((*place, key), [choice], codes, what)
        elif isinstance(choice, FromField):
            yield from unknown((*place, key), choice.map.values(), codes, what)
            yield from unknown((*place, key), [choice.field], verb.needs, "field")


def _guards(procedure: Procedure, place: Place, verb: Verb) -> Iterator[Finding]:
    for guard in verb.guards:
        name, spot = named(guard), (*place, "guards")
        yield from unknown(spot, [name], GUARDS, "guard")
        if wrong := misshapen(name, guard):
            yield spot, "procedure_guard_shape", {"found": name, "why": wrong}
        elif isinstance(guard, dict):
            yield from _mentioned(procedure, spot, verb, guard)
            yield from names_in_guard(procedure, spot, verb, guard)
            yield from _counted(procedure, spot, name, guard)


def _counted(procedure: Procedure, spot: Place, guard: str, written: Mapping[str, Any]) -> Iterator[Finding]:
    """The terms that a guard counts are defined, in a unit that it can count."""
    spans = terms_of(procedure).spans
    for parameter, units in GUARD_TERMS.get(guard, {}).items():
        key = written[guard][parameter]
        if key not in spans or spans[key].unit not in units:
            yield spot, "procedure_guard_term", {"found": key, "guard": guard, "units": ", ".join(units)}


def _mentioned(procedure: Procedure, spot: Place, verb: Verb, guard: Mapping[str, Any]) -> Iterator[Finding]:
    """Steps, overlays, deadlines and fields that a guard names are defined."""
    since = [name for key in ("since", "from") for name in _listed(guard.get(key))]
    lists = ("done", "not_done")
    verbs = [*(name for key in lists for name in guard.get(key, ())), *since]
    verbs += [rule["verb"] for rule in guard.values() if isinstance(rule, dict) and "verb" in rule]
    overlays = [*guard.get("overlays_clear", ()), *([guard["overlay_on"]] if "overlay_on" in guard else [])]
    overlays += [guard["weighed"]["overlay"]] if "weighed" in guard else []
    fields = [*guard.get("order", ()), *guard.get("field_is", ()), *guard.get("when", ()), *guard.get("unless", ())]
    fields += [guard["other_office"]] if "other_office" in guard else []
    fields += [guard[key]["field"] for key in _OWN_FIELDS if isinstance(guard.get(key), dict)]
    fields += [*guard.get("same", ()), *(guard["same_as"]["fields"] if "same_as" in guard else ())]
    yield from unknown(spot, verbs, procedure.verbs, "verb")
    yield from unknown(spot, overlays, procedure.overlays, "overlay")
    clocks = (guard.get(key) for key in ("proof_served", "while_clock", "after_clock", "clock_clear"))
    yield from unknown(spot, filter(None, clocks), procedure.deadlines, "deadline")
    yield from unknown(spot, fields, verb.needs, "field")
    for inner in guard.get("any_of", ()):
        if isinstance(inner, dict):
            yield from _mentioned(procedure, spot, verb, inner)
            yield from names_in_guard(procedure, spot, verb, inner)
    for earlier, names in _earlier_fields(guard):
        if earlier in procedure.verbs:
            yield from unknown(spot, names, procedure.verbs[earlier].needs, "field")


def _listed(value: Any) -> list[str]:
    return [value] if isinstance(value, str) else list(value or ())


_OWN_FIELDS = ("named_in", "named_in_rows", "after_previous", "one_person_each", "weighed")
_EARLIER_FIELDS = ("named_in", "named_in_rows", "past", "served_before", "after_previous", "same_as", "last_says")


def _earlier_fields(guard: Mapping[str, Any]) -> Iterator[tuple[str, list[str]]]:
    """The fields of earlier steps that a guard reads."""
    for rule in (guard[key] for key in _EARLIER_FIELDS if key in guard):
        yield (
            rule["verb"],
            [*rule.get("fields", ()), *rule.get("is", ()), *([rule["field"]] if "field" in rule else [])],
        )
    yield from ((verb, list(guard.get("only", ()))) for verb in guard.get("done", ()))


def _fields(procedure: Procedure, place: Place, verb: Verb) -> Iterator[Finding]:
    yield from _fields_of_clocks(procedure, place, verb)
    for name, need in verb.needs.items():
        spot = (*place, "needs", name)
        if need.type == "choice" and bool(need.options) == bool(need.options_from):
            yield spot, "procedure_options", {}
        if need.options_from:
            yield from unknown((*spot, "options_from"), [need.options_from], SECTIONS, "section")
        if (need.type == "table") != bool(need.columns):
            yield spot, "procedure_columns", {}
        if need.proposed_by:
            yield from _proposal(procedure, (*spot, "proposed_by"), need.proposed_by)


def _proposal(procedure: Procedure, place: Place, source: str) -> Iterator[Finding]:
    verb, _, name = source.partition(".")
    if source == CLOSING_PAPERS or source in MONEY_PROPOSALS:
        return
    yield from unknown(place, [verb], procedure.verbs, "verb")
    if verb in procedure.verbs:
        yield from unknown(place, [name], procedure.verbs[verb].needs, "field")


def _fields_of_clocks(procedure: Procedure, place: Place, verb: Verb) -> Iterator[Finding]:
    """`extends`, `suspends` and `resumes` name a defined deadline and fields of the act."""
    dates = {name for name, need in verb.needs.items() if need.type == "date"}
    yield from unknown(place, filter(None, (verb.since, verb.until, verb.met_on)), dates, "field")
    for key in ("extends", "suspends", "resumes", "serves"):
        part: OfDeadline | None = getattr(verb, key)
        if part is None:
            continue
        if bool(part.deadline) == bool(part.deadline_field):
            yield (*place, key), "procedure_which_deadline", {}
        yield from unknown((*place, key), filter(None, [part.deadline]), procedure.deadlines, "deadline")
        named_fields = {name: str(getattr(part, name)) for name in type(part).model_fields if name.endswith("_field")}
        dated = [named_fields.pop(name, "") for name in ("from_field", "to_field", "on_field")]
        yield from unknown((*place, key), filter(None, dated), dates, "field")
        yield from unknown((*place, key), filter(None, named_fields.values()), verb.needs, "field")


def _targets(procedure: Procedure, verb: Verb) -> set[str]:
    if verb.to is None:
        return set()
    if isinstance(verb.to, str):
        return {verb.to}
    return set(verb.to.map.values()) or set(procedure.states)


def _edges(procedure: Procedure) -> dict[str, set[str]]:
    edges: dict[str, set[str]] = {key: set() for key in procedure.states}
    for verb in procedure.verbs.values():
        for source in procedure.sources(verb) & edges.keys():
            edges[source] |= _targets(procedure, verb) & edges.keys()
    return edges


def _paths(procedure: Procedure) -> Iterator[Finding]:
    """Every state is reachable from the start, and a final state is reachable from every open state."""
    edges = _edges(procedure)
    starts = [key for key, state in procedure.states.items() if state.start]
    finals = [key for key, state in procedure.states.items() if state.final]
    backwards: dict[str, set[str]] = {key: set() for key in edges}
    for source, targets in edges.items():
        for target in targets:
            backwards[target].add(source)
    for key in sorted(procedure.states.keys() - _reached(edges, starts)):
        yield ("states", key), "procedure_unreachable", {"found": key}
    for key in sorted(procedure.states.keys() - _reached(backwards, finals)):
        yield ("states", key), "procedure_dead_end", {"found": key}


def _reached(edges: dict[str, set[str]], starts: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    waiting = list(starts)
    while waiting:
        key = waiting.pop()
        if key not in seen:
            seen.add(key)
            waiting += edges.get(key, ())
    return seen
