"""A full disk: nothing half written is taken for whole, and when there is room the pending work is done, once."""

import hashlib
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import timedelta
from email import message_from_bytes, policy
from pathlib import Path

import pytest
from sqlalchemy import select, update

from audit_log.log_faults import log_faults
from casework.upkeep.integrity import verify
from correspondence.paper_integrity import verify_papers
from models.database import reading, writing
from models.tables import book_entries, messages, officers
from samples.path_step import Step
from tests.conftest import free_port
from tests.correspondence.paperwork import Paperwork
from tests.faults.acting import REQUESTED, letters, pending, request_letters, step_to, unsent
from tests.faults.desk import Desk
from tests.faults.full_disks import filled, small_file_system
from tests.faults.runs import unfinished
from tests.faults.stack import Stack, require, running
from tests.faults.year import Act
from tests.web.web_office import TODAY, Office

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
ROOM = 96  # megabytes of the small disk


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of our own, of which the data folder is made."""
    with small_file_system(tmp_path / "var", ROOM) as place:
        yield place


def left_without_room(stack: Stack) -> AbstractContextManager[None]:
    return filled(stack.data)


@contextmanager
def limited(stack: Stack) -> Iterator[None]:
    """No process of the stack may write a byte into a file."""
    stack.limit_files(0)
    yield
    stack.limit_files(resource.RLIM_INFINITY)


Full = Callable[[Stack], AbstractContextManager[None]]


@pytest.fixture(params=["a small file system", "a limit on files"])
def full(request: pytest.FixtureRequest) -> Full:
    if request.param == "a limit on files":
        return limited
    request.getfixturevalue("small_disk")
    return left_without_room


@pytest.fixture
def stack(full: Full, data: Path, prefect: Stack) -> Stack:
    """On the small file system with a Prefect of its own, whose database is on the same disk."""
    if full is left_without_room:
        return Stack(data, free_port(), free_port())
    return Stack(data, free_port(), prefect.prefect_port, ("web", "worker"))


def test_a_full_disk(full: Full, stack: Stack, office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(update(officers).values(email=officers.c.login + "@van-phong.example"))
    papers = Paperwork(office.bind, office.first)
    asked = request_letters(office, office.first)
    letter = papers.approved(papers.filled(papers.requested("tax_inquiry", asked), reply_by_on="05/04/2016"))
    wanted = Act(TODAY, office.second, Step("accept_case", data={"file_held": "true"}, proof=True))
    with running(stack):
        desk = Desk(stack.site, office.bind)
        readers = ("case_officer.hbg", "second.hbg", "clerk.hbg")
        assert [desk.read(login, "/work").status_code for login in readers] == [200, 200, 200]
        require(lambda: not pending(office) and not unfinished(stack), 60, stack)
        seq = request_letters(office, office.elsewhere)
        with full(stack):
            for _ in range(3):
                assert (desk.once(wanted), desk.issue(letter)) == (503, 503), stack.logs()
                assert desk.read("second.hbg", "/work").status_code == 200, "what is recorded can be read"
                time.sleep(1)
        assert papers.status(letter) == "approved"
        assert kept(stack.data, "evidence") == kept(stack.data, "letters") == 0
        require(stack.is_up, 60, stack)
        desk.do(wanted)
        assert desk.issue(letter) == 303
        tomorrow(office)
        require(lambda: not pending(office) and not unsent(office) and not unfinished(stack), 90, stack)
    assert letters(office, office.elsewhere, seq) == REQUESTED
    assert (kept(stack.data, "evidence"), kept(stack.data, "letters")) == (1, 1)
    assert mails(stack.data) == sent(office)
    with reading(office.bind) as connection:
        assert connection.scalars(select(book_entries.c.number)).all() == [1]
        faults = [*verify(connection), *verify_papers(connection), *log_faults(connection, stack.data.resolve())]
        assert faults == []


def tomorrow(office: Office) -> None:
    """Scheduled retries come due."""
    with writing(office.bind) as connection:
        step_to(connection, TODAY + timedelta(days=1))


def kept(data: Path, folder: str) -> int:
    """How many files lie in a folder, each whole: its name is the hash of what is in it."""
    files = [path for path in (data / folder).rglob("*") if path.is_file()]
    assert [path.name for path in files] == [hashlib.sha256(path.read_bytes()).hexdigest() for path in files]
    return len(files)


def mails(data: Path) -> set[str]:
    """The Message-IDs of the mail files, each of which can be read to its end."""
    files = [path for path in (data / "outgoing").iterdir() if path.is_file()]
    read = [message_from_bytes(path.read_bytes(), policy=policy.default) for path in files]
    assert all(mail.get_body(("plain",)) for mail in read)
    return {str(mail["Message-ID"]) for mail in read}


def sent(office: Office) -> set[str]:
    with reading(office.bind) as connection:
        return set(connection.scalars(select(messages.c.message_id).where(messages.c.status == "sent")))
