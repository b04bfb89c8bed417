"""The lists of letters and of incoming documents as files: the columns and the order that are looked at."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from fastapi import APIRouter
from fastapi.responses import Response

from correspondence.incoming.incoming_register import Arrived, arrivals
from correspondence.incoming.incoming_register import known_order as order_of_arrivals
from correspondence.letter_queue import ListedLetter
from correspondence.stuck_letters import places_for
from models.database import reading
from templates.spreadsheet import COUNT, TWO_DIGITS, Table, Value, columns_of
from templates.words import t
from web.labels import letter_name
from web.letters import incoming_pages, letter_list_page
from web.list_options import ListChoice, list_choice
from web.lists import district_names
from web.request_context import Here, Visit
from web.table_files import table_file

router = APIRouter()
Row = TypeVar("Row")
MOST = 5_000  # rows of a file


@dataclass(frozen=True, slots=True)
class Line(Generic[Row]):
    """A line of a list with what its cells need besides."""

    row: Row
    here: Visit
    districts: Mapping[str, str]
    places: Mapping[int, str]  # where a letter got stuck

    def said(self, key: str) -> str:
        return t(key, self.here.lang)

    def letter(self, template: str | None) -> str:
        return letter_name(template, self.here.lang) if template else ""


@dataclass(frozen=True, slots=True)
class Cell(Generic[Row]):
    """A column of a file: the key of its heading, its width in characters, what it shows of a line."""

    words: str
    width: int
    value: Callable[[Line[Row]], Value]
    form: str = COUNT


def _number(line: Line[ListedLetter]) -> str:
    row = line.row
    return f"{row['number']:02d}/{row['symbol']}" if row["number"] else ""


def _stuck(line: Line[ListedLetter]) -> str:
    place = line.places.get(line.row["id"])
    return line.said(f"letters.stuck_{place}") if place else ""


def _left(line: Line[Arrived]) -> str:
    row = line.row
    return line.said("incoming.left_short") if row["kind"] and row["ref"] and not row["stands"] else ""


def _district(line: Line[ListedLetter]) -> str:
    code = line.row["district_code"]
    return line.districts.get(code, code)


_REF = "servemany.column_ref"
# What one column of the page shows is in several of the file.
OF_LETTERS: Mapping[str, Sequence[Cell[ListedLetter]]] = {
    "letter": (
        Cell("pages.letter", 44, lambda line: line.letter(line.row["template"])),
        Cell("incoming.symbol", 20, _number),
    ),
    "unit": (Cell("pages.unit", 38, lambda line: line.row["unit_name"]), Cell(_REF, 16, lambda line: line.row["ref"])),
    "status": (
        Cell("pages.status", 22, lambda line: line.said(f"letters.status_{line.row['status']}")),
        Cell("letters.stuck", 28, _stuck),
    ),
    "since": (
        Cell("letters.waiting_since", 12, lambda line: line.row["since_on"]),
        Cell("letters.column_days", 10, lambda line: (line.here.today - line.row["since_on"]).days),
    ),
    "issued": (Cell("letters.issued_on", 12, lambda line: line.row["issued_on"]),),
    "district": (Cell("pages.district", 16, _district),),
}
OF_ARRIVALS: Mapping[str, Sequence[Cell[Arrived]]] = {
    "number": (Cell("pages.number", 8, lambda line: line.row["number"], TWO_DIGITS),),
    "received": (Cell("incoming.received_on", 12, lambda line: line.row["received_on"]),),
    "from": (
        Cell("incoming.from_body", 34, lambda line: line.row["from_body"]),
        Cell("incoming.symbol", 18, lambda line: line.row["symbol"]),
        Cell("incoming.dated_on", 12, lambda line: line.row["dated_on"]),
    ),
    "summary": (
        Cell("incoming.summary", 44, lambda line: line.row["summary"]),
        Cell("incoming.column_left", 22, _left),
    ),
    "unit": (
        Cell("pages.unit", 38, lambda line: line.row["unit_name"] or ""),
        Cell(_REF, 16, lambda line: line.row["ref"] or ""),
        Cell("incoming.answers", 40, lambda line: line.letter(line.row["template"])),
    ),
}


@router.get("/letters.xlsx")
@router.get("/letters.csv")
def letter_list_file(here: Here, status: str = "", q: str = "", sort: str = "", cols: str = "") -> Response:
    """The list as it is asked for and looked at, at most as many rows as a file has."""
    asked = letter_list_page.asked_letters(status, q, sort)
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "letters", letter_list_page.COLUMNS, sort=asked["sort"], cols=cols)
        held, districts = places_for(connection, here.person, here.today), district_names(connection)
        rows, total = letter_list_page.listed(connection, here, asked, held, 0, MOST)
    places = {row["id"]: row["place"] for row in held}
    lines = [Line(row, here, districts, places) for row in rows]
    title = t("pages.menu_letter_list", here.lang)
    return table_file(here, f"van-ban-{here.today:%Y-%m-%d}", _table(here, title, choice, OF_LETTERS, lines, total))


@router.get("/incoming.xlsx")
@router.get("/incoming.csv")
def incoming_list_file(here: Here, q: str = "", year: int = 0, sort: str = "", cols: str = "") -> Response:
    """The list as it is asked for and looked at; the register of the year to print and sign is `/book`."""
    chosen, asked = year or here.today.year, q.strip()[:120]
    with reading(here.bind) as connection:
        order = order_of_arrivals(sort)
        choice = list_choice(connection, here, "incoming", incoming_pages.COLUMNS, sort=order, cols=cols)
        rows, total = arrivals(connection, here.person, chosen, search=asked, order=choice.sort, limit=MOST)
    lines = [Line(row, here, {}, {}) for row in rows]
    title = f"{t('pages.incoming', here.lang)} {chosen}"
    table = _table(here, title, choice, OF_ARRIVALS, lines, total)
    return table_file(here, f"van-ban-den-{chosen}-{here.today:%Y-%m-%d}", table)


def _table(
    here: Visit,
    title: str,
    choice: ListChoice,
    known: Mapping[str, Sequence[Cell[Any]]],
    lines: Sequence[Line[Any]],
    total: int,
) -> Table:
    """The columns that are looked at, in their order; the page header says how many rows of all."""
    cells = [cell for key in choice.keys for cell in known[key]]
    columns = columns_of(
        [t(cell.words, here.lang) for cell in cells], [cell.width for cell in cells], [cell.form for cell in cells]
    )
    said = t("lists.rows_of", here.lang, count=len(lines), total=total)
    return Table(title, title, said, columns, [[cell.value(line) for cell in cells] for line in lines])
