"""Acts on a case through the door of the office; the paper of an act is signed and issued on the same day."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from sqlalchemy import Connection, Engine

from casework.acts import Applied
from casework.ledger import load_case
from correspondence.effective_papers import act_in
from models.clock import Clock, FrozenClock
from models.database import writing
from samples.paperwork import issue_draft


def apply(bind: Engine, ref: str, verb: str, *, by: str, clock: Clock, **more: Any) -> Applied:
    """Do a verb on a case, and issue its paper where it takes effect by one; `seq` is then the fact of the act."""
    with writing(bind) as connection:
        return apply_in(connection, ref, verb, by=by, clock=clock, **more)


def apply_in(
    connection: Connection,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    data: Mapping[str, Any] | None = None,
    on: date | None = None,
    evidence: Sequence[str] = (),
    seen: int | None = None,
) -> Applied:
    """`apply` inside the caller's transaction."""
    done = act_in(connection, ref, verb, by=by, clock=clock, data=data, on=on, evidence=evidence, seen=seen)
    if done.letter is None:
        return done
    issue_draft(connection, done.letter, FrozenClock(clock.now()))
    state = load_case(connection, ref).state
    fact = state.last(verb)
    assert fact is not None, "its paper is issued"
    return replace(done, seq=fact.seq, state=state.state, stage=state.stage, outcome=state.outcome)
