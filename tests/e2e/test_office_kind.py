"""A lost database is refused; the sample office is loaded on nothing, or where one was before."""

from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import update

from cli.run import seed
from models.database import engine, migrate, reading, writing
from models.errors import Conflict
from models.office_kind import MARK, REAL, SAMPLE, kind_of
from models.settings import settings
from models.tables import officers, settings_table
from samples import seed as sample_office
from tests.e2e.walking import coopcase
from tests.web.web_office import build_office

START = ("start", "quantri", "--name", "Nguyễn Văn Thử")


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an office that has not begun; the sample is a small one."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.delenv("COOPCASE_DATABASE_URL", raising=False)
    monkeypatch.setattr(sample_office, "seed_if_empty", lambda: build_office(engine()))
    settings.cache_clear()
    engine.cache_clear()
    (tmp_path / "var").mkdir()
    return tmp_path / "var"


def _start() -> None:
    coopcase(*START)


def _lose(data: Path) -> None:
    engine().dispose()
    engine(None).dispose()  # of the migrations
    for path in data.glob("coopcase.db*"):
        path.unlink()


def _empty(data: Path) -> None:
    _lose(data)
    migrate()


def _kinds(data: Path) -> tuple[str, str]:
    with reading(engine()) as connection:
        return kind_of(connection), (data / MARK).read_text().strip()


@pytest.mark.parametrize(("begin", "kind"), [(_start, REAL), (seed, SAMPLE)])
def test_database_and_folder_are_marked(data: Path, begin: Callable[[], None], kind: str) -> None:
    begin()
    assert _kinds(data) == (kind, kind)
    seed()  # as at every later start
    assert _kinds(data) == (kind, kind)


@pytest.mark.parametrize("begin", [_start, seed])
@pytest.mark.parametrize("lost", [_lose, _empty])
@pytest.mark.parametrize("beside", ["mark", "evidence", "letters"])
def test_nothing_begins_beside_what_a_real_office_left(
    data: Path, begin: Callable[[], None], lost: Callable[[Path], None], beside: str
) -> None:
    _start()
    if beside != "mark":
        (data / MARK).unlink()
        (data / beside / "ab").mkdir(parents=True)
        (data / beside / "ab" / "abcd").write_bytes(b"kept")
    lost(data)
    before = sorted(path.name for path in data.iterdir())
    with pytest.raises(Conflict) as refused:
        begin()
    assert refused.value.code == "database_lost"
    assert lost is _empty or sorted(path.name for path in data.iterdir()) == before


def test_the_sample_begins_again_where_it_was_and_no_real_office_does(data: Path) -> None:
    seed()
    _lose(data)
    with pytest.raises(Conflict) as refused:
        _start()
    assert refused.value.code == "folder_is_sample"
    seed()
    assert _kinds(data) == (SAMPLE, SAMPLE)


@pytest.mark.parametrize(("begin", "other"), [(_start, SAMPLE), (seed, REAL)])
def test_a_folder_of_another_kind_is_refused(data: Path, begin: Callable[[], None], other: str) -> None:
    begin()
    (data / MARK).write_text(other)
    with pytest.raises(Conflict) as refused:
        seed()
    assert refused.value.code == "office_kinds_differ"


@pytest.mark.parametrize(("invented", "kind"), [(False, REAL), (True, SAMPLE)])
def test_an_office_without_a_mark_gets_one(data: Path, invented: bool, kind: str) -> None:
    _start()
    (data / MARK).unlink()
    with writing(engine()) as connection:
        connection.execute(settings_table.delete())
        connection.execute(update(officers).values(is_sample=invented))
    seed()
    assert _kinds(data) == (kind, kind)
