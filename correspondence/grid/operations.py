"""What was done for several cases at once: listed, and undone on the same day while nothing rests on it."""

from collections.abc import Collection, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from casework.acts import annul_to, required_reason, verb_label
from casework.ledger import LoadedCase, load_cases
from casework.office.people import Actor
from correspondence.effective_papers import withdraw_in
from correspondence.grid_lines import in_line
from correspondence.service.service_undo import undo_attempt, undo_service
from models.clock import HANOI, Clock
from models.errors import InputErrors, NotFound, Refused
from models.tables import case_rows, officers, operation_lines, operations, services
from procedures.facts import FactView
from procedures.state_machine.fold import valid_facts
from procedures.state_machine.resting import followed, resting_on
from rulebook.versions import Versions
from templates.words import t

UNDO = "undo"
REASSIGN, REASSIGNED = "reassign", "reassigned"  # an operation, and the fact of each of its cases
OPENED = "opened"  # the fact that gives a case its first officer
SERVICE = "service"
UNDOABLE = ("act", REASSIGN, SERVICE)
HEADS = ("manager", "leader")
SHOWN = 50


@dataclass(frozen=True, slots=True)
class Recorded:
    """What an operation recorded about one case."""

    case_id: int
    seq: int | None
    service_id: int | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """An operation of an office: what was done by whom, for how many cases, and by which other one it was undone."""

    id: int
    office: str
    kind: str
    verb: str
    by: str
    by_name: str
    at: datetime
    reason: str
    undoes: int | None
    undone_by: int | None
    count: int


@dataclass(frozen=True, slots=True)
class OperationCase:
    """A case of an operation. `counts`: what was recorded is not annulled.

    `service_id`: the attempt, of an operation that served letters. `officer`, `before`: of a reassignment, the logins
    of who got the case, and of who had it before.
    """

    case_id: int
    ref: str
    unit_name: str
    seq: int | None
    service_id: int | None
    counts: bool
    officer: str = ""
    before: str = ""


def begin(
    connection: Connection, person: Actor, kind: str, verb: str, *, now: datetime, undoes: int | None = None,
    reason: str = "",
) -> int:  # fmt: skip
    """Enter an operation; returns its number."""
    values = {"office": person.office, "kind": kind, "verb": verb, "by": person.login, "at": now}
    made = operations.insert().values(**values, undoes=undoes, reason=reason).returning(operations.c.id)
    return int(connection.execute(made).scalar_one())


def record_lines(connection: Connection, number: int, done: Sequence[Recorded]) -> None:
    """Enter what an operation recorded."""
    rows = [{"operation_id": number, **asdict(one)} for one in done]
    if rows:
        connection.execute(operation_lines.insert(), rows)


def listed(connection: Connection, person: Actor, number: int | None = None) -> list[Operation]:
    """The latest operations that a person may see, newest first; or the one with this number."""
    columns, undoing = operations.c, operations.alias("undoing")
    count = (
        select(func.count()).where(operation_lines.c.operation_id == columns.id).correlate(operations).scalar_subquery()
    )
    found = (
        select(
            columns.id, columns.office, columns.kind, columns.verb, columns.by,
            func.coalesce(officers.c.name, columns.by), columns.at, columns.reason, columns.undoes, undoing.c.id, count,
        )
        .outerjoin(officers, officers.c.login == columns.by)
        .outerjoin(undoing, undoing.c.undoes == columns.id)
        .order_by(columns.id.desc())
        .limit(SHOWN)
    )  # fmt: skip
    if person.district is not None:
        found = found.where(columns.office == person.district)
    if number is not None:
        found = found.where(columns.id == number)
    return [Operation(*row) for row in connection.execute(found).tuples()]


def operation(connection: Connection, number: int, person: Actor) -> Operation:
    """Raises NotFound: there is none, or it is another office's."""
    found = listed(connection, person, number)
    if not found:
        raise NotFound("no_such_operation", number=number)
    return found[0]


def cases_in(connection: Connection, number: int) -> list[OperationCase]:
    """The cases of an operation in their order."""
    found = (
        select(
            case_rows.c.id,
            case_rows.c.ref,
            case_rows.c.unit_name,
            operation_lines.c.seq,
            operation_lines.c.service_id,
            services.c.annulled_at,
        )
        .join(case_rows, case_rows.c.id == operation_lines.c.case_id)
        .outerjoin(services, services.c.id == operation_lines.c.service_id)
        .where(operation_lines.c.operation_id == number)
        .order_by(operation_lines.c.id)
    )
    rows = connection.execute(found).tuples().all()
    loaded = load_cases(connection, [row[0] for row in rows])
    found_cases = []
    for case_id, ref, name, seq, service, annulled in rows:
        case = loaded[case_id]
        counts = annulled is None and _counts(case, seq)
        found_cases.append(OperationCase(case_id, ref, name, seq, service, counts, *_handed_over(case.facts, seq)))
    return found_cases


def _handed_over(listed: Sequence[FactView], seq: int | None) -> tuple[str, str]:
    """(who got the case by the fact, who had it before); empty for a fact that is no reassignment."""
    given = {fact.seq: fact.data.get("officer") or "" for fact in listed if fact.kind in (OPENED, REASSIGNED)}
    if seq is None or not any(fact.seq == seq and fact.kind == REASSIGNED for fact in listed):
        return "", ""
    annulled = {fact.annuls for fact in listed if fact.seq < seq}
    earlier = [officer for number, officer in given.items() if number < seq and number not in annulled]
    return given[seq], earlier[-1] if earlier else ""


def act_label(versions: Versions, one: Operation, lang: str) -> str:
    """What was done, in words."""
    if one.kind == SERVICE:
        return t("operations.kind_service", lang)
    if one.verb == REASSIGNED:
        return t("operations.kind_reassign", lang)
    return versions.label("verbs", one.verb, lang)


def may_undo(found: Operation, person: Actor, clock: Clock) -> bool:
    """Whether a person may take an operation back today."""
    same_day = found.at.astimezone(HANOI).date() == clock.today()
    return found.kind in UNDOABLE and found.undone_by is None and same_day and _is_theirs(found, person)


def undo(
    connection: Connection, number: int, refs: Collection[str] | None, reason: str, person: Actor, *, clock: Clock
) -> int:
    """Take back what an operation did to its cases, or to those of `refs`, all or none; returns the new operation.

    Each is annulled, or withdrawn where it waits for its paper.

    Raises:
        NotFound. Refused: it is not this person's, not of today, or undone already.
        WrongInput: what rests on it in each case (`case.VBO-2016-0001`); the reason is missing.
    """
    found, text = operation(connection, number, person), required_reason(reason)
    _require_undoable(found, person, clock)
    chosen = [case for case in cases_in(connection, number) if refs is None or case.ref in refs]
    chosen = [case for case in chosen if case.counts]
    if not chosen:
        raise Refused("operation_nothing_left", number=number)
    loaded = load_cases(connection, [case.case_id for case in chosen], lock=True)
    new, errors, done = _undoing(connection, found, text, person, clock), InputErrors(), list[Recorded]()
    for case in chosen:
        with errors, in_line(case.ref, "case"):
            seq = _undone(connection, case, loaded[case.case_id], text, person, clock)
            done.append(Recorded(case.case_id, seq, case.service_id))
    errors.raise_if_any()
    record_lines(connection, new, done)
    return new


def _undoing(connection: Connection, found: Operation, reason: str, person: Actor, clock: Clock) -> int:
    return begin(connection, person, UNDO, found.verb, now=clock.now(), undoes=found.id, reason=reason)


def _require_undoable(found: Operation, person: Actor, clock: Clock) -> None:
    if found.kind not in UNDOABLE:
        raise Refused("operation_no_act", number=found.id)
    if not _is_theirs(found, person):
        raise Refused("operation_not_yours", number=found.id)
    if found.undone_by is not None:
        raise Refused("operation_undone_already", number=found.id)
    if found.at.astimezone(HANOI).date() != clock.today():
        raise Refused("operation_not_today", number=found.id)


def _is_theirs(found: Operation, person: Actor) -> bool:
    return person.login == found.by or (person.role in HEADS and person.office == found.office)


def _undone(
    connection: Connection, case: OperationCase, loaded: LoadedCase, reason: str, person: Actor, clock: Clock
) -> int | None:
    """Take back what was recorded about one case; of an attempt to serve, the attempt with its facts."""
    now, today = clock.now(), clock.today()
    if case.seq is None:
        assert case.service_id is not None, "what is no fact is an attempt"
        undo_attempt(connection, case.service_id, case.case_id, by=person.login, now=now, today=today)
        return None
    if case.service_id is None:
        return _take_back(connection, loaded, case.seq, reason, person, clock)
    fresh = load_cases(connection, [case.case_id])[
        case.case_id
    ]  # undoing another attempt may have annulled facts of it
    seq = _take_back(connection, fresh, case.seq, reason, person, clock)
    undo_service(connection, case.case_id, case.seq, now=now, today=today)
    return seq


def _take_back(
    connection: Connection, loaded: LoadedCase, seq: int, reason: str, person: Actor, clock: Clock
) -> int:  # fmt: skip
    fact = next(fact for fact in loaded.facts if fact.seq == seq)
    doer = person.doer()
    if fact.kind == "act_prepared":
        return withdraw_in(connection, loaded, str(fact.data["verb"]), reason, doer=doer, clock=clock).seq
    if fact.kind == REASSIGNED and loaded.facts[-1].seq > seq:
        raise Refused("case_went_on", seq=loaded.facts[-1].seq)
    later = resting_on(loaded.procedure, loaded.facts, seq) or next(followed(loaded.facts, seq, 0), None)
    if later is not None:
        said = verb_label(loaded, later.kind) if later.kind in loaded.procedure.verbs else later.data.get("number", "")
        raise Refused("act_is_rested_on", verb=verb_label(loaded, fact.kind), seq=later.seq, later=said)
    return annul_to(connection, loaded, seq, reason, doer=doer, clock=clock).seq


def _counts(loaded: LoadedCase, seq: int | None) -> bool:
    """Whether a fact counts: it is not annulled, and of a prepared act that it still waits for its paper."""
    fact = next((fact for fact in valid_facts(loaded.facts) if fact.seq == seq), None)
    if seq is None:  # an attempt to serve that is no fact of the case
        return True
    if fact is None:
        return False
    if fact.kind != "act_prepared":
        return True
    prepared = loaded.state.prepared.get(str(fact.data["verb"]))
    return prepared is not None and prepared.seq == seq
