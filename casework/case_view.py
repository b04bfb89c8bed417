"""One case as people and programs see it: now, as of a day, or as it was known on a day."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, select

from casework.as_of import NOW, AsOf
from casework.case_documents import (
    CaseDocument,
    CaseLetter,
    ShownDeadline,
    ShownFact,
    ShownHold,
    ShownObstacle,
    ShownOverlay,
)
from casework.irregularities import shown_irregularities
from casework.ledger import LedgerCase, LoadedCase, case_row, load_case, pins_of
from casework.office.people import Actor, actor, require_visible
from casework.sums.awaited_service import AwaitedProof, proofs_by_run
from casework.sums.deadline_runs import NumberedRun, every_run, run_label
from casework.to_act import to_act
from casework.waiting_papers import papers_to_enter, prepared_acts
from models.driver_sql import Questions
from models.errors import NotFound
from models.letter_links import of_case, status_in_case
from models.tables import letter_rows, officers
from models.typed_rows import all_rows
from oversight.lights import Dates, cut_offs
from procedures.facts import Choice, FactView
from procedures.law.rules import confidence_of
from procedures.legal_time.calendar import Calendars
from procedures.legal_time.deadlines import Derived, derive, derive_all, nearest
from procedures.schema import Procedure, Words
from procedures.state_machine.ahead import Move, moves_ahead
from procedures.state_machine.closing import Hold, closing_holds
from procedures.state_machine.engine import available
from procedures.state_machine.next_act import NextAct, next_act
from rulebook.office_calendar import calendars_of, office_of
from rulebook.versions import Versions
from templates.words import pick, say, t


@dataclass(frozen=True, slots=True)
class NowAndAhead:
    """Every verb with whether it may be done now, the moves out of the state, and the act that comes next."""

    choices: list[Choice]
    moves: list[Move]
    next: NextAct | None

    @property
    def apart(self) -> frozenset[str]:
        """The rare acts that no move waits for: lists fold them."""
        asked = {move.verb for move in self.moves} | {verb for move in self.moves for verb in move.asks_for}
        asked |= {self.next.verb} if self.next else set()
        return frozenset(choice.verb for choice in self.choices if choice.rare and choice.verb not in asked)


def find(connection: Connection, ref: str, person: Actor | None = None) -> LedgerCase:
    """The row of a case that the person may see. Raises NotFound."""
    row = case_row(connection, ref)
    if person is not None:
        require_visible(person, row["district_code"], ref)
    return row


def load_seen(
    connection: Connection, ref: str, person: Actor, *, lock: bool = False, first: Questions | None = None
) -> LoadedCase:
    """The folded case, if the person may see it; `lock` holds it until the transaction ends. Raises NotFound.

    `first`: the questions of `casework.to_act` that the transaction began with; they lock the case.
    """
    if first is None:
        loaded = load_case(connection, ref, lock=lock)
    else:
        loaded = to_act(connection, ref, person.login, first).loaded
        loaded.state = loaded.state.copy()
    require_visible(person, loaded.row["district_code"], ref)
    return loaded


def choice_of(loaded: LoadedCase, verb: str, person: Actor) -> Choice:
    """One verb of a loaded case: whether this person may do it now or why not. Raises NotFound for an unknown verb."""
    for choice in available(loaded.procedure, loaded.state, person.doer()):
        if choice.verb == verb:
            return choice
    raise NotFound("no_such_page")


def now_and_ahead(connection: Connection, ref: str, login: str) -> NowAndAhead:
    """What this person may do, what the moves still wait for, and which act comes next. Raises NotFound."""
    person = actor(connection, login)
    loaded = load_seen(connection, ref, person)
    procedure, state, doer = loaded.procedure, loaded.state, person.doer()
    return NowAndAhead(
        available(procedure, state, doer), moves_ahead(procedure, state), next_act(procedure, state, doer)
    )


def case_document(
    connection: Connection,
    ref: str,
    *,
    today: date,
    lang: str = "vi",
    as_of: date | None = None,
    known_on: date | None = None,
) -> CaseDocument:
    """The case as one document with stable keys, described in docs/json.md. Raises NotFound."""
    at = AsOf(as_of, known_on)
    return document_of(connection, load_case(connection, ref, at=at), today=today, lang=lang, at=at)


def document_of(
    connection: Connection, loaded: LoadedCase, *, today: date, lang: str = "vi", at: AsOf = NOW
) -> CaseDocument:
    """`case_document` of a case that was loaded at the same point in time."""
    row, state, procedure = loaded.row, loaded.state, loaded.procedure
    calendars = calendars_of(connection, office_of(row), at.known_before)
    dates = _dates(list(derive_all(procedure, state, calendars).values()), state.closed_on)
    return {
        "ref": row["ref"],
        "unit": dict(state.unit) or {"name": row["unit_name"]},
        "procedure": procedure.pin,
        "stage": state.stage,
        "state": state.state,
        "state_label": _label(procedure.states[state.state].label, lang) if state.state else "",
        "now": _label(procedure.states[state.state].now, lang) if state.state else "",
        "outcome": state.outcome,
        "district": row["district_code"],
        "level": row["level"],
        "officer": state.officer,
        "opened_on": state.opened_on,
        "closed_on": state.closed_on,
        "target_on": dates.target_on,
        "legal_on": dates.legal_on,
        "light": cut_offs(at.day(today)).light(dates),
        "seq": state.seq,
        "overlays": [_overlay(procedure, code, since, lang) for code, since in state.overlays.items()],
        "obstacles": [_obstacle(procedure, code, fact, lang) for code, fact in state.obstacles.items()],
        "closing": [_hold(hold, lang) for hold in closing_holds(procedure, state)],
        "irregularities": shown_irregularities(loaded, lang),
        "deadlines": _deadlines(loaded, calendars, proofs_by_run(connection, loaded, at, lang), lang),
        "facts": _facts(connection, loaded, lang),
        "letters": _letters(connection, row["id"]),
        "prepared": prepared_acts(connection, loaded, lang),
        "papers_to_enter": papers_to_enter(loaded, lang),
    }


def _dates(derived: Sequence[Derived], closed_on: date | None) -> Dates:
    """The earliest open legal limit, the earliest date of the plan, and the day of the closing."""
    return Dates(nearest(derived, legal=True), nearest(derived, legal=False), closed_on)


def _overlay(procedure: Procedure, code: str, since: date, lang: str) -> ShownOverlay:
    return {"code": code, "label": _label(procedure.overlays[code].label, lang), "since": since}


def _obstacle(procedure: Procedure, code: str, fact: FactView, lang: str) -> ShownObstacle:
    kind = procedure.obstacles[code]
    return {
        "code": code,
        "label": _label(kind.label, lang),
        "since": fact.occurred_on,
        "lifted_by": _label(kind.lifted_by, lang),
        "party": kind.party,
        "note": fact.data.get("note") or fact.data.get("reason") or "",
    }


def _hold(hold: Hold, lang: str) -> ShownHold:
    return {"key": hold.key, "text": say(hold.reason, lang), "fact": hold.fact, "verbs": list(hold.by)}


def _deadlines(
    loaded: LoadedCase, calendars: Calendars, lacking: Mapping[tuple[str, int], Sequence[AwaitedProof]], lang: str
) -> list[ShownDeadline]:
    """Every run of every deadline: what an earlier notice set running stays to be seen."""
    procedure, state = loaded.procedure, loaded.state
    return [
        _deadline(procedure, derive(procedure, state, run.clock, calendars), run, lacking, lang)
        for run in every_run(procedure, state)
    ]


def _deadline(
    procedure: Procedure, item: Derived, run: NumberedRun,
    lacking: Mapping[tuple[str, int], Sequence[AwaitedProof]], lang: str,
) -> ShownDeadline:  # fmt: skip
    return {
        "key": item.key,
        "run": run.number,
        "runs": run.of,
        "label": run_label(procedure, run, lang),
        "starts_on": item.starts_on,
        "ends_on": item.ends_on,
        "kind": item.kind,
        "article": item.article,
        "confidence": confidence_of(item.article, item.law_on),
        "status": item.status,
        "ended_on": item.ended_on,
        "who": item.who,
        "awaits": list(lacking.get((item.key, run.number), ())),
        "sum": item.sum,
    }


def _facts(connection: Connection, loaded: LoadedCase, lang: str) -> list[ShownFact]:
    """Each fact in the words of the version it was recorded under."""
    listed, versions = loaded.facts, Versions(connection)
    pins = pins_of(listed, loaded.procedure.pin)
    annulled = {fact.annuls for fact in listed if fact.annuls is not None}
    return [
        {
            "seq": fact.seq,
            "kind": fact.kind,
            "label": fact_label(versions.of(pins[fact.seq]), fact.kind, lang),
            "procedure": pins[fact.seq],
            "occurred_on": fact.occurred_on,
            "recorded_at": fact.recorded_at,
            "by": fact.by,
            "role": fact.role,
            "data": dict(fact.data),
            "evidence": list(fact.evidence),
            "annuls": fact.annuls,
            "annulled": fact.seq in annulled,
        }
        for fact in listed
    ]


def fact_label(procedure: Procedure, kind: str, lang: str) -> str:
    """The fact in words of the past tense."""
    verb = procedure.verbs.get(kind)
    return _label(verb.done, lang) if verb else t(f"casework.fact_{kind}", lang)


def _letters(connection: Connection, case_id: int) -> list[CaseLetter]:
    columns = letter_rows.c
    found = select(
        columns.id, columns.template, columns.number, columns.symbol, status_in_case(case_id).label("status"),
        columns.issued_on,
    ).where(of_case(case_id))  # fmt: skip
    return all_rows(CaseLetter, connection.execute(found.order_by(columns.id)))


def officer_names(connection: Connection, logins: Sequence[str]) -> Mapping[str, str]:
    """Names by login, for histories."""
    found = connection.execute(select(officers.c.login, officers.c.name).where(officers.c.login.in_(set(logins))))
    return dict(found.tuples().all())


def _label(words: Words, lang: str) -> str:
    return pick({"vi": words.vi, "en": words.en}, lang)
