"""Closing days of the office: listed, previewed with every deadline they move, adopted, and taken back."""

import json
from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.database import reading
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from procedures.legal_time.calendar_editions import newest_edition
from rule_changes.closing_days import (
    NewClosing,
    active_closing,
    adopt,
    listed,
    may_adopt,
    preview,
    preview_revocation,
    revoke_closing,
)
from rule_changes.moved_deadlines import Moved, digest_of
from rule_changes.typed_closing_days import closing, closings_of_range, read_closings
from rulebook.office_calendar import calendars_of
from rulebook.office_edition import office_edition
from rulebook.versions import Versions
from web.lists import district_names
from web.rendering import error_content, page, sentences
from web.request_context import Here, Sent, Typed, Visit, scanned

router = APIRouter()
FIELDS = ("on", "to_on", "layer", "district", "reason", "decision")
MOST_BYTES = 200_000


@router.get("/office/closings")
def closings(here: Here, done: int | None = None) -> Response:
    return _list(here, done=done)


@router.post("/office/closings")
def closings_preview(here: Here, sent: Sent) -> Response:
    """What was typed or sent as a file, with everything it would move; nothing is changed yet."""
    try:
        wanted = _wanted(here, sent)
        with reading(here.bind) as connection:
            moved = preview(connection, wanted, here.today)
    except (WrongInput, Refused) as error:
        return _list(here, sent, error)
    return _preview(here, wanted, moved)


@router.post("/office/closings/adopt")
def closings_adopt(here: Here, sent: Sent) -> Response:
    try:
        wanted = [closing(item) for item in _planned(sent)]
        moved = adopt(here.bind, wanted, by=here.person.login, clock=here.clock, seen=sent.text("seen"))
    except (WrongInput, Refused, Conflict) as error:
        return _list(here, sent, error)
    return RedirectResponse(f"/office/closings?done={len(moved)}", 303)


@router.get("/office/closings/{number:int}/back")
def closing_back(here: Here, number: int) -> Response:
    return _back(here, number)


@router.post("/office/closings/{number:int}/back")
def closing_back_now(here: Here, sent: Sent, number: int) -> Response:
    seen = sent.text("seen")
    try:
        moved = revoke_closing(
            here.bind, number, sent.text("reason"), by=here.person.login, clock=here.clock, seen=seen
        )
    except WrongInput as error:
        return _back(here, number, sent, error)
    except (Refused, Conflict) as error:
        return _list(here, sent, error)
    return RedirectResponse(f"/office/closings?done={len(moved)}", 303)


def _wanted(here: Visit, sent: Typed) -> list[NewClosing]:
    """One day or a range from the form, or the list of a file. A district's people speak for their own office."""
    files = scanned(sent.files("file"))
    if files:
        return _from_file(files[0][1])
    typed = {name: sent.text(name) for name in FIELDS}
    if here.person.district is not None:
        typed |= {"layer": "office", "district": here.person.district}
    district = typed["district"] if typed["layer"] == "office" else None
    with reading(here.bind) as connection:
        agency = calendars_of(connection, district or None).agency
    return closings_of_range(typed, agency)


def _from_file(content: bytes) -> list[NewClosing]:
    try:
        if len(content) > MOST_BYTES:
            raise WrongInput("file", "closings_not_a_list")
        return read_closings(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise WrongInput("file", "closings_not_yaml") from None
    except WrongInput as error:
        raise _at_file(error) from None


def _at_file(error: WrongInput) -> WrongInput:
    """A file has one box on the form: its errors are shown there."""
    params = {name: value for name, value in error.params.items() if name not in ("field", "also")}
    return WrongInput("file", error.code, **params)


def _planned(sent: Typed) -> list[dict[str, Any]]:
    try:
        found = json.loads(sent.text("plan"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not found or not all(isinstance(item, dict) for item in found):
        raise Refused("form_too_old")
    return found


def _list(
    here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None, *, done: int | None = None
) -> Response:
    with reading(here.bind) as connection:
        office = here.person.district
        rows, names = listed(connection, office, everywhere=office is None), district_names(connection)
        newer = newest_edition() if office_edition(connection) < newest_edition() else None
    may_back = {row["id"] for row in rows if row["back_at"] is None and may_adopt(here.person, row["district_code"])}
    typed = {name: sent.text(name) if sent else "" for name in FIELDS}
    return page(
        here, "office/closings.html",
        rows=rows, districts=names,
        typed=typed, may_back=may_back, done=done, newer=newer,
        **error_content(error, here.lang),
    )  # fmt: skip


def _preview(here: Visit, wanted: Sequence[NewClosing], moved: Sequence[Moved]) -> Response:
    plan = [
        {
            "on": item.on.isoformat(), "layer": item.layer, "district": item.district or "", "reason": item.reason,
            "decision": item.decision,
        }
        for item in wanted
    ]  # fmt: skip
    with reading(here.bind) as connection:
        versions, names = Versions(connection), district_names(connection)
        return page(
            here, "office/closings_preview.html", wanted=wanted, moved=moved, plan=json.dumps(plan, ensure_ascii=False),
            seen=digest_of(moved), versions=versions, districts=names,
        )  # fmt: skip


def _back(here: Visit, number: int, sent: Typed | None = None, error: WrongInput | None = None) -> Response:
    """Raises NotFound, Refused: no such day, taken back already, or another office's."""
    with reading(here.bind) as connection:
        row = active_closing(connection, number)
        if not may_adopt(here.person, row["district_code"]):
            raise NotFound("no_such_closing", closing=number)
        moved = preview_revocation(connection, number, here.today)
        return page(
            here, "office/closing_back.html", status=422 if error else 200, row=row, moved=moved, seen=digest_of(moved),
            wrong=sentences(error, here.lang) if error else {}, reason=sent.text("reason") if sent else "",
            versions=Versions(connection), districts=district_names(connection),
        )  # fmt: skip
