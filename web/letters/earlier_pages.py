"""Papers that the office issued before it used the software: the list, one more, and the cases they are about."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from correspondence.ink.earlier_papers import (
    MAY_RECORD,
    TEXTS,
    EarlierPaper,
    earlier,
    earlier_count,
    earlier_file,
    record_earlier,
    tie_earlier,
)
from letters.catalogue import letter_types
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from templates.words import pick
from web.cases.case_pages import attachment
from web.lists import PAGE, pages_of
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
FIELDS = (*TEXTS, "issued_on", "template", "refs")


@router.get("/earlier-papers")
def earlier_page(here: Here, q: str = "", p: int = 1) -> Response:
    return _page(here, q.strip()[:120], p)


@router.post("/earlier-papers")
def earlier_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            record_earlier(connection, _paper(sent), by=here.person, clock=here.clock)
    except (WrongInput, Refused, NotFound) as error:
        return _page(here, "", 1, sent, error)
    return RedirectResponse("/earlier-papers", 303)


@router.post("/earlier-papers/{number:int}/case")
def earlier_case(here: Here, sent: Sent, number: int) -> Response:
    with writing(here.bind) as connection:
        tie_earlier(connection, number, sent.text("ref"), by=here.person)
    return RedirectResponse("/earlier-papers", 303)


@router.get("/earlier-papers/{number:int}/file")
def earlier_scan(here: Here, number: int) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = earlier_file(connection, number, here.person)
    return attachment(data, name, media_type)


def _paper(sent: Typed) -> EarlierPaper:
    day = sent.text("issued_on")
    return EarlierPaper(
        **{name: sent.text(name) for name in TEXTS}, template=sent.text("template"),
        issued_on=parse_day("issued_on", day) if day else None, refs=sent.text("refs").replace(",", " ").split(),
        file=next(iter(sent.files("file")), None),
    )  # fmt: skip


def _page(here: Visit, asked: str, p: int, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        pages = pages_of(p, earlier_count(connection, here.person, asked))
        rows = earlier(connection, here.person, search=asked, limit=PAGE, offset=pages.offset)
    kinds = sorted(
        ((kind.name, pick(kind.title, here.lang)) for kind in letter_types().values() if not kind.lists_cases),
        key=lambda it: it[1],
    )
    return page(
        here, "letters/earlier.html", rows=rows, pages=pages,
        asked=asked, may=here.person.role in MAY_RECORD, kinds=kinds,
        typed={name: sent.text(name) if sent else "" for name in FIELDS},
        **error_content(error, here.lang),
    )  # fmt: skip
