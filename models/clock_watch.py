"""Whether the machine's clock jumped: what it says is compared with what it said last, which the database keeps.

A clock that was set back, or far ahead, would make "when it was recorded" untrue: writing is held until the clock is
right again, or a person confirms that it is. An office whose day is chosen does not depend on the machine's clock.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from models.clock import HANOI, SystemClock, since_boot
from models.driver_sql import DriverStatement
from models.errors import Conflict
from models.office_kind import REAL
from models.setting_keys import DEMO_DAY, MACHINE_CLOCK, OFFICE_KIND
from models.settings import settings
from models.tables import settings_table

BACK = timedelta(minutes=10)  # a machine corrects its clock by less
AHEAD = timedelta(days=1)  # while the machine runs; a machine that was suspended wakes up less late
LONGEST_OFF = timedelta(days=45)  # between two starts of the machine
_REMEMBERED_FOR = timedelta(minutes=1)
_KNOWN = DriverStatement(
    select(settings_table.c.key, settings_table.c.value).where(
        or_(*(settings_table.c.key == key for key in (MACHINE_CLOCK, DEMO_DAY, OFFICE_KIND)))
    )
)


@dataclass(frozen=True, slots=True)
class Reading:
    """What the clock says, at so many seconds since a start of the machine."""

    at: datetime
    boot: str
    seconds: float


@dataclass(frozen=True, slots=True)
class Jump:
    """The clock says `now` where `expected` or a little later was due."""

    expected: datetime
    now: datetime


def read_clock() -> Reading:
    return Reading(SystemClock().now(), *since_boot())


def jump_between(last: Reading, now: Reading) -> Jump | None:
    """None when the clock went on as a clock does; while the machine was off, any time up to LONGEST_OFF may pass."""
    same = last.boot == now.boot
    expected = last.at + timedelta(seconds=now.seconds - last.seconds) if same else last.at
    if expected - BACK <= now.at <= expected + (AHEAD if same else LONGEST_OFF):
        return None
    return Jump(expected, now.at)


def jump_of(connection: Connection) -> Jump | None:
    """How the machine's clock jumped; None when it did not, or when the office's day is chosen."""
    _, last = _known(connection)
    return jump_between(last, read_clock()) if last else None


def asked() -> DriverStatement:
    """The statement whose rows `require_steady` takes."""
    return _KNOWN


def require_steady(rows: Sequence[Sequence[Any]]) -> bool:
    """Raises Conflict while the machine's clock cannot be trusted: nothing is recorded under a wrong time.

    Returns whether what the clock says is to be remembered at the end of the transaction. `rows`: of `asked`.
    """
    (needed, last), now = _known_by(rows), read_clock()
    jump = jump_between(last, now) if last else None
    if jump is not None:
        raise Conflict("clock_jumped", expected=shown(jump.expected), now=shown(jump.now))
    return _is_due(needed, last, now)


def remember(connection: Connection) -> None:
    """Keep what the clock says now, at most once a minute and without waiting for another writer."""
    (needed, last), now = _known(connection), read_clock()
    if not _is_due(needed, last, now):
        return
    if last is not None and connection.dialect.name != "sqlite":
        free = (
            select(settings_table.c.key).where(settings_table.c.key == MACHINE_CLOCK).with_for_update(skip_locked=True)
        )
        if connection.scalar(free) is None:
            return
    trust(connection, now)


def _is_due(needed: bool, last: Reading | None, now: Reading) -> bool:
    return needed and (last is None or now.at - last.at >= _REMEMBERED_FOR)


def trust(connection: Connection, now: Reading) -> None:
    """Take what the clock says for right, whatever it said before."""
    value = json.dumps([now.at.isoformat(), now.boot, now.seconds])
    mine = settings_table.c.key == MACHINE_CLOCK
    if connection.execute(update(settings_table).where(mine).values(value=value)).rowcount == 0:
        module = sqlite if connection.dialect.name == "sqlite" else postgresql
        first = module.insert(settings_table).values(key=MACHINE_CLOCK, value=value)
        connection.execute(first.on_conflict_do_nothing())  # another writer may be the first too


def shown(at: datetime) -> str:
    """A moment in Viet Nam, for a message."""
    return f"{at.astimezone(HANOI):%H:%M %d/%m/%Y}"


def _known(connection: Connection) -> tuple[bool, Reading | None]:
    return _known_by(_KNOWN.rows(connection, {}))


def _known_by(rows: Sequence[Sequence[Any]]) -> tuple[bool, Reading | None]:
    """Whether the office's day is the machine's, and what the clock said last."""
    found: dict[str, str] = dict(rows)  # type: ignore[arg-type]
    if found.get(OFFICE_KIND) != REAL and (DEMO_DAY in found or settings().today):
        return False, None
    if MACHINE_CLOCK not in found:
        return True, None
    at, boot, seconds = json.loads(found[MACHINE_CLOCK])
    return True, Reading(datetime.fromisoformat(at), boot, seconds)
