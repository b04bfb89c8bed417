"""An act for many cases: what each line would do, and doing it, all or none, as one operation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.acts import decided
from casework.day_of_act import day_and_fields
from casework.evidence_store import keep, media_type_of, plain_name
from casework.ledger import LoadedCase, load_cases
from casework.office.people import Actor
from correspondence.effective_papers import act_on
from correspondence.grid.columns import CASE, Asked, Line, data_of_line, day_of_line
from correspondence.grid.operations import Recorded, begin, record_lines
from correspondence.grid_lines import in_line
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows
from procedures.facts import Decision, Doer

MOST = 500  # cases in one operation
UNREAD = ("",)  # in place of the proof while nothing is kept yet


@dataclass(frozen=True, slots=True)
class Looked:
    """A line with what it would record, or what is wrong with it, each at its cell (`receipt.VBO-2016-0001`)."""

    line: Line
    unit_name: str
    decision: Decision | None
    errors: Sequence[WrongInput]
    seq: int = 0  # the last fact of the case


def cases_of(
    connection: Connection, refs: Sequence[str], person: Actor, *, lock: bool = False
) -> dict[str, LoadedCase]:
    """The cases by their references, of those that the person may see; `lock` holds them."""
    found = select(case_rows.c.id).where(case_rows.c.ref.in_(list(refs)))
    if person.district is not None:
        found = found.where(case_rows.c.district_code == person.district)
    loaded = load_cases(connection, list(connection.scalars(found)), lock=lock)
    return {case.row["ref"]: case for case in loaded.values()}


def look(connection: Connection, asked: Asked, person: Actor, *, clock: Clock) -> list[Looked]:
    """What every line would do; nothing is changed. Raises WrongInput for what is wrong with all of them."""
    _require_lines(asked)
    for name, content in asked.files:
        media_type_of(content, plain_name(name))
    cases = cases_of(connection, [line.ref for line in asked.lines], person)
    return _look(connection, asked, cases, person.doer(), clock)


def do(connection: Connection, asked: Asked, person: Actor, *, clock: Clock) -> int:
    """Do the act for every line, in the caller's transaction; returns the number of the operation.

    Raises:
        WrongInput: what is wrong at each cell, all at once; nothing was changed.
    """
    _require_lines(asked)
    doer, now = person.doer(), clock.now()
    cases = cases_of(connection, [line.ref for line in asked.lines], person, lock=True)
    errors = InputErrors()
    for looked in _look(connection, asked, cases, doer, clock):
        for wrong in looked.errors:
            with errors:
                raise wrong
    errors.raise_if_any()
    number = begin(connection, person, "act", asked.verb, now=now)
    done = []
    for line in sorted(asked.lines, key=lambda line: cases[line.ref].row["id"]):
        case = cases[line.ref]
        hashes = [keep(connection, case.row["id"], data, name, by=doer.login, now=now) for name, data in asked.files]
        with in_line(line.ref, CASE):
            on, data = _given(connection, asked, line, case, clock)
            applied = act_on(
                connection, case, asked.verb, doer=doer, clock=clock, data=data, on=on, evidence=hashes
            )  # fmt: skip
        done.append(Recorded(case.row["id"], applied.seq))
    record_lines(connection, number, done)
    return number


def _require_lines(asked: Asked) -> None:
    if not asked.lines:
        raise WrongInput(CASE, "grid_no_cases")
    if len(asked.lines) > MOST:
        raise WrongInput(CASE, "grid_too_many", limit=MOST, count=len(asked.lines))


def _look(
    connection: Connection, asked: Asked, cases: Mapping[str, LoadedCase], doer: Doer, clock: Clock
) -> list[Looked]:
    seen: set[str] = set()
    found = []
    for line in asked.lines:
        case, errors, decision = cases.get(line.ref), InputErrors(), None
        with errors, in_line(line.ref, CASE):
            if line.ref in seen:
                raise Refused("grid_case_twice", ref=line.ref)
            if case is None:
                raise NotFound("no_such_case", ref=line.ref)
            decision = _decision(connection, asked, line, case, doer, clock)
        seen.add(line.ref)
        name = case.row["unit_name"] if case else ""
        found.append(Looked(line, name, decision, errors.wrong, case.row["seq"] if case else 0))
    return found


def _decision(
    connection: Connection, asked: Asked, line: Line, case: LoadedCase, doer: Doer, clock: Clock
) -> Decision:  # fmt: skip
    if asked.verb not in case.procedure.verbs:
        raise Refused("no_such_verb", verb=asked.verb)
    on, data = _given(connection, asked, line, case, clock)
    decision, _ = decided(
        connection, case, asked.verb, doer=doer, today=clock.today(), data=data, on=on,
        evidence=UNREAD if asked.files else (), seen=line.seen,
    )  # fmt: skip
    return decision


def _given(
    connection: Connection, asked: Asked, line: Line, case: LoadedCase, clock: Clock
) -> tuple[date | None, Mapping[str, Any]]:
    """The day of the act and its fields for one case, each completed by the other."""
    on, data = day_of_line(asked, line), data_of_line(case, asked, line)
    return day_and_fields(connection, case, asked.verb, data, on, clock.today())
