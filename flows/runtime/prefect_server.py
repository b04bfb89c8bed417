"""The Prefect server as a child process: its own home, no telemetry, few wake-ups, a database that is vacuumed."""

import os
import runpy
import sqlite3
import sys
from contextlib import closing
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from flows.runtime.local_only import LocalOnly
from models.settings import Settings, settings

HOST = "127.0.0.1"
CHECK_EVERY = timedelta(seconds=2)  # Prefect's own worker looks four times a second; 2 s halves the idle cost

# Purpose and measurements of each: docs/operator.md.
QUIET = {
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_UI_SHOW_PROMOTIONAL_CONTENT": "false",
    "PREFECT_SERVER_SERVICES_LATE_RUNS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_FOREMAN_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_PAUSE_EXPIRATIONS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_REPOSSESSOR_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CLEANUP_RECONCILER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_CANCELLATION_CLEANUP_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_TRIGGERS_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_EVENT_PERSISTER_ENABLED": "false",
    "PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "60",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_RUNS": "3",
    "PREFECT_SERVER_SERVICES_SCHEDULER_MAX_SCHEDULED_TIME": "P7D",
    "PREFECT_CLIENT_MAX_RETRIES": "4",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_ENABLED": "flow_runs,orphans",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_LOOP_SECONDS": "3600",
    "PREFECT_SERVER_SERVICES_DB_VACUUM_RETENTION_PERIOD": str(90 * 24 * 3600),
}


def address(chosen: Settings) -> str:
    """The address of Prefect's pages."""
    return f"http://{HOST}:{chosen.prefect_port}"


def health(chosen: Settings) -> str:
    """The address that answers when the server serves."""
    return f"{address(chosen)}/api/health"


def environment(chosen: Settings) -> dict[str, str]:
    """The variables by which every child finds the server; the server and its clients read the same ones.

    A variable of QUIET that the operator has set is kept.
    """
    home = chosen.data.resolve() / "prefect"
    quiet = {name: os.environ.get(name, value) for name, value in QUIET.items()}
    return {**quiet, "PREFECT_HOME": str(home), "PREFECT_API_URL": f"{address(chosen)}/api"}


def main() -> None:
    """Run the server in this process until it is ended."""
    chosen = settings()
    os.environ.update(environment(chosen))
    replace_broken(chosen.data.resolve() / "prefect" / "prefect.db")
    _slow_down()
    _allow_bulk_insert_of_runs()
    _refuse_foreign_origins()
    sys.argv = ["prefect", "server", "start", "--host", HOST, "--port", str(chosen.prefect_port)]
    runpy.run_module("prefect", run_name="__main__")


def replace_broken(database: Path) -> bool:
    """Rename a damaged database of Prefect's to broken-…, so that a new one is begun; it holds no data of the office.

    Returns True when it was damaged.
    """
    if not database.exists() or _is_whole(database):
        return False
    for path in (database, *(database.with_name(f"{database.name}-{part}") for part in ("wal", "shm"))):
        if path.exists():
            path.replace(path.with_name(f"broken-{path.name}"))
    return True


def _is_whole(database: Path) -> bool:
    try:
        with closing(sqlite3.connect(database, timeout=10)) as connection:
            return bool(connection.execute("PRAGMA quick_check(1)").fetchone() == ("ok",))
    except sqlite3.OperationalError:  # locked, or no room: that says nothing about it
        return True
    except sqlite3.DatabaseError:
        return False


def _slow_down() -> None:
    """Prefect has no setting for the pace of its background worker."""
    from docket import Worker
    from prefect.server.api import background_workers

    slow = partial(Worker, minimum_check_interval=CHECK_EVERY, scheduling_resolution=CHECK_EVERY)
    vars(background_workers)["Worker"] = slow


def _allow_bulk_insert_of_runs() -> None:
    """SQLAlchemy 2.1 refuses a bulk insert that names a hybrid attribute, as the one of scheduled runs does.

    As in 2.0 the name is passed over: Prefect writes the state in a statement of its own.
    """
    from prefect.server.database.orm_models import FlowRun

    vars(FlowRun)["state"].bulk_dml_setter = lambda _class, _row, _value: None


def _refuse_foreign_origins() -> None:
    """Prefect itself answers every request to its port, under any host name and from any page."""
    from prefect.server.api import server

    made = server.create_app

    def guarded(*args: Any, **more: Any) -> Any:
        app = made(*args, **more)
        app.add_middleware(LocalOnly)
        return app

    vars(server)["create_app"] = guarded


if __name__ == "__main__":
    main()
