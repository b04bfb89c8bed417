"""The outbox: every effect that an act requires is done once, also when a process is killed on the way."""

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Engine, Update, or_, select, true, update

from models.clock import Clock
from models.database import TRANSIENT_ERRORS, is_sqlite, reading, writing
from models.errors import CoopcaseError
from models.tables import case_rows, effects
from models.typed_rows import all_rows, first_row
from models.typed_rows.message_shapes import EffectRow

MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(seconds=2**MAX_ATTEMPTS)
BATCH = 200
Handler = Callable[[Connection, EffectRow, Clock], None]


class ListedEffect(TypedDict):
    """An effect as lists show it; `ref` is None where it belongs to no case."""

    id: int
    key: str
    kind: str
    payload: dict[str, Any]
    status: str
    attempts: int
    next_at: datetime
    note: str
    ref: str | None


def drain(bind: Engine, clock: Clock, ref: str | None = None) -> dict[str, int]:
    """Carry out what is pending now, of one case (`ref`) or of all.

    Returns the counts by outcome: done, retry_scheduled, dead_letter, claimed_by_other. An effect and its status are
    one transaction: after a kill it is either done, or still pending.
    """
    return _drain(bind, clock, true() if ref is None else case_rows.c.ref == ref)


def drain_office(bind: Engine, clock: Clock) -> dict[str, int]:
    """Carry out what belongs to no case, such as news of the procedure's versions. Returns as `drain` does."""
    return _drain(bind, clock, effects.c.case_id.is_(None))


def _drain(bind: Engine, clock: Clock, wanted: ColumnElement[bool]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    while identities := _pending(bind, clock.now(), wanted):
        outcomes = Counter(_do(bind, identity, clock) for identity in identities)
        counts += outcomes
        if set(outcomes) == {"claimed_by_other"}:  # looking again at once would only spin
            break
    return dict(counts)


def pending_cases(bind: Engine, now: datetime, limit: int = 50) -> list[tuple[str, str]]:
    """(reference, stage) of at most `limit` cases that have pending effects, longest waiting first."""
    with reading(bind) as connection:
        found = (
            select(case_rows.c.ref, case_rows.c.stage)
            .join(effects, effects.c.case_id == case_rows.c.id)
            .where(effects.c.status == "pending", _due(now))
            .order_by(effects.c.id)
            .limit(limit * 4)
        )
        return list(dict(connection.execute(found).tuples().all()).items())[:limit]


def listed(connection: Connection, status: str = "pending", limit: int = 500) -> list[ListedEffect]:
    """The effects of a status (pending, done, dead_letter), the oldest first."""
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
    return all_rows(ListedEffect, connection.execute(found))


def _pending(bind: Engine, now: datetime, wanted: ColumnElement[bool]) -> list[int]:
    joined = effects.outerjoin(case_rows, case_rows.c.id == effects.c.case_id)
    found = select(effects.c.id).select_from(joined).where(effects.c.status == "pending", _due(now), wanted)
    with reading(bind) as connection:
        return list(connection.scalars(found.order_by(effects.c.id).limit(BATCH)))


def _due(now: datetime) -> ColumnElement[bool]:
    """New, or its wait is over; so is a wait longer than LONGEST_WAIT, which means that the clock was set back."""
    at = effects.c.next_at
    return or_(effects.c.attempts == 0, at <= now, at > now + LONGEST_WAIT)


def _do(bind: Engine, identity: int, clock: Clock) -> str:
    try:
        with writing(bind) as connection:
            effect = _claimed(connection, identity)
            if effect is None:
                return "claimed_by_other"
            HANDLERS[effect["kind"]](connection, effect, clock)
            connection.execute(_note(identity, status="done", done_at=clock.now()))
            return "done"
    except Exception as error:
        return _schedule_retry(bind, identity, clock, error)


def _claimed(connection: Connection, identity: int) -> EffectRow | None:
    """The effect, locked until the transaction ends; None when another worker did it or has locked it."""
    statement = select(effects).where(effects.c.id == identity, effects.c.status == "pending")
    if not is_sqlite(connection):
        statement = statement.with_for_update(skip_locked=True)
    return first_row(EffectRow, connection.execute(statement))


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
    """Make a dead-letter effect pending again; False when there is none of that id."""
    with writing(bind) as connection:
        dead = _note(identity, status="pending", attempts=0, next_at=now).where(effects.c.status == "dead_letter")
        return connection.execute(dead).rowcount > 0


def _note(identity: int, **values: Any) -> Update:
    return update(effects).where(effects.c.id == identity).values(**values)


def _case_id(effect: EffectRow) -> int:
    """The case of an effect. Raises ValueError when it belongs to none."""
    if effect["case_id"] is None:
        raise ValueError(f"effect {effect['key']} belongs to no case")
    return effect["case_id"]


def _letter(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from correspondence.drafts import draft_required

    template, seq = effect["payload"]["template"], effect["payload"]["seq"]
    draft_required(connection, _case_id(effect), template, seq, now=clock.now(), today=clock.today())


def _notice(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from notifications.notices import post_notice

    post_notice(connection, effect, now=clock.now(), today=clock.today())


def _letter_news(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from notifications.letter_notices import post_letter_news

    post_letter_news(connection, effect, now=clock.now(), today=clock.today())


def _instruction(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from notifications.instruction_notices import post_instruction_news

    post_instruction_news(connection, effect, now=clock.now(), today=clock.today())


def _withdraw(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    """Of one case, or of the many whose deadlines one change of the rules moved."""
    from notifications.withdrawal import withdraw, withdraw_many

    now, today, payload = clock.now(), clock.today(), effect["payload"]
    if effect["case_id"] is not None:
        withdraw(connection, effect["case_id"], payload["keys"], now=now, today=today)
    else:
        withdraw_many(connection, dict(payload["cases"]), now=now, today=today)


def _annulled(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from correspondence.drafts import cancel_drafts_of
    from correspondence.service.service_undo import undo_service
    from notifications.notices import post_notice

    case_id, seq = _case_id(effect), effect["payload"]["seq_annulled"]
    cancel_drafts_of(connection, case_id, seq, now=clock.now())
    undo_service(connection, case_id, seq, now=clock.now(), today=clock.today())
    post_notice(connection, effect, now=clock.now(), today=clock.today())


def _version(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from notifications.version_news import post_version_news

    post_version_news(connection, effect, now=clock.now(), today=clock.today())


def _open_case(connection: Connection, effect: EffectRow, clock: Clock) -> None:
    from casework.transfers import open_at_receiver

    open_at_receiver(connection, _case_id(effect), effect["payload"]["office"], clock)


HANDLERS: dict[str, Handler] = {
    "open_case": _open_case,
    "letter": _letter,
    "notice": _notice,
    "letter_news": _letter_news,
    "instruction": _instruction,
    "withdraw": _withdraw,
    "annulled": _annulled,
    "version": _version,
}
