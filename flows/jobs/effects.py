"""The outbox: every effect an act requires is done once, whatever is killed and whenever."""

from collections import Counter
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Engine, or_, select, true, update

from models.clock import Clock
from models.database import TRANSIENT_ERRORS, is_sqlite, reading, writing
from models.errors import CoopcaseError
from models.tables import case_rows, effects

MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(seconds=2**MAX_ATTEMPTS)
BATCH = 200
Handler = Callable[[Connection, Mapping[str, Any], Clock], None]


def drain(bind: Engine, clock: Clock, ref: str | None = None) -> dict[str, int]:
    """Do all that is pending now, of one case or of all; gives back how many were done, scheduled again and given up.

    An effect and its note are one transaction: after a kill it is either done and noted, or still pending.
    """
    return _drain(bind, clock, true() if ref is None else case_rows.c.ref == ref)


def drain_office(bind: Engine, clock: Clock) -> dict[str, int]:
    """Do what belongs to no case: news of the rules that the office goes by."""
    return _drain(bind, clock, effects.c.case_id.is_(None))


def _drain(bind: Engine, clock: Clock, wanted: ColumnElement[bool]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    while identities := _owed(bind, clock.now(), wanted):
        outcomes = Counter(_do(bind, identity, clock) for identity in identities)
        counts += outcomes
        if set(outcomes) == {"claimed_by_other"}:  # somebody else is at it; looking again at once would only spin
            break
    return dict(counts)


def pending_cases(bind: Engine, now: datetime, limit: int = 50) -> list[tuple[str, str]]:
    """(reference, stage) of the cases that have pending effects, longest waiting first."""
    with reading(bind) as connection:
        found = (
            select(case_rows.c.ref, case_rows.c.stage)
            .join(effects, effects.c.case_id == case_rows.c.id)
            .where(effects.c.status == "pending", _due(now))
            .order_by(effects.c.id)
            .limit(limit * 4)
        )
        return list(dict(connection.execute(found).tuples().all()).items())[:limit]


def listed(connection: Connection, status: str = "pending", limit: int = 500) -> list[dict[str, Any]]:
    """What is pending, done or given up, with the case it belongs to."""
    columns = effects.c
    found = (
        select(
            columns.id, columns.key, columns.kind, columns.payload, columns.status, columns.attempts,
            columns.next_at, columns.note, case_rows.c.ref,
        )
        .outerjoin(case_rows, case_rows.c.id == columns.case_id)
        .where(columns.status == status)
        .order_by(columns.id)
        .limit(limit)
    )  # fmt: skip
    return [dict(row) for row in connection.execute(found).mappings()]


def _owed(bind: Engine, now: datetime, wanted: ColumnElement[bool]) -> list[int]:
    joined = effects.outerjoin(case_rows, case_rows.c.id == effects.c.case_id)
    found = select(effects.c.id).select_from(joined).where(effects.c.status == "pending", _due(now), wanted)
    with reading(bind) as connection:
        return list(connection.scalars(found.order_by(effects.c.id).limit(BATCH)))


def _due(now: datetime) -> ColumnElement[bool]:
    """New, or its wait is over. A wait longer than any we give means that the clock was set back: it is over too."""
    at = effects.c.next_at
    return or_(effects.c.attempts == 0, at <= now, at > now + LONGEST_WAIT)


def _do(bind: Engine, identity: int, clock: Clock) -> str:
    try:
        with writing(bind) as connection:
            row = _claimed(connection, identity)
            if row is None:
                return "claimed_by_other"
            HANDLERS[row["kind"]](connection, row, clock)
            connection.execute(_note(identity, status="done", done_at=clock.now()))
            return "done"
    except Exception as error:
        return _schedule_retry(bind, identity, clock, error)


def _claimed(connection: Connection, identity: int) -> Mapping[str, Any] | None:
    """The row, held until the transaction ends; none when somebody else did or holds it."""
    statement = (
        select(effects, case_rows.c.ref)
        .outerjoin(case_rows, case_rows.c.id == effects.c.case_id)
        .where(effects.c.id == identity, effects.c.status == "pending")
    )
    if not is_sqlite(connection):
        statement = statement.with_for_update(of=effects, skip_locked=True)
    row = connection.execute(statement).mappings().first()
    return None if row is None else dict(row)


def _schedule_retry(bind: Engine, identity: int, clock: Clock, error: Exception) -> str:
    """Try again later, each time after twice as long; after the last try it waits for a person."""
    reason = error.code if isinstance(error, CoopcaseError) else type(error).__name__
    with writing(bind) as connection:
        tried = connection.scalar(select(effects.c.attempts).where(effects.c.id == identity)) or 0
        attempts = min(tried + 1, MAX_ATTEMPTS)
        dead = attempts == MAX_ATTEMPTS and not isinstance(error, TRANSIENT_ERRORS)  # that is no fault of the effect
        later = clock.now() + timedelta(seconds=2**attempts)
        status = "dead_letter" if dead else "pending"
        noted = _note(identity, status=status, attempts=attempts, next_at=later, note=reason)
        connection.execute(noted.where(effects.c.status == "pending"))  # unless another worker did it meanwhile
    return "dead_letter" if dead else "retry_scheduled"


def retry(bind: Engine, identity: int, now: datetime) -> bool:
    """Owe a given-up effect again; False when there is none of that number."""
    with writing(bind) as connection:
        dead = _note(identity, status="pending", attempts=0, next_at=now).where(effects.c.status == "dead_letter")
        return connection.execute(dead).rowcount > 0


def _note(identity: int, **values: Any) -> Any:
    return update(effects).where(effects.c.id == identity).values(**values)


def _letter(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    from correspondence.drafts import draft_owed

    payload = row["payload"]
    draft_owed(connection, row["case_id"], payload["template"], payload["seq"], now=clock.now(), today=clock.today())


def _notice(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    from notifications.notices import post_notice

    post_notice(connection, row, now=clock.now(), today=clock.today())


def _letter_news(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    from notifications.letter_notices import post_letter_news

    post_letter_news(connection, row, now=clock.now(), today=clock.today())


def _withdraw(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    """Of one case, or of the many that one change of the rules moved."""
    from notifications.ladder import withdraw, withdraw_many

    now, today, payload = clock.now(), clock.today(), row["payload"]
    if row["case_id"] is not None:
        withdraw(connection, row["case_id"], payload["keys"], now=now, today=today)
    else:
        withdraw_many(connection, dict(payload["cases"]), now=now, today=today)


def _annulled(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    from correspondence.drafts import cancel_drafts_of
    from correspondence.service.service_undo import undo_service
    from notifications.notices import post_notice

    seq = row["payload"]["seq_annulled"]
    cancel_drafts_of(connection, row["case_id"], seq, now=clock.now())
    undo_service(connection, row["case_id"], seq, now=clock.now(), today=clock.today())
    post_notice(connection, row, now=clock.now(), today=clock.today())


def _version(connection: Connection, row: Mapping[str, Any], clock: Clock) -> None:
    from notifications.version_news import post_version_news

    post_version_news(connection, row, now=clock.now(), today=clock.today())


HANDLERS: dict[str, Handler] = {
    "letter": _letter,
    "notice": _notice,
    "letter_news": _letter_news,
    "withdraw": _withdraw,
    "annulled": _annulled,
    "version": _version,
}
