"""The search of every page: hits as they are typed, and the page of everything found."""

from fastapi import APIRouter
from fastapi.responses import Response

from correspondence.searching import KINDS, LONGEST, Group, how_many, search, search_kind, suggestions
from models.database import reading
from web.access import may_open
from web.lists import PAGE, district_names, pages_of
from web.rendering import page
from web.request_context import Here, Visit

router = APIRouter()
OPENS = {  # the page that a hit leads to: who may not open it does not find it
    "case": "case", "unit": "unit", "letter": "letter", "incoming": "incoming_one", "earlier": "earlier_page",
    "note": "note", "instruction": "instruction",
}  # fmt: skip
SUGGESTED, FIRST = 5, 10  # hits of a kind while typing, and on the page of all kinds


@router.get("/search", name="search")
def search_page(here: Here, q: str = "", kind: str = "", p: int = 1) -> Response:
    """Everything found, the first of each kind; of one kind page by page."""
    text, kinds = _asked(q), _kinds(here)
    chosen = kind if kind in kinds else ""
    with reading(here.bind) as connection:
        districts, pages = district_names(connection), None
        if chosen:
            pages = pages_of(p, how_many(connection, here.person, text, chosen))
            offset = pages.offset
            found = search_kind(connection, here.person, text, chosen, limit=PAGE, offset=offset)
            groups = [Group(chosen, found.hits, pages.total)] if found.hits else []
        else:
            groups = search(connection, here.person, text, kinds, limit=FIRST)
    return page(
        here, "search.html", asked=text, kind=chosen, groups=groups, pages=pages, districts=districts,
        total=sum(group.total or 0 for group in groups),
    )  # fmt: skip


@router.get("/search/hits")
def search_hits(here: Here, q: str = "") -> Response:
    """A piece of a page for the box in the head: the first hits of each kind."""
    text = _asked(q)
    with reading(here.bind) as connection:
        found = suggestions(connection, here.person, text, _kinds(here), limit=SUGGESTED + 1)
        districts = district_names(connection)
    groups = [Group(group.kind, group.hits[:SUGGESTED]) for group in found]
    more = any(len(group.hits) > SUGGESTED for group in found)
    return page(here, "search_hits.html", asked=text, groups=groups, more=more, districts=districts)


def _asked(q: str) -> str:
    return " ".join(q.split())[:LONGEST]


def _kinds(here: Visit) -> list[str]:
    return [kind for kind in KINDS if may_open(OPENS[kind], here.person.role, here.person.district)]
