"""How the office's number books are kept, and the numbers they start from: read by all, settled by clerk and heads."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from correspondence.ink.book_modes import (
    EVERY_BOOK,
    MODES,
    SETTERS,
    BookModes,
    books_to_settle,
    set_mode,
    start_book,
)
from correspondence.number_book import series_name
from letters.numbering import series_names
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi
from templates.words import pick, t
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/office/books", name="books")
def book_list(here: Here) -> Response:
    return _page(here)


@router.post("/office/books/{act}", name="book_now")
def book_now(here: Here, sent: Sent, act: str) -> Response:
    if act not in ("mode", "start"):
        raise NotFound("no_such_page")
    try:
        with writing(here.bind) as connection:
            who = {"by": here.person, "clock": here.clock}
            if act == "mode":
                day = parse_day("from_on", sent.text("from_on")) if sent.text("from_on") else here.today
                set_mode(connection, sent.text("book"), sent.text("mode"), day, **who)  # type: ignore[arg-type]
            else:
                year = sent.number("year") or here.today.year
                number = sent.number("number") or 0
                start_book(connection, sent.text("book"), sent.text("series"), year, number, **who)  # type: ignore[arg-type]
    except (WrongInput, Refused) as error:
        return _page(here, sent, error, act)
    return RedirectResponse("/office/books", 303)


def _page(here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None, act: str = "") -> Response:
    with reading(here.bind) as connection:
        modes, own = BookModes(connection), books_to_settle(connection, here.person)
    names = {issuer: t(f"delegations.body_{issuer.split('/')[1]}", here.lang) for issuer in own}
    history = [row for row in modes.history if row["issuer"] == EVERY_BOOK or row["issuer"].startswith(_office(here))]
    shown = [row | {"name": _name(row["issuer"], names, here)} for row in history]
    fields = ("book", "mode", "from_on", "series", "year", "number")
    typed = {"from_on": date_vi(here.today), "year": str(here.today.year)}
    typed |= {field: sent.text(field) for field in fields} if sent else {}
    return page(
        here, "office/books.html", act=act,
        books=[(issuer, names[issuer], modes.of(issuer, here.today)) for issuer in own], history=shown[::-1],
        chosen=list(names.items()), may=here.person.role in SETTERS,
        modes=[(code, t(f"numbers.{code}", here.lang)) for code in MODES],
        series=[(code, pick(series_name(code), here.lang)) for code in series_names()], typed=typed,
        **error_content(error, here.lang),
    )  # fmt: skip


def _office(here: Visit) -> str:
    return f"{here.person.district or 'HP'}/"


def _name(issuer: str, names: dict[str, str], here: Visit) -> str:
    if issuer == EVERY_BOOK:
        return t("numbers.every", here.lang)
    return names.get(issuer, issuer)
