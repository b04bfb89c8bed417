"""The list a person came from: the way back to the same place in it, and on to the next case."""

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, select

from casework.lists.listed_case import ListedCase
from models.tables import case_rows
from web.browser_keys import browser_of
from web.lists import Pages
from web.request_context import Visit

LONGEST = 400  # characters of an address that are worth keeping
MOST_KEPT = 2_000  # browsers whose last list is remembered


@dataclass(frozen=True, slots=True)
class LastList:
    """The page of a list that a browser showed last: its address, the place of its first row, and its cases."""

    address: str = "/work"
    first: int = 1
    total: int = 0
    refs: tuple[str, ...] = ()


class LastLists:
    """By session, in memory: a restart forgets them, and a case then leads back to the worklist."""

    def __init__(self) -> None:
        self.found: OrderedDict[str, LastList] = OrderedDict()

    def keep(self, key: str, shown: LastList) -> None:
        self.found[key] = shown
        self.found.move_to_end(key)
        while len(self.found) > MOST_KEPT:
            self.found.popitem(last=False)

    def of(self, key: str) -> LastList:
        return self.found.get(key, LastList())


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
    shown = LastList(address, pages.first_row, pages.total, tuple(row.ref for row in rows))
    _lists(here).keep(browser_of(here.request).key, shown)


def trail_of(connection: Connection, here: Visit, ref: str) -> Trail:
    shown = _lists(here).of(browser_of(here.request).key)
    if ref not in shown.refs:
        return Trail(shown.address)
    at = shown.refs.index(ref)
    following, name = _still_open(connection, shown.refs[at + 1 :])
    previous = shown.refs[at - 1] if at else ""
    return Trail(f"{shown.address}#{ref}", shown.first + at, shown.total, previous, following, name)


def _lists(here: Visit) -> LastLists:
    found: LastLists = here.request.app.state.last_lists
    return found


def _still_open(connection: Connection, refs: Sequence[str]) -> tuple[str, str]:
    """The first of these cases that is not closed meanwhile, with the name of its unit."""
    wanted = select(case_rows.c.ref, case_rows.c.unit_name).where(
        case_rows.c.ref.in_(refs), case_rows.c.closed_on.is_(None)
    )
    names = dict(connection.execute(wanted).tuples().all()) if refs else {}
    return next(((ref, names[ref]) for ref in refs if ref in names), ("", ""))
