"""A batch of letters: the list of batches, one batch with what to do next, its files and the forms that carry it on."""

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response, StreamingResponse
from sqlalchemy import Connection

from casework.case_view import officer_names
from casework.office.people import CITY_OFFICE
from correspondence.bulk import bulk_issuing, bulk_letters, bulk_signing
from correspondence.bulk.batch_rows import one_batch
from correspondence.bulk.bulk_prints import batch_letters, batch_pdf, batch_zip
from correspondence.bulk.bulk_view import BatchView, batch_list, batch_view
from correspondence.bulk.paper_numbers import to_number
from correspondence.drafts import common_needs_of
from correspondence.electronic_signing import sign_batch
from correspondence.signing import signers_of
from letters.catalogue import letter_type
from letters.marks import CELLS
from models.database import reading, writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.typed_rows.case_shapes import CarriedCase
from web.cases.case_pages import attachment
from web.forms import data_of, form_fields, typed_as
from web.letters.letter_pages import mark_choices
from web.lists import PAGE, pages_of
from web.rendering import error_text, page, sentences, status_of
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
SIGNED_AT_ONCE = 50  # letters signed in one request; the command line signs all
Fault = WrongInput | Refused | Conflict


@router.get("/letters/bulk")
def bulk_list(here: Here) -> Response:
    with reading(here.bind) as connection:
        rows = batch_list(connection, here.person, here.today)
        names = officer_names(connection, [row["drafted_by"] for row in rows])
    return page(here, "letters/bulk_list.html", rows=rows, names=names)


@router.get("/letters/bulk/{batch_id:int}")
def bulk(here: Here, batch_id: int, show: str = "", p: int = 1) -> Response:
    return _page(here, batch_id, show, p)


@router.get("/letters/bulk/{batch_id:int}/pdf")
def bulk_pdf(here: Here, batch_id: int) -> Response:
    with reading(here.bind) as connection:
        letters = batch_letters(connection, batch_id, here.person, here.today)
        name = one_batch(connection, batch_id, here.person)["name"]
    return attachment(batch_pdf(letters), f"{name}.pdf", "application/pdf")


@router.get("/letters/bulk/{batch_id:int}/zip")
def bulk_zip(here: Here, batch_id: int) -> Response:
    with reading(here.bind) as connection:
        letters = batch_letters(connection, batch_id, here.person, here.today)
        name = one_batch(connection, batch_id, here.person)["name"]
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}.zip"}
    return StreamingResponse(batch_zip(letters, name, here.today), media_type="application/zip", headers=headers)


@router.post("/letters/bulk/{batch_id:int}/{action}")
def bulk_now(here: Here, sent: Sent, batch_id: int, action: str) -> Response:
    if action == "fill" and sent.text("more"):
        return _page(here, batch_id, sent.text("show"), sent.number("p") or 1, sent, None, action)
    try:
        if action == "issue":
            bulk_issuing.issue_batch(here.bind, batch_id, here.person, clock=here.clock, seen=sent.text("seen"))
        elif action == "sign":
            sign_batch(here.bind, batch_id, here.person, clock=here.clock, limit=SIGNED_AT_ONCE)
        elif action in _ACTIONS:
            with writing(here.bind) as connection:
                _ACTIONS[action](connection, here, batch_id, sent)
        else:
            raise NotFound("no_such_page")
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, batch_id, sent.text("show"), sent.number("p") or 1, sent, error, action)
    return RedirectResponse(f"/letters/bulk/{batch_id}", 303)


def _page(
    here: Visit,
    batch_id: int,
    show: str,
    number: int,
    sent: Typed | None = None,
    error: Fault | None = None,
    action: str = "",
) -> Response:
    with reading(here.bind) as connection:
        found = batch_view(connection, batch_id, here.person, here.today)
        signers = _signers(connection, here, found)
        names = officer_names(connection, [found.row["drafted_by"]])
        on_paper = found.next == "issue" and bool(to_number(connection, here.person, here.today, batch_id))
    shown = show or ("problems" if found.problems else "all")
    listed = [item for item in found.letters if _listed(item, shown)]
    pages = pages_of(number, len(listed))
    needs = common_needs_of(found.kind)
    wrong = sentences(error, here.lang, needs) if isinstance(error, WrongInput) else {}
    filling = sent if sent is not None and action == "fill" else typed_as(needs, found.row["common"])
    return page(
        here, "letters/bulk.html", status=status_of(error), batch=found.row, view=found, kind=found.kind, names=names,
        rows=listed[(pages.number - 1) * PAGE : pages.number * PAGE], pages=pages,
        show=shown, fields=form_fields(needs, filling, here.lang) if "fill" in found.allowed else [], wrong=wrong,
        action=action, sent=sent, signers=signers, on_paper=on_paper,
        marks=mark_choices(found.letters[0]["marks"] if found.letters else {}, here.lang),
        message=error_text(error, here.lang) if error is not None and not wrong else "",
    )  # fmt: skip


def _signers(connection: Connection, here: Visit, found: BatchView) -> str:
    """The names of those who may sign the batch's letters, shown while a batch waits for a signature."""
    office = found.row["office"]
    case: CarriedCase = {"level": "city" if office == CITY_OFFICE else "district", "district_code": office}
    return signers_of(connection, found.kind, case, here.today)


def _listed(item: Mapping[str, Any], show: str) -> bool:
    return bool(item["problem"]) if show == "problems" else show in ("all", item["status"])


def _fill(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    template = one_batch(connection, batch_id, here.person)["template"]
    data = data_of(common_needs_of(letter_type(template)), sent)
    bulk_letters.fill_batch(connection, batch_id, here.person, data, now=here.clock.now(), today=here.today)


def _mark(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    codes = {cell: sent.text(cell) for cell in CELLS}
    bulk_letters.mark_batch(connection, batch_id, here.person, codes, now=here.clock.now())


def _submit(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    bulk_signing.submit_batch(
        connection, batch_id, here.person, now=here.clock.now(), today=here.today, seen=sent.text("seen")
    )


def _approve(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    bulk_signing.approve_batch(
        connection, batch_id, here.person, now=here.clock.now(), today=here.today, seen=sent.text("seen")
    )


def _return(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    letter, text = sent.number("letter") or 0, sent.text("reason")
    bulk_signing.return_letter(connection, batch_id, letter, here.person, text, now=here.clock.now(), today=here.today)


def _take_out(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    letter, text = sent.number("letter") or 0, sent.text("reason")
    bulk_letters.take_out(connection, batch_id, letter, here.person, text, now=here.clock.now())


def _drop(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    bulk_letters.drop_batch(
        connection, batch_id, here.person, sent.text("reason"), now=here.clock.now(), today=here.today
    )


def _cancel(connection: Connection, here: Visit, batch_id: int, sent: Typed) -> None:
    bulk_issuing.cancel_batch(
        connection, batch_id, here.person, sent.text("reason"), clock=here.clock, seen=sent.text("seen")
    )


_ACTIONS: dict[str, Callable[[Connection, Visit, int, Typed], None]] = {
    "fill": _fill, "mark": _mark, "submit": _submit, "approve": _approve, "return": _return, "take_out": _take_out,
    "drop": _drop, "cancel": _cancel,
}  # fmt: skip
