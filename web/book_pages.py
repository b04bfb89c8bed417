"""The office's registers: the number book, its prints, and the citations that wait for a check."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.clearing import MAY_CLEAR, clear, recalled
from casework.number_book import book, books_of
from casework.registers import incoming_of, outgoing
from letters.book import register_pdf, register_xlsx
from models.database import reading, writing
from models.errors import NotFound, WrongInput
from procedures.values import parse_day
from templates.words import say
from web.case_pages import attachment
from web.rendering import page
from web.visit import Here, Sent, Visit

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@router.get("/book")
def number_book(here: Here, year: int = 0, issuer: str = "") -> Response:
    chosen = year or here.today.year
    with reading(here.bind) as connection:
        rows = book(connection, here.person, year=chosen, issuer=issuer, limit=1_000)
        issuers = books_of(connection, here.person)
    years = sorted({number for _, number in issuers} | {here.today.year}, reverse=True)
    names = sorted({name for name, number in issuers if number == chosen})
    return page(here, "book.html", rows=rows, year=chosen, years=years, issuers=names, issuer=issuer)


@router.get("/book/{year:int}/{kind}.{ending}")
def book_file(here: Here, year: int, kind: str, ending: str, issuer: str = "") -> Response:
    if kind not in ("outgoing", "incoming") or ending not in ("pdf", "xlsx"):
        raise NotFound("no_such_page")
    with reading(here.bind) as connection:
        if kind == "incoming":
            found = incoming_of(connection, here.person, year=year, today=here.today)
        else:
            found = outgoing(connection, here.person, year=year, today=here.today, issuer=issuer)
    if ending == "pdf":
        return attachment(register_pdf(found), f"so-van-ban-{kind}-{year}.pdf", "application/pdf")
    return attachment(register_xlsx(found), f"so-van-ban-{kind}-{year}.xlsx", XLSX)


@router.get("/citations")
def citations(here: Here) -> Response:
    return _citations(here, "")


@router.post("/citations")
def citations_now(here: Here, sent: Sent) -> Response:
    from_on = parse_day("valid_from", sent.text("valid_from")) if sent.text("valid_from") else None
    try:
        with writing(here.bind) as connection:
            clear(connection, sent.text("key"), from_on, by=here.person, note=sent.text("note"), now=here.clock.now())
    except WrongInput as error:
        return _citations(here, say(error, here.lang))
    return RedirectResponse("/citations", 303)


def _citations(here: Visit, message: str) -> Response:
    with reading(here.bind) as connection:
        listed = recalled(connection)
    return page(
        here, "citations.html", status=422 if message else 200, rows=listed, message=message,
        may=here.person.role in MAY_CLEAR,
    )  # fmt: skip
