"""A process is killed in the middle of an import of the register: nothing of it is there; the file comes in later."""

import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import func, select

from audit_log.log_faults import log_faults
from casework.register_import import commit
from casework.upkeep.integrity import verify
from flows.jobs.day_watch import watch
from models.database import reading
from models.search_query import found_by
from models.tables import case_rows, change_notes, effects, facts, import_runs, search_entries, units
from tests.web.web_office import CLOCK, TODAY, Office, did

pytestmark = pytest.mark.processes
COUNTED = (units, case_rows, facts, effects, search_entries, import_runs, change_notes)
FILE = "Tên hợp tác xã;Quận/huyện;Xếp loại;Tình trạng\n" + "".join(
    f"HTX Đánh cá {name};Hồng Bàng;Yếu;Ngừng hoạt động\n" for name in ("Bình Minh", "Hải Âu", "Cát Hải")
)


def counts(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return [connection.scalar(select(func.count()).select_from(table)) or 0 for table in COUNTED]


def found(office: Office, text: str) -> tuple[int, int]:
    """How many units and cases a text finds."""
    with reading(office.bind) as connection:
        unit, case = (connection.scalars(found_by(kind, text)).all() for kind in ("unit", "case"))
    return len(unit), len(case)


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


def test_killed_before_what_it_brought_has_its_words(office: Office, data: Path) -> None:
    file = data / "so.csv"
    file.write_text(FILE, encoding="utf-8")
    command = [sys.executable, "-m", "tests.faults.cut_import", str(file), "UPDATE search_entry"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        assert found(office, "hải âu") == (0, 0)
        child.kill()
    assert commit(office.bind, file.read_bytes(), file.name, by="clock", clock=CLOCK).counts()["unchanged"] == 3
    watch(office.bind, TODAY, CLOCK)
    assert found(office, "hải âu") == (1, 1), "all of it was there, and the daily watch has made the words"


def test_killed_before_what_it_changed_has_its_words(office: Office, data: Path) -> None:
    file = data / "so.csv"
    file.write_text(FILE, encoding="utf-8")
    commit(office.bind, file.read_bytes(), file.name, by="clock", clock=CLOCK)
    head, *lines = FILE.splitlines()
    file.write_text("\n".join([f"{head};Điện thoại", *(f"{line};0912000111" for line in lines)]), encoding="utf-8")
    awaited = "DELETE FROM search_stale WHERE search_stale.id IN"
    command = [sys.executable, "-m", "tests.faults.cut_import", str(file), awaited]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        assert (found(office, "hải âu"), found(office, "0912000111")) == ((1, 1), (0, 0)), "found by its former words"
        child.kill()
    did(office, office.first, "accept_case", file_held="yes")
    assert found(office, "0912000111") == (0, 0), "an act makes its own words only"
    assert commit(office.bind, file.read_bytes(), file.name, by="clock", clock=CLOCK).counts()["unchanged"] == 3
    watch(office.bind, TODAY, CLOCK)
    assert (found(office, "hải âu"), found(office, "0912000111")) == ((1, 1), (3, 3))
