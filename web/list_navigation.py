"""The list a person came from: the way back to the same place in it, and on to the next case."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casework.lists.worklist import ListedCase
from models.tables import case_rows
from web.lists import Pages
from web.request_context import Visit

LONGEST = 400  # characters of an address that are worth keeping in a cookie


@dataclass(frozen=True, slots=True)
class Trail:
    """The place of a case in the list it was opened from; no place: it was opened from elsewhere."""

    back: str
    place: int | None = None
    total: int = 0
    previous: str = ""
    following: str = ""
    following_name: str = ""


def lay(here: Visit, rows: Sequence[ListedCase], pages: Pages) -> None:
    """Remember the page of the list that is being looked at."""
    asked = here.request.url.query
    address = here.request.url.path + (f"?{asked}" if asked and len(asked) < LONGEST else "")
    here.request.session["trail"] = [address, pages.first_row, pages.total, [row.ref for row in rows]]


def trail_of(connection: Connection, here: Visit, ref: str) -> Trail:
    address, first, total, refs = here.request.session.get("trail", ["/work", 1, 0, []])
    if ref not in refs:
        return Trail(address)
    at = refs.index(ref)
    following, name = _still_open(connection, refs[at + 1 :])
    return Trail(f"{address}#{ref}", first + at, total, refs[at - 1] if at else "", following, name)


def _still_open(connection: Connection, refs: Sequence[str]) -> tuple[str, str]:
    """The first of these cases that is not closed meanwhile, with the name of its unit."""
    wanted = select(case_rows.c.ref, case_rows.c.unit_name).where(
        case_rows.c.ref.in_(refs), case_rows.c.closed_on.is_(None)
    )
    names = dict(connection.execute(wanted).tuples().all()) if refs else {}
    return next(((ref, names[ref]) for ref in refs if ref in names), ("", ""))
