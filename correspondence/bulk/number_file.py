"""The file of numbers from books on paper: written with the letters that wait, read back with number and day."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from correspondence.bulk.paper_numbers import PaperNumber, Unnumbered
from letters.catalogue import letter_type
from models.errors import InputErrors, WrongInput
from models.folding import fold
from register.workbook import Row, read_workbook, text_of
from templates.spreadsheet import DAY, PLAIN, Table, Value, columns_of, tables_xlsx
from templates.trial_mark import TrialMark
from templates.words import both, pick, t

COLUMNS = ("letter", "number", "on")
HEADER_WITHIN = 20  # rows
ABOUT = ("symbol", "book", "case", "title_of", "signed_on")
WIDTHS, FORMS = (9, 8, 12, 12, 36, 14, 36, 12), (PLAIN, PLAIN, DAY)


def number_form(
    waiting: Sequence[Unnumbered], book_name: Callable[[str, str], str], lang: str, mark: TrialMark
) -> bytes:
    """An XLSX with a row for each letter that waits; number and day are left to be filled in."""
    headings = [t(f"paper_numbers.{name}", lang) for name in (*COLUMNS, *ABOUT)]
    title = t("paper_numbers.title", lang)
    rows = [list(_waiting(item, book_name, lang)) for item in waiting]
    return tables_xlsx(Table(title, title, "", columns_of(headings, WIDTHS, FORMS), rows), mark=mark)


def _waiting(item: Unnumbered, book_name: Callable[[str, str], str], lang: str) -> Iterator[Value]:
    row, title = item.row, pick(letter_type(item.row["template"]).title, lang)
    yield from (row["id"], None, None)
    yield from (row["symbol"], book_name(item.book, lang), row["ref"], title, item.signed_on)


def read_numbers(data: bytes, name: str, day: str = "") -> list[PaperNumber]:
    """The rows of an Excel or CSV file in which a number or a day was filled in; `day` where the row has none.

    Raises WrongInput: the file cannot be read, has no header, or a row names no letter.
    """
    sheet = read_workbook(data, name).sheets[0]
    columns, first = _header(sheet.rows)
    gathered, found = InputErrors(), list[PaperNumber]()
    for place, row in enumerate(sheet.rows[first:], first + 1):
        cells = {key: text_of(row[at]) for key, at in columns.items() if at < len(row)}
        if cells.get("number") or cells.get("on"):
            with gathered:
                found.append(_line(cells, place, day))
    gathered.raise_if_any()
    return found


def _header(rows: Sequence[Row]) -> tuple[dict[str, int], int]:
    """The columns by name, and the number of rows up to the end of the header."""
    forms = {fold(text): name for name in COLUMNS for text in (name, *_headings(name))}
    for place, row in enumerate(rows[:HEADER_WITHIN], 1):
        said = [(fold(text_of(cell)), at) for at, cell in enumerate(row)]
        columns = {forms[heading]: at for heading, at in reversed(said) if heading in forms}
        if {"letter", "number"} <= columns.keys():
            return columns, place
    called = {name: both(f"paper_numbers.{name}") for name in COLUMNS}
    raise WrongInput("file", "numbers_no_header", **called)


def _headings(name: str) -> Iterator[str]:
    yield from both(f"paper_numbers.{name}").values()


def _line(cells: Mapping[str, str], place: int, day: str) -> PaperNumber:
    letter = cells.get("letter", "")
    if not (letter.isascii() and letter.isdigit() and len(letter) < 10):
        raise WrongInput(f"letter {place}", "numbers_letter_wrong", row=place, value=letter[:40])
    return PaperNumber(int(letter), cells.get("number", ""), cells.get("on", "") or day)
