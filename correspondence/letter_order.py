"""Orders in which the list of letters may be read: by age, by kind, by unit, by status, by number."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, case, func, select

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
DOWN = "-"  # before an order: the other way round
OLDEST = "since"
FORMER: Mapping[str, str] = {"oldest": "since", "newest": "-since"}  # names of links that people have kept
NEVER_EMPTY = ("since", "unit")
ORDERS = ("since", "letter", "unit", "status", "number", "issued", "district", "officer")


def known_order(asked: str) -> str:
    """The order that an address asks for; the longest waiting first for one that there is not."""
    name = FORMER.get(asked, asked)
    return name if name.removeprefix(DOWN) in ORDERS else OLDEST


def order_of(asked: str) -> Order:
    """What to order letters by. What has no value comes last both ways; the same values in the order of drafting."""
    name, down = asked.removeprefix(DOWN), asked.startswith(DOWN)
    found: list[tuple[ColumnElement[Any], bool]] = []
    for column in _columns(name):
        empty_last = [] if name in NEVER_EMPTY else [(column.is_(None), False)]
        found += [*empty_last, (column, down)]
    return [*found, (_L.id, down)]


def _columns(name: str) -> tuple[ColumnElement[Any], ...]:
    letter = _L
    if name == "letter":
        titles = sorted(letter_types().values(), key=lambda kind: alphabetical(pick(kind.title, "vi")))
        return (case({kind.name: place for place, kind in enumerate(titles)}, value=letter.template, else_=None),)
    if name == "status":
        return (case({status: place for place, status in enumerate(STATUSES)}, value=letter.status, else_=None),)
    if name == "number":
        return letter.issued_on, letter.number
    plain: dict[str, ColumnElement[Any]] = {
        "since": SINCE, "unit": cases.c.unit_sort, "issued": letter.issued_on, "officer": officers.c.name,
        "district": districts.c.name,
    }  # fmt: skip
    return (plain[name],)


def joined_for(found: Select[Any], asked: str) -> Select[Any]:
    """The statement on letters and their cases with what `order_of` orders by."""
    name = asked.removeprefix(DOWN)
    if name == "officer":
        return found.outerjoin(officers, officers.c.id == cases.c.officer_id)
    if name == "district":
        return found.outerjoin(districts, districts.c.code == cases.c.district_code)
    return found
