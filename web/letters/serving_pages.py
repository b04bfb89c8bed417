"""Many letters served in one go: chosen from those that wait, one way, one day, one proof, a postal list."""

from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from correspondence.letter_queue import ListedLetter
from correspondence.service.service_rules import Delivery
from correspondence.service.serving_many import OWN, serve_many, waiting
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from procedures.service_ways import DETAILS
from procedures.state_machine.field_values import parse_day
from rulebook.office_papers import OfficePapers
from templates.formats import date_vi
from templates.spreadsheet import PLAIN, Table, columns_of
from templates.words import t
from web.labels import letter_name
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit
from web.table_files import table_file

router = APIRouter()
COMMON = tuple(name for name in DETAILS if name not in OWN)


@router.get("/letters/serve", name="serving")
def serving(here: Here, letter: str = "") -> Response:
    return _form(here, ticked=letter.split(",") if letter else ())


@router.get("/letters/serve.xlsx", name="serving_file")
def serving_file(here: Here) -> Response:
    """The postal list: a line for each letter that waits, with room for its postal number."""
    with reading(here.bind) as connection:
        rows = waiting(connection, here.person)
    heads = (t(f"servemany.column_{name}", here.lang) for name in ("number", "on", "letter", "unit", "ref", "tracking"))
    listed = [
        [_number(row), row["issued_on"], letter_name(row["template"], here.lang), row["unit_name"], row["ref"], ""]
        for row in rows
    ]
    title = t("servemany.list_title", here.lang)
    table = Table(title, title, "", columns_of(heads, (18, 12, 40, 40, 16, 20), [PLAIN] * 6), listed)
    return table_file(here, f"gui-buu-dien-{here.today:%Y-%m-%d}", table)


@router.post("/letters/serve", name="serving_now")
def serving_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            served = serve_many(
                connection, _delivery(sent, here), _lines(sent), sent.files("evidence"), here.person, clock=here.clock
            )
    except (WrongInput, Refused) as error:
        return _form(here, sent, error)
    return RedirectResponse(f"/operations/{served.operation}", 303)


def _delivery(sent: Typed, here: Visit) -> Delivery:
    way, _, result = sent.text("way").partition(":")
    on = parse_day("on", sent.text("on")) if sent.text("on") else here.today
    to_on = parse_day("to_on", sent.text("to_on")) if sent.text("to_on") else None
    return Delivery(way, result, on, to_on, {name: sent.text(name) for name in COMMON})


def _lines(sent: Typed) -> dict[int, Mapping[str, Any]]:
    chosen = [int(text) for text in sent.texts("letter") if text.isdecimal() and len(text) < 10]
    return {number: {name: sent.text(f"{name}.{number}") for name in OWN} for number in chosen}


def _number(row: ListedLetter) -> str:
    return f"{row['number']:02d}/{row['symbol']}" if row["number"] else row["symbol"]


def _form(
    here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None, ticked: Sequence[str] = ()
) -> Response:
    """`ticked`: the letters that were ticked in their list; those that do not wait to be served are counted."""
    with reading(here.bind) as connection:
        rows: Sequence[ListedLetter] = waiting(connection, here.person)
        ways = [
            (f"{name}:{ended}", result.act[here.lang])
            for name, way in OfficePapers(connection).ways().items()
            for ended, result in way.results.items()
        ]
    waits = {str(row["id"]) for row in rows}
    typed = dict(sent.items()) if sent else {"on": date_vi(here.today)}
    return page(
        here, "letters/serve_many.html", rows=rows, numbers={row["id"]: _number(row) for row in rows}, ways=ways,
        common=("to_on", *COMMON), own=OWN, typed=typed,
        ticked=sent.texts("letter") if sent else ticked, left_out=len([one for one in ticked if one not in waits]),
        **error_content(error, here.lang),
    )  # fmt: skip
