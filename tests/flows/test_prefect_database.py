"""Prefect's own database: replaced when it is damaged, left alone when it is not."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from flows.runtime.prefect_server import replace_broken


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "prefect.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE run (id INTEGER PRIMARY KEY, name TEXT)")
        connection.executemany("INSERT INTO run (name) VALUES (?)", [("x" * 900,)] * 500)
        connection.commit()
    return path


def test_a_whole_one_stays(database: Path) -> None:
    assert not replace_broken(database)
    assert [path.name for path in database.parent.iterdir()] == ["prefect.db"]


def test_none_is_none(tmp_path: Path) -> None:
    assert not replace_broken(tmp_path / "prefect.db")


@pytest.mark.parametrize("at", [0, 4096 * 20], ids=["its head", "a page in the middle"])
def test_a_damaged_one_is_replaced(database: Path, at: int) -> None:
    with database.open("r+b") as file:
        file.seek(at)
        file.write(b"\xff" * 4096)
    assert replace_broken(database)
    assert [path.name for path in database.parent.iterdir()] == ["broken-prefect.db"]


def test_one_that_is_held_is_not_called_damaged(database: Path) -> None:
    with closing(sqlite3.connect(database, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert not replace_broken(database)
