"""The head of the office's log leaves the house with the weekly message of the heads, and with no other's."""

from datetime import date

from audit_log.sequencer import printed, sequence
from flows.jobs.effects import drain
from models.database import reading
from models.settings import settings
from tests.notifications.desk import MANAGER, MONDAY, OFFICER, Desk, at


def test_heads_get_the_checkpoint(desk: Desk) -> None:
    drain(desk.bind, at(date(2016, 3, 1)))
    for login in (OFFICER, MANAGER):
        desk.person(login, email=f"{login}@example.vn")
    sequence(desk.bind, settings().data.resolve(), at(MONDAY).now())
    with reading(desk.bind) as connection:
        short = printed(connection)
    planned = desk.plan(MONDAY)
    bodies = {login: item.message.body for login, item in planned.items() if item.message is not None}
    assert short in bodies[MANAGER]
    assert short not in bodies[OFFICER]
