"""The outbox: every effect that an act requires is done once, also when a process is killed on the way."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any, TypedDict

from sqlalchemy import ColumnElement, Connection, Engine, Update, or_, select, true, update

from models.clock import Clock
from models.database import TRANSIENT_ERRORS, is_sqlite, reading, writing
from models.errors import CoopcaseError
from models.tables import case_rows, effects
from models.typed_rows import all_rows
from models.typed_rows.message_shapes import EffectRow

MAX_ATTEMPTS = 8
LONGEST_WAIT = timedelta(seconds=2**MAX_ATTEMPTS)
BATCH = 200
TOGETHER = {"notice": 50, "letter": 10}  # in one transaction, which other writers wait for on SQLite; others alone
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


def drain(bind: Engine, clock: Clock, refs: Collection[str] | None = None) -> dict[str, int]:
    """Carry out what is pending now, of these cases or of all.

    Returns the counts by outcome: done, retry_scheduled, dead_letter, claimed_by_other. An effect and its status are
    one transaction, which may have several effects in it: after a kill each is either done, or still pending.
    """
    return _drain(bind, clock, true() if refs is None else case_rows.c.ref.in_(refs))


def drain_office(bind: Engine, clock: Clock) -> dict[str, int]:
    """Carry out what belongs to no case, such as news of the procedure's versions. Returns as `drain` does."""
    return _drain(bind, clock, effects.c.case_id.is_(None))


def _drain(bind: Engine, clock: Clock, wanted: ColumnElement[bool]) -> dict[str, int]:
    counts: Counter[str] = Counter()
    while listed := _pending(bind, clock.now(), wanted):
        outcomes: Counter[str] = Counter()
        for kind, identities in _groups(listed):
            outcomes += _do(bind, kind, identities, clock)
        counts += outcomes
        if set(outcomes) == {"claimed_by_other"}:  # looking again at once would only spin
            break
    return dict(counts)


def pending_cases(
    bind: Engine, now: datetime, limit: int = 800, among: Collection[str] | None = None
) -> list[tuple[str, str]]:  # fmt: skip
    """(reference, stage) of at most `limit` cases that have pending effects, longest waiting first; `among` these."""
    found = (
        select(case_rows.c.ref, case_rows.c.stage)
        .join(effects, effects.c.case_id == case_rows.c.id)
        .where(effects.c.status == "pending", _due(now))
        .order_by(effects.c.id)
        .limit(limit * 4)
    )
    if among is not None:
        found = found.where(case_rows.c.ref.in_(among))
    with reading(bind) as connection:
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


def _pending(bind: Engine, now: datetime, wanted: ColumnElement[bool]) -> list[tuple[int, str, int | None]]:
    """(id, kind, case), the longest waiting first."""
    columns = effects.c
    joined = effects.outerjoin(case_rows, case_rows.c.id == columns.case_id)
    found = select(columns.id, columns.kind, columns.case_id).select_from(joined)
    found = found.where(columns.status == "pending", _due(now), wanted).order_by(columns.id).limit(BATCH)
    with reading(bind) as connection:
        return [(number, kind, case) for number, kind, case in connection.execute(found).tuples()]


def _groups(listed: Iterable[tuple[int, str, int | None]]) -> Iterator[tuple[str, list[int]]]:
    """(kind, ids) of effects that one transaction carries out. Those of one case keep their order: each goes with the
    effects that come first, second … in their cases."""
    rounds: defaultdict[tuple[int, str], list[int]] = defaultdict(list)
    seen: Counter[int | None] = Counter()
    for number, kind, case in listed:
        rounds[seen[case], kind].append(number)
        seen[case] += 1
    for (_, kind), numbers in sorted(rounds.items()):
        size = TOGETHER.get(kind, 1)
        for start in range(0, len(numbers), size):
            yield kind, numbers[start : start + size]


def _due(now: datetime) -> ColumnElement[bool]:
    """New, or its wait is over; so is a wait longer than LONGEST_WAIT, which means that the clock was set back."""
    at = effects.c.next_at
    return or_(effects.c.attempts == 0, at <= now, at > now + LONGEST_WAIT)


def _do(bind: Engine, kind: str, identities: Sequence[int], clock: Clock) -> Counter[str]:
    """Carry out effects of one kind in one transaction; where that fails, each in one of its own."""
    try:
        with writing(bind) as connection:
            claimed = _claimed(connection, identities)
            _carry_out(connection, kind, claimed, clock)
            done = effects.c.id.in_([effect["id"] for effect in claimed])
            connection.execute(update(effects).where(done).values(status="done", done_at=clock.now()))
            return +Counter(done=len(claimed), claimed_by_other=len(identities) - len(claimed))
    except Exception as error:
        if len(identities) == 1:
            return Counter((_schedule_retry(bind, identities[0], clock, error),))
        return sum((_do(bind, kind, [identity], clock) for identity in identities), Counter[str]())


def _claimed(connection: Connection, identities: Sequence[int]) -> list[EffectRow]:
    """The effects, locked until the transaction ends, but for those that another worker did or has locked."""
    statement = select(effects).where(effects.c.id.in_(identities), effects.c.status == "pending")
    statement = statement.order_by(effects.c.id)
    if not is_sqlite(connection):
        statement = statement.with_for_update(skip_locked=True)
    return all_rows(EffectRow, connection.execute(statement))


def _carry_out(connection: Connection, kind: str, claimed: Sequence[EffectRow], clock: Clock) -> None:
    if claimed and kind in HANDLERS_OF_MANY:
        HANDLERS_OF_MANY[kind](connection, claimed, clock)
    else:
        for effect in claimed:
            HANDLERS[kind](connection, effect, clock)


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


def _notices(connection: Connection, claimed: Sequence[EffectRow], clock: Clock) -> None:
    from notifications.notices import post_notices

    post_notices(connection, claimed, now=clock.now(), today=clock.today())


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


HANDLERS_OF_MANY: dict[str, Callable[[Connection, Sequence[EffectRow], Clock], None]] = {"notice": _notices}
HANDLERS: dict[str, Handler] = {
    "open_case": _open_case,
    "letter": _letter,
    "letter_news": _letter_news,
    "instruction": _instruction,
    "withdraw": _withdraw,
    "annulled": _annulled,
    "version": _version,
}
