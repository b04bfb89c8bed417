"""What a body answered to a letter that was written to it for many cases: a fact of each case that it concerns."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.acts import Applied, record
from casework.ledger import LoadedCase, NewFact
from casework.obstacles.tries import require_lifter
from models.clock import Clock
from models.errors import InputErrors, Refused, WrongInput
from models.tables import letter_obstacles, letter_rows
from procedures.facts import Doer, FactView
from procedures.state_machine.field_values import clean_text, one_line

ANSWERED = "obstacle_answered"


@dataclass(frozen=True, slots=True)
class BodyAnswer:
    """An answer. `symbol`: number and symbol of the document; `letter`: the one that it answers."""

    obstacle: str
    on: date
    symbol: str = ""
    note: str = ""
    letter: int = 0


@dataclass(frozen=True, slots=True)
class Sent:
    """A letter that was issued, and its day."""

    letter: int
    on: date


def latest_answer(facts: Iterable[FactView], obstacle: str, since: date) -> BodyAnswer | None:
    """The last answer about an obstacle since it was named; None without one."""
    found = [
        BodyAnswer(
            obstacle, fact.occurred_on, str(fact.data.get("symbol", "")), str(fact.data.get("note", "")),
            int(fact.data["letter"]),
        )
        for fact in facts
        if fact.kind == ANSWERED and fact.data["obstacle"] == obstacle and fact.occurred_on >= since
    ]  # fmt: skip
    return max(found, key=lambda item: item.on, default=None)


def asked_by_letter(connection: Connection, case_id: int, obstacle: str) -> Sent | None:
    """The last issued letter whose list has an obstacle of a case, with its day; None without one."""
    columns, listed = letter_rows.c, letter_obstacles.c
    found = (
        select(columns.id, columns.issued_on)
        .join(letter_obstacles, listed.letter_id == columns.id)
        .where(listed.case_id == case_id, listed.code == obstacle)
        .where(columns.issued_on.is_not(None), columns.status != "cancelled")
        .order_by(columns.id.desc())
    )
    row = connection.execute(found.limit(1)).first()
    return None if row is None else Sent(*row)


def record_answer(
    connection: Connection, loaded: LoadedCase, answer: BodyAnswer, sent_on: date, *, doer: Doer, clock: Clock
) -> Applied:
    """Record an answer on a case that was loaded with a lock. Raises Refused, WrongInput."""
    standing = require_lifter(loaded, answer.obstacle, doer)
    if sent_on < standing.occurred_on:
        raise Refused("obstacle_has_no_answer")
    errors, texts = InputErrors(), {"symbol": answer.symbol, "note": answer.note}
    with errors:
        if not sent_on <= answer.on <= clock.today():
            raise WrongInput("on", "obstacle_answer_day", since=sent_on, today=clock.today())
    said: dict[str, str] = {}
    for name, text in texts.items():
        with errors:
            said[name] = clean_text(name, text)
    errors.raise_if_any()
    if not any(said.values()):
        raise WrongInput("symbol", "obstacle_answer_empty")
    said["symbol"] = one_line(said["symbol"])
    data = {"obstacle": answer.obstacle, "letter": answer.letter, **{name: text for name, text in said.items() if text}}
    new = NewFact(ANSWERED, answer.on, clock.now(), doer.login, doer.role, data)
    return record(connection, loaded, new)
