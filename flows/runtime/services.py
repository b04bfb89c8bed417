"""The three child processes of `coopcase run`: the command and the health check of each."""

import os
import socket
import sys
from collections.abc import Collection
from pathlib import Path

from sqlalchemy.engine import make_url

from flows.runtime import prefect_server, worker
from flows.runtime.health_check import opens
from flows.runtime.supervisor import Child, Pace, Supervisor
from models.errors import Conflict
from models.settings import Settings

NAMES = ("web", "prefect", "worker")
ROOMS = Path(__file__).resolve().parents[2]  # the folder that holds `web`, `flows` and the other packages


def supervisor(chosen: Settings, pace: Pace = Pace(), names: Collection[str] = NAMES) -> Supervisor:
    """The supervisor of web, Prefect server and worker, or of those of them that are named; not yet started.

    The children do not depend on the current folder: they import no module and read no settings file from it.
    """
    environment = {**os.environ, **prefect_server.environment(chosen), **_absolute(chosen), **_search_path()}
    wanted = [child for child in children(chosen) if child.name in names]
    data = chosen.data.resolve()
    return Supervisor(wanted, environment, data / "logs", pace, folder=data)


def _search_path() -> dict[str, str]:
    """Python finds our packages where they are; the current folder, an empty or a relative entry is not searched."""
    chosen = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(entry).is_absolute()]
    return {"PYTHONSAFEPATH": "1", "PYTHONPATH": os.pathsep.join([str(ROOMS), *chosen])}


def _absolute(chosen: Settings) -> dict[str, str]:
    """The paths among the settings, independent of the current folder."""
    paths = {f"COOPCASE_{name.upper()}": str(value.resolve()) for name, value in chosen if isinstance(value, Path)}
    if not chosen.database_url.startswith("sqlite"):
        return paths
    url = make_url(chosen.database_url)
    address = url.set(database=str(Path(url.database or "").resolve()))
    return paths | {"COOPCASE_DATABASE_URL": address.render_as_string(hide_password=False)}


def children(chosen: Settings) -> list[Child]:
    web = ("uvicorn", "--app-dir", str(ROOMS), "--factory", "web.app:create_app", "--no-access-log")
    return [
        Child(
            "web",
            (sys.executable, "-m", *web, "--host", chosen.host, "--port", str(chosen.port)),
            lambda _: opens(f"http://{_local(chosen.host)}:{chosen.port}/healthz"),
        ),
        Child(
            "prefect",
            (sys.executable, "-m", "flows.runtime.prefect_server"),
            lambda _: opens(prefect_server.health(chosen)),
        ),
        Child("worker", (sys.executable, "-m", "flows.runtime.worker"), lambda pid: worker.beats(chosen.data, pid)),
    ]


def require_ports(chosen: Settings) -> None:
    """Raises Conflict when another process listens on a configured port."""
    wanted = (
        (chosen.host, chosen.port, "COOPCASE_PORT"),
        (prefect_server.HOST, chosen.prefect_port, "COOPCASE_PREFECT_PORT"),
    )
    for host, port, setting in wanted:
        if not _free(host, port):
            raise Conflict("port_taken", port=port, setting=setting, other=port + 1)


def _free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as tried:
        tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # a port that was just released counts as free
        try:
            tried.bind((host, port))
        except OSError:
            return False
    return True


def _local(host: str) -> str:
    """The address at which this machine reaches a server that listens on `host`."""
    if host in {"0.0.0.0", "::"}:  # noqa: S104 -- compared, not bound
        return "127.0.0.1"
    return f"[{host}]" if ":" in host else host
