"""The small office behind the command line."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from models.database import engine
from models.settings import settings
from tests.web.web_office import Office, build_office


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COOPCASE_LANG", "vi")
    settings.cache_clear()
    engine.cache_clear()
    yield build_office(engine())
    engine().dispose()
    engine.cache_clear()
    settings.cache_clear()
