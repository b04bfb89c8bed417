"""The money of a case: its lists pasted or uploaded, the pay-out with its reasons, drafted by one press."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.case_view import find, load_seen
from casework.ledger import LoadedCase
from casework.money import lists
from casework.money.look import look, rank_label, reason_text, sheet_rows
from correspondence.effective_papers import act_in
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from procedures.money.of_case import rows_of
from procedures.money.rules import Money
from procedures.state_machine.engine import available
from templates.words import t
from web.cases.case_pages import attachment
from web.letters.book_pages import XLSX
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit, scanned

router = APIRouter()


@router.get("/cases/{ref}/money", name="money")
def money(here: Here, ref: str, sold: str = "", done: str = "") -> Response:
    return _page(here, ref, sold=bool(sold), done=done)


@router.get("/cases/{ref}/money.xlsx", name="money_file")
def money_file(here: Here, ref: str) -> Response:
    with reading(here.bind) as connection:
        loaded = load_seen(connection, ref, here.person)
        view = look(connection, loaded, here.today)
        if view is None:
            raise Refused("money_other_version")
        data = lists.workbook(loaded, here.lang, [(t("payout.sheet", here.lang), sheet_rows(view, here.lang))])
    return attachment(data, f"tai-san-chi-tra-{ref}.xlsx", XLSX)


@router.post("/cases/{ref}/money/file", name="money_upload")
def money_upload(here: Here, sent: Sent, ref: str) -> Response:
    files = scanned(sent.files("file"))
    if not files:
        return _page(here, ref, error=WrongInput("file", "no_file_chosen"))
    name, data = files[0]
    try:
        with writing(here.bind) as connection:
            loaded = load_seen(connection, ref, here.person, lock=True)
            _money(loaded)
            for key, listed in lists.from_workbook(loaded, data, name).items():
                if listed.rows != [] or lists.listed_rows(loaded, key):
                    _record(connection, here, loaded, key, listed)
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, ref, error=error)
    return RedirectResponse(f"/cases/{ref}/money?done=recorded", 303)


@router.post("/cases/{ref}/money/replies", name="money_replies")
def money_replies(here: Here, ref: str) -> Response:
    """Add what agencies replied to the list of claims."""
    try:
        with writing(here.bind) as connection:
            loaded = load_seen(connection, ref, here.person, lock=True)
            money = _money(loaded)
            view = look(connection, loaded, here.today)
            rows = [*rows_of(loaded.state, money.claims), *(view.replies if view else ())]
            _act(connection, here, loaded, money.claims.verb, {money.claims.field: rows})
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, ref, error=error)
    return RedirectResponse(f"/cases/{ref}/money?done=recorded", 303)


@router.post("/cases/{ref}/money/draft", name="money_draft")
def money_draft(here: Here, ref: str) -> Response:
    """Draft the pay-out as it is computed."""
    try:
        with writing(here.bind) as connection:
            loaded = load_seen(connection, ref, here.person, lock=True)
            verb = _plan(loaded, here)
            if verb is None:
                raise Refused("money_no_plan_here")
            _act(connection, here, loaded, verb, {})
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, ref, error=error)
    return RedirectResponse(f"/cases/{ref}/money?done=drafted", 303)


@router.post("/cases/{ref}/money/{part}", name="money_list")
def money_list(here: Here, sent: Sent, ref: str, part: str) -> Response:
    if part not in lists.LISTS:
        raise NotFound("no_such_page")
    text = sent.text("rows")
    try:
        with writing(here.bind) as connection:
            loaded = load_seen(connection, ref, here.person, lock=True)
            _money(loaded)
            _record(connection, here, loaded, part, lists.from_text(part, lists.need_of(loaded, part), text))
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, ref, error=error, typed={part: text})
    return RedirectResponse(f"/cases/{ref}/money?done=recorded", 303)


def _record(connection: Connection, here: Visit, loaded: LoadedCase, part: str, listed: lists.Listed) -> None:
    """Record a list; an error names the line and the column. Raises WrongInput, Refused."""
    record = lists.record_of(_money(loaded), part)
    try:
        _act(connection, here, loaded, record.verb, {record.field: listed.rows})
    except WrongInput as error:
        place = lists.place_in_words(lists.need_of(loaded, part), listed, error.field, here.lang)
        title = t(f"payout.list_{part}", here.lang)
        where = f"{title}: {place}" if place else title
        raise WrongInput(error.field, "money_row_wrong", place=where, why=error_text(error, here.lang)) from None


def _act(connection: Connection, here: Visit, loaded: LoadedCase, verb: str, data: Mapping[str, Any]) -> None:
    act_in(connection, loaded.row["ref"], verb, by=here.person.login, clock=here.clock, data=data)


def _money(loaded: LoadedCase) -> Money:
    if loaded.procedure.money is None:
        raise Refused("money_other_version")
    return loaded.procedure.money


def _plan(loaded: LoadedCase, here: Visit) -> str | None:
    """The act that this person may draft the pay-out with now."""
    plans = _money(loaded).plans
    allowed = (item.verb for item in available(loaded.procedure, loaded.state, here.person.doer()) if item.allowed)
    return next((verb for verb in allowed if verb in plans), None)


def _page(
    here: Visit,
    ref: str,
    *,
    sold: bool = False,
    done: str = "",
    error: CoopcaseError | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        loaded = load_seen(connection, ref, here.person)
        view = look(connection, loaded, here.today, as_if_sold=sold)
        tables = [_table(here, loaded, name, (typed or {}).get(name)) for name in lists.LISTS] if view else []
        plan = _plan(loaded, here) if view else None
    return page(
        here, "cases/money.html",
        status=200 if error is None else 409 if isinstance(error, Refused) else 422,
        row=row, view=view, tables=tables, plan=plan, sold=sold,
        message=error_text(error, here.lang) if error else "", done=done if done in ("recorded", "drafted") else "",
        reason_text=reason_text, rank_label=rank_label,
    )  # fmt: skip


def _table(here: Visit, loaded: LoadedCase, name: str, typed: str | None) -> dict[str, Any]:
    """A list to be drawn: its headings, its rows as shown, and the text to paste into."""
    need, rows = lists.need_of(loaded, name), lists.listed_rows(loaded, name)
    verb = lists.record_of(_money(loaded), name).verb
    allowed = any(
        item.verb == verb and item.allowed for item in available(loaded.procedure, loaded.state, here.person.doer())
    )
    return {
        "name": name,
        "heads": [(column.label[here.lang], column.type) for column in need.columns],
        "rows": [[lists.shown(column, row.get(column.name), here.lang) for column in need.columns] for row in rows],
        "text": typed if typed is not None else lists.as_text(need, rows, here.lang),
        "open": typed is not None,
        "allowed": allowed,
    }
