"""What a new office still lacks before its first case is on its way, read from what is there."""

from dataclasses import dataclass

from sqlalchemy import Connection, Table, func, select

from models.tables import case_rows, officers, units

NEEDED = ("case_officer", "manager", "leader", "clerk")  # drafts, approves, signs, numbers


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """Of a district's office, or of all. `lacking`: the roles that nobody has."""

    lacking: tuple[str, ...]
    units: int
    cases: int

    @property
    def begun(self) -> bool:
        return self.cases > 0


def first_steps(connection: Connection, district: str | None) -> FirstSteps:
    roles = select(officers.c.role).where(officers.c.active).distinct()
    found = set(connection.scalars(roles.where(officers.c.district_code == district) if district else roles))
    lacking = tuple(role for role in NEEDED if role not in found)
    return FirstSteps(lacking, _count(connection, units, district), _count(connection, case_rows, district))


def _count(connection: Connection, table: Table, district: str | None) -> int:
    counted = select(func.count()).select_from(table)
    return connection.scalar(counted.where(table.c.district_code == district) if district else counted) or 0
