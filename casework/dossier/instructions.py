"""Instructions of a manager or leader to a person on a case, with a day to report by, and the answers to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Select, or_, select, update

from casework.case_view import find
from casework.dossier.documents import Files, chosen_documents
from casework.dossier.rights import HEADS, READERS, WRITERS, day_to_come, required_text, seen_case
from casework.effect_outbox import enqueue
from casework.evidence_store import keep
from casework.ledger import LedgerCase
from casework.office.people import Actor, substitutes_for
from models.clock import Clock
from models.errors import InputErrors, NotFound, Refused, WrongInput
from models.tables import case_rows, instructions, officers
from models.typed_rows import all_rows, first_row
from models.typed_rows.dossier_shapes import InstructionRow
from oversight.notes_and_instructions import is_unanswered
from templates.words import both

EFFECT = "instruction"  # kind of the effects that tell people of it
_I = instructions.c
_TO, _BY = officers.alias("addressee"), officers.alias("giver")


@dataclass(frozen=True, slots=True)
class NewInstruction:
    """An instruction as it is typed; `to` is a login."""

    to: str
    text: str
    due_on: str


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """The report on what was done; `files` are new, `documents` the hashes of such as the case has."""

    text: str
    files: Files = ()
    documents: Sequence[str] = ()


class ListedInstruction(InstructionRow):
    """An instruction with its case and the two people."""

    ref: str
    unit_name: str
    district_code: str
    to_name: str
    to_login: str
    by_name: str
    by_login: str


def give_instruction(connection: Connection, ref: str, new: NewInstruction, *, by: Actor, clock: Clock) -> int:
    """Give an instruction; its addressee gets a message. Returns its number.

    Raises:
        NotFound, Refused: the case or the act is not this person's.
        WrongInput: at its fields, all of them.
    """
    case = seen_case(connection, ref, by, HEADS, "instruction_not_yours")
    gathered, text, to, due_on = InputErrors(), "", 0, None
    with gathered:
        to = _addressee(connection, case, new.to, by)
    with gathered:
        text = required_text("text", new.text, "dossier.instruction_text")
    with gathered:
        due_on = day_to_come("due_on", new.due_on, "dossier.due_on", clock.today())
        if due_on is None:
            raise WrongInput("due_on", "missing_field", label=both("dossier.due_on"))
    gathered.raise_if_any()
    now = clock.now()
    values: dict[str, Any] = {"case_id": case["id"], "to_id": to, "text": text, "due_on": due_on, "by_id": by.id}
    blank = {"answer": "", "files": [], "answered_by": "", "withdrawn_by": "", "withdrawn_reason": ""}
    statement = instructions.insert().values(**values, **blank, given_at=now).returning(_I.id)
    number = int(connection.execute(statement).scalar_one())
    _tell(connection, case, number, "given", now)
    return number


def answer_instruction(
    connection: Connection, ref: str, number: int, answer: NewAnswer, *, by: Actor, clock: Clock
) -> None:
    """Report what was done; the head who gave the instruction gets a message. Raises NotFound, Refused, WrongInput."""
    case, row = _open(connection, ref, number, by)
    if not may_answer(connection, row, by, clock.today()):
        raise Refused("instruction_not_to_you")
    gathered, text = InputErrors(), ""
    files: list[str] = []
    with gathered:
        text = required_text("text", answer.text, "dossier.answer_text")
    with gathered:
        files = chosen_documents(connection, case["id"], answer.documents)
    now = clock.now()
    for name, content in answer.files:
        with gathered:
            files.append(keep(connection, case["id"], content, name, by=by.login, now=now))
    gathered.raise_if_any()
    done = {"answer": text, "files": files, "answered_by": by.login, "answered_at": now}
    _settle(connection, number, done)
    _tell(connection, case, number, "answered", now)


def withdraw_instruction(
    connection: Connection, ref: str, number: int, reason: str, *, by: Actor, clock: Clock
) -> None:
    """Withdraw an instruction that is not answered yet. Raises NotFound, Refused, WrongInput."""
    case, row = _open(connection, ref, number, by)
    if not may_withdraw(row, by):
        raise Refused("instruction_not_yours")
    said = required_text("reason", reason, "dossier.reason")
    now = clock.now()
    done = {"withdrawn_by": by.login, "withdrawn_at": now, "withdrawn_reason": said}
    _settle(connection, number, done)
    _tell(connection, case, number, "withdrawn", now)


def may_answer(connection: Connection, row: ListedInstruction, by: Actor, today: date) -> bool:
    """The addressee, and the substitute of an absent addressee that day."""
    return row["to_id"] == by.id or row["to_id"] in substitutes_for(connection, by.id, today)


def may_withdraw(row: ListedInstruction, by: Actor) -> bool:
    """The head who gave it, and the leader."""
    return row["by_id"] == by.id or (by.role == "leader" and by.role in HEADS)


def addressees(connection: Connection, case: LedgerCase, by: Actor) -> dict[str, str]:
    """By login, the people whom this person may instruct on the case: of the office that carries it, and of the
    person's own; a manager instructs no leader.
    """
    row = officers.c
    offices = {by.district, case["district_code"] if case["level"] == "district" else None}
    at = or_(*(row.district_code.is_(None) if code is None else row.district_code == code for code in offices))
    roles = WRITERS - {"leader"} if by.role == "manager" else WRITERS
    found = select(row.login, row.name, row.id, row.district_code).where(row.active, row.role.in_(roles), at)
    people = connection.execute(found.where(row.id != by.id).order_by(row.district_code, row.name)).all()
    own = next((person.login for person in people if person.id == case["officer_id"]), "")
    listed = {person.login: person.name for person in people}
    return {own: listed[own], **listed} if own else listed


def instructions_of(connection: Connection, case_id: int, before: datetime | None = None) -> list[ListedInstruction]:
    """The instructions of a case, the newest first, as they are now; `before`: only those given by then."""
    found = _listed().where(_I.case_id == case_id).order_by(_I.id.desc())
    if before is not None:
        found = found.where(_I.given_at < before)
    return all_rows(ListedInstruction, connection.execute(found))


def one_instruction(connection: Connection, ref: str, number: int, person: Actor) -> ListedInstruction:
    """Raises NotFound, Refused."""
    case = find(connection, ref, person)
    if person.role not in READERS:
        raise Refused("instruction_not_yours")
    row = first_row(ListedInstruction, connection.execute(_listed().where(_I.id == number)))
    if row is None or row["case_id"] != case["id"]:
        raise NotFound("no_such_instruction", number=number)
    return row


def to_answer(connection: Connection, persons: Sequence[int]) -> list[ListedInstruction]:
    """Instructions that these people have to answer, the nearest day first."""
    return _in_order(connection, _listed().where(is_unanswered(), _I.to_id.in_(persons)))


def given_by(connection: Connection, person: int) -> list[ListedInstruction]:
    """Instructions that a person gave and nobody has answered, the nearest day first."""
    return _in_order(connection, _listed().where(is_unanswered(), _I.by_id == person))


def instructions_for(
    connection: Connection, person: Actor, *, unanswered: bool, limit: int, offset: int = 0
) -> list[ListedInstruction]:
    """A page of those a person gave or was given; of the heads those of the whole office, the nearest day first."""
    found = _within(_listed(), person, unanswered)
    order = (_I.due_on, _I.id) if unanswered else (_I.id.desc(),)
    return all_rows(ListedInstruction, connection.execute(found.order_by(*order).limit(limit).offset(offset)))


def _within(found: Select[Any], person: Actor, unanswered: bool) -> Select[Any]:
    if unanswered:
        found = found.where(is_unanswered())
    own = or_(_I.to_id == person.id, _I.by_id == person.id)
    if person.role not in HEADS:
        return found.where(own)
    return found if person.district is None else found.where(or_(own, case_rows.c.district_code == person.district))


def _listed() -> Select[Any]:
    columns = (
        instructions, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code,
        _TO.c.name.label("to_name"), _TO.c.login.label("to_login"),
        _BY.c.name.label("by_name"), _BY.c.login.label("by_login"),
    )  # fmt: skip
    joined = instructions.join(case_rows, case_rows.c.id == _I.case_id)
    return select(*columns).select_from(joined.join(_TO, _TO.c.id == _I.to_id).join(_BY, _BY.c.id == _I.by_id))


def _in_order(connection: Connection, found: Select[Any]) -> list[ListedInstruction]:
    return all_rows(ListedInstruction, connection.execute(found.order_by(_I.due_on, _I.id)))


def _addressee(connection: Connection, case: LedgerCase, login: str, by: Actor) -> int:
    if not login:
        raise WrongInput("to", "missing_field", label=both("dossier.to"))
    if login not in addressees(connection, case, by):
        raise WrongInput("to", "instruction_to_nobody", label=both("dossier.to"), login=login[:40])
    return int(connection.execute(select(officers.c.id).where(officers.c.login == login)).scalar_one())


def _open(connection: Connection, ref: str, number: int, by: Actor) -> tuple[LedgerCase, ListedInstruction]:
    row = one_instruction(connection, ref, number, by)
    if row["answered_at"] or row["withdrawn_at"]:
        raise Refused("instruction_settled")
    return find(connection, ref, by), row


def _settle(connection: Connection, number: int, done: Mapping[str, Any]) -> None:
    """Raises Refused: another person was quicker."""
    statement = update(instructions).where(_I.id == number, is_unanswered()).values(**done)
    if not connection.execute(statement).rowcount:
        raise Refused("instruction_settled")


def _tell(connection: Connection, case: LedgerCase, number: int, news: str, now: datetime) -> None:
    key = f"{case['ref']}:instruction:{number}:{news}"
    enqueue(connection, case["id"], [(key, EFFECT, {"instruction": number, "news": news})], now)
