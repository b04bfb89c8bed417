"""A copy of the office while it is at work: whole, checked, and good to work on; or none at all."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import select

from casework.upkeep.backup import back_up
from casework.upkeep.integrity import verify
from correspondence.letter_files import keep_bytes
from models.clock import FrozenClock
from models.database import engine, reading, writing
from models.errors import Conflict, CoopcaseError, Refused
from models.settings import settings
from models.tables import case_rows
from notifications.delivery.sealing import secret_of
from tests.acting import apply
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, Office, build_office, login_of

NOW = datetime(2016, 3, 14, 3, 0, 5, tzinfo=UTC)


@pytest.fixture
def office(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, sqlite_form: Path) -> Office:
    """An office in a data folder of its own, with a file of evidence and an issued letter."""
    data = tmp_path / "var"
    data.mkdir()
    (data / "coopcase.db").write_bytes(sqlite_form.read_bytes())
    monkeypatch.setenv("COOPCASE_DATA", str(data))
    settings.cache_clear()
    office = build_office(engine(settings().url()))
    papers = Paperwork(office.bind, office.first)
    papers.do("accept_case", file_held="true")
    visit = papers.do("send_visit_notice", visit_on="2016-03-24", place="Trụ sở")
    papers.issued(papers.requested("visit_notice", visit))
    papers.proof()
    secret_of(settings())
    return office


def files(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for name in ("evidence", "letters", "incoming")
        for path in (folder / name).rglob("*")
        if path.is_file()
    }


def test_a_copy_is_a_data_folder_that_can_be_worked_on(office: Office, tmp_path: Path) -> None:
    data = tmp_path / "var"
    (data / "incoming" / "done").mkdir(parents=True)
    (data / "incoming" / "done" / "so.xlsx").write_bytes(b"PK")
    copied = back_up(settings(), tmp_path / "copies", NOW)
    assert (copied.path.name, copied.cases) == ("coopcase-20160314-100005", 4)
    assert files(copied.path) == files(data)
    assert (copied.path / "session.key").read_text() == (data / "session.key").read_text()
    bind = engine(f"sqlite:///{copied.path / 'coopcase.db'}")
    with reading(bind) as connection:
        assert list(verify(connection)) == []
    apply(bind, office.second, "accept_case", by=login_of("case_officer"), clock=FrozenClock.on(TODAY),
          data={"file_held": "true"})  # fmt: skip
    bind.dispose()


def test_the_office_works_on_while_it_is_copied(office: Office, tmp_path: Path) -> None:
    done = threading.Event()
    acts = 0

    def work() -> None:
        nonlocal acts
        while not done.is_set():
            verb = ("name_obstacle", "lift_obstacle")[acts % 2]
            data = {"obstacle": "tax_debt", "note": "thử"}
            apply(office.bind, office.second, verb, by=login_of("case_officer"), clock=FrozenClock.on(TODAY), data=data)
            acts += 1

    worker = threading.Thread(target=work)
    worker.start()
    try:
        copies = [back_up(settings(), tmp_path / str(number), NOW).path for number in range(5)]
    finally:
        done.set()
        worker.join()
    assert acts > 5
    for copy in copies:
        bind = engine(f"sqlite:///{copy / 'coopcase.db'}")
        with reading(bind) as connection:
            assert list(verify(connection)) == []
            assert connection.scalars(select(case_rows.c.ref)).all()
        bind.dispose()


@pytest.mark.parametrize("harm", ["gone", "cut short"])
def test_what_is_not_whole_is_no_copy(office: Office, tmp_path: Path, harm: str) -> None:
    letter = next(path for path in (tmp_path / "var" / "letters").rglob("*") if path.is_file())
    if harm == "gone":
        letter.unlink()
    else:
        letter.write_bytes(letter.read_bytes()[:-10])
    with pytest.raises(CoopcaseError) as refused:
        back_up(settings(), tmp_path / "copies", NOW)
    assert refused.value.code == "backup_not_sound"
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_half_file_is_left_out(office: Office, tmp_path: Path) -> None:
    """What a killed process left behind is no part of the office."""
    (tmp_path / "var" / "evidence" / "tmp1234").write_bytes(b"half")
    keep_bytes(b"whole")
    names = files(back_up(settings(), tmp_path / "copies", NOW).path)
    assert not [name for name in names if "tmp" in name]
    assert b"whole" in names.values()


def test_no_copy_takes_the_place_of_another(office: Office, tmp_path: Path) -> None:
    back_up(settings(), tmp_path / "copies", NOW)
    with pytest.raises(Conflict):
        back_up(settings(), tmp_path / "copies", NOW)


def test_another_database_is_sent_to_its_own_tools(
    office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_DATABASE_URL", "postgresql+psycopg://localhost/office")
    settings.cache_clear()
    with pytest.raises(Refused) as refused:
        back_up(settings(), tmp_path / "copies", NOW)
    assert refused.value.code == "backup_is_sqlites"
    assert not (tmp_path / "copies").exists()


def test_the_copy_of_a_busy_file_is_one_file(office: Office, tmp_path: Path) -> None:
    """What is written in the log beside the database is in the copy."""
    with writing(office.bind) as connection:
        connection.exec_driver_sql("CREATE TABLE fresh (id INTEGER)")
    copied = back_up(settings(), tmp_path / "copies", NOW).path
    assert sorted(path.name for path in copied.glob("coopcase.db*")) == ["coopcase.db"]
    assert sqlite3.connect(copied / "coopcase.db").execute("SELECT count(*) FROM fresh").fetchone() == (0,)
