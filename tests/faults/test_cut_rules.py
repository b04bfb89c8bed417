"""A process is killed in the middle of an approval: every case is under the former version; it is approved later."""

import subprocess
import sys

import pytest
from sqlalchemy import func, select

from casework.upkeep.integrity import verify
from models.database import reading
from models.tables import deadlines, effects, facts
from procedures.definition.loader import load
from tests.casework.desk import NEXT, Desk
from tests.rule_changes import version_texts as made
from tests.web.web_office import Office, did

pytestmark = pytest.mark.processes


@pytest.mark.parametrize(
    "awaited",
    [
        pytest.param("INSERT INTO staged_fact", id="while it is made ready"),
        pytest.param("UPDATE coop_case SET", id="while cases move"),
        pytest.param("UPDATE procedure_version", id="before the version is in force"),
    ],
)
def test_killed_in_the_middle_of_an_approval(office: Office, awaited: str) -> None:
    desk = Desk(office)
    pin = desk.brought(made.SHORTER)
    before = counts(office)
    command = [sys.executable, "-m", "tests.faults.cut_rules", pin, desk.seen().mark, awaited]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        assert set(desk.pins().values()) == {load().pin}, "a reader meets the former version"
        child.kill()
    assert (counts(office), set(desk.pins().values()), desk.status()) == (before, {load().pin}, "proposed")
    did(office, office.first, "accept_case", file_held="yes")
    desk.approve()
    assert set(desk.pins().values()) == {NEXT}
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []


def counts(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return [
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in (facts, deadlines, effects)
        ]
