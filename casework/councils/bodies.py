"""Dissolution councils of an office: formed, listed, and assigned to the cases that they serve."""

from dataclasses import dataclass
from datetime import date
from typing import Any, TypedDict

from sqlalchemy import Connection, func, select, update

from casework.ledger import case_row
from casework.office.data_rights import clean_line
from casework.office.people import CITY_OFFICE, Actor, require_visible
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows, council_cases, council_members, councils
from models.typed_rows import all_rows, first_row
from models.typed_rows.council_shapes import CouncilRow
from rulebook.office_calendar import office_of
from templates.formats import date_vi
from templates.words import both

EDITORS = frozenset({"case_officer", "manager", "clerk"})
DECIDERS = frozenset({"manager", "leader"})  # approve that a seat is empty
_C, _CASES = councils.c, council_cases.c


@dataclass(frozen=True, slots=True)
class NewCouncil:
    """A council as typed. `decision`: number and day of the decision that formed it, once there is one."""

    name: str
    decision: str = ""
    formed_on: date | None = None
    uses_seal: bool = False


class ListedCouncil(CouncilRow):
    """A council with its chair and how many cases it serves."""

    chair: str
    cases: int


class ServedCase(TypedDict):
    """A case that a council serves, or served."""

    id: int
    ref: str
    unit_name: str
    from_on: date
    left_on: date | None
    end_reason: str


def office_key(person: Actor) -> str:
    """The office of a person, as councils and batches are kept by it."""
    return person.office


def require_editor(person: Actor) -> None:
    """Raises Refused."""
    if person.role not in EDITORS:
        raise Refused("council_not_yours")


def form_council(connection: Connection, typed: NewCouncil, *, by: Actor, clock: Clock) -> int:
    """Record a council of the person's office; returns its number. Raises Refused, WrongInput at each wrong field."""
    require_editor(by)
    values = _checked(typed, clock.today())
    office = office_key(by)
    same = select(_C.id).where(_C.office == office, _C.name == values["name"])
    if connection.scalar(same) is not None:
        raise WrongInput("name", "council_name_taken", name=values["name"])
    values |= {"office": office, "recorded_by": by.login, "recorded_at": clock.now()}
    return int(connection.execute(councils.insert().values(**values).returning(_C.id)).scalar_one())


def change_council(connection: Connection, number: int, typed: NewCouncil, *, by: Actor, clock: Clock) -> None:
    """Record name, decision and seal anew. Raises NotFound, Refused, WrongInput."""
    require_editor(by)
    row = own_council(connection, number, by)
    values = _checked(typed, clock.today())
    same = select(_C.id).where(_C.office == row["office"], _C.name == values["name"], _C.id != number)
    if connection.scalar(same) is not None:
        raise WrongInput("name", "council_name_taken", name=values["name"])
    connection.execute(update(councils).where(_C.id == number).values(**values))


def _checked(typed: NewCouncil, today: date) -> dict[str, Any]:
    gathered, values = InputErrors(), dict[str, Any]()
    for name in ("name", "decision"):
        with gathered:
            line = clean_line(name, getattr(typed, name), both(f"councils.{name}"), required=name == "name")
            values[name] = line
    with gathered:
        if typed.formed_on is not None and typed.formed_on > today:
            raise WrongInput("formed_on", "date_in_future", value=date_vi(typed.formed_on))
    gathered.raise_if_any()
    return values | {"formed_on": typed.formed_on, "uses_seal": typed.uses_seal}


def own_council(connection: Connection, number: int, person: Actor) -> CouncilRow:
    """A council of the person's office; the city sees every one. Raises NotFound."""
    row = first_row(CouncilRow, connection.execute(select(councils).where(_C.id == number)))
    if row is None or (person.district is not None and row["office"] != person.district):
        raise NotFound("no_such_council", council=number)
    return row


def listed_councils(connection: Connection, person: Actor, today: date) -> list[ListedCouncil]:
    """The councils that a person may see, the latest first."""
    members = council_members.c
    chair = (
        select(members.name)
        .where(members.council_id == _C.id, members.seat == "chair", members.name != "", members.from_on <= today)
        .where((members.to_on.is_(None)) | (members.to_on >= today))
        .limit(1)
        .scalar_subquery()
    )
    cases = select(func.count()).where(_CASES.council_id == _C.id, _CASES.left_on.is_(None)).scalar_subquery()
    found = select(councils, func.coalesce(chair, "").label("chair"), cases.label("cases"))
    if person.district is not None:
        found = found.where(_C.office == person.district)
    return all_rows(ListedCouncil, connection.execute(found.order_by(_C.id.desc())))


def served_cases(connection: Connection, number: int) -> list[ServedCase]:
    """The cases that a council serves, then those that it served."""
    found = (
        select(
            case_rows.c.id, case_rows.c.ref, case_rows.c.unit_name, _CASES.from_on, _CASES.left_on, _CASES.end_reason
        )
        .join(case_rows, case_rows.c.id == _CASES.case_id)
        .where(_CASES.council_id == number)
        .order_by(_CASES.left_on.is_not(None), case_rows.c.ref)
    )
    return all_rows(ServedCase, connection.execute(found))


def assign_council(connection: Connection, number: int, ref: str, *, by: Actor, clock: Clock) -> None:
    """Let a council serve a case of its office. Raises NotFound, Refused: another council serves it."""
    require_editor(by)
    council, case = own_council(connection, number, by), case_row(connection, ref, lock=True)
    require_visible(by, case["district_code"], ref)
    if (office_of(case) or CITY_OFFICE) != council["office"]:
        raise Refused("council_of_other_office", ref=ref)
    if case["closed_on"] is not None:
        raise Refused("council_case_closed", ref=ref)
    known = council_of_case(connection, case["id"])
    if known is not None and known["id"] != number:
        raise Refused("council_serves_already", ref=ref, name=known["name"])
    if known is None:
        made = {"council_id": number, "case_id": case["id"], "from_on": clock.today(), "ended_by": "", "end_reason": ""}
        connection.execute(council_cases.insert().values(**made, recorded_by=by.login, recorded_at=clock.now()))


def release_case(connection: Connection, number: int, ref: str, reason: str, *, by: Actor, clock: Clock) -> None:
    """End a council's work on a case. Raises NotFound, Refused, WrongInput without a reason."""
    require_editor(by)
    own_council(connection, number, by)
    text = clean_line("reason", reason, both("councils.reason"))
    case = case_row(connection, ref)
    ended = {"left_on": clock.today(), "ended_by": by.login, "end_reason": text}
    serving = (_CASES.council_id == number, _CASES.case_id == case["id"], _CASES.left_on.is_(None))
    if connection.execute(update(council_cases).where(*serving).values(**ended)).rowcount == 0:
        raise Refused("council_serves_not", ref=ref)


def council_of_case(connection: Connection, case_id: int) -> CouncilRow | None:
    """The council that serves a case now."""
    serving = select(_CASES.council_id).where(_CASES.case_id == case_id, _CASES.left_on.is_(None))
    return first_row(CouncilRow, connection.execute(select(councils).where(_C.id.in_(serving))))
