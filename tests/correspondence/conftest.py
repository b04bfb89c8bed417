"""A small office whose letters are written."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.settings import settings
from tests.correspondence.batches import Batches
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, build_office


@pytest.fixture
def papers(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Paperwork:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return Paperwork(bind, build_office(bind).first)


@pytest.fixture
def small(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return build_office(bind)


@pytest.fixture
def batches(small: Office) -> Batches:
    return Batches(small.bind, [small.first, small.second])
