"""The office's registers: the number book, its prints, and the citations that wait for a check."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from correspondence.citation_clearance import MAY_CLEAR, clear, recalled
from correspondence.number_book import book, book_count, books_of, issuer_names, series_name
from correspondence.office_registers import handover, incoming_of, outgoing
from letters.output.register_print import register_pdf
from models.database import reading, writing
from models.errors import NotFound, WrongInput
from procedures.law.rules import rules
from procedures.state_machine.field_values import parse_day
from templates.trial_mark import mark_of
from templates.words import pick
from web.cases.case_pages import attachment
from web.lists import PAGE, pages_of
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit
from web.table_files import table_file

router = APIRouter()
BOOKS = {"outgoing": "di", "handover": "chuyen-giao", "incoming": "den"}  # and how their files are called


@router.get("/book")
def number_book(here: Here, year: int = 0, issuer: str = "", series: str = "", p: int = 1) -> Response:
    asked = {"year": year or here.today.year, "issuer": issuer, "series": series}
    with reading(here.bind) as connection:
        total = book_count(connection, here.person, **asked)  # type: ignore[arg-type]
        pages = pages_of(p, total)
        rows = book(connection, here.person, **asked, limit=PAGE, offset=pages.offset)  # type: ignore[arg-type]
        known = books_of(connection, here.person)
        name = issuer_names(connection)
    years = sorted({item[2] for item in known} | {here.today.year}, reverse=True)
    issuers = {item[0]: name(item[0], here.lang) for item in known if item[2] == asked["year"]}
    kinds = {item[1]: pick(series_name(item[1]), here.lang) for item in known}
    return page(
        here,
        "letters/book.html",
        rows=rows,
        asked=asked,
        years=years,
        issuers=issuers,
        kinds=kinds,
        pages=pages,
    )


@router.get("/book/{year:int}/{kind}.{ending}")
def book_file(
    here: Here, year: int, kind: str, ending: str, issuer: str = "", series: str = "", on: str = ""
) -> Response:
    if kind not in BOOKS or ending not in ("pdf", "xlsx", "csv"):
        raise NotFound("no_such_page")
    day = parse_day("on", on) if on else None
    with reading(here.bind) as connection:
        asked: dict[str, Any] = {"year": year}
        if kind == "incoming":
            found = incoming_of(connection, here.person, **asked)
        elif kind == "handover":
            found = handover(connection, here.person, **asked, issuer=issuer, on=day)
        else:
            found = outgoing(connection, here.person, **asked, issuer=issuer, series=series)
    stem = f"so-van-ban-{BOOKS[kind]}-{year}"
    if ending == "pdf":
        data = register_pdf(*found, printed_on=here.today, mark=mark_of(here.trial, "vi"))
        return attachment(data, f"{stem}.pdf", "application/pdf")
    return table_file(here, stem, *found, lang="vi")


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
        return _citations(here, error_text(error, here.lang))
    return RedirectResponse("/citations", 303)


def _citations(here: Visit, message: str) -> Response:
    with reading(here.bind) as connection:
        listed = recalled(connection)
    said = [item for versions in rules().values() for item in versions if item.says]
    return page(
        here, "letters/citations.html", status=422 if message else 200, rows=listed, message=message,
        may=here.person.role in MAY_CLEAR, read=[item for item in said if item.confidence == "verified"],
    )  # fmt: skip
