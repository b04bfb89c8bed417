"""The office's registers: the number book, incoming documents, and the citations that wait for a check."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.clearing import MAY_CLEAR, clear, recalled
from casework.evidence_store import keep
from casework.incoming_register import MAY_REGISTER, Arrival, arrivals, register_incoming
from casework.ledger import case_row
from casework.letter_queue import book, books_of
from casework.registers import incoming_of, outgoing
from letters.book import register_pdf, register_xlsx
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from procedures.values import parse_day
from templates.words import say
from web.case_pages import attachment
from web.rendering import page, sentences
from web.visit import Here, Sent, Typed, Visit

router = APIRouter()
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_TEXTS = ("from_body", "summary", "symbol", "ref", "received_on", "dated_on", "answers")


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


@router.get("/incoming")
def incoming_page(here: Here) -> Response:
    return _incoming(here, None, None)


@router.post("/incoming")
def incoming_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            _register(connection, here, sent)
    except (WrongInput, NotFound, Refused) as error:
        return _incoming(here, sent, error)
    return RedirectResponse("/incoming", 303)


def _register(connection: Any, here: Visit, sent: Typed) -> None:
    days = {name: parse_day(name, sent.text(name)) if sent.text(name) else None for name in ("received_on", "dated_on")}
    ref, files, kept = sent.text("ref").upper(), sent.files("evidence"), []
    if files and ref:
        case_id = case_row(connection, ref)["id"]
        kept = [
            keep(connection, case_id, content, name, by=here.person.login, now=here.clock.now())
            for name, content in files
        ]
    arrival = Arrival(
        sent.text("from_body"), sent.text("summary"), days["received_on"] or here.today, sent.text("symbol"),
        days["dated_on"], ref, sent.number("answers"), kept,
    )  # fmt: skip
    register_incoming(connection, here.person, arrival, now=here.clock.now(), today=here.today)


def _incoming(here: Visit, sent: Typed | None, error: WrongInput | NotFound | Refused | None) -> Response:
    with reading(here.bind) as connection:
        listed = arrivals(connection, here.person, here.today.year)
    wrong = sentences(error, here.lang) if isinstance(error, WrongInput) else {}
    typed = {name: sent.text(name) if sent else "" for name in _TEXTS}
    return page(
        here, "incoming.html", status=422 if error else 200, rows=listed, typed=typed, wrong=wrong,
        may=here.person.role in MAY_REGISTER, message=say(error, here.lang) if error and not wrong else "",
    )  # fmt: skip


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
