"""The list of letters: what waits for this person first, what got stuck, and any status, by age."""

from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from correspondence.bulk.bulk_prints import letters_to_print
from correspondence.bulk.bulk_view import waiting_batches
from correspondence.ink.ink_lists import to_confirm_count
from correspondence.letter_order import DOWN, STATUSES, known_order
from correspondence.letter_queue import (
    ON_PAPER,
    ListedLetter,
    letter_list_page,
    on_paper_count,
    status_counts,
    waiting_count,
)
from correspondence.letter_rights import ENTERERS
from correspondence.many_letters import MOST
from correspondence.stuck_letters import StuckPlace, letters_at, places_for
from letters.output.print_run import print_run
from models.database import reading
from models.errors import Refused, WrongInput
from models.search_query import found_by
from web.access import may_open
from web.cases.case_pages import attachment
from web.list_options import ListColumn, list_choice
from web.lists import PAGE, district_names, pages_of
from web.rendering import error_text, page, status_of
from web.request_context import Here, Visit

router = APIRouter()
STUCK = "stuck"
DOES = ("next", "print", "serve")  # with ticked letters
MOST_TICKED = MOST  # letters in one PDF or one service too
COLUMNS = (
    ListColumn("letter", "pages.letter", "letter"),
    ListColumn("unit", "pages.unit", "unit"),
    ListColumn("status", "pages.status", "status"),
    ListColumn("since", "letters.waiting_since", "since"),
    ListColumn("issued", "letters.issued_on", "number", usual=False),
    ListColumn("district", "pages.district", "district", usual=False),
)


@router.get("/letters")
def letter_list(here: Here, status: str = "", q: str = "", sort: str = "", cols: str = "", p: int = 1) -> Response:
    asked = asked_letters(status, q, sort)
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "letters", COLUMNS, sort=asked["sort"], cols=cols)
        districts = district_names(connection)
        held = places_for(connection, here.person, here.today)
        counts = status_counts(connection, here.person)
        rows, total = listed(connection, here, asked, held, (max(p, 1) - 1) * PAGE, PAGE, counts)
        batches = waiting_batches(connection, here.person, here.today)
        counts |= {
            "": waiting_count(connection, here.person, here.today),
            STUCK: len(held),
            ON_PAPER: on_paper_count(connection, here.person, here.today),
            "all": sum(counts.values()),
        }
        confirming = to_confirm_count(connection, here.person) if counts.get("entered") else 0
    places = {row["id"]: row["place"] for row in held}
    return page(
        here, "letters/letters.html", rows=rows, asked=asked, counts=counts, places=places, batches=batches,
        pages=pages_of(p, total), may_enter=here.person.role in ENTERERS, confirming=confirming,
        may_serve=may_open("serving", here.person.role, here.person.district),
        may_drop=may_open("documents_now", here.person.role, here.person.district),
        ticked=here.request.query_params.getlist("letter"),
        choice=choice, cols=cols, districts=districts, shelves=["", STUCK, ON_PAPER, *STATUSES, "all"],
    )  # fmt: skip


@router.get("/letters/ticked")
def letters_ticked(
    here: Here, status: str = "", q: str = "", sort: str = "", do: str = "", every: bool = False
) -> Response:
    """Prints the ticked letters, or all of the filter, as one PDF, or leads to their next step or their service."""
    asked = asked_letters(status, q, sort)
    try:
        if do not in DOES:
            raise WrongInput("do", "nothing_to_do")
        with reading(here.bind) as connection:
            chosen = _chosen(connection, here, asked, every)
            bound = letters_to_print(connection, chosen, here.person, here.today) if do == "print" else []
        if bound:
            return attachment(print_run(bound), f"van-ban-{here.today:%Y-%m-%d}.pdf", "application/pdf")
    except (WrongInput, Refused) as error:
        ticked = [("letter", one) for one in here.request.query_params.getlist("letter")]
        back = "/letters?" + urlencode([*((name, value) for name, value in asked.items() if value), *ticked])
        return page(
            here, "cases/bulk_empty.html", status=status_of(error), message=error_text(error, here.lang),
            title="bulkbar.letters", list_address=back,
        )  # fmt: skip
    return RedirectResponse(f"/letters/{do}?letter=" + ",".join(map(str, chosen)), 303)


def asked_letters(status: str, q: str, sort: str) -> dict[str, str]:
    """Which letters a list is asked for, and in which order."""
    return {"status": status, "q": q.strip()[:120], "sort": known_order(sort)}


def _chosen(connection: Connection, here: Visit, asked: Mapping[str, str], every: bool) -> list[int]:
    """The ticked letters, or all of the filter. Raises WrongInput where there are none, or too many for one PDF."""
    if every:
        held = places_for(connection, here.person, here.today) if asked["status"] == STUCK else []
        rows, total = listed(connection, here, asked, held, 0, MOST_TICKED)
        chosen = [row["id"] for row in rows]
    else:
        texts = here.request.query_params.getlist("letter")
        chosen = list(dict.fromkeys(int(text) for text in texts if text.isdecimal() and len(text) < 10))
        total = len(chosen)
    if not chosen:
        raise WrongInput("letter", "no_letter_ticked")
    if total > MOST_TICKED:
        raise WrongInput("letter", "too_many_letters_ticked", count=total, limit=MOST_TICKED)
    return chosen


def listed(
    connection: Connection, here: Visit, asked: Mapping[str, str], held: Sequence[StuckPlace], first: int, limit: int,
    counts: Mapping[str, int] | None = None,
) -> tuple[Sequence[ListedLetter], int]:  # fmt: skip
    """Letters of a shelf (`status`) that match `q`, from row `first`, in the order of `sort`; and how many in all.

    `counts`: see `letter_list_page`.
    """
    if asked["status"] == STUCK:
        sought = set(connection.scalars(found_by("letter", asked["q"], here.person.district))) if asked["q"] else None
        found = [row for row in held if sought is None or row["id"] in sought]
        found = found[::-1] if asked["sort"].startswith(DOWN) else found
        return letters_at(connection, found[first : first + limit]), len(found)
    return letter_list_page(
        connection, here.person, here.today, status=asked["status"], search=asked["q"], sort=asked["sort"],
        limit=limit, offset=first, counts=counts,
    )  # fmt: skip
