"""Acts of officers on an office that others work on as well, and what is still pending for them."""

from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, and_, func, or_, select, update

from models.clock import HANOI
from models.database import reading
from models.office_clock import clock_of, set_demo_day
from models.tables import case_rows, effects, letter_rows, messages, officers
from tests.acting import apply
from tests.web.web_office import Office


def act(office: Office, ref: str, verb: str, **fields: Any) -> int:
    with reading(office.bind) as connection:
        clock = clock_of(connection)
        officer = select(officers.c.login).join(case_rows, case_rows.c.officer_id == officers.c.id)
        by = connection.execute(officer.where(case_rows.c.ref == ref)).scalar_one()
    return apply(office.bind, ref, verb, by=by, clock=clock, data=fields).seq


def step_to(connection: Connection, day: date) -> None:
    """Days pass: what was scheduled again comes due, and the leases of workers that were killed have ended."""
    set_demo_day(connection, day)
    claimed = update(messages).where(messages.c.claimed_until.is_not(None))
    connection.execute(claimed.values(claimed_until=datetime(2016, 1, 1, tzinfo=UTC)))


REQUESTED = 2  # letters: to the tax office, and to the other agencies


def request_letters(office: Office, ref: str) -> int:
    """The inquiries of a case. Returns the fact that requires them."""
    act(office, ref, "accept_case", file_held="true")
    return act(office, ref, "ask_agencies", tax_period="2010-2014")


def pending(office: Office) -> int:
    """Effects that are not done."""
    with reading(office.bind) as connection:
        found = select(func.count()).select_from(effects).where(effects.c.status != "done")
        return connection.scalar(found) or 0


def unsent(office: Office) -> int:
    """Messages given up, or due on the office's day and still to go; after hours they wait for the next working day."""
    columns = messages.c
    with reading(office.bind) as connection:
        night = datetime.combine(clock_of(connection).today(), time(23, 59), HANOI)
        left = or_(columns.status == "dead_letter", and_(columns.status == "pending", columns.next_at <= night))
        return connection.scalar(select(func.count()).select_from(messages).where(left)) or 0


def letters(office: Office, ref: str, seq: int) -> int:
    joined = letter_rows.join(case_rows, case_rows.c.id == letter_rows.c.case_id)
    found = select(letter_rows.c.id).select_from(joined).where(case_rows.c.ref == ref, letter_rows.c.fact_seq == seq)
    with reading(office.bind) as connection:
        return len(connection.execute(found).all())
