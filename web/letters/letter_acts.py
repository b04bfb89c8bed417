"""Forms that carry a letter on: fill in, submit, take back, sign, return, number, cancel, serve, mark."""

from collections.abc import Callable
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.dossier.documents import chosen_documents
from casework.evidence_store import keep
from correspondence import drafts, issuing, letter_marks
from correspondence.electronic_signing import sign_electronically
from correspondence.joint.shares import kind_of
from correspondence.next_letter import following
from correspondence.service import serving
from correspondence.service.service_rules import Delivery
from correspondence.signed_versions import keep_signed
from letters.marks import CELLS
from models.database import writing
from models.errors import NotFound, Refused, WrongInput
from procedures.service_ways import DETAILS
from procedures.state_machine.field_values import parse_day
from web.forms import data_of
from web.letters.letter_pages import letter_page
from web.letters.paper_forms_page import letter_new_page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
GO_ON = ("next", "submit_next")  # what a button says that goes on to the next letter
_STEPS = {"fill": "fill", "approve": "approve", "return": "approve", "issue": "issue", "serve": "serve"}


@router.post("/letters/{letter_id:int}/{action}")
def letter_now(here: Here, sent: Sent, letter_id: int, action: str) -> Response:
    if action not in _ACTIONS and action != "esign":
        raise NotFound("no_such_page")
    if sent.text("more"):
        return letter_page(here, letter_id, sent, None, action)
    try:
        if action == "esign":  # asks a time-stamp server: never inside a transaction
            sign_electronically(here.bind, letter_id, here.person, clock=here.clock)
            return RedirectResponse(f"/letters/{letter_id}#signed", 303)
        with writing(here.bind) as connection:
            goes_on = action in _STEPS and sent.text("then") in GO_ON
            step = _STEPS[action] if goes_on else ""
            after = following(connection, here.person, here.today, step, letter_id)
            _ACTIONS[action](connection, here, letter_id, sent)
    except (WrongInput, Refused) as error:
        return letter_page(here, letter_id, sent, error, action)
    done = f"?after={letter_id}&did={action}" if goes_on else ""
    return RedirectResponse(f"/letters/{after.letter or letter_id}{done}", 303)


@router.post("/cases/{ref}/letters/new")
def letter_new_now(here: Here, sent: Sent, ref: str) -> Response:
    try:
        with writing(here.bind) as connection:
            made = drafts.draft_by_hand(
                connection, ref, sent.text("template"), here.person, now=here.clock.now(), today=here.today
            )
    except Refused as error:
        return letter_new_page(here, ref, error=error)
    return RedirectResponse(f"/letters/{made}", 303)


def _fill(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    row = drafts.one_letter(connection, letter_id, here.person)
    data = data_of(drafts.needs_of(kind_of(row)), sent)
    drafts.fill(connection, letter_id, here.person, data, today=here.today)
    if sent.text("then") in ("submit", "submit_next"):
        drafts.submit(connection, letter_id, here.person, now=here.clock.now(), today=here.today)


def _submit(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    drafts.submit(connection, letter_id, here.person, now=here.clock.now(), today=here.today)


def _approve(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    drafts.approve(connection, letter_id, here.person, now=here.clock.now(), today=here.today)


def _return(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    drafts.send_back(connection, letter_id, here.person, sent.text("remarks"), now=here.clock.now(), today=here.today)


def _recall(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    drafts.recall(connection, letter_id, here.person, sent.text("reason"), now=here.clock.now(), today=here.today)


def _issue(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    on = parse_day("on", sent.text("on")) if sent.text("on") else None
    issuing.issue(
        connection, letter_id, here.person, now=here.clock.now(), today=here.today, on=on, wanted=sent.text("number")
    )


def _cancel(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    issuing.cancel_number(
        connection, letter_id, here.person, sent.text("reason"), now=here.clock.now(), today=here.today
    )


def _discard(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    drafts.discard(connection, letter_id, here.person, sent.text("reason"))


def _serve(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    row = drafts.one_letter(connection, letter_id, here.person)
    now = here.clock.now()
    kept = chosen_documents(connection, row["case_id"], sent.texts("document"))
    kept += [
        keep(connection, row["case_id"], content, name, by=here.person.login, now=now)
        for name, content in sent.files("evidence")
    ]
    way, _, result = sent.text("way").partition(":")
    to_on = parse_day("to_on", sent.text("to_on")) if sent.text("to_on") else None
    details: dict[str, Any] = {name: sent.text(name) for name in DETAILS}
    delivery = Delivery(way, result, parse_day("on", sent.text("on")), to_on, details, list(dict.fromkeys(kept)))
    serving.serve(connection, letter_id, here.person, delivery, now=now, today=here.today, refs=sent.texts("cases"))


def _signed(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    name, content = next(iter(sent.files("file")), ("", b""))
    if not name:
        raise WrongInput("file", "signed_no_file")
    keep_signed(connection, letter_id, here.person, content, name, sent.text("reason"), now=here.clock.now())


def _mark(connection: Connection, here: Visit, letter_id: int, sent: Typed) -> None:
    codes = {cell: sent.text(cell) for cell in CELLS}
    letter_marks.mark(connection, letter_id, here.person, codes, today=here.today)


_ACTIONS: dict[str, Callable[[Connection, Visit, int, Typed], None]] = {
    "fill": _fill, "submit": _submit, "approve": _approve, "return": _return, "issue": _issue, "cancel": _cancel,
    "recall": _recall, "discard": _discard, "serve": _serve, "signed": _signed, "mark": _mark,
}  # fmt: skip
