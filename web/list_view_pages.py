"""Choosing the columns of a list, saving it as a view, and what becomes of a view."""

from urllib.parse import quote

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.office import list_views
from casework.office.list_views import View
from models.database import writing
from models.errors import NotFound, WrongInput
from web.list_options import PATHS, clean_query
from web.rendering import error_text, page
from web.request_context import Here, Sent

router = APIRouter()


@router.post("/lists/{name}/columns")
def list_columns_now(here: Here, sent: Sent, name: str) -> Response:
    """Keep the ticked columns; `usual` goes back to those of a person who has chosen none."""
    path = _path(name)
    chosen = [] if sent.text("usual") else sent.texts("column")
    with writing(here.bind) as connection:
        list_views.choose_columns(connection, here.person.id, name, chosen)
    return _to(path, clean_query(sent.text("query"), without=("cols",)))


@router.post("/lists/{name}/views")
def list_view_now(here: Here, sent: Sent, name: str) -> Response:
    path, query = _path(name), clean_query(sent.text("query"))
    try:
        with writing(here.bind) as connection:
            list_views.save_view(connection, here.person.id, name, sent.text("name"), query)
    except WrongInput as error:
        return page(
            here, "list_view.html", status=422, list=name, back=f"{path}?{query}", question=query,
            name=sent.text("name"), message=error_text(error, here.lang),
        )  # fmt: skip
    return _to(path, query)


@router.post("/lists/views/{view:int}/{act}")
def list_view_act(here: Here, view: int, act: str) -> Response:
    """Remove a view, begin with it, or begin with the home page again."""
    who = here.person.id
    with writing(here.bind) as connection:
        if act == "remove":
            done = list_views.remove_view(connection, who, view)
        elif act in ("start", "usual"):
            done = list_views.begin_with(connection, who, view, start=act == "start")
        else:
            raise NotFound("no_such_page")
    return _back(done)


def _back(view: View) -> Response:
    return _to(PATHS[view.page], clean_query(view.query))


def _path(name: str) -> str:
    if name not in PATHS:
        raise NotFound("no_such_page")
    return PATHS[name]


def _to(path: str, query: str) -> Response:
    return RedirectResponse(f"{path}?{quote(query, safe='=&%,+-._~')}" if query else path, 303)
