"""An act appends facts, refreshes the projections and writes its effects into the outbox, in one commit."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Protocol, TypedDict, Unpack

from sqlalchemy import Connection, Engine, select

from casework.effect_outbox import effect_of_fact, enqueue_with, withdrawal
from casework.known_folds import as_read, known_once
from casework.ledger import LoadedCase, NewFact, append_with, calendars_for, load_case
from casework.office.people import actor, doer_of
from casework.projection import project
from casework.to_act import questions, require_evidence, to_act
from casework.write_back import Before, write_back
from letters.typed_text import check_values
from models.clock import HANOI, Clock
from models.database import writing
from models.driver_sql import Questions, Writes
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.tables import officers
from models.transaction_ends import leave, once_committed
from procedures.facts import CLOCK, COMPLETED, PAPER, Act, Decision, Doer, FactView, Paper
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import derive_all
from procedures.schema import BUILT_IN
from procedures.state_machine.engine import decide, decide_by_paper
from procedures.state_machine.field_values import clean_text
from procedures.state_machine.fold import fold, step
from procedures.state_machine.replay import first_broken
from procedures.state_machine.resting import left_hanging
from rulebook.office_calendar import office_of


@dataclass(frozen=True, slots=True)
class Applied:
    """The result of an act: the number of its fact and the state of the case after it.

    `letter`: of an act that is only prepared, the id of the draft by which it will take effect.
    """

    ref: str
    seq: int
    state: str
    stage: str
    outcome: str | None
    letter: int | None = None


class Asked(TypedDict, total=False):
    """What is said of a requested act: its fields, the day it happened (None: today), its evidence, and the number of
    the last fact that the person saw."""

    data: Mapping[str, Any] | None
    on: date | None
    evidence: Sequence[str]
    seen: int | None


class Drafter(Protocol):
    """Drafts the letter by which a prepared act takes effect, in the transaction that prepares it; returns its id."""

    def __call__(
        self, connection: Connection, case_id: int, template: str, fact_seq: int, *, now: datetime, today: date
    ) -> int: ...


def apply(
    bind: Engine,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    draft: Drafter | None = None,
    **asked: Unpack[Asked],
) -> Applied:
    """Do a verb on a case.

    An act that takes effect by a paper is only prepared, with `draft`, which correspondence.acting gives.

    Raises:
        NotFound, Refused, WrongInput, Conflict: nothing was changed.
    """
    first = questions(ref, by, asked.get("evidence", ()))
    with writing(bind, first=first) as connection:
        return apply_in(connection, ref, verb, by=by, clock=clock, draft=draft, first=first, **asked)


def apply_in(
    connection: Connection,
    ref: str,
    verb: str,
    *,
    by: str,
    clock: Clock,
    draft: Drafter | None = None,
    first: Questions | None = None,
    **asked: Unpack[Asked],
) -> Applied:
    """`apply` inside the caller's transaction. `first`: given where that begins with the `questions` and ends here."""
    read = to_act(connection, ref, by, first or questions(ref, by, asked.get("evidence", ())))
    last = first is not None
    return apply_to(
        connection, read.loaded, verb, doer=read.doer, clock=clock, draft=draft, known=read.proofs, last=last, **asked
    )


def apply_to(
    connection: Connection,
    loaded: LoadedCase,
    verb: str,
    *,
    doer: Doer,
    clock: Clock,
    draft: Drafter | None = None,
    known: Collection[str] = (),
    last: bool = False,
    **asked: Unpack[Asked],
) -> Applied:
    """`apply` on a case that was loaded with a lock in the caller's transaction; its state follows the new fact.

    `known`: hashes of files that the case has. `last`: nothing else is done in the transaction.
    """
    evidence = asked.get("evidence", ())
    decision, calendars = decided(connection, loaded, verb, doer=doer, today=clock.today(), **asked)
    require_evidence(connection, loaded, evidence, known)
    new = NewFact(decision.kind, decision.occurred_on, clock.now(), doer.login, doer.role, decision.data, evidence)
    last = last and not decision.letter
    done = record(connection, loaded, new, _requested(decision), calendars, last=last)
    if not decision.letter:
        return done
    assert draft is not None, "an act that takes effect by a paper is prepared through correspondence.effective_papers"
    case_id: int = loaded.row["id"]
    return replace(
        done, letter=draft(connection, case_id, decision.letter, done.seq, now=clock.now(), today=clock.today())
    )


def decided(
    connection: Connection,
    loaded: LoadedCase,
    verb: str,
    *,
    doer: Doer,
    today: date,
    **asked: Unpack[Asked],
) -> tuple[Decision, Calendars]:
    """What an act would record, with the calendars it was decided by; nothing is changed. Raises as `apply_to`."""
    require_scope(doer, loaded)
    seen = asked.get("seen")
    if seen is not None and seen != loaded.row["seq"]:
        raise stale(loaded, seen)
    calendars = calendars_for(connection, loaded)
    data, evidence = asked.get("data") or {}, tuple(asked.get("evidence", ()))
    act = Act(verb, doer, asked.get("on") or today, today, data, evidence)
    decision = decide(loaded.procedure, loaded.state, act, calendars)
    check_values(decision.data)
    return decision, calendars


def record_by_paper(
    connection: Connection, loaded: LoadedCase, verb: str, paper: Paper, *, by: str, role: str, now: datetime
) -> Applied:
    """Record a prepared act, whose paper is issued, on the day of the paper; everything is checked again.

    Raises Refused: the case has moved meanwhile, or the day of the paper does not fit.
    """
    today = now.astimezone(HANOI).date()
    calendars = calendars_for(connection, loaded)
    decision = decide_by_paper(loaded.procedure, loaded.state, verb, paper, today, calendars)
    evidence = loaded.state.prepared[verb].evidence
    new = NewFact(decision.kind, decision.occurred_on, now, by, role, decision.data, evidence)
    return record(connection, loaded, new, _requested(decision), calendars)


def _requested(decision: Decision) -> list[tuple[str, dict[str, Any]]]:
    return [(item.kind, dict(item.payload)) for item in decision.effects]


def record(
    connection: Connection,
    loaded: LoadedCase,
    new: NewFact,
    pending: Sequence[tuple[str, dict[str, Any]]] = (),
    calendars: Calendars | None = None,
    *,
    last: bool = False,
) -> Applied:
    """Append one fact to a loaded case, project it, enqueue its effects. Callers with many cases pass the calendars.

    `last`: nothing else is done in the transaction.
    """
    calendars = calendars or calendars_for(connection, loaded)
    was, writes = loaded.state, Writes(connection)
    appended, head = append_with(writes, loaded.row, new, loaded.facts)
    fact, loaded.state = as_read(appended), was.copy()
    step(loaded.procedure, loaded.state, fact)
    write_back(connection, loaded, Before.of(was), new)
    officer_id = _officer_id(connection, loaded, fact.kind)
    before, after = project(
        writes, loaded.row, loaded.procedure, loaded.state, head, officer_id, new.recorded_at, calendars, was
    )
    ref, seq = loaded.row["ref"], fact.seq
    effects = [effect_of_fact(ref, seq, kind, payload | {"verb": new.kind}) for kind, payload in pending]
    effects += withdrawal(ref, seq, before, after)
    enqueue_with(writes, loaded.row["id"], effects, new.recorded_at)
    if last:
        leave(writes)
    else:
        writes.send()
    state = loaded.state
    if fact.annuls is None and fact.kind != COMPLETED:
        once_committed(connection, known_once(ref, loaded.procedure, head, [*loaded.facts, fact], state))
    return Applied(ref, seq, state.state, state.stage, state.outcome)


def append_built_in(
    connection: Connection,
    ref: str,
    kind: str,
    data: Mapping[str, Any],
    *,
    by: str,
    role: str,
    on: date,
    now: datetime,
    evidence: Sequence[str] = (),
    notify_roles: Sequence[str] = (),
) -> Applied:
    """Record a fact that is no verb, such as a letter issued or served; the roles of `notify_roles` get a notice."""
    assert kind in BUILT_IN
    loaded = load_case(connection, ref, lock=True)
    pending = [("notice", {"roles": list(notify_roles)})] if notify_roles else []
    return record(connection, loaded, NewFact(kind, on, now, by, role, data, evidence), pending)


def annul(bind: Engine, ref: str, seq: int, *, by: str, reason: str, clock: Clock, seen: int | None = None) -> Applied:
    """Annul a fact by a further fact with the reason; the annulled fact stays on record and is folded no more.

    Allowed to the person who recorded it and to the manager of the office. Refused when later facts depend on it.
    """
    text = required_reason(reason)
    with writing(bind) as connection:
        doer, loaded = doer_of(connection, by), load_case(connection, ref, lock=True)
        if seen is not None and seen != loaded.row["seq"]:
            require_scope(doer, loaded)
            raise stale(loaded, seen)
        return annul_to(connection, loaded, seq, text, doer=doer, clock=clock)


def annul_to(connection: Connection, loaded: LoadedCase, seq: int, reason: str, *, doer: Doer, clock: Clock) -> Applied:
    """`annul` on a case that was loaded with a lock in the caller's transaction."""
    require_scope(doer, loaded)
    _check_annulment(loaded, seq, doer)
    if (resting := left_hanging(loaded.procedure, loaded.facts, seq)) is not None:
        raise Refused("act_rests_on_it", seq=seq, later=resting.seq, verb=verb_label(loaded, resting.kind))
    new = NewFact("annulled", clock.today(), clock.now(), doer.login, doer.role, {"reason": reason}, (), seq)
    return _record_annulment(connection, loaded, new)


def required_reason(reason: str) -> str:
    """The reason as clean text. Raises WrongInput without one."""
    text = clean_text("reason", reason)
    if not text:
        raise WrongInput("reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
    return text


def withdraw_in(
    connection: Connection, loaded: LoadedCase, verb: str, reason: str, *, doer: Doer, now: datetime, today: date
) -> Applied:
    """Take a prepared act back before its paper is issued. The person who prepared it, or the heads of the office.

    Raises Refused, WrongInput.
    """
    require_scope(doer, loaded)
    prepared = loaded.state.prepared.get(verb)
    if prepared is None:
        raise Refused("act_not_prepared", verb=verb_label(loaded, verb))
    if doer.login != prepared.by and doer.role not in ("manager", "leader"):
        raise Refused("withdraw_not_yours", verb=verb_label(loaded, verb))
    data = {"verb": verb, "prepared": prepared.seq, "reason": required_reason(reason)}
    return record(connection, loaded, NewFact("act_withdrawn", today, now, doer.login, doer.role, data))


def verb_label(loaded: LoadedCase, verb: str) -> dict[str, str]:
    """The label of a verb in both languages; its code where the case's version lacks it."""
    found = loaded.procedure.verbs.get(verb)
    return {"vi": found.label.vi, "en": found.label.en} if found else {"vi": verb, "en": verb}


def annul_in(
    connection: Connection, ref: str, seq: int, *, by: str, role: str, reason: str, on: date, now: datetime
) -> Applied:
    """Annul a fact as part of another act in the caller's transaction. Raises Refused."""
    loaded = load_case(connection, ref, lock=True)
    return _record_annulment(connection, loaded, NewFact("annulled", on, now, by, role, {"reason": reason}, (), seq))


def _record_annulment(connection: Connection, loaded: LoadedCase, new: NewFact) -> Applied:
    pending = [("annulled", {"seq_annulled": new.annuls, "roles": ["case_officer"], "verb": "annulled"})]
    return record_looking_back(connection, loaded, new, pending)


def record_looking_back(
    connection: Connection, loaded: LoadedCase, new: NewFact, pending: Sequence[tuple[str, dict[str, Any]]] = ()
) -> Applied:
    """Append a fact that changes what earlier ones say: all of them are folded again. Raises Refused: a later one
    would not be possible any more."""
    calendars = calendars_for(connection, loaded)
    before = derive_all(loaded.procedure, loaded.state, calendars)
    was, writes = Before.of(loaded.state), Writes(connection)
    fact, head = append_with(writes, loaded.row, new, loaded.facts)
    loaded.state = fold(loaded.procedure, [*loaded.facts, fact])
    broken = first_broken(loaded.procedure, [*loaded.facts, fact])
    if broken is not None and not _broken_before(loaded, broken):
        raise Refused("later_fact_depends_on_it", seq=new.annuls or fact.seq, later=broken.seq)
    write_back(connection, loaded, was, new)
    officer_id = _officer_id(connection, loaded, "reassigned")
    _, after = project(writes, loaded.row, loaded.procedure, loaded.state, head, officer_id, new.recorded_at, calendars)
    listed = [effect_of_fact(loaded.row["ref"], fact.seq, kind, payload) for kind, payload in pending]
    listed += withdrawal(loaded.row["ref"], fact.seq, before, after)
    enqueue_with(writes, loaded.row["id"], listed, new.recorded_at)
    writes.send()
    return Applied(loaded.row["ref"], fact.seq, loaded.state.state, loaded.state.stage, loaded.state.outcome)


def _broken_before(loaded: LoadedCase, broken: FactView) -> bool:
    """Whether a fact was unlawful already, as in a case of an earlier version: it does not rest on what is annulled."""
    known = first_broken(loaded.procedure, loaded.facts)
    return known is not None and known.seq == broken.seq


def _check_annulment(loaded: LoadedCase, seq: int, doer: Doer) -> None:
    fact = next((fact for fact in loaded.facts if fact.seq == seq), None)
    if fact is None:
        raise NotFound("no_such_fact", seq=seq)
    if fact.kind in ("opened", "migrated", "act_withdrawn", "paper_confirmed") or fact.annuls is not None:
        raise Refused("cannot_annul_this", seq=seq)
    if fact.kind == "act_prepared":
        raise Refused("withdraw_instead", seq=seq)
    if any(other.annuls == seq for other in loaded.facts):
        raise Refused("annulled_already", seq=seq)
    if fact.kind == "letter_issued":
        raise Refused("cancel_number_instead", number=str(fact.data.get("number", "")), letter=fact.data.get("letter"))
    if PAPER in fact.data:
        raise Refused("cancel_number_instead", number=fact.data[PAPER]["symbol"], letter=fact.data[PAPER]["letter"])
    if doer.login != fact.by and doer.role not in ("manager", "leader"):
        raise Refused("annul_not_yours", seq=seq)


def reassign(bind: Engine, ref: str, to: str, *, by: str, reason: str, clock: Clock) -> Applied:
    """Give a case to another officer of the office that carries it. An act of that office's heads, or the city's."""
    with writing(bind) as connection:
        return reassign_in(connection, ref, to, by=by, reason=reason, clock=clock)


def reassign_in(connection: Connection, ref: str, to: str, *, by: str, reason: str, clock: Clock) -> Applied:
    """`reassign` inside the caller's transaction, as the bulk verb needs it."""
    doer = doer_of(connection, by)
    loaded = load_case(connection, ref, lock=True)
    require_scope(doer, loaded)
    if doer.role not in ("manager", "leader", "admin") or doer.district not in (None, office_of(loaded.row)):
        raise Refused("reassign_is_managers")
    other = actor(connection, to)
    if other.role != "case_officer" or other.district != office_of(loaded.row):
        raise WrongInput("to", "not_an_officer_here", login=to)
    data = {"officer": to, "reason": clean_text("reason", reason)}
    new = NewFact("reassigned", clock.today(), clock.now(), doer.login, doer.role, data)
    return record(connection, loaded, new, [("notice", {"roles": ["case_officer"], "assigned": to})])


def stale(loaded: LoadedCase, seen: int) -> Conflict:
    """The Conflict for an act on an outdated copy of the case."""
    changes = [fact for fact in loaded.facts if fact.seq > seen]
    return Conflict("stale_case", ref=loaded.row["ref"], count=len(changes), seen=seen, changes=changes)


def require_scope(doer: Doer, loaded: LoadedCase) -> None:
    if doer.role != CLOCK and doer.district not in (None, loaded.row["district_code"]):
        raise NotFound("no_such_case", ref=loaded.row["ref"])


def _officer_id(connection: Connection, loaded: LoadedCase, kind: str) -> int | None:
    if kind != "reassigned":
        found: int | None = loaded.row["officer_id"]
        return found
    return connection.scalar(select(officers.c.id).where(officers.c.login == loaded.state.officer))
