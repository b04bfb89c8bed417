"""One Prefect server for the tests that do not kill it, and an office whose day the test sets."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import engine
from models.settings import settings
from tests.conftest import free_port
from tests.faults.stack import Stack, running
from tests.web.web_office import Office, build_office

SERVICES = "PREFECT_SERVER_SERVICES_"
HASTY = {
    f"{SERVICES}SCHEDULER_LOOP_SECONDS": "2",
    f"{SERVICES}SCHEDULER_RECENT_DEPLOYMENTS_LOOP_SECONDS": "2",
    f"{SERVICES}DB_VACUUM_LOOP_SECONDS": "2",
}


@pytest.fixture(scope="session")
def prefect(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A Prefect server under the real supervisor."""
    folder = tmp_path_factory.mktemp("prefect") / "var"
    stack = Stack(folder, free_port(), free_port(), ("prefect",), environment=HASTY)
    with running(stack):
        yield stack


@pytest.fixture
def data(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder with a migrated database, which the test itself works on as well."""
    folder = tmp_path / "var"
    folder.mkdir(exist_ok=True)
    engine(sqlite_url).dispose()
    shutil.move(tmp_path / "coopcase.db", folder)
    monkeypatch.setenv("COOPCASE_DATA", str(folder))
    settings.cache_clear()
    engine.cache_clear()
    yield folder
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()


@pytest.fixture
def office(data: Path) -> Office:
    return build_office(engine())
