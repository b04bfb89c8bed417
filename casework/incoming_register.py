"""The register of incoming documents: numbered by office and year, tied to cases and to the letters they answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, select
from sqlalchemy.dialects import postgresql, sqlite

from casework.correspondence import one_letter
from casework.ledger import case_row
from casework.people import Actor, require_sight
from models.database import is_sqlite
from models.errors import Refused, WrongInput
from models.tables import books, case_rows, incoming
from procedures.values import clean_text

_LABELS = {"from_body": {"vi": "Nơi gửi", "en": "From"}, "summary": {"vi": "Trích yếu", "en": "Summary"}}
MAY_REGISTER = frozenset({"clerk", "case_officer", "manager"})


@dataclass(frozen=True, slots=True)
class Arrival:
    """A document that came in: who wrote it, its own number and date, what it says in short."""

    from_body: str
    summary: str
    received_on: date
    symbol: str = ""
    dated_on: date | None = None
    ref: str = ""
    answers_letter: int | None = None
    evidence: Sequence[str] = ()


def register_incoming(connection: Connection, person: Actor, arrival: Arrival, *, now: datetime, today: date) -> int:
    """Give a document the next number of the office's register; gives the number back.

    Raises NotFound, Refused, WrongInput.
    """
    if person.role not in MAY_REGISTER:
        raise Refused("registering_not_yours")
    texts = {name: clean_text(name, getattr(arrival, name)) for name in ("from_body", "summary", "symbol")}
    for name, label in (
        ("from_body", {"vi": "Nơi gửi", "en": "From"}),
        ("summary", {"vi": "Trích yếu", "en": "Summary"}),
    ):
        if not texts[name]:
            raise WrongInput(name, "missing_field", label=label)
    if arrival.received_on > today:
        raise WrongInput("received_on", "date_in_future", label={"vi": "Ngày đến", "en": "Received"}, value="")
    office, year = person.district or "HP", arrival.received_on.year
    number = _next(connection, office, year)
    values = {
        **texts, "office": office, "year": year, "number": number,
        "dated_on": arrival.dated_on, "received_on": arrival.received_on,
        "case_id": _case_id(connection, person, arrival), "answers_letter_id": arrival.answers_letter,
        "evidence": list(arrival.evidence), "recorded_by": person.login, "recorded_at": now,
    }  # fmt: skip
    connection.execute(incoming.insert().values(**values))
    return number


def arrivals(connection: Connection, person: Actor, year: int, limit: int = 500) -> list[dict[str, Any]]:
    """The lines of the person's own office for a year, newest first."""
    joined = incoming.outerjoin(case_rows, case_rows.c.id == incoming.c.case_id)
    found = (
        select(incoming, case_rows.c.ref, case_rows.c.unit_name)
        .select_from(joined)
        .where(incoming.c.office == (person.district or "HP"), incoming.c.year == year)
        .order_by(incoming.c.number.desc())
        .limit(limit)
    )
    return [dict(row) for row in connection.execute(found).mappings()]


def _case_id(connection: Connection, person: Actor, arrival: Arrival) -> int | None:
    if arrival.answers_letter is not None:
        return int(one_letter(connection, arrival.answers_letter, person)["case_id"])
    if not arrival.ref:
        return None
    row = case_row(connection, arrival.ref)
    require_sight(person, row["district_code"], arrival.ref)
    return int(row["id"])


def _next(connection: Connection, office: str, year: int) -> int:
    module = sqlite if is_sqlite(connection) else postgresql
    counter = module.insert(books).values(issuer=office, series="incoming", year=year, last=1)
    counter = counter.on_conflict_do_update(
        index_elements=["issuer", "series", "year"], set_={"last": books.c.last + 1}
    )
    return int(connection.execute(counter.returning(books.c.last)).scalar_one())
