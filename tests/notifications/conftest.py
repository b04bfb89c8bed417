"""A small office whose messages are watched, on one database or on both kinds."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.settings import settings
from tests.notifications.desk import Desk
from tests.web.web_office import build_office


@pytest.fixture
def desk(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return _desk(bind, tmp_path, monkeypatch)


@pytest.fixture
def either_desk(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    """Once on SQLite and once on PostgreSQL."""
    return _desk(either_bind, tmp_path, monkeypatch)


def _desk(bind: Engine, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    monkeypatch.setenv("COOPCASE_DATA", str(folder / "var"))
    monkeypatch.setenv("COOPCASE_BASE_URL", "https://coopcase.example.vn")
    monkeypatch.setenv("COOPCASE_CHANNELS_INSIDE", "127.0.0.0/8")  # where the tests' own servers are
    settings.cache_clear()
    return Desk(bind, build_office(bind))
