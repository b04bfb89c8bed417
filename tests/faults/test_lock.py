"""Another program writes to the database for half a minute: officers wait, readers do not, the worker goes on."""

import sqlite3
import threading
import time
from pathlib import Path

import pytest

from casework.upkeep.integrity import verify
from models.database import reading
from samples.path_parts import REVIEW
from tests.conftest import free_port
from tests.faults.acting import pending
from tests.faults.desk import Desk
from tests.faults.stack import Stack, require, running
from tests.faults.year import Act
from tests.web.web_office import TODAY, Office, login_of

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
HELD = 30.0  # seconds


def test_thirty_seconds_of_another_writer(office: Office, prefect: Stack, data: Path) -> None:
    stack = Stack(data, free_port(), prefect.prefect_port, ("web", "worker"))
    with running(stack):
        desk, desks = Desk(stack.site, office.bind), [Desk(stack.site, office.bind) for _ in range(2)]
        desk.read(login_of("manager"), "/late")
        other = sqlite3.connect(data / "coopcase.db", isolation_level=None, timeout=30)
        other.execute("BEGIN IMMEDIATE")
        since = time.monotonic()
        writers = [
            threading.Thread(target=one.do, args=(Act(TODAY, ref, REVIEW[0]),))
            for one, ref in zip(desks, (office.first, office.second), strict=True)
        ]
        for writer in writers:
            writer.start()
        # Who only reads does not wait: the other program lets go further down, in this same thread.
        assert desk.read(login_of("manager"), "/late").status_code == 200
        assert all(writer.is_alive() for writer in writers)
        time.sleep(max(0.0, HELD - (time.monotonic() - since)))
        other.execute("COMMIT")
        other.close()
        for writer in writers:
            writer.join(30)
        assert [one.done for one in desks] == [1, 1], stack.logs()
        assert all(one.cut_off == 0 for one in desks), "no form had to be sent twice"
        require(lambda: not pending(office), 60, stack, "the worker goes on")
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []
