"""The pages with a small office behind them."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from fastapi.testclient import TestClient

from models.database import engine
from models.settings import settings
from tests.web.web_office import Office, Visitor, build_office, login_of
from web.app import create_app


@pytest.fixture
def office(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Office]:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    monkeypatch.setenv("COOPCASE_CHANNELS_INSIDE", "127.0.0.0/8")  # where the tests' own servers are
    settings.cache_clear()
    engine.cache_clear()
    yield build_office(engine())
    engine().dispose()
    engine.cache_clear()


@pytest.fixture
def anybody(office: Office) -> Visitor:
    """A visitor who has not signed in."""
    return Visitor(TestClient(create_app(), raise_server_exceptions=False))


@pytest.fixture
def as_role(office: Office, anybody: Visitor) -> Callable[..., Visitor]:
    """`as_role("manager", "HBG")` is signed in as that person."""

    def come(role: str, place: str | None = "HBG") -> Visitor:
        visitor = Visitor(TestClient(anybody.client.app, raise_server_exceptions=False))
        assert visitor.sign_in(login_of(role, place)).status_code == 303
        return visitor

    return come
