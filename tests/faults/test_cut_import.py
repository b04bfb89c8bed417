"""A process is killed in the middle of an import of the register: nothing of it is there; the file comes in later."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit_log.log_faults import log_faults
from casework.register_import import commit
from casework.upkeep.integrity import verify
from models.database import reading
from models.tables import case_rows, change_notes, effects, facts, import_runs, search_entries, units
from tests.web.web_office import CLOCK, Office, did

pytestmark = pytest.mark.processes
COUNTED = (units, case_rows, facts, effects, search_entries, import_runs, change_notes)
FILE = "Tên hợp tác xã;Quận/huyện;Xếp loại;Tình trạng\n" + "".join(
    f"HTX Đánh cá {name};Hồng Bàng;Yếu;Ngừng hoạt động\n" for name in ("Bình Minh", "Hải Âu", "Cát Hải")
)


def counts(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


@pytest.mark.parametrize(
    "awaited",
    [
        pytest.param("INSERT INTO staged_fact", id="while it is made ready"),
        pytest.param("INSERT INTO effect", id="while it is written"),
        pytest.param("INSERT INTO importrun", id="before it is recorded"),
    ],
)
def test_killed_in_the_middle_of_an_import(office: Office, data: Path, awaited: str) -> None:
    file = data / "so.csv"
    file.write_text(FILE, encoding="utf-8")
    before = counts(office)
    command = [sys.executable, "-m", "tests.faults.cut_import", str(file), awaited]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        child.kill()
    assert counts(office) == before, "nothing of it is there"
    did(office, office.first, "accept_case", file_held="yes")
    result = commit(office.bind, file.read_bytes(), file.name, by="clock", clock=CLOCK)
    assert list(result.cases) == [f"HP-2016-{number:04d}" for number in (5, 6, 7)], "no number is left out"
    with reading(office.bind) as connection:
        assert [*verify(connection), *log_faults(connection, data.resolve())] == []
