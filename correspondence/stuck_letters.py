"""Letters that got stuck: longer than practice allows at the same place, found set-wise for the watch and the lists."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Select, and_, or_, select, union

from casework.office.people import Actor
from correspondence.letter_order import SINCE
from correspondence.letter_queue import JOINED, SHOWN, ListedLetter, scope
from correspondence.service.service_rules import consecutive_issues, under_way, valid_attempts
from models.letter_links import IN_HAND_IDS
from models.tables import case_rows, letter_rows, services
from models.typed_rows import all_rows
from models.typed_rows.letter_shapes import ServiceRow
from procedures.paper_steps import Papers
from rulebook.office_papers import OfficePapers

PLACES = ("submitted", "approved", "issued", "undelivered", "printing", "posting")
OUT = ("issued", "undelivered", "served", "published")  # statuses in which attempts of service decide

_AT_ONCE = 500  # letters named in one statement
NEVER = 36_500  # days: a place for which the procedure names no limit
_L = letter_rows.c
_printed = letter_rows.alias("printed")
_JUDGED = (_L.id, _L.template, _L.status, SINCE.label("since_on"), case_rows.c.procedure)


class _Suspected(TypedDict):
    """A letter that may be stuck."""

    id: int
    template: str
    status: str
    since_on: date  # the day from which it has been in its status
    procedure: str  # the version of its case


class StuckPlace(TypedDict):
    """Where a letter has been too long."""

    id: int
    place: str  # of PLACES
    since_on: date
    days: int  # since then


class StuckLetter(ListedLetter):
    """A letter that has been too long at one place, as a line of a list."""

    place: str
    days: int


def stuck(connection: Connection, day: date, districts: Sequence[str] | None = None) -> list[StuckLetter]:
    """Every stuck letter of an open case: `place` where, `since_on` from when, `days` since; the longest first.

    Not signed, not issued, not served, come back and not tried again, printed in too few consecutive issues,
    posted without the minutes of its end.
    """
    return letters_at(connection, stuck_places(connection, day, districts))


def stuck_places(connection: Connection, day: date, districts: Sequence[str] | None = None) -> list[StuckPlace]:
    """The same without what a list shows of the letters."""
    known = OfficePapers(connection)
    found = select(*_JUDGED).select_from(JOINED).where(_suspect(day, known.all), case_rows.c.closed_on.is_(None))
    if districts is not None:
        found = found.where(_L.district_code.in_(districts))
    return _judged(connection, found, day, known)


def places_for(connection: Connection, person: Actor, day: date) -> list[StuckPlace]:
    """`stuck_places` as visible to a person; a case officer's own cases."""
    known = OfficePapers(connection)
    of_person = (_suspect(day, known.all), case_rows.c.closed_on.is_(None), *scope(person))
    found = select(*_JUDGED).select_from(JOINED).where(*of_person)
    if person.role == "case_officer":
        found = found.where(case_rows.c.officer_id == person.id)
    return _judged(connection, found, day, known)


def letters_at(connection: Connection, places: Sequence[StuckPlace]) -> list[StuckLetter]:
    """The letters at these places, as lists show them, in the same order."""
    rows: dict[int, ListedLetter] = {}
    for first in range(0, len(places), _AT_ONCE):
        some = [item["id"] for item in places[first : first + _AT_ONCE]]
        found = select(*SHOWN).select_from(JOINED).where(_L.id.in_(some))
        rows |= {row["id"]: row for row in all_rows(ListedLetter, connection.execute(found))}
    return [{**rows[item["id"]], **item} for item in places]


def _suspect(day: date, known: Sequence[Papers]) -> ColumnElement[bool]:
    """What may be stuck, by its row alone and by the shortest limit of any version.

    A statement begins with the few that wait for a hand, and those of the few templates that are printed.
    """
    limits = {place: min((papers.stuck.get(place, NEVER) for papers in known), default=NEVER) for place in PLACES}
    status, only_printed = letter_rows.c.status, {template for papers in known for template in papers.printed}
    waiting = [and_(status == name, day - timedelta(days=limits[name]) >= SINCE) for name in ("submitted", "approved")]
    shortest = min(limits[name] for name in ("issued", "undelivered", "posting"))
    out = and_(status.in_(("issued", "undelivered")), letter_rows.c.issued_on <= day - timedelta(days=shortest))
    printed = and_(
        letter_rows.c.template.in_(only_printed), status.in_(OUT),
        letter_rows.c.issued_on <= day - timedelta(days=limits["printing"]),
    )  # fmt: skip
    by_template = and_(_printed.c.template.in_(only_printed), _printed.c.status.in_(OUT))
    some = union(IN_HAND_IDS, select(_printed.c.id).where(by_template))
    return and_(letter_rows.c.id.in_(some), or_(*waiting, out, printed))


def _judged(connection: Connection, found: Select[Any], day: date, known: OfficePapers) -> list[StuckPlace]:
    rows = all_rows(_Suspected, connection.execute(found))
    tried = _attempts(connection, [row["id"] for row in rows if row["status"] in OUT])
    listed: list[StuckPlace] = []
    for row in rows:
        papers = known.of(row["procedure"])
        places = list(_places(row, tried.get(row["id"], []), day, papers))
        if places:
            _, place, since = max((((day - on).days - papers.stuck[name]), name, on) for name, on in places)
            listed.append({"id": row["id"], "place": place, "since_on": since, "days": (day - since).days})
    return sorted(listed, key=lambda row: (row["since_on"], row["id"]))


def _places(row: _Suspected, tried: Sequence[ServiceRow], day: date, papers: Papers) -> Iterator[tuple[str, date]]:
    """Where a letter is stuck, and since when."""
    for place, since in _current_places(row, valid_attempts(tried), papers):
        if since <= day - timedelta(days=papers.stuck.get(place, NEVER)):
            yield place, since


def _current_places(row: _Suspected, tried: Sequence[ServiceRow], papers: Papers) -> Iterator[tuple[str, date]]:
    """Each place where a letter is waiting now, with the day since when."""
    status = row["status"]
    if status in ("submitted", "approved"):  # nobody has tried to serve these
        yield status, row["since_on"]
        return
    begun, printed = under_way(tried, papers), row["template"] in papers.printed
    if status != "published" and printed and consecutive_issues(tried, papers) < papers.issues:
        yield "printing", row["since_on"]
    way = papers.way(begun["way"]) if begun is not None else None
    if begun is not None and way is not None and way.span:
        yield "posting", begun["to_on"] or begun["on"]
    elif status == "issued" and (not printed or not tried):
        yield "issued", begun["on"] if begun is not None else row["since_on"]
    elif status == "undelivered" and begun is None:
        returned = (item["on"] for item in tried if _came_back(papers, item))
        yield "undelivered", max(returned, default=row["since_on"])


def _came_back(papers: Papers, item: ServiceRow) -> bool:
    result = papers.result(item["way"], item["result"])
    return result is not None and result.means == "returned"


def _attempts(connection: Connection, letter_ids: Sequence[int]) -> dict[int, list[ServiceRow]]:
    found: dict[int, list[ServiceRow]] = {}
    tried = select(services).where(services.c.letter_id.in_(letter_ids)).order_by(services.c.id)
    for row in all_rows(ServiceRow, connection.execute(tried)):
        found.setdefault(row["letter_id"], []).append(row)
    return found
