"""A copy of the office while it is at work: whole, checked, and good to work on; or none at all."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from audit_log.log_faults import log_faults
from audit_log.sequencer import sequence
from casework.upkeep import age_archive
from casework.upkeep.backup import back_up, back_up_by_itself, kept_copies
from casework.upkeep.backup_key import set_recipients
from casework.upkeep.integrity import verify
from casework.upkeep.restore import restore
from correspondence.letter_files import keep_bytes
from models.clock import FrozenClock
from models.database import engine, reading, writing
from models.errors import Conflict, CoopcaseError, Refused, WrongInput
from models.settings import settings
from models.tables import case_rows, sessions
from notifications.delivery.sealing import seal, secret_of, unseal
from tests.acting import apply
from tests.conftest import PostgresServer
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
    seal(settings(), "mailto://a@b.example")
    sequence(office.bind, data, NOW)
    return office


@pytest.fixture
def identity(office: Office, tmp_path: Path) -> str:
    """A private key that lies elsewhere; the office has its public half."""
    made = age_archive.new_identity()
    set_recipients(tmp_path / "var", [age_archive.public_of(made)])
    return made


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
    assert (copied.path.name, copied.checked.cases, copied.checked.faults) == ("coopcase-20160314-100005", 4, 0)
    assert files(copied.path) == files(data)
    assert [path.name for path in copied.path.rglob("*.key")] == []
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


def test_what_was_copied_in_the_clear_is_checked_with_the_public_half_of_the_log(
    office: Office, tmp_path: Path
) -> None:
    """Without the log's key its checkpoints still hold, and the log goes on under a new one."""
    copied = back_up(settings(), tmp_path / "copies", NOW)
    done = restore(settings(), copied.path, tmp_path / "new", [])
    assert (done.keys, done.checked) == ((), copied.checked)
    bind = engine(f"sqlite:///{tmp_path / 'new' / 'coopcase.db'}")
    apply(bind, office.second, "accept_case", by=login_of("case_officer"), clock=FrozenClock.on(TODAY),
          data={"file_held": "true"})  # fmt: skip
    assert sequence(bind, tmp_path / "new", NOW)
    with reading(bind) as connection:
        assert list(log_faults(connection, tmp_path / "new")) == []
    (tmp_path / "new" / "log-keys.pub").unlink()
    with reading(bind) as connection:
        assert {fault.code for fault in log_faults(connection, tmp_path / "new")} == {"fault_log_checkpoint"}
    bind.dispose()


def test_an_encrypted_copy_is_one_file_that_its_private_key_restores(
    office: Office, tmp_path: Path, identity: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "var"
    with writing(office.bind) as connection:
        connection.execute(sessions.insert().values(key_hash="0" * 64, officer_id=1, stamp="x", began_at=NOW))
    copied = back_up(settings(), tmp_path / "copies", NOW)
    assert (copied.path.name, copied.encrypted) == ("coopcase-20160314-100005.tar.age", True)
    assert (copied.checked.cases, copied.checked.faults) == (4, 0)
    assert [path.name for path in (tmp_path / "copies").iterdir()] == [copied.path.name]
    assert b"SQLite format" not in copied.path.read_bytes()
    assert not (data / "backup-work").exists()
    done = restore(settings(), copied.path, tmp_path / "new", [identity])
    assert files(done.path) == files(data)
    assert done.keys == ("log.key", "channels.key")
    assert not (done.path / "session.key").exists()
    with reading(engine(f"sqlite:///{done.path / 'coopcase.db'}")) as connection:
        assert connection.scalars(select(sessions.c.key_hash)).all() == [], "everyone signs in again"
    sealed = seal(settings(), "mailto://a@b.example")
    monkeypatch.setenv("COOPCASE_DATA", str(done.path))
    settings.cache_clear()
    assert unseal(settings(), sealed) == "mailto://a@b.example"


def test_no_other_key_opens_it(office: Office, tmp_path: Path, identity: str) -> None:
    copied = back_up(settings(), tmp_path / "copies", NOW)
    for keys, code in (([age_archive.new_identity()], "backup_not_decrypted"), ([], "identity_needed")):
        with pytest.raises(CoopcaseError) as refused:
            restore(settings(), copied.path, tmp_path / "new", keys)
        assert refused.value.code == code
        assert not (tmp_path / "new").exists() and not (tmp_path / "new.part").exists()


@pytest.mark.parametrize("place", [200, -2000, -1])
def test_a_changed_byte_is_found_when_it_is_restored(office: Office, tmp_path: Path, identity: str, place: int) -> None:
    copied = back_up(settings(), tmp_path / "copies", NOW)
    data = bytearray(copied.path.read_bytes())
    data[place] ^= 1
    copied.path.write_bytes(data)
    with pytest.raises(CoopcaseError) as refused:
        restore(settings(), copied.path, tmp_path / "new", [identity])
    assert refused.value.code in ("backup_not_sound", "backup_not_decrypted")
    assert not (tmp_path / "new").exists()


def test_what_cannot_be_read_back_is_no_encrypted_copy(office: Office, tmp_path: Path, identity: str) -> None:
    next(path for path in (tmp_path / "var" / "letters").rglob("*") if path.is_file()).write_bytes(b"short")
    with pytest.raises(CoopcaseError) as refused:
        back_up(settings(), tmp_path / "copies", NOW)
    assert refused.value.code == "backup_not_sound"
    assert list((tmp_path / "copies").iterdir()) == []
    assert not (tmp_path / "var" / "backup-work").exists()


def test_an_archive_that_leaves_its_folder_is_refused(tmp_path: Path) -> None:
    own = age_archive.new_identity()
    (tmp_path / "file").write_bytes(b"x")
    age_archive.pack([(tmp_path / "file", "../outside")], tmp_path / "a.age", [age_archive.public_of(own)])
    with pytest.raises(CoopcaseError):
        age_archive.unpack(tmp_path / "a.age", tmp_path / "in", [own])
    assert not (tmp_path / "outside").exists()


def test_a_tampered_office_is_copied_as_it_is_and_said_so(office: Office, tmp_path: Path, identity: str) -> None:
    with writing(office.bind) as connection:
        connection.exec_driver_sql("DROP TRIGGER fact_update_refused")
        connection.exec_driver_sql("UPDATE fact SET role = 'leader' WHERE id = 1")
    assert back_up(settings(), tmp_path / "copies", NOW).checked.faults > 0


def test_a_restore_never_writes_into_an_office(office: Office, tmp_path: Path, identity: str) -> None:
    copied = back_up(settings(), tmp_path / "copies", NOW)
    before = files(tmp_path / "var")
    with pytest.raises(Conflict) as refused:
        restore(settings(), copied.path, tmp_path / "var", [identity])
    assert refused.value.code == "restore_folder_not_empty"
    assert files(tmp_path / "var") == before


def test_a_key_that_is_none_is_refused(tmp_path: Path) -> None:
    for text in ("", "# public key: age1x", "AGE-SECRET-KEY-1X"):
        with pytest.raises(WrongInput):
            age_archive.identities_in(text)
    with pytest.raises(WrongInput):
        age_archive.require_recipient("age1x")


class TestTheNight:
    """Copies that are made without being asked for."""

    @pytest.fixture(autouse=True)
    def _folder(self, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        monkeypatch.setenv("COOPCASE_BACKUP_TO", str(tmp_path / "disk"))
        monkeypatch.setenv("COOPCASE_BACKUP_KEEP", "3")
        settings.cache_clear()
        yield

    def test_never_in_the_clear_and_never_into_a_folder_that_is_not_there(self, tmp_path: Path) -> None:
        for code in ("backup_folder_missing", "backup_key_missing"):
            with pytest.raises(Refused) as refused:
                back_up_by_itself(settings(), NOW)
            assert refused.value.code == code
            (tmp_path / "disk").mkdir(exist_ok=True)

    def test_the_newest_are_kept(self, tmp_path: Path, identity: str) -> None:
        (tmp_path / "disk").mkdir()
        (tmp_path / "disk" / "coopcase-notes.txt").write_text("of the administrator")
        for night in range(5):
            back_up_by_itself(settings(), NOW + timedelta(days=night))
        kept = [path.name[9:17] for path in kept_copies(tmp_path / "disk")]
        assert kept == ["20160316", "20160317", "20160318"]
        assert (tmp_path / "disk" / "coopcase-notes.txt").exists()

    def test_a_full_disk_is_named_and_removes_nothing(
        self, tmp_path: Path, identity: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "disk").mkdir()
        back_up_by_itself(settings(), NOW)
        full = os.open("/dev/full", os.O_WRONLY)  # every write to it fails as on a full disk
        real = os.open

        def opened(path: str | Path, *rest: int) -> int:
            return full if str(path).endswith(".age.part") else real(path, *rest)

        monkeypatch.setattr(os, "open", opened)
        with pytest.raises(CoopcaseError) as refused:
            back_up_by_itself(settings(), NOW + timedelta(days=1))
        assert refused.value.code == "backup_disk_full"
        assert isinstance(refused.value.__cause__, OSError) and refused.value.__cause__.errno == errno.ENOSPC
        assert [path.name[9:17] for path in (tmp_path / "disk").iterdir()] == ["20160314"]


@pytest.mark.postgres
def test_a_postgresql_office_is_copied_and_restored(
    postgres_url: str, postgres_server: PostgresServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = tmp_path / "var"
    monkeypatch.setenv("COOPCASE_DATA", str(data))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", postgres_url)
    settings.cache_clear()
    office = build_office(engine(postgres_url))
    Paperwork(office.bind, office.first).do("accept_case", file_held="true")
    sequence(office.bind, data, NOW)
    own = age_archive.new_identity()
    set_recipients(data, [age_archive.public_of(own)])
    copied = back_up(settings(), tmp_path / "copies", NOW)
    assert (copied.checked.cases, copied.checked.faults, copied.checked.restored) == (4, 0, True)
    with pytest.raises(Conflict) as refused:
        restore(settings(), copied.path, tmp_path / "new", [own])
    assert refused.value.code == "restore_database_not_empty"
    with postgres_server.empty_database() as url:
        monkeypatch.setenv("COOPCASE_DATABASE_URL", url)
        settings.cache_clear()
        assert restore(settings(), copied.path, tmp_path / "new", [own]).keys == ("log.key",)
        with reading(engine(url)) as connection:
            assert list(verify(connection)) == []
            assert list(log_faults(connection, tmp_path / "new")) == []
        engine(url).dispose()


def test_the_copy_of_a_busy_file_is_one_file(office: Office, tmp_path: Path) -> None:
    """What is written in the log beside the database is in the copy."""
    with writing(office.bind) as connection:
        connection.exec_driver_sql("CREATE TABLE fresh (id INTEGER)")
    copied = back_up(settings(), tmp_path / "copies", NOW).path
    assert sorted(path.name for path in copied.glob("coopcase.db*")) == ["coopcase.db"]
    assert sqlite3.connect(copied / "coopcase.db").execute("SELECT count(*) FROM fresh").fetchone() == (0,)
