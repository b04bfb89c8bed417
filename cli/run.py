"""`coopcase run`: the whole product on one command. `coopcase seed`: the sample office alone."""

import sys
from collections.abc import Sequence
from importlib import import_module, util
from typing import Any

import typer
from filelock import FileLock, Timeout

from casework.office.commune_loading import sync_communes
from flows.runtime import prefect_server, services
from flows.runtime.supervisor import Supervisor
from letters.output.fonts import check_fonts
from models.database import engine, is_empty, migrate, reading, writing
from models.errors import Conflict, CoopcaseError
from models.office_clock import clock_of
from models.settings import Settings, settings
from rulebook.version_sync import sync_versions
from templates.words import t

PATIENCE = 180.0  # seconds; the very first start of Prefect makes its database


def register(app: typer.Typer) -> None:
    """Hang the commands on the application."""
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
        office_mail(chosen)  # a wrong COOPCASE_MAIL is told now, not by the first mail that does not arrive
        networks_inside(chosen)
        prepare()
        _require_signing(chosen)
        supervise(services.supervisor(chosen), chosen)


def _require_signing(chosen: Settings) -> None:
    """A certificate that cannot sign is told now, not by the first letter."""
    from correspondence.electronic_signing import require_ready

    with reading(engine()) as connection:
        require_ready(chosen, clock_of(connection).now())


def seed() -> None:
    """Migrate the database and load the invented sample office if the database is empty."""
    settings().data.mkdir(parents=True, exist_ok=True)
    prepare()


def prepare() -> None:
    """Bring the database to its newest form, and load the sample office if nobody is in it."""
    _tell("run.preparing")
    check_fonts()
    migrate()
    with reading(engine()) as connection:
        empty = is_empty(connection)
    if empty and settings().sample and (samples := _samples()):
        _tell("run.seeding")
        samples.seed_if_empty()
    with writing(engine()) as connection:
        synced = sync_versions(connection, clock_of(connection).now())
        sync_communes(connection)
    if synced.available:
        _tell("run.version_available", pin=synced.available)
    if synced.edition is not None:
        _tell("run.edition_available", edition=synced.edition)
    for pin in synced.differing:
        _tell("run.version_differs", pin=pin)


def supervise(supervisor: Supervisor, chosen: Settings, patience: float = PATIENCE) -> None:
    """Start the children and keep them; officers work on though the clock's servants are silent.

    Raises CoopcaseError when the pages are not served.
    """
    _tell("run.starting")
    try:
        supervisor.start()
        silent = supervisor.silent(patience)
        names = {"names": ", ".join(silent), "logs": supervisor.logs}
        if "web" in silent:
            raise CoopcaseError("child_silent", **names)
        if silent:
            _tell("run.some_silent", **names)
        if not supervisor.stopping.is_set():
            _greet(chosen, supervisor)
        supervisor.keep()
    finally:
        _tell("run.stopping")
        supervisor.stop()


def _greet(chosen: Settings, supervisor: Supervisor) -> None:
    prefect = prefect_server.address(chosen)
    _tell("run.ready", site=chosen.site(), prefect=prefect, logs=supervisor.logs)
    people = _sign_ins()
    if people:
        _tell("run.people")
    for login, password, who in people:
        _tell("run.person", login=f"{login:<24}", password=f"{password:<16}", who=who)
    _tell("run.stop_with")


def _sign_ins() -> Sequence[tuple[str, str, str]]:
    """(login, password, who it is) of the sample people; nothing for an office that is not the sample."""
    samples = _samples()
    return samples.sign_ins() if samples else ()


def _samples() -> Any:
    """The demo office, which an installation may leave out."""
    return import_module("samples.seed") if util.find_spec("samples.seed") else None


def _tell(key: str, **params: object) -> None:
    sys.stdout.write(t(key, settings().lang, **params) + "\n")
    sys.stdout.flush()
