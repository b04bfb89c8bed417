"""The database vanishes or breaks under the pages, the clock is set back, the orphan reaper is killed."""

import subprocess
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import psutil
import pytest

from casework.upkeep.integrity import verify
from models.clock_watch import read_clock, trust
from models.database import engine, reading, writing
from models.setting_keys import DEMO_DAY
from models.tables import settings_table
from samples.path_step import Step
from tests.conftest import free_port
from tests.faults.desk import Desk
from tests.faults.stack import ROOT, Stack, command, eventually, require, running
from tests.faults.year import Act
from tests.web.web_office import TODAY, Office, login_of

pytestmark = [pytest.mark.processes]
PATIENCE = 30.0
JUMPED = "Đồng hồ máy chủ nhảy"


def _delete(path: Path) -> None:
    path.unlink()


def _overwrite_head(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"\0" * 100)


@pytest.mark.parametrize(
    ("harm", "said"),
    [(_delete, "Không thấy cơ sở dữ liệu"), (_overwrite_head, "bị hỏng")],
    ids=["deleted", "overwritten"],
)
def test_no_act_is_confirmed_once_the_database_is_gone(
    office: Office, data: Path, harm: Callable[[Path], None], said: str
) -> None:
    with running(Stack(data, free_port(), free_port(), ("web",))) as stack:
        desk = Desk(stack.site, office.bind)
        assert desk.read(login_of("manager"), "/late").status_code == 200
        harm(data / "coopcase.db")
        answer = desk.read(login_of("manager"), "/late")
        assert answer.status_code == 503
        assert said in answer.text
        assert "Traceback" not in answer.text
        assert not (data / "coopcase.db").exists() or harm is _overwrite_head


def test_a_clock_that_was_set_back_holds_acts_until_it_is_confirmed(office: Office, data: Path) -> None:
    with writing(engine(), any_clock=True) as connection:
        connection.execute(settings_table.delete().where(settings_table.c.key == DEMO_DAY))
        now = read_clock()
        trust(connection, type(now)(now.at + timedelta(hours=2), now.boot, now.seconds))  # it was two hours later
    with running(Stack(data, free_port(), free_port(), ("web",))) as stack:
        desk = Desk(stack.site, office.bind)
        wanted = Act(TODAY, office.second, Step("accept_case", data={"file_held": "true"}, proof=True))
        assert desk.once(wanted) == 409
        answer = desk.read(login_of("manager"), "/work")
        assert answer.status_code == 200
        assert JUMPED in answer.text
        confirm = ["clock", "confirm", "--by", login_of("admin", None), "--reason", "đã đối chiếu"]
        subprocess.run([sys.executable, "-m", "cli.app", *confirm], cwd=ROOT, check=True, capture_output=True)
        assert desk.once(wanted) == 303
        assert JUMPED not in desk.read(login_of("manager"), "/work").text
    with reading(engine()) as connection:
        assert list(verify(connection)) == []


def test_a_killed_reaper_comes_back(data: Path) -> None:
    stack = Stack(data, free_port(), free_port(), ("web",))
    with running(stack):
        first = _reaper(stack)
        assert first is not None
        first.kill()
        require(lambda: (now := _reaper(stack)) is not None and now.pid != first.pid, PATIENCE, stack)
        web = stack.child("web")
        assert web is not None
        assert stack.keeper is not None
        stack.keeper.kill()
        stack.keeper.wait()
        assert eventually(lambda: not web.is_running(), PATIENCE), "the new reaper ends the orphans too"
        stack.keeper = None


def _reaper(stack: Stack) -> psutil.Process | None:
    assert stack.keeper is not None
    listed = psutil.Process(stack.keeper.pid).children()
    alive = [one for one in listed if one.status() != psutil.STATUS_ZOMBIE]
    return next((one for one in alive if "orphan_reaper" in command(one)), None)
