"""What a new office has to set up before its first case: people, units, communes, plan, banks."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, Connection, Table, func, select

from casework.office.agencies import AgencyBook
from casework.office.plans import PlanBook
from models.tables import case_rows, communes, officers, units

NEEDED = ("case_officer", "manager", "leader", "clerk")  # drafts, approves, signs, numbers


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Of a district's office, or of all. `lacking`: the roles without an active person."""

    lacking: tuple[str, ...]
    units: int
    communes: int
    recalled: int  # communes of the list that the office has not confirmed
    unknown: int  # units whose commune is not known
    plan: bool  # whether the city's plan has its number
    banks: bool


def first_steps(connection: Connection, district: str | None) -> FirstSteps | None:
    """None once there is a case."""
    case = select(case_rows.c.id).limit(1)
    if connection.scalar(case.where(case_rows.c.district_code == district) if district else case) is not None:
        return None
    roles = select(officers.c.role).where(officers.c.active).distinct()
    found = set(connection.scalars(roles.where(officers.c.district_code == district) if district else roles))
    lacking = tuple(role for role in NEEDED if role not in found)
    unknown = units.c.commune_code.is_(None)
    return FirstSteps(
        lacking, _count(connection, units, district), _count(connection, communes, district),
        _count(connection, communes, district, communes.c.confidence == "recalled"),
        _count(connection, units, district, unknown),
        PlanBook(connection).row(None) is not None, bool(AgencyBook(connection).of(district)["bank"]),
    )  # fmt: skip


def _count(connection: Connection, table: Table, district: str | None, *conditions: ColumnElement[bool]) -> int:
    counted = select(func.count()).select_from(table).where(*conditions)
    return connection.scalar(counted.where(table.c.district_code == district) if district else counted) or 0
