"""Compares a case with what a scenario expects of it."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from models.errors import CoopcaseError
from procedures.facts import IRREGULARITIES, FactView
from procedures.legal_time.deadlines import Derived, derive_all
from procedures.scenario_runs.course import Course
from procedures.scenario_runs.file_schema import Expectation, ExpectedDeadline, Refusal
from procedures.scenario_runs.name_checks import NONE, STATUSES
from procedures.scenario_runs.touched import CheckedGuards, Touched
from procedures.state_machine.closing import closing_holds
from procedures.state_machine.engine import why_not
from procedures.state_machine.guards import watched

MAY = "may"
Difference = tuple[str, str, str]  # the key of the expectation, what is expected, what is


def differences(expect: Expectation, course: Course, touched: Touched) -> Iterator[Difference]:
    """Yield every difference between a case and the expectation; its letters are compared by the caller."""
    state = course.state
    for key, found in (("state", state.state), ("stage", state.stage), ("outcome", state.outcome or NONE)):
        said = getattr(expect, key)
        if said and said != found:
            yield key, said, found
    for key in ("overlays", "obstacles", "grounds", "prepared"):
        wanted = getattr(expect, key)
        if wanted is not None and sorted(wanted) != sorted(getattr(state, key)):
            yield key, _listed(wanted), _listed(getattr(state, key))
    for verb, said in expect.irregular.items():
        if (found := _irregularity(verb, course)) != said:
            yield f"irregular.{verb}", said, found
    yield from _holds(expect, course, touched)
    yield from _deadlines(expect, course, touched)
    yield from _acts(expect, course, touched)
    if expect.letters is not None:
        for template in expect.letters:
            touched.letter(template)


def _holds(expect: Expectation, course: Course, touched: Touched) -> Iterator[Difference]:
    if expect.holds is None:
        return
    found = {hold.key for hold in closing_holds(course.procedure, course.state)}
    for key in expect.holds:
        touched.hold(key)
    if set(expect.holds) != found:
        yield "holds", _listed(expect.holds), _listed(found)


def refusal_differences(expected: Refusal, refusal: CoopcaseError) -> Iterator[Difference]:
    """Yield every difference between the expected refusal and the one that came."""
    if expected.code != refusal.code:
        yield "refused", expected.code, refusal.code
        return
    field = str(refusal.params.get("field", ""))
    if expected.field and expected.field != field:
        yield "refused.field", expected.field, field
    for name, value in expected.params.items():
        found = refusal.params.get(name)
        if str(value) not in _texts(found):
            yield f"refused.params.{name}", str(value), _texts(found)[0]


def irregular_fields(fact: FactView) -> list[str]:
    """The fields of an act whose days the law does not allow."""
    return [str(item["field"]) for item in fact.data.get(IRREGULARITIES, ())]


def _irregularity(verb: str, course: Course) -> str:
    """The status of the irregularity of the latest fact of a verb that has one."""
    found = [item for item in course.state.irregularities.values() if verb in {act.kind for act in item.acts}]
    return found[-1].status if found else NONE


def _texts(value: Any) -> list[str]:
    """A parameter as text; a text in both languages equals either of them, and the two joined."""
    if isinstance(value, dict):
        return [str(item) for item in value.values()]
    return [value.strftime("%d/%m/%Y"), value.isoformat()] if isinstance(value, date) else [str(value)]


def _listed(items: Iterable[str]) -> str:
    return ", ".join(sorted(items)) or NONE


def _deadlines(expect: Expectation, course: Course, touched: Touched) -> Iterator[Difference]:
    derived = derive_all(course.procedure, course.state, course.calendars) if expect.deadlines else {}
    for key, said in expect.deadlines.items():
        touched.deadline(key)
        if said == NONE:
            if key in derived:
                yield f"deadlines.{key}", NONE, derived[key].status
        elif key not in derived:
            yield f"deadlines.{key}", str(said), NONE
        else:
            yield from _deadline(key, _spelled_out(said), derived[key], course)


def _spelled_out(said: Any) -> ExpectedDeadline:
    if isinstance(said, ExpectedDeadline):
        return said
    return ExpectedDeadline(status=said) if said in STATUSES else ExpectedDeadline(end=said)


def _deadline(key: str, said: ExpectedDeadline, found: Derived, course: Course) -> Iterator[Difference]:
    if said.status and said.status != found.status:
        yield f"deadlines.{key}.status", said.status, found.status
    days = (
        ("start", said.start, found.starts_on),
        ("end", said.end, found.ends_on),
        ("ended", said.ended, found.ended_on),
    )
    for name, wanted, actual in days:
        if wanted is None:
            continue
        day = None if wanted == NONE else course.resolve(wanted)
        if day != actual:
            yield f"deadlines.{key}.{name}", _day(day), _day(actual)


def _day(day: date | None) -> str:
    return day.strftime("%d/%m/%Y") if day else NONE


def _acts(expect: Expectation, course: Course, touched: Touched) -> Iterator[Difference]:
    for verb in expect.may:
        if (found := _may(verb, course, touched)) != MAY:
            yield f"may.{verb}", MAY, found
    for verb, code in expect.may_not.items():
        if (found := _may(verb, course, touched)) != code:
            yield f"may_not.{verb}", code, found


def _may(verb: str, course: Course, touched: Touched) -> str:
    """`may`, or the code of the reason why an act is not allowed now, whatever its fields."""
    checked = CheckedGuards()
    with watched(checked.note):
        reason = why_not(course.procedure, course.state, verb, course.doer(verb))
    if reason is not None:
        checked.record(touched, course.procedure, verb, refused=True)
    return reason.code if reason else MAY
