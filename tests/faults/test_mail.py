"""A mail server that is away, refuses, stalls, hangs up after it took a message, and comes back."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select, update

from casework.acts import reassign
from models.clock import FrozenClock
from models.database import reading, writing
from models.tables import messages, officers
from tests.conftest import free_port
from tests.faults.acting import pending, step_to, unsent
from tests.faults.post import Post, serving
from tests.faults.stack import Stack, require, running
from tests.web.web_office import TODAY, Office, login_of

pytestmark = [pytest.mark.processes, pytest.mark.prefect, pytest.mark.timeout(900)]
READER = "second.hbg"
MOODS = {"refuses": "refused", "stalls": "no_answer", "drops": "hung_up"}  # and what is written down of each


def failures(bind: Engine) -> list[str]:
    """Why each message of the reader that has not gone failed the last time; empty where it was not tried."""
    columns = messages.c
    mine = select(officers.c.id).where(officers.c.login == READER).scalar_subquery()
    with reading(bind) as connection:
        found = select(columns.note).where(columns.officer_id == mine, columns.status == "pending")
        return list(connection.scalars(found))


def test_every_message_comes_whatever_the_server_does(office: Office, prefect: Stack, data: Path) -> None:
    post = Post()
    stack = Stack(data, free_port(), prefect.prefect_port, ("worker",), {"COOPCASE_MAIL": post.address})
    with writing(office.bind) as connection:
        mine = update(officers).where(officers.c.login == READER)
        connection.execute(mine.values(email=f"{READER}@van-phong.example"))
    by, clock = login_of("manager"), FrozenClock.on(TODAY)
    reassign(office.bind, office.first, READER, by=by, reason="Chia lại việc", clock=clock)
    with running(stack):
        require(lambda: not pending(office), 60, stack)
        step(office.bind, 1)  # what was written after hours goes on the next day
        require(lambda: "no_connection" in failures(office.bind), 60, stack, "no server")
        with serving(post):
            for day, (mood, why) in enumerate(MOODS.items(), start=2):
                post.mood = mood
                step(office.bind, day)
                require(lambda why=why: why in failures(office.bind), 60, stack, mood)  # type: ignore[misc]
            post.mood = "open"
            step(office.bind, 7)
            require(lambda: not unsent(office), 60, stack, "open again")
    with reading(office.bind) as connection:
        assert connection.scalars(select(messages.c.key).where(messages.c.status == "dead_letter")).all() == []
    again = sum(post.times().values()) - len(post.times())
    assert again == post.dropped > 0, "what was accepted without an answer comes again under the same Message-ID"


def step(bind: Engine, days: int) -> None:
    """Days pass, so that what was scheduled again comes due."""
    with writing(bind) as connection:
        step_to(connection, TODAY + timedelta(days=days))
