"""Small lists that several pages read: districts, officers, pages of a long list."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, or_, select

from models.tables import districts, officers
from templates.alphabet import alphabetical

PAGE = 40


@dataclass(frozen=True, slots=True)
class Pages:
    """A page of a long list. `asked`: the page that was asked for, which may lie beyond the end."""

    number: int
    last: int
    total: int
    first_row: int
    last_row: int
    asked: int = 1
    size: int = PAGE

    @property
    def offset(self) -> int:
        """Rows before the page that was asked for; a page beyond the end has none."""
        return (max(self.asked, 1) - 1) * self.size

    @property
    def beyond(self) -> bool:
        """Whether a page was asked for that the list has not, while it has others."""
        return self.asked > self.last and self.total > 0


def pages_of(number: int, total: int, size: int = PAGE) -> Pages:
    """Where page `number` lies; a number beyond the end is the last page."""
    last = max(1, -(-total // size))
    asked, number = number, min(max(number, 1), last)
    return Pages(number, last, total, min((number - 1) * size + 1, total), min(number * size, total), asked, size)


def district_names(connection: Connection) -> dict[str, str]:
    """Names by code, in the order of the alphabet."""
    found = connection.execute(select(districts.c.code, districts.c.name)).tuples()
    return dict(sorted(found, key=lambda district: alphabetical(district[1])))


def officers_of(
    connection: Connection, district: str | None, *, city_only: bool = False, besides: str = ""
) -> dict[str, str]:
    """Case officers by login: those of a district, or all; `besides` one of the city's who carries cases there."""
    found = select(officers.c.login, officers.c.name).where(officers.c.role == "case_officer", officers.c.active)
    of_city = officers.c.district_code.is_(None)
    if district:
        found = found.where(or_(officers.c.district_code == district, and_(of_city, officers.c.login == besides)))
    elif city_only:
        found = found.where(of_city)
    return dict(connection.execute(found.order_by(officers.c.login)).tuples().all())
