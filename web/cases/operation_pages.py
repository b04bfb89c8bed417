"""What was done for several cases at once, and undoing it on the same day."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.case_view import officer_names
from correspondence.grid.operations import act_label, cases_in, listed, may_undo, operation, undo
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from rulebook.versions import Versions
from web.cases.grid_form import LINE, wrong_cells
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/operations", name="operations")
def operation_list(here: Here) -> Response:
    with reading(here.bind) as connection:
        found, versions = listed(connection, here.person), Versions(connection)
    return page(here, "cases/operations.html", found=found, versions=versions, act_label=act_label)


@router.get("/operations/{number:int}", name="operation")
def operation_one(here: Here, number: int) -> Response:
    return _shown(here, number)


@router.post("/operations/{number:int}/undo", name="operation_undo")
def operation_undo(here: Here, sent: Sent, number: int) -> Response:
    try:
        with writing(here.bind) as connection:
            made = undo(connection, number, set(sent.texts(LINE)), sent.text("reason"), here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _shown(here, number, sent, error)
    return RedirectResponse(f"/operations/{made}", 303)


def _shown(here: Visit, number: int, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        found = operation(connection, number, here.person)
        cases, versions = cases_in(connection, number), Versions(connection)
        names = officer_names(connection, [login for case in cases for login in (case.officer, case.before)])
    wrong = wrong_cells(error.every, (), here.lang) if isinstance(error, WrongInput) else None
    return page(
        here, "cases/operation.html", found=found, cases=cases, versions=versions, act_label=act_label, names=names,
        **error_content(error, here.lang, wrong),
        may_undo=may_undo(found, here.person, here.clock), ticked=sent.texts(LINE) if sent else None,
        reason=sent.text("reason") if sent else "",
    )  # fmt: skip
