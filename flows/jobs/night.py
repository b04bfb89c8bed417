"""The work of the night: a part of the office verified, and the office copied.

What fails is kept with its reason and does not keep the rest from being done.
"""

import logging
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from audit_log.sequencer import sequence
from audit_log.time_stamps import stamp_newest
from casework.upkeep.backup import back_up_by_itself, summary_of
from casework.upkeep.checked_content import KIND, store_checks
from flows.jobs.duties import once
from flows.jobs.verify_in_parts import verify_some
from models.clock import Clock, SystemClock
from models.database import writing
from models.database_file import require_whole
from models.errors import CoopcaseError
from models.settings import Settings, settings
from models.tables import nightly_checks

log = logging.getLogger("coopcase.night")


def night(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """The checks of a night. Returns what each came to; they contain `already` when they were done before."""
    return once(bind, "nightly_checks", day, clock, work)


def work(bind: Engine, day: date, clock: Clock) -> dict[str, Any]:
    """Each check with its result kept; time-stamps and copies are made where a server and a folder are set."""
    chosen = settings()
    done = {
        "verify": _kept(bind, clock, "verify", lambda: verify_share(bind, chosen.data.resolve(), clock)),
        KIND: _kept(bind, clock, KIND, lambda: store_checks(bind)),
    }
    if chosen.sign_tsa:
        done["time_stamp"] = _kept(bind, clock, "time_stamp", lambda: _stamped(bind, chosen))
    if chosen.backup_to is not None:
        done["backup"] = _kept(bind, clock, "backup", lambda: summary_of(back_up_by_itself(chosen, clock.now())))
    return done


def _stamped(bind: Engine, chosen: Settings) -> dict[str, Any]:
    """Order what is in the log and have its newest checkpoint time-stamped, so that the copy has it as well."""
    sequence(bind, chosen.data.resolve(), SystemClock().now())
    stamped = stamp_newest(bind, chosen.sign_tsa)
    return {"checkpoint": stamped.short, "at": stamped.at.isoformat()} if stamped else {}


def verify_share(bind: Engine, folder: Path, clock: Clock) -> dict[str, Any]:
    """The database file as a whole, then a part of what is in it. Raises CoopcaseError when the file is damaged."""
    if bind.dialect.name == "sqlite" and bind.url.database:
        require_whole(Path(bind.url.database))
    return verify_some(bind, folder, clock)


def _kept(bind: Engine, clock: Clock, kind: str, check: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    try:
        found, ok = check(), True
    except CoopcaseError as error:
        found, ok = {"code": error.code, "params": {name: str(value) for name, value in error.params.items()}}, False
    except (OSError, SQLAlchemyError) as error:
        log.exception("night_failed %s", kind)
        found, ok = {"code": "night_failed", "params": {"why": type(error).__name__}}, False
    with writing(bind) as connection:
        row = {"kind": kind, "at": clock.now(), "ok": ok, "found": found}
        connection.execute(nightly_checks.insert().values(row))
    return {"ok": ok, **found}
