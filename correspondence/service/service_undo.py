"""A fact of service that no longer counts takes its attempt with it: the letter is where it was before."""

from datetime import date, datetime

from sqlalchemy import Connection, or_, select, update

from casework.acts import annul_in
from casework.ledger import facts_of
from correspondence.drafts import one_letter
from correspondence.joint.shares import REACHED, set_status, shares_of
from correspondence.letter_rights import SERVABLE
from correspondence.service.service_rules import status_after
from correspondence.service.serving import attempts
from models.letter_links import of_case
from models.tables import letter_rows, services
from models.typed_rows import all_rows, one_row
from models.typed_rows.letter_shapes import LetterOfCase, ServiceRow
from procedures.facts import CLOCK
from procedures.state_machine.fold import valid_facts
from rulebook.office_papers import papers_of


def undo_service(connection: Connection, case_id: int, seq: int, *, now: datetime, today: date) -> int | None:
    """Mark the attempt that made an annulled fact; returns its letter's id, None without one."""
    attempt = _attempt_of(connection, case_id, seq)
    if attempt is None:
        return None
    by = next((fact.by for fact in facts_of(connection, case_id) if fact.annuls == seq), CLOCK)
    letter = _mark(connection, attempt, case_id, by, now)
    _annul(connection, letter, [other for other in attempt["facts"] if other != seq], seq, now, today)
    _settle(connection, letter, seq, now, today)
    return int(letter["id"])


def undo_attempt(connection: Connection, number: int, case_id: int, *, by: str, now: datetime, today: date) -> None:
    """Mark an attempt that is no fact of its case, and set what the letter has come to there."""
    attempt = one_row(ServiceRow, connection.execute(select(services).where(services.c.id == number)))
    _settle(connection, _mark(connection, attempt, case_id, by, now), 0, now, today)


def _mark(connection: Connection, attempt: ServiceRow, case_id: int, by: str, now: datetime) -> LetterOfCase:
    """Mark an attempt as annulled; returns its letter as the case has it."""
    marked = update(services).where(services.c.id == attempt["id"])
    connection.execute(marked.values(annulled_at=now, annulled_by=by))
    return _in_case(connection, one_letter(connection, attempt["letter_id"]), case_id)


def _attempt_of(connection: Connection, case_id: int, seq: int) -> ServiceRow | None:
    tried = (
        select(services)
        .join(letter_rows, letter_rows.c.id == services.c.letter_id)
        .where(of_case(case_id), services.c.annulled_at.is_(None))
        .where(or_(services.c.case_id.is_(None), services.c.case_id == case_id))
        .order_by(services.c.id)
    )
    return next((item for item in all_rows(ServiceRow, connection.execute(tried)) if seq in item["facts"]), None)


def _in_case(connection: Connection, letter: LetterOfCase, case_id: int) -> LetterOfCase:
    """The letter as the case has it."""
    return next((share for share in shares_of(connection, letter) if share["case_id"] == case_id), letter)


def _settle(connection: Connection, letter: LetterOfCase, seq: int, now: datetime, today: date) -> None:
    """Set the status by the remaining attempts; a service that no longer came about is annulled too."""
    if letter["status"] not in SERVABLE:
        return
    tried = attempts(connection, letter["id"], letter)
    status = status_after(letter["template"], tried, papers_of(connection, letter["procedure"]))
    if status != letter["status"]:
        set_status(connection, letter, status)
    if status in REACHED:
        return
    kinds = {fact.seq: fact.kind for fact in valid_facts(facts_of(connection, letter["case_id"]))}
    for item in tried:
        fallen = [other for other in item["facts"] if kinds.get(other) == "letter_served"]
        if item["annulled_at"] is None and fallen:
            kept = [other for other in item["facts"] if other not in fallen]
            connection.execute(update(services).where(services.c.id == item["id"]).values(facts=kept))
            _annul(connection, letter, fallen, seq, now, today)


def _annul(
    connection: Connection, letter: LetterOfCase, seqs: list[int], because: int, now: datetime, today: date
) -> None:
    """Annul the other facts the attempt recorded, in the system's own name."""
    counting = {fact.seq for fact in valid_facts(facts_of(connection, letter["case_id"]))}
    for seq in seqs:
        if seq in counting:
            annul_in(connection, letter["ref"], seq, by=CLOCK, role=CLOCK, reason=f"#{because}", on=today, now=now)
