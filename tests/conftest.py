"""Databases and programs that tests are given: a fresh SQLite, a real PostgreSQL, a Chromium."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import hypothesis
import pytest
from sqlalchemy import Connection, Engine, create_engine, text

from flows.runtime import orphan_reaper
from models.database import engine, migrate
from models.settings import settings

# `make test` judges a change by the same examples each time, and `make check` looks at new ones; a busy machine is no
# fault of the code.
hypothesis.settings.register_profile("house", deadline=None, derandomize=True)
hypothesis.settings.register_profile("explore", deadline=None)
hypothesis.settings.register_profile("mutants", deadline=None, derandomize=True, max_examples=20)  # docs/mutants.md
hypothesis.settings.load_profile("house")

RUN = "COOPCASE_TEST_RUN"  # marks every process that a test run starts
REAPER = pytest.StashKey[subprocess.Popen[bytes]]()
NO_POSTGRES = "PostgreSQL is not installed: apt-get install postgresql"
NO_CHROMIUM = "Chromium is not installed: apt-get install chromium"
BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def pytest_configure(config: pytest.Config) -> None:
    """Whatever ends a test run, a kill included, ends its servers and browsers: a reaper waits on a pipe of the run.

    Workers of xdist inherit the mark of the run that started them and need no reaper of their own.
    """
    if RUN not in os.environ:
        os.environ[RUN] = uuid.uuid4().hex
        config.stash[REAPER] = orphan_reaper.start(f"{RUN}={os.environ[RUN]}")


def pytest_unconfigure(config: pytest.Config) -> None:
    if (reaper := config.stash.get(REAPER, None)) is not None and reaper.stdin is not None:
        reaper.stdin.close()
        reaper.wait(10)
        del os.environ[RUN]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The longest first: `--no-loadscope-reorder` hands files out in this order."""
    items.sort(key=lambda item: item.get_closest_marker("longest") is None)


@pytest.fixture(autouse=True)
def _settings_of_each_test() -> Iterator[None]:
    """A test that changes the environment leaves no settings behind."""
    settings.cache_clear()
    yield
    settings.cache_clear()


@pytest.fixture(scope="session", autouse=True)
def _no_files_in_the_checkout(tmp_path_factory: pytest.TempPathFactory) -> None:
    """A test that names no folder keeps its files in one that goes: `make run` would meet them without a database."""
    os.environ.setdefault("COOPCASE_DATA", str(tmp_path_factory.getbasetemp() / "files"))


@pytest.fixture(scope="session")
def sqlite_form(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty migrated database, made once and copied for every test."""
    path = tmp_path_factory.mktemp("form") / "empty.db"
    url = f"sqlite:///{path}"
    migrate(url)
    with engine(url).connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine(url).dispose()
    return path


@pytest.fixture
def sqlite_url(sqlite_form: Path, tmp_path: Path) -> Iterator[str]:
    """The address of a fresh, migrated SQLite database."""
    path = tmp_path / "coopcase.db"
    shutil.copy(sqlite_form, path)
    url = f"sqlite:///{path}"
    yield url
    engine(url).dispose()


@pytest.fixture
def bind(sqlite_url: str) -> Engine:
    """The engine of a fresh, migrated SQLite database."""
    return engine(sqlite_url)


@dataclass(frozen=True)
class PostgresServer:
    port: int
    user: str

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://{self.user}@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def empty_database(self, form: str = "template1") -> Iterator[str]:
        """The address of a new database, gone afterwards: a copy of `form`, by itself without tables."""
        name = f"t{uuid.uuid4().hex}"
        with _administrator(self) as admin:
            admin.execute(text(f"CREATE DATABASE {name} TEMPLATE {form}"))
        try:
            yield self.url(name)
        finally:
            with _administrator(self) as admin:
                admin.execute(text(f"DROP DATABASE {name} WITH (FORCE)"))


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """A PostgreSQL of our own, on a free port of this machine, gone after the tests."""
    tools = postgres_tools()
    if tools is None:
        pytest.skip(NO_POSTGRES)
    with running_postgres(tools) as server:
        yield server


@contextmanager
def running_postgres(tools: Path, *, durable: bool = False) -> Iterator[PostgresServer]:
    """A server on a free port, gone afterwards; `durable`: a commit waits for the disk, as in an office."""
    home = Path(tempfile.mkdtemp(prefix="coopcase-pg-"))
    owner = _hand_over(home)
    server = PostgresServer(free_port(), owner)
    data = home / "data"
    _as(
        owner, [tools / "initdb", "-D", data, "-A", "trust", "-U", owner, "-E", "UTF8", "--no-sync", "--locale=C.UTF-8"]
    )
    options = f"-p {server.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories={home}"
    options += "" if durable else " -c fsync=off"
    _as(owner, [tools / "pg_ctl", "-D", data, "-o", options, "-l", home / "log", "-w", "start"])
    try:
        yield server
    finally:
        _as(owner, [tools / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop"])
        shutil.rmtree(home, ignore_errors=True)


@pytest.fixture(scope="session")
def postgres_form(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of an empty migrated database, made once and copied for every test."""
    with postgres_server.empty_database() as url:
        migrate(url)
        engine(url).dispose()
        yield url.rpartition("/")[2]


@pytest.fixture
def postgres_url(postgres_server: PostgresServer, postgres_form: str) -> Iterator[str]:
    """The address of a fresh, migrated PostgreSQL database."""
    with postgres_server.empty_database(postgres_form) as url:
        yield url
        engine(url).dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def either_bind(request: pytest.FixtureRequest) -> Engine:
    """The engine of a fresh database, once of each kind."""
    return engine(request.getfixturevalue(f"{request.param}_url"))


@pytest.fixture(scope="session")
def chromium() -> Path:
    """The Chromium of this machine."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(NO_CHROMIUM)
    return Path(found)


def free_port() -> int:
    """A port nobody listens on just now."""
    with socket.socket() as tried:
        tried.bind(("127.0.0.1", 0))
        return int(tried.getsockname()[1])


@contextmanager
def _administrator(server: PostgresServer) -> Iterator[Connection]:
    """An autocommit connection to the server's own database."""
    admin = create_engine(server.url("postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        yield connection
    admin.dispose()


def postgres_tools() -> Path | None:
    """The programs of the newest PostgreSQL of this machine; None without one."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: int(path.parts[-3]))
    return found[-1].parent if found else None


def _hand_over(home: Path) -> str:
    """PostgreSQL refuses to run as root: then its folder belongs to `postgres`, or to `nobody`."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid()).pw_name
    names = {entry.pw_name for entry in pwd.getpwall()}
    owner = "postgres" if "postgres" in names else "nobody"
    shutil.chown(home, owner)
    return owner


def _as(owner: str, command: list[str | Path]) -> None:
    user = owner if os.geteuid() == 0 else None
    done = subprocess.run(
        [str(part) for part in command], user=user, cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, timeout=90,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
