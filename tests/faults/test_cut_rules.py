"""A process is killed in the middle of a change of the rules: all is as it was, and the change is made later."""

import subprocess
import sys
from datetime import date

import pytest
from sqlalchemy import func, select

from casework.upkeep.integrity import verify
from models.database import reading
from models.tables import closings, deadlines, effects, facts
from procedures.definition.loader import load
from rule_changes.closing_days import adopt
from tests.casework.desk import CITY_MANAGER, LATER, NEXT, Desk
from tests.faults.cut_rules import STORM
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
    command = [sys.executable, "-m", "tests.faults.cut_rules", awaited, pin, desk.seen().mark]
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


@pytest.mark.parametrize(
    "awaited", ["SELECT message.case_id", "WITH offices", "UPDATE coop_case", "INSERT INTO effect"]
)
def test_killed_in_the_middle_of_a_closing_day(office: Office, awaited: str) -> None:
    before = dates(office)
    command = [sys.executable, "-m", "tests.faults.cut_rules", awaited]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as child:
        assert child.stdout is not None
        assert child.stdout.readline() == "between\n"
        assert dates(office) == before, "a reader meets the former dates"
        child.kill()
    did(office, office.first, "accept_case", file_held="yes")
    assert len(adopt(office.bind, [STORM], by=CITY_MANAGER, clock=LATER)) == 3
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []
        assert connection.scalar(select(func.count()).select_from(closings)) == 1


def dates(office: Office) -> list[tuple[str, date | None]]:
    with reading(office.bind) as connection:
        return list(connection.execute(select(deadlines.c.key, deadlines.c.ends_on).order_by(deadlines.c.id)).tuples())


def counts(office: Office) -> list[int]:
    with reading(office.bind) as connection:
        return [
            connection.scalar(select(func.count()).select_from(table)) or 0 for table in (facts, deadlines, effects)
        ]
