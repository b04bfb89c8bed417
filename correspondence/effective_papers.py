"""Acts that take effect by a paper: prepared with their draft, effective when the paper is issued, taken back with it.

The one door through which people act on a case: an act that needs no paper is recorded at once, any other is prepared,
and its letter drafted, in one commit.
"""

from datetime import datetime
from typing import Unpack

from sqlalchemy import Connection, Engine

from casework import acts
from casework.acts import Applied, Asked, annul_in, apply_in, apply_to, record_by_paper, verb_label
from casework.ledger import LoadedCase, load_case
from casework.office.people import Actor, doer_of
from correspondence.drafts import cancel_drafts_of, draft_required
from correspondence.joint.shares import follow, signed_joint
from correspondence.prepared_acts import prepared_by, require_no_act
from letters.catalogue import letter_type
from models.clock import HANOI, Clock
from models.database import writing
from models.errors import Refused
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.facts import PAPER, Doer, Paper
from procedures.state_machine.fold import valid_facts
from procedures.state_machine.resting import followed, resting_on


def act(
    bind: Engine,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    **asked: Unpack[Asked],
) -> Applied:
    """Do a verb on a case, or prepare it. Raises NotFound, Refused, WrongInput, Conflict: nothing was changed."""
    return acts.apply(bind, ref, verb, by=by, clock=clock, draft=draft_required, **asked)


def act_in(
    connection: Connection,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    **asked: Unpack[Asked],
) -> Applied:
    """`act` inside the caller's transaction."""
    return apply_in(connection, ref, verb, by=by, clock=clock, draft=draft_required, **asked)


def act_on(
    connection: Connection,
    loaded: LoadedCase,
    verb: str,
    *,
    doer: Doer,
    clock: Clock,
    last: bool = False,
    **asked: Unpack[Asked],
) -> Applied:
    """`act_in` on a case that was loaded with a lock in the caller's transaction.

    `last`: nothing else is done in the transaction.
    """
    return apply_to(connection, loaded, verb, doer=doer, clock=clock, draft=draft_required, last=last, **asked)


def withdraw(bind: Engine, ref: str, verb: str, reason: str, *, by: str, clock: Clock) -> Applied:
    """Take a prepared act back and discard its draft. Raises NotFound, Refused, WrongInput."""
    with writing(bind) as connection:
        loaded = load_case(connection, ref, lock=True)
        return withdraw_in(connection, loaded, verb, reason, doer=doer_of(connection, by), clock=clock)


def withdraw_in(
    connection: Connection, loaded: LoadedCase, verb: str, reason: str, *, doer: Doer, clock: Clock
) -> Applied:
    """`withdraw` on a case that was loaded with a lock in the caller's transaction."""
    prepared, now = loaded.state.prepared.get(verb), clock.now()
    if prepared is not None:
        require_unsigned(connection, loaded.row["id"], prepared.seq)
    done = acts.withdraw_in(connection, loaded, verb, reason, doer=doer, now=now, today=clock.today())
    assert prepared is not None, "it refuses what is not prepared"
    cancel_drafts_of(connection, loaded.row["id"], prepared.seq, now=now)
    return done


def require_unsigned(connection: Connection, case_id: int, seq: int) -> None:
    """Raises Refused while a joint letter that a fact of a case waits for is signed: its annex names the case."""
    letter = signed_joint(connection, case_id, seq)
    if letter is not None:
        raise Refused("joint_letter_signed", letter=letter)


def take_effect(
    connection: Connection,
    row: LetterOfCase,
    paper: Paper,
    *,
    by: str,
    role: str,
    now: datetime,
    loaded: LoadedCase | None = None,
) -> Applied | None:
    """Record the act whose paper is issued, in the transaction that issues it. None for a letter that is no such paper.

    From here on the letter follows from the fact of the act itself (`fact_seq` of its row).
    `row`: as its case has it, of a joint letter its share. `loaded`: that case, locked; otherwise it is loaded.

    Raises Refused, also for the paper of an act that was not prepared: then the paper is not issued either.
    """
    case = loaded or load_case(connection, row["ref"], lock=True)
    verb = prepared_by(case.facts, row)
    if not verb:
        if row["fact_seq"] is None:
            require_no_act(case, letter_type(row["template"]).name)
        return None
    done = record_by_paper(connection, case, verb, paper, by=by, role=role, now=now)
    follow(connection, row, done.seq)
    return done


def take_back(connection: Connection, row: LetterOfCase, person: Actor, reason: str, *, now: datetime) -> None:
    """Annul the act that took effect by a letter whose number is cancelled, and its preparation.

    Raises Refused naming the first later step that rests on the act.
    """
    loaded = load_case(connection, row["ref"], lock=True)
    fact = next((fact for fact in valid_facts(loaded.facts) if fact.seq == row["fact_seq"]), None)
    if fact is None or fact.data.get(PAPER, {}).get("letter") != row["template"]:
        return
    resting = resting_on(loaded.procedure, loaded.facts, fact.seq)
    resting = resting or next(followed(loaded.facts, fact.seq, row["id"]), None)
    if resting is not None:
        later = verb_label(loaded, resting.kind) if resting.kind in loaded.procedure.verbs else resting.data["number"]
        raise Refused("act_is_rested_on", verb=verb_label(loaded, fact.kind), seq=resting.seq, later=later)
    prepared = max(
        item.seq
        for item in valid_facts(loaded.facts)
        if item.kind == "act_prepared" and item.data["verb"] == fact.kind and item.seq < fact.seq
    )
    on = now.astimezone(HANOI).date()
    for seq in (fact.seq, prepared):
        annul_in(connection, row["ref"], seq, by=person.login, role=person.role, reason=reason, on=on, now=now)
