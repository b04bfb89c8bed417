"""What the office has settled: the start page of its heads, its legal office and its operator."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from models.errors import NotFound
from web.access import office_tabs
from web.request_context import Here

router = APIRouter()


@router.get("/office")
def office(here: Here) -> Response:
    """The first of the tabs that this person may open. Raises NotFound when there is none."""
    found = next(iter(office_tabs(here.person.role, here.person.district).values()), None)
    if found is None:
        raise NotFound("no_such_page")
    return RedirectResponse(found, 303)
