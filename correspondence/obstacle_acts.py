"""Obstacles of many cases at once: a try, an answer, lifting them. All of them or none, each as an act of its case."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy import Connection, Engine

from casework.case_view import load_seen
from casework.ledger import LoadedCase
from casework.obstacles.answers import BodyAnswer, asked_by_letter, record_answer
from casework.obstacles.tries import Try, record_try
from casework.office.people import Actor, actor, doer_of
from correspondence.effective_papers import act_on
from models.clock import Clock
from models.database import writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.engine import why_not
from procedures.state_machine.obstacle_verbs import answering, lifting, note_field, taken_from_answer
from templates.words import say

MOST = 100  # cases at once
TRY, ANSWER, LIFT = "try", "answer", "lift"
WAYS_TO_ACT = (TRY, ANSWER, LIFT)


@dataclass(frozen=True, slots=True)
class Chosen:
    """An obstacle of a case, as forms and commands name it."""

    ref: str
    code: str

    @property
    def mark(self) -> str:
        return f"{self.ref}:{self.code}"


@dataclass(frozen=True, slots=True)
class Said:
    """What is recorded for all of them. `tried`: of a try; `symbol`, `note`: of an answer; `note`: how it was lifted.

    `lift`: an answer settles the matter, and the obstacle is lifted with it.
    """

    do: str
    on: date
    note: str = ""
    symbol: str = ""
    lift: bool = False
    tried: Try | None = None


def chosen_of(marks: Sequence[str], most: int = MOST) -> list[Chosen]:
    """The obstacles named as REF:CODE. Raises WrongInput for none, too many, or what is no such name."""
    found = []
    for mark in dict.fromkeys(marks):
        ref, _, code = mark.strip().rpartition(":")
        if not ref or not code:
            raise WrongInput("chosen", "obstacles_none_chosen")
        found.append(Chosen(ref, code))
    if not found:
        raise WrongInput("chosen", "obstacles_none_chosen")
    if len(found) > most:
        raise WrongInput("chosen", "too_many_rows", limit=most)
    return sorted(found, key=lambda item: (item.ref, item.code))


def act_on_obstacles(bind: Engine, chosen: Sequence[Chosen], said: Said, *, by: str, clock: Clock) -> int:
    """Record the same for every chosen obstacle; returns how many.

    Raises NotFound, Refused, WrongInput, Conflict: nothing was changed. Of several cases the error names its case.
    """
    if said.do not in WAYS_TO_ACT:
        raise WrongInput("do", "obstacles_do_what")
    with writing(bind) as connection:
        person = actor(connection, by)
        for item in chosen:
            try:
                _one(connection, person, item, said, clock)
            except (Refused, Conflict, NotFound) as error:
                if len(chosen) == 1:
                    raise
                why = {lang: say(error, lang) for lang in ("vi", "en")}
                raise Refused("obstacle_refused_of", ref=item.ref, why=why) from error
    return len(chosen)


def _one(connection: Connection, person: Actor, item: Chosen, said: Said, clock: Clock) -> None:
    loaded = load_seen(connection, item.ref, person, lock=True)
    if item.code not in loaded.state.obstacles:
        raise Refused("obstacle_not_there", ref=item.ref)
    if said.do == TRY:
        tried = said.tried or Try(item.code, said.on, "")
        doer = doer_of(connection, person.login)
        record_try(connection, loaded, replace(tried, obstacle=item.code), doer=doer, clock=clock)
        return
    if said.do == ANSWER:
        _answer(connection, person, loaded, item.code, said, clock)
    if said.do == LIFT or said.lift:
        _lift(connection, person, item, said, clock)


def _answer(connection: Connection, person: Actor, loaded: LoadedCase, code: str, said: Said, clock: Clock) -> None:
    """By the act of the procedure where it is open; else to the letter that was written to the body for many cases."""
    found = answering(loaded.procedure, code)
    refusal: CoopcaseError = Refused("obstacle_has_no_answer")
    if found is not None:
        why = why_not(loaded.procedure, loaded.state, found.verb, person.doer())
        if why is None:
            typed = {"symbol": said.symbol, "summary": said.note}
            taken = taken_from_answer(loaded.procedure, found.verb)
            data = {**found.data, **{name: typed[source] for name, source in taken.items() if typed.get(source)}}
            act_on(connection, loaded, found.verb, doer=person.doer(), clock=clock, data=data, on=said.on)
            return
        refusal = why
    sent = asked_by_letter(connection, loaded.row["id"], code)
    if sent is None:
        raise refusal
    answer = BodyAnswer(code, said.on, said.symbol, said.note, sent.letter)
    record_answer(connection, loaded, answer, sent.on, doer=doer_of(connection, person.login), clock=clock)


def _lift(connection: Connection, person: Actor, item: Chosen, said: Said, clock: Clock) -> None:
    """With its own act; the case is read anew, since an answer may have been recorded before it."""
    loaded = load_seen(connection, item.ref, person, lock=True)
    found = lifting(loaded.procedure, item.code)
    if found is None:
        raise Refused("obstacle_not_there", ref=item.ref)
    field = note_field(loaded.procedure, found.verb)
    data = {**found.data, **({field: said.note} if field and said.note else {})}
    act_on(connection, loaded, found.verb, doer=person.doer(), clock=clock, data=data, on=said.on)
