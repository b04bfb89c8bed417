"""The messages of the outbox by status, and what people do by hand: send again, drop."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import TypedDict

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select, update

from models.errors import NotFound, Refused, WrongInput
from models.tables import case_rows, messages, officers
from models.typed_rows import all_rows
from procedures.state_machine.field_values import clean_text

HANDLERS = ("manager", "leader", "admin")
LONGEST_REASON = 300
_COLUMNS = messages.c
VIEWS: Mapping[str, ColumnElement[bool]] = {
    "dead_letter": _COLUMNS.status == "dead_letter",
    "retry_scheduled": and_(_COLUMNS.status == "pending", _COLUMNS.attempts > 0),
    "pending": and_(_COLUMNS.status == "pending", _COLUMNS.attempts == 0),
    "held": _COLUMNS.status == "held",
    "dropped": _COLUMNS.status == "dropped",
    "withdrawn": _COLUMNS.status == "withdrawn",
    "sent": _COLUMNS.status == "sent",
    "inbox": _COLUMNS.status == "inbox",
}
DROPPABLE = ("pending", "held", "dead_letter")


class ListedMessage(TypedDict):
    """A message with its recipient (`login`, `name`) and the reference of its case, None where it has none."""

    id: int
    kind: str
    subject: str
    status: str
    attempts: int
    created_on: date
    created_at: datetime
    next_at: datetime
    sent_at: datetime | None
    note: str
    handled_by: str
    handled_at: datetime | None
    login: str
    name: str
    ref: str | None


def counts(connection: Connection, district: str | None = None) -> dict[str, int]:
    """The number of messages by view, of a district's office or of all (None)."""
    by = (_COLUMNS.officer_id, _COLUMNS.status, _COLUMNS.attempts)  # as an index has them
    found = select(*by, func.count()).where(*_of_district(district)).group_by(*by)
    counted = dict.fromkeys(VIEWS, 0)
    for _, status, attempts, count in connection.execute(found).tuples():
        counted["retry_scheduled" if status == "pending" and attempts else status] += count
    return counted


def listed(
    connection: Connection, view: str, district: str | None = None, *, limit: int = 500, offset: int = 0
) -> list[ListedMessage]:
    """The messages of a view (a key of VIEWS), the newest first. Raises WrongInput for an unknown view."""
    if view not in VIEWS:
        raise WrongInput("status", "not_an_option", value=view, options=", ".join(VIEWS))
    wanted = (
        _COLUMNS.id, _COLUMNS.kind, _COLUMNS.subject, _COLUMNS.status, _COLUMNS.attempts, _COLUMNS.created_on,
        _COLUMNS.created_at, _COLUMNS.next_at, _COLUMNS.sent_at, _COLUMNS.note, _COLUMNS.handled_by,
        _COLUMNS.handled_at, officers.c.login, officers.c.name, case_rows.c.ref,
    )  # fmt: skip
    own = select(_COLUMNS.id).where(VIEWS[view], *_of_district(district))
    ids = connection.scalars(own.order_by(_COLUMNS.id.desc()).limit(limit).offset(offset)).all()
    joined = messages.join(officers, officers.c.id == _COLUMNS.officer_id).outerjoin(
        case_rows, case_rows.c.id == _COLUMNS.case_id
    )
    found = select(*wanted).select_from(joined).where(_COLUMNS.id.in_(ids)).order_by(_COLUMNS.id.desc())
    return all_rows(ListedMessage, connection.execute(found))


def retry(connection: Connection, number: int, *, by: str, district: str | None, now: datetime) -> None:
    """Make a dead-letter message pending again, with those of the same mail. Raises NotFound.

    It keeps its Message-ID: should it have arrived after all, mail programs show it once.
    """
    _require(connection, number, ("dead_letter",), district)
    mate = select(_COLUMNS.message_id).where(_COLUMNS.id == number, _COLUMNS.message_id != "").scalar_subquery()
    dead = update(messages).where(
        _COLUMNS.status == "dead_letter", or_(_COLUMNS.id == number, _COLUMNS.message_id == mate)
    )
    again = {"status": "pending", "attempts": 0, "next_at": now, "claimed_until": None}
    connection.execute(dead.values(**again, handled_by=by, handled_at=now))


def drop(connection: Connection, number: int, *, reason: str, by: str, district: str | None, now: datetime) -> None:
    """Never send a message; the row stays, with the reason. Raises NotFound, WrongInput."""
    text = clean_text("reason", reason)[:LONGEST_REASON]
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    _require(connection, number, DROPPABLE, district)
    mine = update(messages).where(_COLUMNS.id == number, _COLUMNS.status.in_(DROPPABLE))
    connection.execute(mine.values(status="dropped", note=text, handled_by=by, handled_at=now))


def require_handler(role: str) -> None:
    """Raises Refused for roles other than the heads of an office and its administrator."""
    if role not in HANDLERS:
        raise Refused("outbox_not_yours")


def _require(connection: Connection, number: int, statuses: tuple[str, ...], district: str | None) -> None:
    """Raises NotFound also for a message of another office: its existence is not disclosed."""
    own = (_COLUMNS.id == number, _COLUMNS.status.in_(statuses), *_of_district(district))
    found = select(_COLUMNS.id).where(*own)
    if connection.scalar(found) is None:
        raise NotFound("no_such_message", message=number)


def _of_district(district: str | None) -> list[ColumnElement[bool]]:
    if district is None:
        return []
    return [_COLUMNS.officer_id.in_(select(officers.c.id).where(officers.c.district_code == district))]
