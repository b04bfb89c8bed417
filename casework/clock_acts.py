"""What opens by itself: verbs that the procedure gives to the clock when a deadline has passed."""

from datetime import date

from sqlalchemy import Connection, Engine, select

from casework.acts import apply
from models.clock import Clock
from models.database import reading
from models.errors import Refused
from models.tables import case_rows, deadlines
from procedures.facts import CLOCK
from rulebook.versions import Versions


def due_by_itself(connection: Connection, today: date) -> list[tuple[str, str]]:
    """(reference, verb) for every open case with a passed deadline that the clock answers by the case's version."""
    answers = _answers(connection)
    found = (
        select(case_rows.c.ref, case_rows.c.procedure, deadlines.c.key)
        .join(case_rows, case_rows.c.id == deadlines.c.case_id)
        .where(
            deadlines.c.key.in_({key for _, key in answers}),
            deadlines.c.status == "open",
            deadlines.c.ends_on < today,
            case_rows.c.closed_on.is_(None),
        )
        .order_by(case_rows.c.ref)
    )
    rows = connection.execute(found).tuples()
    return [(ref, answers[pin, key]) for ref, pin, key in rows if (pin, key) in answers]


def _answers(connection: Connection) -> dict[tuple[str, str], str]:
    """(version, deadline) → the verb with which the clock answers its passing, for the versions of open cases."""
    versions = Versions(connection)
    pins = connection.scalars(select(case_rows.c.procedure).where(case_rows.c.closed_on.is_(None)).distinct())
    return {
        (pin, verb.auto.after): name
        for pin in pins.all()
        for name, verb in versions.of(pin).verbs.items()
        if verb.auto is not None
    }


def act_by_itself(bind: Engine, clock: Clock) -> int:
    """Do the acts of the clock that are due; a case whose rules refuse is left alone. Returns how many were done."""
    with reading(bind) as connection:
        waiting = due_by_itself(connection, clock.today())
    done = 0
    for ref, verb in waiting:
        try:
            apply(bind, ref, verb, by=CLOCK, clock=clock)
            done += 1
        except Refused:
            continue
    return done
