"""Unreachable people: without a channel or an e-mail address, or with messages that fail."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, func, or_, select

from models.tables import channels, messages, officers


@dataclass(frozen=True, slots=True)
class Unreached:
    """A person whom messages do not reach.

    `why` is a code of `messages.failed_`, `label` the channel that fails ("" for mail of the office), `since` the first
    failure, None where there is no address at all.
    """

    login: str
    name: str
    role: str
    district: str | None
    why: str
    label: str = ""
    since: datetime | None = None

    @property
    def failing(self) -> bool:
        return self.why != "no_channel"


def unreached(connection: Connection, district: str | None = None) -> list[Unreached]:
    """The active people of a district's office, or of all (None), with no address or a failing one; failing ones first.

    People without channels of their own get mail from the office; its failures are noted on their messages.
    """
    people: ColumnElement[bool] = officers.c.active
    if district is not None:
        people = and_(people, officers.c.district_code == district)
    listed = [*_failing(connection, people), *_by_office(connection, people), *_nowhere(connection, people)]
    return sorted(listed, key=lambda item: (not item.failing, item.district or "", item.name))


_WHO = (officers.c.login, officers.c.name, officers.c.role, officers.c.district_code)
_OWN = select(channels.c.id).where(channels.c.officer_id == officers.c.id, channels.c.active).exists()


def _failing(connection: Connection, people: ColumnElement[bool]) -> Iterator[Unreached]:
    columns = channels.c
    found = (
        select(*_WHO, columns.last_error, columns.label, columns.failing_since)
        .join(channels, columns.officer_id == officers.c.id)
        .where(people, columns.active, columns.failing_since.is_not(None))
        .order_by(columns.failing_since)
    )
    return (Unreached(*row) for row in connection.execute(found).tuples())


def _by_office(connection: Connection, people: ColumnElement[bool]) -> Iterator[Unreached]:
    """Messages that the office's mail server did not accept and that wait, or were given up."""
    columns = messages.c
    failed = columns.status.in_(("dead_letter", "pending")), or_(columns.status != "pending", columns.attempts > 0)
    few = (
        select(columns.officer_id, func.max(columns.note).label("why"), func.min(columns.created_at).label("since"))
        .where(*failed)
        .group_by(columns.officer_id)
        .cte("few")
        .prefix_with("MATERIALIZED")
    )
    found = (
        select(*_WHO, few.c.why, few.c.since)
        .join(few, few.c.officer_id == officers.c.id)
        .where(people, ~_OWN, officers.c.email != "")
    )
    for login, name, role, home, why, since in connection.execute(found).tuples():
        yield Unreached(login, name, role, home, why, "", since)


def _nowhere(connection: Connection, people: ColumnElement[bool]) -> Iterator[Unreached]:
    found = select(*_WHO).where(people, ~_OWN, officers.c.email == "")
    return (Unreached(*row, "no_channel") for row in connection.execute(found).tuples())
