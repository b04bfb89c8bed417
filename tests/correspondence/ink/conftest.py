"""An office that signs in ink."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from models.settings import settings
from tests.correspondence.ink.desk import InkDesk
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, build_office


@pytest.fixture
def papers(small: Office) -> Paperwork:
    return Paperwork(small.bind, small.first)


@pytest.fixture
def desk(small: Office) -> InkDesk:
    return InkDesk(small.bind, small.first).open()


@pytest.fixture
def either_desk(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> InkDesk:
    """On SQLite and on PostgreSQL."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    return InkDesk(either_bind, build_office(either_bind).first).open()
