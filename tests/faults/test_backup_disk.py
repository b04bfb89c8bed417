"""The disk of the copies is full at night: the office works on, the heads see it, no earlier copy is lost."""

import os
import resource
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, select

from casework.upkeep import age_archive
from casework.upkeep.backup import ENCRYPTED, kept_copies
from casework.upkeep.backup_key import set_recipients
from casework.upkeep.integrity import verify
from casework.upkeep.restore import restore
from correspondence.letter_files import keep_bytes
from flows.jobs.duties import DUTIES
from models.clock import HANOI, SystemClock
from models.database import engine, reading, writing
from models.errors import CoopcaseError
from models.setting_keys import DEMO_DAY
from models.settings import settings
from models.tables import day_runs, nightly_checks, settings_table
from samples.path_step import Step
from templates.words import say
from tests.conftest import free_port
from tests.faults.desk import Desk
from tests.faults.full_disks import filled, small_file_system
from tests.faults.stack import ROOT, Stack, require, running
from tests.faults.year import Act
from tests.web.web_office import TODAY, Office, login_of

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
A_LETTER = 6 << 20  # bytes of a paper of the office: a copy is larger than its database
LONGEST = 5 << 20  # bytes of a file on a disk that takes none that is longer
ROOM = 24  # megabytes of the disk: two copies, not three
NIGHT = 120.0  # seconds until the worker has looked at the office and copied it

Full = Callable[[Stack, Path], AbstractContextManager[None]]


def no_room(_stack: Stack, disk: Path) -> AbstractContextManager[None]:
    return filled(disk)


@contextmanager
def short_files(stack: Stack, _disk: Path) -> Iterator[None]:
    """As on a disk formatted for files of at most 4 GB."""
    stack.limit_files(LONGEST)
    yield
    stack.limit_files(resource.RLIM_INFINITY)


@pytest.fixture(params=[no_room, short_files], ids=["a small file system", "a limit on files"])
def full(request: pytest.FixtureRequest) -> Full:
    chosen: Full = request.param
    return chosen


@pytest.fixture
def disk(full: Full, tmp_path: Path) -> Iterator[Path]:
    """Where the copies of the nights go."""
    if full is short_files:
        (tmp_path / "disk").mkdir()
        yield tmp_path / "disk"
        return
    with small_file_system(tmp_path / "disk", ROOM) as place:
        yield place


@pytest.fixture
def identity(data: Path) -> str:
    """The private key that lies elsewhere."""
    made = age_archive.new_identity()
    set_recipients(data, [age_archive.public_of(made)])
    return made


def copies(kind: bool) -> list[dict[str, Any]]:
    """What the copies came to that succeeded, or that failed."""
    with reading(engine()) as connection:
        columns = nightly_checks.c
        found = select(columns.found).where(columns.kind == "backup", columns.ok.is_(kind))
        return list(connection.scalars(found.order_by(columns.id)))


def another_night() -> None:
    with writing(engine()) as connection:
        connection.execute(delete(day_runs).where(day_runs.c.name == "nightly_checks"))


@pytest.mark.skipif(
    SystemClock().now().astimezone(HANOI).hour < DUTIES["nightly_checks"].hour,
    reason="the worker makes the copies of a night from two in the morning on",
)
def test_a_full_disk_of_copies(
    full: Full, disk: Path, identity: str, data: Path, prefect: Stack, office: Office
) -> None:
    with writing(engine(), any_clock=True) as connection:  # heads of a stepped day see no warnings
        connection.execute(settings_table.delete().where(settings_table.c.key == DEMO_DAY))
    keep_bytes(os.urandom(A_LETTER))
    by_hand = [sys.executable, "-m", "cli.app", "backup", str(disk)]
    subprocess.run(by_hand, cwd=ROOT, env={**os.environ, "COOPCASE_DATA": str(data)}, check=True, capture_output=True)
    earlier = {path.name: path.read_bytes() for path in kept_copies(disk)}
    assert len(earlier) == 1
    chosen = {"COOPCASE_BACKUP_TO": str(disk), "COOPCASE_BACKUP_KEEP": "1"}
    stack = Stack(data, free_port(), prefect.prefect_port, ("web", "worker"), environment=chosen)
    code = "backup_file_too_long" if full is short_files else "backup_disk_full"
    said = say(CoopcaseError(code, path=str(disk)), "vi").partition(" (")[0]
    with running(stack):
        desk = Desk(stack.site, office.bind)
        require(lambda: len(copies(True)) > 1, NIGHT, stack)  # the first night has room, and removes the copy by hand
        earlier = {path.name: path.read_bytes() for path in kept_copies(disk)}
        with full(stack, disk):
            another_night()
            require(lambda: copies(False), NIGHT, stack)
            assert [one["code"] for one in copies(False)] == [code]
            desk.do(Act(TODAY, office.second, Step("accept_case", data={"file_held": "true"}, proof=True)))
            assert said in desk.read(login_of("manager"), "/work").text
            assert {path.name: path.read_bytes() for path in kept_copies(disk)} == earlier, "the last good copy"
            assert [path.name for path in disk.iterdir() if path.name.endswith(".part")] == []
            assert not (data / "backup-work").exists()
        another_night()
        require(lambda: len(copies(True)) > 2, NIGHT, stack)
        assert said not in desk.read(login_of("manager"), "/work").text
    (newest,) = kept_copies(disk)
    assert newest.name not in earlier
    assert newest.name.endswith(ENCRYPTED)
    restored = restore(settings(), newest, data.parent / "restored", [identity])
    bind = engine(f"sqlite:///{restored.path / 'coopcase.db'}")
    with reading(bind) as connection:
        assert list(verify(connection)) == []
    bind.dispose()
