"""Signed letters whose book is on paper: a grid in which number and day of many are entered at once."""

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from correspondence.bulk.batch_rows import one_batch
from correspondence.bulk.paper_numbers import PaperNumber, number_from_paper, to_number
from correspondence.number_book import issuer_names
from models.database import reading
from models.errors import Refused, WrongInput
from templates.formats import date_vi
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
AT_ONCE = 200  # lines of one page; the command line takes them all
LINE = "number."


@router.get("/letters/numbers")
def numbers_page(here: Here, batch: int | None = None, done: Annotated[int, Query(ge=0)] = 0) -> Response:
    return _grid(here, batch, done=done)


@router.post("/letters/numbers")
def numbers_now(here: Here, sent: Sent) -> Response:
    batch = sent.number("batch")
    try:
        issued = number_from_paper(here.bind, _typed(sent), here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _grid(here, batch, sent, error)
    of_batch = "" if batch is None else f"batch={batch}&"
    return RedirectResponse(f"/letters/numbers?{of_batch}done={len(issued)}", 303)


def _typed(sent: Typed) -> list[PaperNumber]:
    """The lines in which something was typed; a day that is left empty is the one entered for all."""
    names = (name.removeprefix(LINE) for name, _ in sent.items() if name.startswith(LINE))
    letters = dict.fromkeys(int(text) for text in names if text.isdecimal() and len(text) < 10)
    lines = [(letter, sent.text(f"{LINE}{letter}"), sent.text(f"on.{letter}")) for letter in letters]
    return [PaperNumber(letter, number, on or sent.text("on")) for letter, number, on in lines if number or on]


def _grid(
    here: Visit,
    batch: int | None,
    sent: Typed | None = None,
    error: WrongInput | Refused | None = None,
    *,
    done: int = 0,
) -> Response:
    with reading(here.bind) as connection:
        of = None if batch is None else one_batch(connection, batch, here.person)
        rows = to_number(connection, here.person, here.today, batch)
        book_name = issuer_names(connection)
    return page(
        here, "letters/paper_numbers.html",
        rows=rows[:AT_ONCE], total=len(rows), batch=of, book_name=book_name, done=done,
        typed=dict(sent.items()) if sent else {"on": date_vi(here.today)},
        **error_content(error, here.lang),
    )  # fmt: skip
