"""Several cases given to other officers in one commit, entered as an operation that can be undone on the same day."""

from collections.abc import Mapping

from sqlalchemy import Connection, select

from casework.acts import reassign_in, required_reason
from casework.office.people import Actor
from correspondence.grid.operations import REASSIGN, REASSIGNED, Recorded, begin, record_lines
from models.clock import Clock
from models.errors import WrongInput
from models.tables import case_rows, officers


def share_out(
    connection: Connection, requested: Mapping[str, str], *, by: Actor, reason: str, clock: Clock
) -> int:  # fmt: skip
    """Give each case to the officer named for it, in the caller's transaction; returns the number of the operation.

    Raises NotFound, Refused, WrongInput: then nothing may be kept.
    """
    text = required_reason(reason)
    held = (
        select(case_rows.c.ref, case_rows.c.id, officers.c.login)
        .outerjoin(officers, officers.c.id == case_rows.c.officer_id)
        .where(case_rows.c.ref.in_(requested))
    )
    now = {ref: (number, login) for ref, number, login in connection.execute(held).tuples()}
    moves = {ref: to for ref, to in sorted(requested.items()) if to and now.get(ref, (0, ""))[1] != to}
    if not moves:
        raise WrongInput("to", "nobody_chosen")
    operation = begin(connection, by, REASSIGN, REASSIGNED, now=clock.now(), reason=text)
    done = []
    for ref, to in moves.items():
        given = reassign_in(connection, ref, to, by=by.login, reason=text, clock=clock)
        done.append(Recorded(now[ref][0], given.seq))
    record_lines(connection, operation, done)
    return operation
