"""Who may write what into a case beside its acts, and the checks of what is typed."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from casework.case_view import find
from casework.ledger import LedgerCase
from casework.office.people import Actor
from letters.typed_text import check_text
from models.errors import Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from templates.words import both

WRITERS = frozenset({"case_officer", "manager", "leader", "legal", "clerk"})  # of notes; they are the office's own
READERS = WRITERS | {"admin"}  # of notes and instructions: no business of a commune's
ADDERS = WRITERS | {"commune"}  # of documents
HEADS = frozenset({"manager", "leader"})  # give instructions, and may close and strike what others wrote
LONGEST = 4_000


def seen_case(connection: Connection, ref: str, person: Actor, roles: frozenset[str], refusal: str) -> LedgerCase:
    """The case, for a person of these roles. Raises NotFound, Refused."""
    row = find(connection, ref, person)
    if person.role not in roles:
        raise Refused(refusal)
    return row


def required_text(field: str, text: str, label: str) -> str:
    """A text of several lines. Raises WrongInput at `field`; `label` is the key of its word."""
    typed = _checked(field, text, label)
    if not typed:
        raise WrongInput(field, "missing_field", label=both(label))
    if len(typed) > LONGEST:
        raise WrongInput(field, "office_text_too_long", label=both(label), longest=LONGEST)
    return typed


def day_of(field: str, text: str, label: str) -> date | None:
    """A day as it was typed; None where nothing was. Raises WrongInput."""
    if not text.strip():
        return None
    try:
        return parse_day(field, text)
    except WrongInput as wrong:
        wrong.params["label"] = both(label)
        raise


def day_to_come(field: str, text: str, label: str, today: date) -> date | None:
    """A day that is today or later. Raises WrongInput."""
    day = day_of(field, text, label)
    if day is not None and day < today:
        raise WrongInput(field, "day_is_past", label=both(label))
    return day


def _checked(field: str, text: str, label: str) -> str:
    try:
        return check_text(text, field)
    except WrongInput as wrong:
        named: Mapping[str, str] = both(label)
        wrong.params["label"] = named
        raise
