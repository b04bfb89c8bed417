"""The lists made again from the facts: batch by batch, each one transaction, so that it can be cut off and goes on."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, delete, select

from audit_log.faults import Fault
from audit_log.log_faults import missing_facts
from casework.effect_outbox import enqueue_many
from casework.projection import Rows, Values, rewrite
from casework.upkeep.integrity import chain_faults, compared, same_date
from casework.upkeep.stored_cases import BATCH, Rules, Whole, case_ids, chunks, wholes
from models.clock import Clock
from models.database import give_way, reading, writing
from models.errors import Refused
from models.search_index import SUBJECTS, forget_gone, write_words_of
from models.tables import settings_table
from models.tracking import Track, silent
from models.typed_rows.case_shapes import DeadlineRow
from oversight.stored_histories import forget

BEYOND = frozenset({"fault_gap", "fault_chain", "fault_head", "fault_unreadable"})  # faults that a rebuild cannot mend
MARK = "rebuilt_up_to"  # the last case of a rebuild that is not finished


def rebuild(
    bind: Engine, clock: Clock, ref: str | None = None, *, check: bool = False, track: Track = silent, size: int = BATCH
) -> Iterator[Fault]:
    """Mend the rows of one case or of all, yielding each difference when it is mended; `check` only looks.

    A full rebuild that was interrupted resumes where it stopped. People notified of a date that moves get a correction.
    Where the chain of facts is broken nothing is mended: the rows may be the only record left of what happened.
    Raises Refused where the log knows facts that are not there any more.
    """
    whole_office = ref is None and not check
    with reading(bind) as connection:
        if not check and (lost := missing_facts(connection)):
            raise Refused("facts_missing", count=len(lost))
        ids = case_ids(connection, ref, after=_mark(connection) if whole_office else 0)
    for chunk in chunks(ids, track, size):
        yield from _looked_at(bind, chunk) if check else _mended(bind, chunk, clock, note=whole_office)
        if not check:
            give_way(bind)
    if whole_office:
        _write_words(bind)
        with writing(bind) as connection:
            connection.execute(delete(settings_table).where(settings_table.c.key == MARK))


def _write_words(bind: Engine) -> None:
    """What everything is found by, made again batch by batch."""
    with writing(bind) as connection:
        forget_gone(connection)
    for kind, table in SUBJECTS.items():
        with reading(bind) as connection:
            subjects = connection.scalars(select(table.c.id).order_by(table.c.id)).all()
        for chunk in chunks(subjects, silent, BATCH):
            with writing(bind) as connection:
                write_words_of(connection, kind, chunk)
            give_way(bind)


def _looked_at(bind: Engine, chunk: Sequence[int]) -> list[Fault]:
    with reading(bind) as connection:
        rules = Rules(connection)
        return [fault for whole in wholes(connection, chunk) for fault in _judged(rules, whole)[0]]


def _judged(rules: Rules, whole: Whole) -> tuple[list[Fault], Rows | None]:
    """The differences of a case, and its rows as they should be; none where the facts do not say."""
    broken = list(chain_faults(whole))
    return (broken, None) if broken else compared(rules, whole)


def _mended(bind: Engine, chunk: Sequence[int], clock: Clock, *, note: bool) -> list[Fault]:
    faults: list[Fault] = []
    changed: list[tuple[Whole, Rows]] = []
    with writing(bind) as connection:
        rules = Rules(connection)
        for whole in wholes(connection, chunk, lock=True):
            found, expected = _judged(rules, whole)
            faults += found
            if found and expected is not None:
                changed.append((whole, expected))
        _write(connection, changed, clock)
        if note:
            _set_mark(connection, chunk[-1])
    return faults


def _write(connection: Connection, changed: Sequence[tuple[Whole, Rows]], clock: Clock) -> None:
    dates = [
        (whole, key, expected.deadlines[key])
        for whole, expected in changed
        for key in expected.deadlines
        if not same_date(whole.deadlines.get(key), expected.deadlines[key])
    ]
    gone = [
        row["id"]
        for whole, expected in changed
        for key, row in whole.deadlines.items()
        if key not in expected.deadlines
    ]
    blocked = [expected for whole, expected in changed if whole.obstacles or expected.obstacles]
    rewrite(connection, [expected.case for _, expected in changed], [_date(*item) for item in dates], gone, blocked)
    forget(connection, [whole.row["id"] for whole, _ in changed if whole.history is not None])
    _withdraw(connection, changed, clock)


def _date(whole: Whole, key: str, expected: Values) -> Values:
    """A deadline that has ended keeps the date and the calendar that it ended with."""
    row = whole.deadlines.get(key)
    if row is None or expected["status"] == "open" or row["status"] == "open":
        return expected
    return expected | {"ends_on": row["ends_on"], "calendar": row["calendar"]}


def _withdraw(connection: Connection, changed: Sequence[tuple[Whole, Rows]], clock: Clock) -> None:
    """Enqueue the withdrawal of what was announced of open dates that moved or no longer apply."""
    now = clock.now()
    pending = []
    for whole, expected in changed:
        moved = [key for key, row in whole.deadlines.items() if _moved(row, expected.deadlines.get(key))]
        if moved:
            ref, payload = whole.row["ref"], {"keys": moved, "seq": whole.row["seq"], "verb": "rebuilt"}
            pending.append((whole.row["id"], f"{ref}:rebuilt:{now:%Y%m%d%H%M%S%f}", "withdraw", payload))
    enqueue_many(connection, pending, now)


def _moved(row: DeadlineRow, expected: Values | None) -> bool:
    if row["status"] != "open":
        return False
    return expected is None or (expected["status"] == "open" and expected["ends_on"] != row["ends_on"])


def _mark(connection: Connection) -> int:
    return int(connection.scalar(select(settings_table.c.value).where(settings_table.c.key == MARK)) or 0)


def _set_mark(connection: Connection, last: int) -> None:
    connection.execute(delete(settings_table).where(settings_table.c.key == MARK))
    connection.execute(settings_table.insert().values(key=MARK, value=str(last)))
