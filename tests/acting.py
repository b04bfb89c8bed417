"""Acts on a case through the door of the office; the paper of an act is signed and issued on the same day."""

from dataclasses import replace
from typing import Unpack

from sqlalchemy import Connection, Engine

from casework.acts import Applied, Asked
from casework.ledger import load_case
from casework.office.people import actor
from correspondence import drafts, issuing
from correspondence.effective_papers import act_in
from correspondence.signing import body_for, seat_of
from letters.catalogue import letter_type
from letters.issuing_bodies import bodies
from models.clock import Clock
from models.database import writing
from samples.paperwork import typed_for


def apply(bind: Engine, ref: str, verb: str, *, by: str, clock: Clock, **asked: Unpack[Asked]) -> Applied:
    """Do a verb on a case, and issue its paper where it takes effect by one; `seq` is then the fact of the act."""
    with writing(bind) as connection:
        return apply_in(connection, ref, verb, by=by, clock=clock, **asked)


def apply_in(
    connection: Connection,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    **asked: Unpack[Asked],
) -> Applied:
    """`apply` inside the caller's transaction."""
    done = act_in(connection, ref, verb, by=by, clock=clock, **asked)
    if done.letter is None:
        return done
    issue_draft(connection, done.letter, clock)
    state = load_case(connection, ref).state
    fact = state.last(verb)
    assert fact is not None, "its paper is issued"
    return replace(done, seq=fact.seq, state=state.state, stage=state.stage, outcome=state.outcome)


def issue_draft(connection: Connection, letter: int, clock: Clock) -> None:
    """Fill in, submit, sign and number a letter of the small office."""
    from tests.web.web_office import login_of

    now, today, row = clock.now(), clock.today(), drafts.one_letter(connection, letter)
    kind, home = letter_type(row["template"]), row["district_code"] if row["level"] == "district" else None
    body = body_for(connection, kind, row)
    officer = actor(connection, login_of("case_officer", home))
    if fields := dict(typed_for(kind, row["missing"], today)):
        drafts.fill(connection, letter, officer, fields, today=today)
    drafts.submit(connection, letter, officer, now=now, today=today)
    signer = actor(connection, login_of(bodies()[body].signs, seat_of(body, row)))
    drafts.approve(connection, letter, signer, now=now, today=today)
    issuing.issue(connection, letter, actor(connection, login_of("clerk", home)), now=now, today=today)
