"""The money of a case: its lists pasted or uploaded, the pay-out with its reasons, drafted by one press."""

from collections.abc import Callable, Collection, Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.case_view import find, load_seen
from casework.ledger import LoadedCase
from casework.money import lists
from casework.money.look import as_table, look, mark_of, rank_label, reason_text
from correspondence.money_acts import add_replies, draft_payout, money_of, plan_of, record_list, record_workbook
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.engine import available
from web.rendering import error_text, page, sentences
from web.request_context import Here, Sent, Visit, scanned
from web.table_files import table_file

router = APIRouter()


@router.get("/cases/{ref}/money", name="money")
def money(here: Here, ref: str, sold: str = "", done: str = "") -> Response:
    return _page(here, ref, sold=bool(sold), done=done)


@router.get("/cases/{ref}/money.xlsx", name="money_file")
@router.get("/cases/{ref}/money.csv", name="money_file")
def money_file(here: Here, ref: str) -> Response:
    with reading(here.bind) as connection:
        loaded = load_seen(connection, ref, here.person)
        view = look(connection, loaded, here.today)
        if view is None:
            raise Refused("money_other_version")
        tables = [*lists.as_tables(loaded, here.lang), as_table(view, loaded.row["unit_name"], here.lang)]
    return table_file(here, f"tai-san-chi-tra-{ref}", *tables)


@router.post("/cases/{ref}/money/file", name="money_upload")
def money_upload(here: Here, sent: Sent, ref: str) -> Response:
    files = scanned(sent.files("file"))
    if not files:
        return _page(here, ref, error=WrongInput("file", "no_file_chosen"))
    name, data = files[0]

    def record(connection: Connection, loaded: LoadedCase) -> None:
        record_workbook(connection, loaded, data, name, here.person, clock=here.clock)

    return _done(here, ref, record)


@router.post("/cases/{ref}/money/replies", name="money_replies")
def money_replies(here: Here, ref: str) -> Response:
    """Add what agencies replied to the list of claims."""

    def add(connection: Connection, loaded: LoadedCase) -> None:
        add_replies(connection, loaded, here.person, clock=here.clock)

    return _done(here, ref, add)


@router.post("/cases/{ref}/money/draft", name="money_draft")
def money_draft(here: Here, ref: str) -> Response:
    """Draft the pay-out as it is computed."""

    def draft(connection: Connection, loaded: LoadedCase) -> None:
        draft_payout(connection, loaded, here.person, clock=here.clock)

    return _done(here, ref, draft, "drafted")


@router.post("/cases/{ref}/money/{part}", name="money_list")
def money_list(here: Here, sent: Sent, ref: str, part: str) -> Response:
    if part not in lists.LISTS:
        raise NotFound("no_such_page")
    text = sent.text("rows")

    def record(connection: Connection, loaded: LoadedCase) -> None:
        money_of(loaded)
        listed = lists.from_text(part, lists.need_of(loaded, part), text)
        record_list(connection, loaded, part, listed, here.person, clock=here.clock)

    return _done(here, ref, record, typed={part: text})


def _done(
    here: Visit,
    ref: str,
    act: Callable[[Connection, LoadedCase], None],
    done: str = "recorded",
    typed: Mapping[str, str] | None = None,
) -> Response:
    """Do it in one transaction; where it is refused the page says why, with what was typed."""
    try:
        with writing(here.bind) as connection:
            act(connection, load_seen(connection, ref, here.person, lock=True))
    except (WrongInput, Refused, Conflict) as error:
        return _page(here, ref, error=error, typed=typed)
    return RedirectResponse(f"/cases/{ref}/money?done={done}", 303)


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
        allowed = {item.verb for item in available(loaded.procedure, loaded.state, here.person.doer()) if item.allowed}
        tables = [_table(here, loaded, name, (typed or {}).get(name), allowed) for name in lists.LISTS] if view else []
        plan = plan_of(loaded, here.person) if view else None
    return page(
        here, "cases/money.html",
        status=200 if error is None else 409 if isinstance(error, Refused) else 422,
        row=row, view=view, tables=tables, plan=plan, sold=sold,
        message=_message(error, here.lang), done=done if done in ("recorded", "drafted") else "",
        reason_text=reason_text, rank_label=rank_label, mark_of=mark_of,
    )  # fmt: skip


def _message(error: CoopcaseError | None, lang: str) -> str:
    """Every wrong cell of a list, one after the other."""
    if isinstance(error, WrongInput):
        return " ".join(sentences(error, lang).values())
    return error_text(error, lang) if error is not None else ""


def _table(here: Visit, loaded: LoadedCase, name: str, typed: str | None, allowed: Collection[str]) -> dict[str, Any]:
    """A list to be drawn: its headings, its rows as shown, and the text to paste into."""
    need, rows = lists.need_of(loaded, name), lists.listed_rows(loaded, name)
    return {
        "name": name,
        "heads": [(column.label[here.lang], column.type) for column in need.columns],
        "rows": [[lists.shown(column, row.get(column.name), here.lang) for column in need.columns] for row in rows],
        "text": typed if typed is not None else lists.as_text(need, rows, here.lang),
        "open": typed is not None,
        "allowed": lists.record_of(money_of(loaded), name).verb in allowed,
    }
