"""Orders in which the list of letters may be read: by age, by kind, by unit, by status, by number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, and_, case, func, select

from letters.catalogue import letter_types
from models.from_end import Order
from models.tables import case_rows as cases
from models.tables import districts, letter_rows, officers, signed_papers
from templates.alphabet import alphabetical
from templates.words import pick

STATUSES = (
    "draft",
    "returned",
    "submitted",
    "entered",
    "approved",
    "issued",
    "undelivered",
    "served",
    "published",
    "cancelled",
)
_L, _P = letter_rows.c, signed_papers.c
_ENTERED_AT = select(func.max(_P.entered_at)).where(_P.letter_id == _L.id).scalar_subquery()
SINCE: ColumnElement[date] = case(  # the day from which a letter has been in its status
    (_L.status == "submitted", func.coalesce(func.date(_L.submitted_at, type_=Date), _L.drafted_for_on)),
    (_L.status == "entered", func.coalesce(func.date(_ENTERED_AT, type_=Date), _L.drafted_for_on)),
    (_L.status == "approved", func.coalesce(func.date(_L.approved_at, type_=Date), _L.drafted_for_on)),
    else_=func.coalesce(_L.issued_on, _L.drafted_for_on),
)
SINCE_ISSUE = ("issued", "served", "undelivered", "published")  # these count from the day of issue, which they have
_STATUS_PLACES = {status: place for place, status in enumerate(STATUSES)}
DOWN = "-"  # before an order: the other way round
OLDEST = "since"
FORMER: Mapping[str, str] = {"oldest": "since", "newest": "-since"}  # names of links that people have kept
NEVER_EMPTY = ("since", "unit")
ORDERS = ("since", "letter", "unit", "status", "number", "issued", "district", "officer")


def known_order(asked: str) -> str:
    """The order that an address asks for; the longest waiting first for one that there is not."""
    name = FORMER.get(asked, asked)
    return name if name.removeprefix(DOWN) in ORDERS else OLDEST


def order_of(asked: str, status: str = "") -> Order:
    """What to order letters by. What has no value comes last both ways; the same values in the order of drafting.

    `status`: that of all letters of the list, where they have one.
    """
    name, down = asked.removeprefix(DOWN), asked.startswith(DOWN)
    found: list[tuple[ColumnElement[Any], bool]] = []
    for column in (_L.issued_on,) if name == "since" and status in SINCE_ISSUE else _columns(name):
        empty_last = [] if name in NEVER_EMPTY else [(column.is_(None), False)]
        found += [*empty_last, (column, down)]
    return [*found, (_L.id, down)]


def places_of(asked: str) -> tuple[ColumnElement[Any], Mapping[str, int]] | None:
    """The column of an order by the place of its values, and these places; None for any other order."""
    name = asked.removeprefix(DOWN)
    if name == "letter":
        titles = sorted(letter_types().values(), key=lambda kind: alphabetical(pick(kind.title, "vi")))
        return _L.template, {kind.name: place for place, kind in enumerate(titles)}
    return (_L.status, _STATUS_PLACES) if name == "status" else None


def _columns(name: str) -> tuple[ColumnElement[Any], ...]:
    if ranked := places_of(name):
        column, places = ranked
        return (case(places, value=column, else_=None),)
    if name == "number":
        return _L.issued_on, _L.number
    plain: dict[str, ColumnElement[Any]] = {
        "since": SINCE, "unit": cases.c.unit_sort, "issued": _L.issued_on, "officer": officers.c.name,
        "district": districts.c.name,
    }  # fmt: skip
    return (plain[name],)


def joined_for(found: Select[Any], asked: str) -> Select[Any]:
    """The statement on letters with what `order_of` orders by."""
    name = asked.removeprefix(DOWN)
    if name in ("unit", "officer"):
        # both districts, so that the cases of one may be read in the order of an index
        found = found.join(cases, and_(cases.c.id == _L.case_id, cases.c.district_code == _L.district_code))
    if name == "officer":
        return found.outerjoin(officers, officers.c.id == cases.c.officer_id)
    if name == "district":
        return found.outerjoin(districts, districts.c.code == _L.district_code)
    return found
