"""The register: units with search and filters, and one unit with its cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import Response
from sqlalchemy import ColumnElement, Connection, case, func, select

from casework.office.people import Actor, may_see
from casework.register_corrections import BRINGS_OVER, corrections, value_text
from casework.write_back import changes_of_unit
from models.database import reading
from models.errors import NotFound
from models.search_query import found_by
from models.tables import case_rows, districts, units
from models.typed_rows import all_rows, first_row
from models.typed_rows.case_shapes import RegisterRow
from models.units import Grade, OperatingStatus, Sector, UnitKind
from oversight.lights import cut_offs
from register.rows import DATE_FIELDS, MONEY_FIELDS, UNIT_FIELDS
from rulebook.versions import Versions
from web.commune_labels import CommuneColumns, with_commune
from web.list_options import DOWN, ListColumn, list_choice
from web.lists import PAGE, district_names, pages_of
from web.office.unit_table import CaseOfUnit, latest_cases, unit_table
from web.rendering import page
from web.request_context import Here, Visit
from web.table_files import table_file

router = APIRouter()
LONGEST_SEARCH = 120
COLUMNS = (
    units.c.id, units.c.name, units.c.kind, units.c.sector, units.c.commune, units.c.commune_code,
    units.c.district_code, units.c.grade, units.c.status, units.c.members, units.c.certificate_number, units.c.flags,
    units.c.reregistered,
)  # fmt: skip
SHOWN = (
    ListColumn("unit", "pages.unit", "name"),
    ListColumn("sector", "register.field.sector", "sector"),
    ListColumn("grade", "register.field.grade", "grade"),
    ListColumn("status", "register.field.status", "status"),
    ListColumn("members", "register.field.members", "members", kind="num"),
    ListColumn("case", "pages.case"),
    ListColumn("district", "pages.district", "district", usual=False),
    ListColumn("commune", "register.field.commune", usual=False),
    ListColumn("certificate_number", "register.field.certificate_number", "certificate_number", usual=False),
)
ORDERS = frozenset(column.sort for column in SHOWN if column.sort)
CHOICES = {"kind": UnitKind, "sector": Sector, "grade": Grade, "status": OperatingStatus}


class UnitColumns(CommuneColumns):
    """COLUMNS of a unit."""

    id: int
    name: str
    kind: str
    sector: str
    grade: str
    status: str
    members: int | None
    certificate_number: str
    flags: list[str]
    reregistered: bool | None


class ListedUnit(UnitColumns):
    """A line of the register; `case` the unit's latest, None without any."""

    case: CaseOfUnit | None


@dataclass(frozen=True, slots=True)
class AskedUnits:
    """Which units a list is asked for, as the query of its address says."""

    q: str = ""
    district: str = ""
    kind: str = ""
    sector: str = ""
    grade: str = ""
    status: str = ""
    flagged: bool = False

    def wanted(self, person: Actor) -> list[ColumnElement[bool]]:
        """Conditions on units: of the person's own district, or of all."""
        columns = {**{name: units.c[name] for name in CHOICES}, "district": units.c.district_code}
        found = [column == value for name, column in columns.items() if (value := getattr(self, name))]
        if person.district:
            found.append(units.c.district_code == person.district)
        if searched := self.q.strip()[:LONGEST_SEARCH]:
            found.append(units.c.id.in_(found_by("unit", searched)))
        if self.flagged:
            open_case = (case_rows.c.unit_id == units.c.id, case_rows.c.closed_on.is_(None))
            found.append(select(case_rows.c.id).where(*open_case).exists())
        return found


@router.get("/register", name="units")
def unit_list(
    here: Here, asked: Annotated[AskedUnits, Depends()], sort: str = "", cols: str = "", p: int = 1
) -> Response:  # fmt: skip
    wanted = asked.wanted(here.person)
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "register", SHOWN, sort=_known(sort), cols=cols)
        total = connection.scalar(select(func.count()).select_from(units).where(*wanted)) or 0
        pages = pages_of(p, total)
        rows = _page(connection, wanted, choice.sort, pages.offset)
        names, versions = district_names(connection), Versions(connection)
        rows = list(map(with_commune(connection, here.lang), rows))
    return page(
        here, "office/units.html",
        rows=rows, pages=pages, asked=asked, narrowed=bool(wanted[1:] if here.person.district else wanted),
        districts=names, choices=_choices(), versions=versions, choice=choice, cols=cols,
    )  # fmt: skip


@router.get("/register.xlsx")
@router.get("/register.csv")
def unit_file(here: Here, asked: Annotated[AskedUnits, Depends()]) -> Response:
    """The register as it is asked for, with every column of it, at most as many rows as a file has."""
    with reading(here.bind) as connection:
        table = unit_table(connection, asked.wanted(here.person), here.lang)
    return table_file(here, f"so-dang-ky-{here.today:%Y-%m-%d}", table)


@router.get("/register/{unit_id:int}")
def unit(here: Here, unit_id: int) -> Response:
    with reading(here.bind) as connection:
        found = first_row(RegisterRow, connection.execute(select(units).where(units.c.id == unit_id)))
        if found is None or not may_see(here.person, found["district_code"]):
            raise NotFound("no_such_unit")
        light = cut_offs(here.today).column().label("light")
        listed = connection.execute(
            select(case_rows, light).where(case_rows.c.unit_id == unit_id).order_by(case_rows.c.id.desc())
        ).all()
        names, versions = district_names(connection), Versions(connection)
        shown = with_commune(connection, here.lang)(found)
        changes = changes_of_unit(connection, unit_id)
        behind = corrections(connection, here.person.district, unit_id) if _brings_over(here) else []
    return page(
        here, "office/unit.html", unit=shown, cases=listed, districts=names, fields=UNIT_FIELDS,
        dates=DATE_FIELDS, amounts=MONEY_FIELDS, coded_fields=frozenset(CHOICES), versions=versions,
        behind=len(behind), changes=changes, value_text=value_text,
    )  # fmt: skip


def _brings_over(here: Visit) -> bool:
    return here.person.role in BRINGS_OVER


def _known(asked: str) -> str:
    return asked if asked.removeprefix(DOWN) in ORDERS else ""


def _order(asked: str) -> list[ColumnElement[Any]]:
    """Codes in the order in which lists of choices have them, districts by their names, the rest by value."""
    name, down = asked.removeprefix(DOWN) or "name", asked.startswith(DOWN)
    column: ColumnElement[Any] = units.c.sort_key
    if name in CHOICES:
        places = {item.value: place for place, item in enumerate(CHOICES[name])}
        column = case(places, value=units.c[name], else_=None)
    elif name == "district":
        column = select(districts.c.name).where(districts.c.code == units.c.district_code).scalar_subquery()
    elif name != "name":
        column = units.c[name]
    return [column.is_(None), column.desc() if down else column, units.c.sort_key, units.c.id]


def _page(
    connection: Connection, wanted: Sequence[ColumnElement[bool]], order: str, offset: int
) -> list[ListedUnit]:  # fmt: skip
    by = _order(order) if order else [units.c.sort_key, units.c.id]  # the usual order is read from its index
    found = select(*COLUMNS).where(*wanted).order_by(*by).limit(PAGE).offset(offset)
    rows = all_rows(UnitColumns, connection.execute(found))
    by_unit = latest_cases(connection, [row["id"] for row in rows])
    return [{**row, "case": by_unit.get(row["id"])} for row in rows]


def _choices() -> dict[str, list[str]]:
    return {name: [item.value for item in kind] for name, kind in CHOICES.items()}
