"""What the annexes of a batch print in place of the register: a table with a line for each case."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from correspondence.joint import batches
from correspondence.joint.annex_rows import OWN_VALUES
from correspondence.letter_data import LetterData
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/batches/{number:int}/annex", name="annex")
def annex(here: Here, number: int) -> Response:
    return _table(here, number)


@router.post("/batches/{number:int}/annex", name="annex_now")
def annex_now(here: Here, sent: Sent, number: int) -> Response:
    typed: dict[str, dict[str, str]] = {}
    for key, text in sent.items():
        name, _, ref = key.partition(".")
        if name in OWN_VALUES and ref:
            typed.setdefault(ref, {})[name] = str(text)
    try:
        with writing(here.bind) as connection:
            batches.set_values(connection, number, typed, by=here.person, clock=here.clock)
    except (WrongInput, Refused, NotFound) as error:
        return _table(here, number, sent, error)
    return RedirectResponse(f"/batches/{number}", 303)


def _table(here: Visit, number: int, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        batch = batches.own_batch(connection, number, here.person)
        cases = [case for case in batches.cases_in(connection, number) if not case.closed]
        rows = LetterData(connection).annex([case.row["case_id"] for case in cases], number)
    kept = {f"{name}.{case.ref}": text for case in cases for name, text in case.row["values"].items()}
    return page(
        here, "cases/annex.html", batch=batch, rows=rows, names=OWN_VALUES, typed=dict(sent.items()) if sent else kept,
        **error_content(error, here.lang),
    )  # fmt: skip
