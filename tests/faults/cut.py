"""`python -m tests.faults.cut LETTER`: issues a letter and waits between its number and the act it carries."""

import sys
import time
from typing import Any

from sqlalchemy import event

from casework.office.people import actor
from correspondence import issuing
from models.clock import FrozenClock
from models.database import engine, writing
from tests.web.web_office import TODAY, login_of

NUMBERED = "INSERT INTO book_entry"


def main(letter: int) -> None:
    bind, clock = engine(), FrozenClock.on(TODAY, 10)
    done: list[str] = []

    def stand(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if statement.startswith("INSERT INTO fact ") and any(before.startswith(NUMBERED) for before in done):
            sys.stdout.write("between\n")
            sys.stdout.flush()
            time.sleep(120)
        done.append(statement)

    event.listen(bind, "before_cursor_execute", stand)
    with writing(bind) as connection:
        person = actor(connection, login_of("clerk"))
        issuing.issue(connection, letter, person, now=clock.now(), today=clock.today())


if __name__ == "__main__":
    main(int(sys.argv[1]))
