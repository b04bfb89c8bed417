"""Checks of the section `papers`: its verbs, fields, values and letters exist."""

from collections.abc import Collection, Iterable, Iterator
from difflib import get_close_matches
from typing import Any

from procedures.former_names import letter_name
from procedures.paper_steps import DOCUMENT_FIELDS, IncomingKind, ServiceStep
from procedures.schema import FieldNeed, Procedure
from procedures.service_ways import DAYS, DETAILS, ServiceWay

Place = tuple[str | int, ...]
Finding = tuple[Place, str, dict[str, Any]]
OF_SERVICE = frozenset({*DAYS, *DETAILS})


def paper_problems(procedure: Procedure, letters: Collection[str] | None) -> Iterator[Finding]:
    """Yield every problem; `letters` None leaves the names of letters unchecked."""
    papers = procedure.papers
    for name, rule in papers.ways.items():
        yield from _way(("papers", "ways", name), rule)
    for way, step in papers.serving.items():
        yield from unknown(("papers", "serving", way), [way], papers.all_ways(), "way")
        yield from _step(procedure, ("papers", "serving", way), step, OF_SERVICE)
        yield from _letters(("papers", "serving", way, "letters"), step.letters, letters)
    for code, kind in papers.incoming.items():
        place: Place = ("papers", "incoming", code)
        yield from _step(procedure, place, kind, DOCUMENT_FIELDS)
        yield from _letters(place, {*kind.answers, *kind.each}, letters)
        yield from _values(procedure, place, kind)
    yield from _letters(("papers", "printed"), papers.printed, letters)


def _way(place: Place, way: ServiceWay) -> Iterator[Finding]:
    """A way asks for what there are words for, says its last day where it lasts, and proves that a letter arrived."""
    wanted = [DAYS[0], *([DAYS[1]] if way.span else [])]
    printed = [way.issues.newspaper, way.issues.number] if way.issues else []
    yield from unknown((*place, "issues"), printed, DETAILS, "source")
    for name, result in way.results.items():
        at: Place = (*place, "results", name)
        yield from unknown((*at, "asks"), result.asks, OF_SERVICE, "source")
        for lacking in [one for one in (*wanted, *result.needs, *printed) if one not in result.asks]:
            yield (*at, "asks"), "procedure_way_asks", {"found": lacking}
        for lacking in [one for one in printed if one not in result.needs]:
            yield (*at, "needs"), "procedure_way_asks", {"found": lacking}
    if not any(result.means in ("served", "published") for result in way.results.values()):
        yield place, "procedure_way_proves_nothing", {}


def unknown(place: Place, found: Iterable[str], known: Collection[str], what: str) -> Iterator[Finding]:
    for item in found:
        if item not in known:
            near = get_close_matches(item, known, 5, 0.3) or sorted(known)[:5]
            said = {"found": item, "known": ", ".join(sorted(known)[:40]), "near": ", ".join(near)}
            yield place, f"procedure_unknown_{what}", said


def _letters(place: Place, found: Collection[str], letters: Collection[str] | None) -> Iterator[Finding]:
    if letters is not None:
        yield from unknown(place, (letter_name(name) for name in sorted(found)), letters, "letter")


def _step(
    procedure: Procedure, place: Place, step: ServiceStep | IncomingKind, sources: Collection[str]
) -> Iterator[Finding]:
    yield from unknown((*place, "verb"), [step.verb], procedure.verbs, "verb")
    if step.verb in procedure.verbs:
        yield from unknown((*place, "takes"), step.takes, procedure.verbs[step.verb].needs, "field")
    yield from unknown((*place, "takes"), step.takes.values(), sources, "source")


def _values(procedure: Procedure, place: Place, kind: IncomingKind) -> Iterator[Finding]:
    """What a kind fixes of the verb's fields is a field, and one of its options."""
    if kind.verb not in procedure.verbs:
        return
    needs = procedure.verbs[kind.verb].needs
    fixed = [("fixed", kind.fixed), *(("answers", values) for values in kind.answers.values())]
    fixed += [("each", values) for values in kind.each.values()]
    for key, values in fixed:
        yield from unknown((*place, key), values, needs, "field")
        for name, value in values.items():
            if name in needs:
                yield from unknown((*place, key), _chosen(needs[name], value), needs[name].options, "option")


def _chosen(need: FieldNeed, value: Any) -> list[str]:
    if need.type != "choice" or need.options_from:
        return []
    return [str(item) for item in value] if isinstance(value, list | tuple) else [str(value)]
