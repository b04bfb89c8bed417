"""The next step of many letters, where it is this person's: handed in, signed or numbered.

`planned` says beforehand what will be done with each or why it cannot; `take_steps` does it, each letter in a
transaction of its own by the same act as on its own page, and only while it reads as it was planned.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NoReturn, cast

from sqlalchemy import Connection, Engine, select

from casework.office.people import Actor
from correspondence import drafts, issuing
from correspondence.drafts import one_letter
from correspondence.electronic_signing import may_sign_electronically
from correspondence.issuing import book_of, shown_number
from correspondence.joint.shares import kind_of
from correspondence.letter_queue import JOINED, queue_of
from correspondence.letter_rights import DRAFTERS, NUMBERED, UNSENT, statuses_of
from correspondence.letter_steps import is_own_job, steps
from correspondence.signing import body_for, unattended
from letters.frozen import content_hash, freeze
from letters.output.pdf import PrintError
from letters.tree import Letter
from models.clock import Clock
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.tables import case_rows, letter_rows, officers
from models.typed_rows.letter_shapes import LetterOfCase
from templates.words import both

MOST = 100  # letters in one go
ACTS: Mapping[str, str] = {"fill": "submit", "approve": "approve", "issue": "issue"}  # by the step of a letter's page
_UNSIGNED = (*UNSENT, "submitted", "entered")


@dataclass(frozen=True, slots=True)
class Planned:
    """What will be done with a letter, or why it cannot be."""

    row: LetterOfCase
    act: str  # submit | approve | issue; empty: nothing can be done
    mark: str  # of the act and the text that was looked at
    why: CoopcaseError | None = None
    door: str = ""  # where else it is done, or is to be done afterwards: numbers | enter | confirm | esign | serve


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a letter."""

    row: LetterOfCase
    act: str
    why: CoopcaseError | None = None  # nothing was changed
    again: bool = False  # it had been done before, by the same person

    @property
    def number(self) -> str:
        """Number and symbol; empty where it has none."""
        number = self.row["number"]
        return shown_number(number, self.row["symbol"]) if number is not None else ""


def planned(
    connection: Connection, letter_ids: Sequence[int], person: Actor, today: date, *, lock: bool = False
) -> list[Planned]:
    """What would be done with each letter now, in the order given. `lock`: the letters are about to be changed.

    Raises WrongInput for none or too many, NotFound for one that the person may not see.
    """
    rows = _chosen(connection, letter_ids, person, lock=lock)
    turns = _turns(connection, [row["id"] for row in rows], person, today)
    return [_planned(connection, row, turns.get(row["id"], ""), person, today) for row in rows]


def _chosen(connection: Connection, letter_ids: Sequence[int], person: Actor, *, lock: bool) -> list[LetterOfCase]:
    chosen = list(dict.fromkeys(letter_ids))
    if not chosen:
        raise WrongInput("letter", "no_letter_ticked")
    if len(chosen) > MOST:
        raise WrongInput("letter", "too_many_letters_ticked", count=len(chosen), limit=MOST)
    return [one_letter(connection, letter, person, lock=lock) for letter in chosen]


def _turns(connection: Connection, letter_ids: Sequence[int], person: Actor, today: date) -> dict[int, str]:
    """The step of each letter that waits for this person: as their list of letters has it, and what they drafted."""
    columns, key, found = letter_rows.c, letter_rows.c.id, dict[int, str]()
    own = select(key).select_from(JOINED).where(columns.drafted_by == person.login, columns.status.in_(UNSENT))
    if person.role in DRAFTERS:
        open_ = own.where(key.in_(letter_ids), case_rows.c.closed_on.is_(None))
        found |= dict.fromkeys(connection.scalars(open_), "fill")
    for step in ACTS:
        queue = queue_of(connection, person, today, step).with_only_columns(key).where(key.in_(letter_ids))
        found |= dict.fromkeys(connection.scalars(queue), step)
    return found


def _planned(connection: Connection, row: LetterOfCase, step: str, person: Actor, today: date) -> Planned:
    allowed = steps(connection, person, row, today)
    try:
        if not step:
            _refuse(connection, row, person, today)
        letter = _READS[step](connection, row, person, today)
    except (Refused, WrongInput) as error:
        return Planned(row, "", "", error, _instead(connection, row, allowed, error, person, today))
    act = ACTS[step]
    return Planned(row, act, f"{act}:{content_hash(freeze(letter))}", door=_after(connection, row, act, person, today))


def _submitted(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> Letter:
    return drafts.to_submit(connection, row, person, today).letter


def _signed(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> Letter:
    return drafts.to_sign(connection, row, person, today).letter


def _numbered(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> Letter:
    letter = issuing.to_issue(connection, row, person, today=today)
    issuing.require_no_blanks(row, letter)
    return letter


_READS: Mapping[str, Callable[[Connection, LetterOfCase, Actor, date], Letter]] = {
    "fill": _submitted, "approve": _signed, "issue": _numbered,
}  # fmt: skip


def _refuse(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> NoReturn:
    """Why a letter does not wait for this person, and for whom it does. Raises Refused."""
    status, case = row["status"], case_rows.c
    closed = connection.scalar(select(case.closed_on).where(case.id == row["case_id"]))
    if closed is not None and status in (*_UNSIGNED, "approved"):
        raise Refused("letter_of_closed_case")
    if status == "submitted":
        drafts.to_sign(connection, row, person, today)
    if status == "approved":
        raise Refused("letter_waits_for", who=both("pages.role_clerk"))
    if status in UNSENT:
        name = connection.scalar(select(officers.c.name).where(officers.c.id == row["officer_id"]))
        raise Refused("letter_waits_for", who=name or both("pages.nobody"))
    raise Refused("letter_past_signing", status=both(f"letters.status_{status}"))


def _instead(
    connection: Connection, row: LetterOfCase, allowed: frozenset[str], error: CoopcaseError, person: Actor, today: date
) -> str:
    """Where this person does what cannot be done here; empty where they have nothing to do, or it is on its page."""
    status = row["status"]
    if error.code == "day_from_paper":
        return "numbers"
    if status == "submitted" and "enter" in allowed and _is_in_ink(connection, row, person, today):
        return "enter"
    if status == "entered" and "confirm" in allowed:
        return "confirm"
    if status in NUMBERED and "serve" in allowed and is_own_job("serve", person, row):
        return "serve"
    return "esign" if status in statuses_of("esign") and "esign" in allowed else ""


def _after(connection: Connection, row: LetterOfCase, act: str, person: Actor, today: date) -> str:
    """What follows by another door once it is done: a signature in ink, or with the office's certificate."""
    if act == "submit" and _is_in_ink(connection, row, person, today):
        return "enter"
    if act == "issue":
        issued = cast(LetterOfCase, {**row, "status": "issued", "issuer": book_of(row)})
        return "esign" if may_sign_electronically(person, issued) else ""
    return ""


def _is_in_ink(connection: Connection, row: LetterOfCase, person: Actor, today: date) -> bool:
    return body_for(connection, kind_of(row), row) in unattended(connection, person.district, today)


def take_steps(bind: Engine, seen: Mapping[int, str], person: Actor, *, clock: Clock) -> list[Outcome]:
    """Do with each letter what its mark in `seen` says was planned, while it still reads so; the others stay.

    A second press changes nothing more: what the person did before is reported as done.
    Raises WrongInput for none or too many, NotFound for one that they may not see: nothing was done then.
    """
    with reading(bind) as connection:
        _chosen(connection, list(seen), person, lock=False)
    return [_take(bind, letter, mark, person, clock) for letter, mark in seen.items()]


def _take(bind: Engine, letter_id: int, mark: str, person: Actor, clock: Clock) -> Outcome:
    act = mark.partition(":")[0]
    try:
        with writing(bind) as connection:
            (plan,) = planned(connection, [letter_id], person, clock.today(), lock=True)
            if _done_before(plan.row, act, person):
                return Outcome(plan.row, act, again=True)
            if plan.why is not None:
                raise plan.why
            if plan.mark != mark:
                raise Refused("letter_changed_since_seen")
            _DOES[act](connection, letter_id, person, now=clock.now(), today=clock.today())
            return Outcome(one_letter(connection, letter_id), act)
    except (Refused, WrongInput, PrintError) as error:
        with reading(bind) as connection:
            return Outcome(one_letter(connection, letter_id, person), act, error)


_DOES: Mapping[str, Callable[..., Any]] = {
    "submit": drafts.submit, "approve": drafts.approve, "issue": issuing.issue,
}  # fmt: skip


def _done_before(row: LetterOfCase, act: str, person: Actor) -> bool:
    """Whether this person has done the act with the letter already, and it still holds."""
    status, me = row["status"], person.login
    if act == "submit":
        return status not in (*UNSENT, "cancelled") and row["submitted_by"] == me
    if act == "approve":
        return status not in (*_UNSIGNED, "cancelled") and row["approved_by"] == me
    return act == "issue" and row["number"] is not None and status != "cancelled" and row["issued_by"] == me
