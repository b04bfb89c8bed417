"""Sends the outbox: each message is claimed, sent and noted; a failed one is retried, later each time.

A crash between sending and noting sends the same Message-ID again, so that mail programs fold the two.
"""

import hashlib
import random
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any, TypedDict

from markupsafe import Markup, escape
from sqlalchemy import ColumnElement, Connection, Engine, Select, Update, and_, func, or_, select, update

from models.clock import HANOI, Clock, SteppedClock, stopwatch
from models.database import is_sqlite, reading, writing
from models.leases import LEASE, database_now, is_free
from models.settings import Settings
from models.tables import channels, messages, officers
from models.tracking import Track, silent
from models.typed_rows import all_rows, first_row, one_row
from models.typed_rows.message_shapes import MessageRow
from notifications.delivery.carriers import PATIENCE, carry, carry_by_office
from notifications.delivery.channels import note
from notifications.delivery.mail_form import mail_of
from notifications.delivery.mailing import Mail, as_file
from notifications.message_texts import Text, render
from notifications.sending_rules import allowed_from, rules
from notifications.withdrawal import withdraw_settled
from rulebook.office_calendar import OfficeCalendars

LONGEST_WAIT = timedelta(hours=4)
MOST_REFERENCES = 10  # of the latest mails about a deadline
LONGEST_RUN = 45.0  # seconds; what is left goes with the next round, after what acts require
_HEADING = re.compile(r"<h2>.*?</h2>\n", re.DOTALL)
NOT_ITS_FAULT = ("cannot_write", "wrong_office_mail")  # our own disk or setting: no message is given up for that


class Addressee(TypedDict):
    """The person to whom messages go; `email` may be ""."""

    id: int
    name: str
    email: str
    lang: str
    active: bool


@dataclass(frozen=True, slots=True)
class Bundle:
    """Messages to one person that go as one mail; ours to send under the number `claim`, until its lease ends."""

    rows: Sequence[MessageRow]
    person: Addressee
    mail: Mail
    claim: int

    @property
    def ids(self) -> list[int]:
        return [row["id"] for row in self.rows]


@dataclass(frozen=True, slots=True)
class Delivery:
    """The result of an attempt.

    `outcome` is sent when at least one address accepted it, retry, or inbox where there is no address; `why` and the
    values of `by_channel` (by channel id) are codes of `messages.failed_`, "" for success.
    """

    outcome: str
    why: str = ""
    by_channel: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Retry:
    """The columns of a message after a failed attempt: pending again from `next_at`, or a dead letter."""

    status: str
    attempts: int
    next_at: datetime
    note: str
    claimed_until: None = None


class Part(TypedDict):
    """A message within a mail of several, as the template `several` reads it."""

    subject: str
    body: str
    html: Markup


def send(
    bind: Engine, clock: Clock, settings: Settings, *, patience: float = PATIENCE, track: Track = silent
) -> dict[str, int]:
    """Send all that is due. Returns the number of messages by outcome: sent, retry, dead_letter, inbox, superseded.

    `patience` is the longest wait for one address in seconds, `track` reports the progress.
    """
    counts: Counter[str] = Counter()
    if not _anything_due(bind, clock):
        return {}
    _put_in_order(bind, clock)
    for bundle in track(_claims(bind, clock), _due_count(bind, clock)):
        delivery = deliver(bind, bundle, settings, patience)
        counts[note_delivery(bind, bundle, delivery, clock.now())] += len(bundle.rows)
    return dict(counts)


def _claims(bind: Engine, clock: Clock) -> Iterator[Bundle]:
    """One bundle after the other, until nothing is due or the run has lasted LONGEST_RUN."""
    started = stopwatch()
    while stopwatch() - started < LONGEST_RUN and (bundle := claim(bind, clock)) is not None:
        yield bundle


def _due_count(bind: Engine, clock: Clock) -> int:
    with reading(bind) as connection:
        return connection.scalar(select(func.count()).select_from(messages).where(_due(connection, clock))) or 0


def _anything_due(bind: Engine, clock: Clock) -> bool:
    """Looked up without a writer's lock: most rounds of the worker find nothing."""
    with reading(bind) as connection:
        return connection.scalar(select(messages.c.id).where(_due(connection, clock)).limit(1)) is not None


def _due_until(clock: Clock) -> datetime:
    """The instant up to which first attempts are due; a demo clock steps by whole days: all hours of its day."""
    if isinstance(clock, SteppedClock):
        return datetime.combine(clock.today(), rules().quiet_from, HANOI).astimezone(UTC) - timedelta(seconds=1)
    return clock.now()


def _due(connection: Connection, clock: Clock) -> ColumnElement[bool]:
    columns, now = messages.c, clock.now()
    free = is_free(columns.claimed_until, database_now(connection))
    first = and_(columns.attempts == 0, columns.next_at <= _due_until(clock))
    return and_(columns.status == "pending", free, or_(columns.next_at <= now, first))


def _put_in_order(bind: Engine, clock: Clock) -> None:
    """Withdraw the reminders of settled deadlines; what is due in quiet hours or on a day off waits until it may go."""
    at = clock.now()
    if isinstance(clock, SteppedClock):
        at = datetime.combine(clock.today(), time(12), HANOI).astimezone(UTC)
    with writing(bind) as connection:
        withdraw_settled(connection)
        days = OfficeCalendars(connection)
        found = select(officers.c.id, officers.c.district_code).join(messages, messages.c.officer_id == officers.c.id)
        due = _due(connection, clock)
        for officer, district in connection.execute(found.where(due).distinct()).tuples().all():
            later = allowed_from(at, days.of(district).agency)
            if later > at:
                mine = update(messages).where(messages.c.officer_id == officer, due)
                connection.execute(mine.values(next_at=later))


def claim(bind: Engine, clock: Clock) -> Bundle | None:
    """The next messages that go as one mail, claimed until the lease ends; None when nothing is due."""
    with writing(bind) as connection:
        due = select(messages).where(_due(connection, clock)).order_by(messages.c.next_at, messages.c.id).limit(1)
        first = first_row(MessageRow, connection.execute(_locked(connection, due)))
        if first is None:
            return None
        rows = [first, *_mates(connection, first)]
        number, message_id = max(row["claim"] for row in rows) + 1, first["message_id"] or message_id_of(first["key"])
        mine = update(messages).where(messages.c.id.in_([row["id"] for row in rows]))
        until = database_now(connection) + LEASE
        connection.execute(mine.values(claim=number, claimed_until=until, message_id=message_id))
        columns = officers.c
        found = select(columns.id, columns.name, columns.email, columns.lang, columns.active).where(
            columns.id == first["officer_id"]
        )
        person = one_row(Addressee, connection.execute(found))
        return Bundle(rows, person, _mail(connection, rows, person, message_id), number)


def message_id_of(key: str) -> str:
    return f"<{hashlib.sha256(key.encode()).hexdigest()[:32]}@coopcase>"


def _mates(connection: Connection, first: MessageRow) -> list[MessageRow]:
    """The messages of the same mail: those that went with it before, or all pending notices to the same person."""
    columns = messages.c
    others = select(messages).where(columns.status == "pending", columns.id != first["id"])
    if first["message_id"]:
        others = others.where(columns.message_id == first["message_id"])
    elif first["kind"] == "notice":
        free = is_free(columns.claimed_until, database_now(connection))
        same = and_(columns.officer_id == first["officer_id"], columns.kind == "notice", columns.message_id == "")
        others = others.where(same, free)
    else:
        return []
    return all_rows(MessageRow, connection.execute(_locked(connection, others.order_by(columns.id))))


def _locked(connection: Connection, statement: Select[Any]) -> Select[Any]:
    return statement if is_sqlite(connection) else statement.with_for_update(skip_locked=True)


def _earlier(connection: Connection, first: MessageRow) -> list[str]:
    """The ids of the mails to the same person about the same deadline, the oldest and the latest ones."""
    if not first["deadline_key"]:
        return []
    columns = messages.c
    same = [columns[name] == first[name] for name in ("officer_id", "case_id", "deadline_key")]  # type: ignore[literal-required]
    found = select(columns.message_id).where(*same, columns.id < first["id"], columns.message_id != "")
    ids = list(connection.scalars(found.order_by(columns.id)))
    return ids[:1] + ids[1:][-MOST_REFERENCES:]


def _mail(connection: Connection, rows: Sequence[MessageRow], person: Addressee, message_id: str) -> Mail:
    first = rows[0]
    text = Text(first["subject"], first["body"], first["html"])
    if len(rows) > 1:
        text = render("several", person["lang"], items=[_part(row) for row in rows])
    about = (first["calendar"], first["created_at"], _earlier(connection, first), first["kind"])
    return mail_of(connection, message_id, text, person["lang"], *about)


def _part(row: MessageRow) -> Part:
    """A message within a mail of several: its subject names the case, which the text does not repeat."""
    news, named = row["subject"].partition(": ")[0], row["subject"][row["subject"].rfind("(") :]
    said = [line for line in row["body"].splitlines() if line == news or (named[-1:] == ")" and line.endswith(named))]
    lines = [line for line in row["body"].splitlines() if line not in said]
    html = _HEADING.sub("", row["html"]).replace(f"<p>{escape(news)}<br>", "<p>")
    return {"subject": row["subject"], "body": "\n".join(lines) + "\n", "html": Markup(html)}  # noqa: S704


def deliver(bind: Engine, bundle: Bundle, settings: Settings, patience: float = PATIENCE) -> Delivery:
    """Send to every channel of the person, else by the office's mail server, else into the folder of mail files."""
    if not bundle.person["active"]:
        return Delivery("inbox", "left")
    with reading(bind) as connection:
        mine = select(channels.c.id, channels.c.address_sealed).where(
            channels.c.officer_id == bundle.person["id"], channels.c.active
        )
        known = connection.execute(mine.order_by(channels.c.id)).tuples().all()
    if known:
        failing = {number: carry(settings, sealed, bundle.mail, patience) for number, sealed in known}
        failed = [code for code in failing.values() if code]
        return Delivery("sent", "", failing) if len(failed) < len(known) else Delivery("retry", failed[0], failing)
    if not bundle.person["email"]:
        return Delivery("inbox", "no_channel")
    to = (bundle.person["name"], bundle.person["email"])
    if settings.mail.get_secret_value():
        failure = carry_by_office(settings, bundle.mail, to, patience)
        return Delivery("retry", failure) if failure else Delivery("sent", "office_mail")
    return _to_folder(bundle, settings, to)


def _to_folder(bundle: Bundle, settings: Settings, to: tuple[str, str]) -> Delivery:
    name = bundle.mail.message_id.strip("<>").partition("@")[0]
    try:
        as_file(settings.data / "outgoing", name, bundle.mail, ("Coopcase", settings.sender()), to)
    except OSError:
        return Delivery("retry", "cannot_write")
    return Delivery("sent", "outgoing")


def note_delivery(bind: Engine, bundle: Bundle, delivery: Delivery, now: datetime) -> str:
    """Record the result of an attempt. Returns sent, retry, dead_letter or inbox.

    Returns superseded, with nothing recorded, where another worker has claimed the messages since, or where they were
    dropped or withdrawn.
    """
    values: dict[str, Any]
    if delivery.outcome == "retry":
        values = asdict(_schedule_retry(bundle, delivery.why, now))
    else:
        at = {"sent_at": now} if delivery.outcome == "sent" else {}
        values = {"status": delivery.outcome, "note": delivery.why, "claimed_until": None, **at}
    with writing(bind) as connection:
        if connection.execute(_claimed_by(bundle).values(**values)).rowcount == 0:
            return "superseded"
        for number, code in delivery.by_channel.items():
            note(connection, number, code, now)
    return "dead_letter" if values["status"] == "dead_letter" else delivery.outcome


def _claimed_by(bundle: Bundle) -> Update:
    """The messages of the bundle that wait still for the result of its own claim."""
    columns = messages.c
    return update(messages).where(
        columns.id.in_(bundle.ids), columns.status == "pending", columns.claim == bundle.claim
    )


def _schedule_retry(bundle: Bundle, why: str, now: datetime) -> Retry:
    """Later each time, not all at one instant; after the last attempt it is a dead letter.

    A full disk or a wrong setting of the product is no fault of the message: it is never given up for that.
    """
    first, most = bundle.rows[0], rules().attempts
    attempts = min(first["attempts"] + 1, most)
    dice = random.Random(f"{first['id']}:{attempts}")  # noqa: S311 - spreads the load, no secret
    wait = min(timedelta(minutes=2 ** (attempts - 1)), LONGEST_WAIT) * (1 + dice.random() / 4)
    status = "dead_letter" if attempts == most and why not in NOT_ITS_FAULT else "pending"
    return Retry(status, attempts, now + wait, why)
