"""A try to have an obstacle lifted: the office called, wrote or went there, and says when it will try again.

It is a fact of the case beside the acts of the procedure; it moves nothing and is annulled like an act.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection

from casework.acts import Applied, record, require_scope
from casework.ledger import LoadedCase, NewFact
from models.clock import Clock
from models.errors import InputErrors, Refused, WrongInput
from procedures.facts import Doer, FactView
from procedures.state_machine.engine import why_not
from procedures.state_machine.field_values import clean_text, one_line
from procedures.state_machine.obstacle_verbs import lifting

TRIED = "obstacle_tried"
WAYS = ("call", "visit", "letter", "meeting")


@dataclass(frozen=True, slots=True)
class Try:
    """One try. `body`: who was asked, where it is known more closely; `next_on`: when to try again."""

    obstacle: str
    on: date
    way: str
    body: str = ""
    note: str = ""
    next_on: date | None = None
    seq: int = 0
    by: str = ""


def tries_of(facts: Iterable[FactView], obstacle: str, since: date) -> list[Try]:
    """The tries on an obstacle since it was named, oldest first."""
    found = (fact for fact in facts if fact.kind == TRIED and fact.data["obstacle"] == obstacle)
    return sorted((of_fact(fact) for fact in found if fact.occurred_on >= since), key=lambda item: (item.on, item.seq))


def of_fact(fact: FactView) -> Try:
    """A try as its fact has it."""
    again = fact.data.get("next_on")
    return Try(
        str(fact.data["obstacle"]), fact.occurred_on, str(fact.data["way"]), str(fact.data.get("body", "")),
        str(fact.data.get("note", "")), date.fromisoformat(again) if again else None, fact.seq, fact.by,
    )  # fmt: skip


def record_try(connection: Connection, loaded: LoadedCase, tried: Try, *, doer: Doer, clock: Clock) -> Applied:
    """Record a try on a case that was loaded with a lock. Raises Refused, WrongInput."""
    standing = require_lifter(loaded, tried.obstacle, doer)
    data = _checked(tried, standing.occurred_on, clock.today())
    new = NewFact(TRIED, tried.on, clock.now(), doer.login, doer.role, data)
    return record(connection, loaded, new)


def require_lifter(loaded: LoadedCase, obstacle: str, doer: Doer) -> FactView:
    """The fact that named an open obstacle. Raises Refused: it was lifted, or the person may not lift it."""
    require_scope(doer, loaded)
    standing = loaded.state.obstacles.get(obstacle)
    lift = lifting(loaded.procedure, obstacle)
    if standing is None or lift is None:
        raise Refused("obstacle_not_there", ref=loaded.row["ref"])
    if (refusal := why_not(loaded.procedure, loaded.state, lift.verb, doer)) is not None:
        raise refusal
    return standing


def _checked(tried: Try, since: date, today: date) -> dict[str, str]:
    errors = InputErrors()
    with errors:
        if tried.way not in WAYS:
            raise WrongInput("way", "obstacle_way_unknown")
    with errors:
        if not since <= tried.on <= today:
            raise WrongInput("on", "obstacle_try_day", since=since, today=today)
    with errors:
        if tried.next_on is not None and tried.next_on <= tried.on:
            raise WrongInput("next_on", "obstacle_next_before", on=tried.on)
    texts = {"body": tried.body, "note": tried.note}
    cleaned: dict[str, str] = {}
    for name, text in texts.items():
        with errors:
            cleaned[name] = clean_text(name, text)
    errors.raise_if_any()
    again = {"next_on": tried.next_on.isoformat()} if tried.next_on else {}
    said = {"body": one_line(cleaned["body"]), "note": cleaned["note"]}
    return {"obstacle": tried.obstacle, "way": tried.way, **{k: v for k, v in said.items() if v}, **again}
