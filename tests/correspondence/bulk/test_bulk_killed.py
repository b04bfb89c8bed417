"""A batch killed at each moment of its numbering: none of it is numbered; afterwards all of it, without a gap."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from correspondence.letter_files import read_bytes
from models.database import engine
from models.settings import settings
from tests.correspondence.batches import Batches
from tests.web.web_office import build_office

LETTERS = 12
MOMENTS = ("printing", "INSERT INTO book_entry", "UPDATE letter", "INSERT INTO letter_batch_act")
CHILD = """
import os, signal, sys
from sqlalchemy import event
from correspondence.bulk.bulk_issuing import issue_batch
from casework.office.people import actor
from models.database import engine, reading
from tests.web.web_office import CLOCK

def struck(connection, cursor, statement, *rest):
    if statement.startswith(sys.argv[2]):
        os.kill(os.getpid(), signal.SIGKILL)

with reading(engine()) as connection:
    clerk = actor(connection, "clerk.hbg")
event.listen(engine(), "after_cursor_execute", struck)

def report(done, of):
    if sys.argv[2] == "printing" and done == of // 2:
        os.kill(os.getpid(), signal.SIGKILL)

issue_batch(engine(), int(sys.argv[1]), clerk, clock=CLOCK, progress=report)
"""


@pytest.mark.processes
def test_no_number_without_its_bytes(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    monkeypatch.setenv("COOPCASE_DATABASE_URL", sqlite_url)
    settings.cache_clear()
    office = build_office(engine(sqlite_url))
    batches = Batches(office.bind, [])
    batch = batches.signed(refs=batches.more(LETTERS))
    for moment in MOMENTS:
        ended = subprocess.run([sys.executable, "-c", CHILD, str(batch), moment], timeout=120)
        assert ended.returncode == -signal.SIGKILL, moment
        assert {row["status"] for row in batches.rows(batch)} == {"approved"}, moment
        assert batches.book() == [], moment
    batches.issued(batch)
    assert [line[2] for line in batches.book()] == list(range(1, LETTERS + 1))
    for row in batches.rows(batch):
        assert read_bytes(row["pdf_sha"]).startswith(b"%PDF")
