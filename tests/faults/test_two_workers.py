"""Two workers on one database at the same moment: every effect, message and duty is done by one of them, once."""

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from casework.opening import open_case
from casework.upkeep.integrity import verify
from models.clock import FrozenClock
from models.database import engine, reading, writing
from models.settings import settings
from models.tables import day_runs, effects, letter_rows, messages, officers
from tests.conftest import free_port
from tests.faults.acting import pending, request_letters, step_to, unsent
from tests.faults.post import Post, serving
from tests.faults.runs import unfinished
from tests.faults.stack import Stack, require, running
from tests.web.web_office import TODAY, Office, build_office, new_unit

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
CASES = 24


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def address(request: pytest.FixtureRequest, data: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Where the database is; the test works on it as well."""
    url = request.getfixturevalue("postgres_url") if request.param == "postgres" else settings().url()
    monkeypatch.setenv("COOPCASE_DATABASE_URL", url)
    settings.cache_clear()
    engine.cache_clear()
    yield url
    engine().dispose()


@pytest.fixture
def crowd(address: str) -> Office:
    """An office with a crowd of cases, each of which requires a letter at once."""
    office = build_office(engine())
    clock = FrozenClock.on(TODAY - timedelta(days=10))
    with writing(office.bind) as connection:
        connection.execute(update(officers).values(email=officers.c.login + "@van-phong.example"))
        units = [new_unit(connection, f"HTX Đông việc {number}", "HBG") for number in range(CASES)]
        refs = [open_case(connection, unit, by="clock", role="clock", clock=clock, on=clock.today()) for unit in units]
    for ref in refs:
        request_letters(office, ref)
    return office


def test_two_workers_at_once(crowd: Office, prefect: Stack, data: Path) -> None:
    post = Post()
    mail = {"COOPCASE_MAIL": post.address}
    first, second = (Stack(data, free_port(), prefect.prefect_port, ("worker",), mail) for _ in "12")
    with serving(post), running(first), running(second):
        require(lambda: not pending(crowd) and not unsent(crowd) and not unfinished(prefect), 120, first)
        with writing(crowd.bind) as connection:
            step_to(connection, TODAY + timedelta(days=1))
        require(lambda: done_on_both_days(crowd) and not unsent(crowd) and not unfinished(prefect), 90, first)
    with reading(crowd.bind) as connection:
        owing = select(effects.c.payload).where(effects.c.kind == "letter")
        wanted = len(connection.execute(owing).all())
        drafted = connection.execute(
            select(letter_rows.c.case_id, letter_rows.c.fact_seq, letter_rows.c.template)
        ).all()
        sent = set(connection.scalars(select(messages.c.message_id).where(messages.c.status == "sent")))
        assert list(verify(connection)) == []
    assert len(drafted) == len(set(drafted)) == wanted >= CASES
    assert {letter.message_id for letter in post.taken} == sent
    assert {key: times for key, times in post.times().items() if times > 1} == {}, "no process ended: nothing twice"


def done_on_both_days(office: Office) -> bool:
    with reading(office.bind) as connection:
        found = select(day_runs.c.name).where(day_runs.c.done_at.is_not(None))
        return Counter(connection.scalars(found))["daily_watch"] == 2
