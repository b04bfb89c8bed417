"""`coopcase run`: starts the whole product. `coopcase seed`: creates the sample office."""

import sys
from collections.abc import Sequence
from datetime import date
from importlib import import_module, util
from typing import Any

import typer
from filelock import FileLock, Timeout

from casework.office.commune_loading import sync_communes
from casework.upload_scan import scanner_address
from cli.progress import bar
from flows.runtime import prefect_server, services
from flows.runtime.supervisor import Supervisor
from letters.output.fonts import check_fonts
from models.database import engine, is_empty, migrate, reading, writing
from models.database_file import require_whole
from models.errors import Conflict, CoopcaseError
from models.office_clock import clock_of
from models.office_kind import SAMPLE, is_missing, kind_of, mark_database, mark_folder, require_room, require_same
from models.settings import Settings, settings
from notifications.delivery.sealing import reseal
from oversight.case_histories import store_histories
from rulebook.version_sync import sync_versions
from templates.formats import date_vi
from templates.words import t

PATIENCE = 180.0  # seconds; the very first start of Prefect makes its database


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("run")(run)
    app.command("seed")(seed)


def run() -> None:
    """Start the pages, the Prefect server and the worker; stop with Ctrl-C."""
    from notifications.delivery.carriers import office_mail
    from notifications.delivery.egress_guard import networks_inside

    chosen = settings()
    chosen.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(chosen.data / "run.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise Conflict("already_running", data=chosen.data) from None
    with lock:
        services.require_ports(chosen)
        office_mail(chosen)  # report a wrong COOPCASE_MAIL at start, not with the first mail
        networks_inside(chosen)
        if chosen.scanner:
            scanner_address(chosen)
        prepare()
        _require_signing(chosen)
        supervise(services.supervisor(chosen), chosen)


def _require_signing(chosen: Settings) -> None:
    """Report an unusable certificate at start, not with the first letter."""
    from correspondence.electronic_signing import require_ready

    with reading(engine()) as connection:
        require_ready(chosen, clock_of(connection).now())


def seed() -> None:
    """Migrate the database and load the invented sample office if the database is empty.

    Raises Conflict in an office of another kind.
    """
    settings().data.mkdir(parents=True, exist_ok=True)
    prepare()
    with reading(engine()) as connection:
        if kind_of(connection) not in ("", SAMPLE):
            raise Conflict("no_sample_here")


def prepare() -> None:
    """Migrate the database, create the sample office if it is empty, and synchronise versions and communes.

    Raises Conflict when the database is lost or of another kind than the data folder.
    """
    data = settings().data
    _print_words("run.preparing")
    check_fonts()
    if is_missing(settings()):
        require_room(data, SAMPLE)
    elif (path := settings().sqlite_path()) is not None:
        require_whole(path)
    migrate()
    with reading(engine()) as connection:
        empty = is_empty(connection)
        if empty:
            require_room(data, SAMPLE)
        else:
            require_same(connection, data)
    if empty and settings().sample and (samples := _samples()):
        _print_words("run.seeding")
        mark_folder(data, SAMPLE)  # first: what a cut-off loading leaves is known as invented
        samples.seed_if_empty(report=_report_stage)
    with writing(engine(), any_clock=True) as connection:
        if kind := kind_of(connection):
            mark_database(connection, kind)  # first: a real office refuses a chosen day
        synced = sync_versions(connection, clock_of(connection).now())
        sync_communes(connection)
        reseal(connection, settings())
        today = clock_of(connection).today()
    store_histories(engine(), today, bar(t("run.reading_histories", settings().lang)))  # an upgrade may read all anew
    if kind:
        mark_folder(data, kind)
    if synced.available:
        _print_words("run.version_available", pin=synced.available)
    if synced.edition is not None:
        _print_words("run.edition_available", edition=synced.edition)
    for pin in synced.differing:
        _print_words("run.version_differs", pin=pin)


def _report_stage(stage: str, count: int, day: date) -> None:
    """A line for each stage of the sample office that is done."""
    _print_words(f"run.seeded_{stage}", count=count, day=date_vi(day))


def supervise(supervisor: Supervisor, chosen: Settings, patience: float = PATIENCE) -> None:
    """Start and supervise the child processes; the pages work even if the background services do not answer.

    Raises CoopcaseError when the pages are not served.
    """
    _print_words("run.starting")
    try:
        supervisor.start()
        silent = supervisor.silent(patience)
        names = {"names": ", ".join(silent), "logs": supervisor.logs}
        if "web" in silent:
            raise CoopcaseError("child_silent", **names)
        if silent:
            _print_words("run.some_silent", **names)
        if not supervisor.stopping.is_set():
            _greet(chosen, supervisor)
        supervisor.keep()
    finally:
        _print_words("run.stopping")
        supervisor.stop()


def _greet(chosen: Settings, supervisor: Supervisor) -> None:
    prefect = prefect_server.address(chosen)
    _print_words("run.ready", site=chosen.site(), prefect=prefect, logs=supervisor.logs)
    people = _sign_ins()
    if people:
        _print_words("run.people")
    for login, password, who in people:
        _print_words("run.person", login=f"{login:<24}", password=f"{password:<16}", who=who)
    _print_words("run.stop_with")


def _sign_ins() -> Sequence[tuple[str, str, str]]:
    """Return (login, password, description) of the sample people; empty for any other office."""
    samples = _samples()
    return samples.sign_ins() if samples else ()


def _samples() -> Any:
    """The module of the sample office, which an installation may omit."""
    return import_module("samples.seed") if util.find_spec("samples.seed") else None


def _print_words(key: str, **params: object) -> None:
    sys.stdout.write(t(key, settings().lang, **params) + "\n")
    sys.stdout.flush()
