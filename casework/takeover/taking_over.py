"""Cases that began before Coopcase are taken over: one, or many of a workbook, all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine, select

from casework.acts import Applied, record
from casework.irregularities import IrregularDay, irregular_days_of
from casework.ledger import LoadedCase, NewFact, load_case
from casework.office.people import doer_of
from casework.opening import open_case
from casework.takeover.known import Known, fact_of
from casework.takeover.listed_papers import list_papers
from models.clock import Clock
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import case_rows, units
from models.typed_rows import first_row
from models.typed_rows.case_shapes import RegisterRow
from procedures.facts import TAKEN_OVER, Doer
from procedures.schema import BUILT_IN
from procedures.state_machine.fold import valid_facts
from rulebook.office_calendar import office_of
from rulebook.versions import in_force

TAKES_OVER = frozenset({"case_officer", "manager"})
BEFORE_WORK = frozenset({"opened", "reassigned", "migrated"})  # facts after which a case can still be taken over


@dataclass(frozen=True, slots=True)
class Request:
    """One unit to be taken over with what is known; its case is opened where it has none."""

    unit_id: int
    known: Known


@dataclass(frozen=True, slots=True)
class Looked:
    """What a request would do: the unit, the case that it has, the data of the fact, or what is wrong with it.

    `irregular`: days that the law does not allow; they come in as an irregularity.
    """

    request: Request
    unit_name: str
    ref: str
    data: dict[str, Any] | None
    errors: Sequence[CoopcaseError]
    irregular: Sequence[IrregularDay] = ()

    @property
    def gaps(self) -> Sequence[str]:
        return self.data["gaps"] if self.data else ()


def take_over(bind: Engine, request: Request, *, by: str, clock: Clock) -> Applied:
    """Take over one unit's case. Raises NotFound, Refused, WrongInput: nothing was changed."""
    with writing(bind) as connection:
        return take_over_in(connection, request, by=by, clock=clock)


def take_over_in(connection: Connection, request: Request, *, by: str, clock: Clock) -> Applied:
    """`take_over` inside the caller's transaction."""
    return _take_over(connection, request, doer_of(connection, by), clock)


def take_over_many(bind: Engine, requests: Sequence[Request], *, by: str, clock: Clock) -> list[Applied]:
    """`take_over` for many, all or none."""
    with writing(bind) as connection:
        doer = doer_of(connection, by)
        return [_take_over(connection, request, doer, clock) for request in requests]


def look(bind: Engine, requests: Sequence[Request], *, by: str, clock: Clock) -> list[Looked]:
    """What each request would do; nothing is changed."""
    with reading(bind) as connection:
        doer = doer_of(connection, by)
        return [_looked(connection, request, doer, clock) for request in requests]


def unit_of_case(connection: Connection, ref: str) -> int:
    """The unit of a case. Raises NotFound."""
    found: int | None = connection.scalar(select(case_rows.c.unit_id).where(case_rows.c.ref == ref))
    if found is None:
        raise NotFound("no_such_case", ref=ref)
    return found


def _looked(connection: Connection, request: Request, doer: Doer, clock: Clock) -> Looked:
    try:
        unit = _unit(connection, request.unit_id, doer, clock.today())
    except CoopcaseError as error:
        return Looked(request, "", "", None, [error])
    ref = _open_case_of(connection, request.unit_id) or ""
    try:
        procedure = in_force(connection)
        if ref:
            loaded = load_case(connection, ref)
            _require_untouched(loaded)
            procedure = loaded.procedure
        data = fact_of(procedure, request.known, clock.today())
    except WrongInput as error:
        return Looked(request, unit["name"], ref, None, [error, *error.params.pop("also", ())])  # type: ignore[misc]
    except CoopcaseError as error:
        return Looked(request, unit["name"], ref, None, [error])
    return Looked(request, unit["name"], ref, data, [], irregular_days_of(procedure, data))


def _take_over(connection: Connection, request: Request, doer: Doer, clock: Clock) -> Applied:
    today = clock.today()
    unit = _unit(connection, request.unit_id, doer, today, lock=True)
    ref = _open_case_of(connection, request.unit_id)
    if ref is None:
        ref = open_case(connection, unit, by=doer.login, role=doer.role, clock=clock, on=today)
    loaded = load_case(connection, ref, lock=True)
    _require_untouched(loaded)
    data = fact_of(loaded.procedure, request.known, today)
    list_papers(connection, loaded, data, doer, clock.now())
    return record(connection, loaded, NewFact(TAKEN_OVER, today, clock.now(), doer.login, doer.role, data))


def _unit(connection: Connection, unit_id: int, doer: Doer, today: date, *, lock: bool = False) -> RegisterRow:
    """The unit, `lock`ed against a second case; of another office it does not exist for this person."""
    if doer.role not in TAKES_OVER:
        raise Refused("takeover_not_yours")
    found = select(units).where(units.c.id == unit_id)
    unit = first_row(RegisterRow, connection.execute(found.with_for_update() if lock else found))
    if unit is None or doer.district not in (None, unit["district_code"]):
        raise NotFound("no_such_unit")
    of_case = select(case_rows.c.level).where(case_rows.c.unit_id == unit_id, case_rows.c.closed_on.is_(None))
    level = connection.scalar(of_case.limit(1)) or in_force(connection).level_of_kind(unit["kind"], today)
    office = office_of({"district_code": unit["district_code"], "level": level})
    if doer.district != office:
        raise Refused("takeover_other_office")
    return unit


def _open_case_of(connection: Connection, unit_id: int) -> str | None:
    found = select(case_rows.c.ref).where(case_rows.c.unit_id == unit_id, case_rows.c.closed_on.is_(None))
    return connection.scalar(found.order_by(case_rows.c.id.desc()).limit(1))


def _require_untouched(loaded: LoadedCase) -> None:
    """Only a case about which nothing was recorded here yet can be taken over."""
    if loaded.state.taken_over is not None:
        raise Refused("taken_over_already", ref=loaded.row["ref"])
    done = [fact for fact in valid_facts(loaded.facts) if fact.kind not in BEFORE_WORK]
    if [fact for fact in done if fact.kind not in BUILT_IN or fact.kind.startswith("letter")]:
        raise Refused("takeover_too_late", ref=loaded.row["ref"])
