"""The lists made again from the facts: batch by batch, each one transaction, so that it can be cut off and goes on."""

from collections.abc import Iterator, Sequence

from sqlalchemy import Connection, Engine, delete, select

from casework.effect_outbox import enqueue_many
from casework.projection import Rows, Values, rewrite
from casework.upkeep.integrity import Fault, chain_faults, compared, same_date
from casework.upkeep.stored_cases import BATCH, Rules, Whole, case_ids, chunks, wholes
from models.clock import Clock
from models.database import reading, writing
from models.tables import settings_table
from models.tracking import Track, silent
from models.typed_rows.case_shapes import DeadlineRow

BEYOND = frozenset({"fault_gap", "fault_chain", "fault_head", "fault_unreadable"})  # what no rebuild can mend
MARK = "rebuilt_up_to"  # the last case of a rebuild that is not finished


def rebuild(
    bind: Engine, clock: Clock, ref: str | None = None, *, check: bool = False, track: Track = silent, size: int = BATCH
) -> Iterator[Fault]:
    """Mend the rows of one case or of all, yielding each difference when it is mended; `check` only looks.

    A rebuild of all that was cut off goes on where it stopped. Who was told of a date that moves is told so. Where the
    chain of facts is broken nothing is mended: the lists may be all that is left to show what happened.
    """
    whole_office = ref is None and not check
    with reading(bind) as connection:
        ids = case_ids(connection, ref, after=_mark(connection) if whole_office else 0)
    for chunk in chunks(ids, track, size):
        yield from _looked_at(bind, chunk) if check else _mended(bind, chunk, clock, note=whole_office)
    if whole_office:
        with writing(bind) as connection:
            connection.execute(delete(settings_table).where(settings_table.c.key == MARK))


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
            found, wanted = _judged(rules, whole)
            faults += found
            if found and wanted is not None:
                changed.append((whole, wanted))
        _write(connection, changed, clock)
        if note:
            _set_mark(connection, chunk[-1])
    return faults


def _write(connection: Connection, changed: Sequence[tuple[Whole, Rows]], clock: Clock) -> None:
    dates = [
        (whole, key, wanted.deadlines[key])
        for whole, wanted in changed
        for key in wanted.deadlines
        if not same_date(whole.deadlines.get(key), wanted.deadlines[key])
    ]
    gone = [
        row["id"] for whole, wanted in changed for key, row in whole.deadlines.items() if key not in wanted.deadlines
    ]
    blocked = [wanted for whole, wanted in changed if whole.obstacles or wanted.obstacles]
    rewrite(connection, [wanted.case for _, wanted in changed], [_date(*item) for item in dates], gone, blocked)
    _take_back(connection, changed, clock)


def _date(whole: Whole, key: str, wanted: Values) -> Values:
    """A deadline that has ended keeps the date and the calendar that it ended with."""
    row = whole.deadlines.get(key)
    if row is None or wanted["status"] == "open" or row["status"] == "open":
        return wanted
    return wanted | {"ends_on": row["ends_on"], "calendar": row["calendar"]}


def _take_back(connection: Connection, changed: Sequence[tuple[Whole, Rows]], clock: Clock) -> None:
    """What has been announced of an open date that moved or fell away."""
    now = clock.now()
    pending = []
    for whole, wanted in changed:
        moved = [key for key, row in whole.deadlines.items() if _moved(row, wanted.deadlines.get(key))]
        if moved:
            ref, payload = whole.row["ref"], {"keys": moved, "seq": whole.row["seq"], "verb": "rebuilt"}
            pending.append((whole.row["id"], f"{ref}:rebuilt:{now:%Y%m%d%H%M%S%f}", "withdraw", payload))
    enqueue_many(connection, pending, now)


def _moved(row: DeadlineRow, wanted: Values | None) -> bool:
    if row["status"] != "open":
        return False
    return wanted is None or (wanted["status"] == "open" and wanted["ends_on"] != row["ends_on"])


def _mark(connection: Connection) -> int:
    return int(connection.scalar(select(settings_table.c.value).where(settings_table.c.key == MARK)) or 0)


def _set_mark(connection: Connection, last: int) -> None:
    connection.execute(delete(settings_table).where(settings_table.c.key == MARK))
    connection.execute(settings_table.insert().values(key=MARK, value=str(last)))
