"""Files that nothing names are listed, and removed by a person of the city; what is named or new stays."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from casework.evidence_store import keep
from casework.ledger import case_row
from casework.office.people import actor
from casework.upkeep.named_files import HASHES
from casework.upkeep.orphan_files import orphans, remove
from correspondence.incoming.incoming_register import Arrival, register_incoming
from correspondence.ink.earlier_papers import EarlierPaper, record_earlier
from models.clock import SystemClock
from models.database import reading, writing
from models.errors import Refused
from models.settings import settings
from models.tables import metadata, office_acts
from tests.web.strangers import theirs
from tests.web.web_office import CLOCK, TODAY, build_office, login_of

NAMES = {"evidence/ab/" + "a" * 64, "evidence/ab/tmpx1", "letters/cd/" + "c" * 64}


@pytest.fixture
def data(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Evidence of a case, three files that nothing names, and one that was written just now."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    settings.cache_clear()
    office = build_office(bind)
    with writing(bind) as connection:
        row = case_row(connection, office.first)
        keep(connection, row["id"], "Biên bản".encode(), "a.txt", by=login_of("manager"), now=CLOCK.now())
    for name in (*NAMES, "evidence/ab/" + "b" * 64):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(b"x")
    old = (SystemClock().now() - timedelta(days=2)).timestamp()
    for path in tmp_path.rglob("*"):
        if path.is_file() and path.name != "b" * 64:
            os.utime(path, (old, old))
    return tmp_path


def test_orphans_are_listed(bind: Engine, data: Path) -> None:
    with reading(bind) as connection:
        assert {one.name for one in orphans(connection, data, SystemClock().now())} == NAMES


@pytest.mark.parametrize("login", [login_of("admin"), login_of("case_officer", None)])
def test_who_removes_them(bind: Engine, data: Path, login: str) -> None:
    with writing(bind, rules=True) as connection, pytest.raises(Refused):
        remove(connection, data, actor(connection, login), CLOCK, SystemClock().now())
    assert all((data / name).exists() for name in NAMES)


def test_removed_orphans_are_in_the_journal(bind: Engine, data: Path) -> None:
    before = {path for path in data.rglob("*") if path.is_file()}
    with writing(bind, rules=True) as connection:
        remove(connection, data, actor(connection, login_of("admin", None)), CLOCK, SystemClock().now())
    with reading(bind) as connection:
        kept = connection.scalars(select(office_acts.c.data).where(office_acts.c.act == "orphans_removed")).one()
        assert orphans(connection, data, SystemClock().now()) == []
    assert set(kept["names"]) == NAMES
    assert {path for path in data.rglob("*") if path.is_file()} == before - {data / name for name in NAMES}


def test_a_file_of_any_record_is_no_orphan(bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Scans of papers signed in ink and of earlier papers, and what came in for no case, are named by their rows."""
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path))
    settings.cache_clear()
    theirs(build_office(bind))
    files = [("den.pdf", b"%PDF-1.4 cong van den")]
    with writing(bind) as connection:
        clerk = actor(connection, login_of("clerk"))
        register_incoming(connection, clerk, Arrival("Sở Nội vụ", "Không hồ sơ", TODAY, files=files), clock=CLOCK)
        scan = ("cu.pdf", b"%PDF-1.4 giay cu")
        older = EarlierPaper("UBND huyện", "15/QĐ-UBND", TODAY, "Giấy cũ", refs=[], file=scan)
        record_earlier(connection, older, by=clerk, clock=CLOCK)
    kept = [path for folder in ("evidence", "letters") for path in (tmp_path / folder).rglob("*") if path.is_file()]
    assert len(kept) > 3
    long_after = SystemClock().now() + timedelta(days=2)
    with reading(bind) as connection:
        assert [one.name for one in orphans(connection, tmp_path, long_after)] == []


def test_every_column_with_the_hash_of_a_file_is_asked() -> None:
    hashes = {str(column) for table in metadata.sorted_tables for column in table.c if "sha" in column.name}
    assert {str(column) for _, column in HASHES} == hashes - {
        "procedure_version.sha256",
        "importrun.sha256",
    }  # of texts
