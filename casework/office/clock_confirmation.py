"""A person confirms that the machine's clock is right, although it jumped; until then nothing is recorded."""

from sqlalchemy import Connection

from casework.office.office_journal import note
from casework.office.people import Actor
from models.clock import SystemClock
from models.clock_watch import Jump, jump_of, read_clock, trust
from models.errors import Conflict, Refused, WrongInput
from procedures.state_machine.field_values import clean_text

CONFIRMERS = frozenset({"admin", "manager", "leader"})  # of the city: the clock is that of every office


def may_confirm(person: Actor) -> bool:
    return person.role in CONFIRMERS and person.district is None


def confirm(connection: Connection, person: Actor, reason: str) -> Jump:
    """Take the clock for right and enter who did so, why, and what it said before, in the office's journal.

    Raises Refused, WrongInput; Conflict when the clock did not jump.
    """
    if not may_confirm(person):
        raise Refused("clock_not_yours")
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    jump = jump_of(connection)
    if jump is None:
        raise Conflict("clock_steady")
    data = {"expected": jump.expected.isoformat(), "now": jump.now.isoformat(), "reason": text}
    note(connection, "clock_confirmed", "machine", person.login, SystemClock(), data)
    trust(connection, read_clock())
    return jump
