"""Other people's work in the middle of a change of the rules."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Engine, event

from audit_log.log_faults import log_faults
from casework.upkeep.integrity import verify
from models.database import reading
from models.settings import settings
from tests.acting import apply
from tests.web.web_office import CLOCK, login_of

OFFICER = login_of("case_officer")


def before(bind: Engine, statement: str, act: Callable[[], object], *, times: int = 1) -> None:
    """Does it before a statement begins, so often."""
    left = [act] * times

    def stand(_connection: Any, _cursor: Any, said: str, *_more: Any) -> None:
        if said.startswith(statement) and left:
            left.pop()()

    event.listen(bind, "before_cursor_execute", stand)


def named(bind: Engine, ref: str) -> None:
    data = {"obstacle": "lost_seal", "note": "x"}
    apply(bind, ref, "name_obstacle", by=OFFICER, clock=CLOCK, data=data)


def require_sound(bind: Engine) -> None:
    """The lists are what the facts say, and the log knows all of it."""
    with reading(bind) as connection:
        assert [*verify(connection), *log_faults(connection, settings().data)] == []
