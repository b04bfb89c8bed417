"""One case: its path, what may be done now, dates, obstacles, history, letters, evidence."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from audit_log.sequencer import sequence
from casework.as_of import AsOf
from casework.case_documents import CaseDocument, ShownDeadline, ShownFact
from casework.case_view import NowAndAhead, case_document, find, now_and_ahead, officer_names
from casework.councils.bodies import council_of_case
from casework.evidence_store import fetch
from casework.ledger import LedgerCase
from casework.obstacles.tries import WAYS
from casework.obstacles.waiting import body_of, obstacles_of_case
from casework.sums.deadline_sums import Explained, explain
from casework.sums.sum_sentences import Sentence
from correspondence.case_proof import prove
from correspondence.ink.earlier_papers import earlier_of
from correspondence.joint.batches import batch_of_case
from models.clock import SystemClock
from models.database import reading
from models.errors import CoopcaseError, NotFound
from models.settings import settings
from procedures.facts import Choice
from procedures.schema import Procedure
from procedures.state_machine.ahead import Lack, Move
from procedures.state_machine.onward import leads_back
from rulebook.versions import Versions
from templates.formats import date_vi
from templates.words import t
from web.access import may_open
from web.as_of_form import asked_sight, looking_of
from web.cases.case_dossier import dossier, tools, writers_of
from web.cases.case_sentence import sentence_of
from web.cases.history import logins_of, shown_facts
from web.cases.prepared_acts import waiting_papers
from web.commune_labels import case_with_commune
from web.list_navigation import trail_of
from web.rendering import days_left, page
from web.request_context import Here, Visit

router = APIRouter()
RUNNING = ("open", "waiting", "unknown")  # statuses of deadlines that have not ended
FACTS_SHOWN = 12  # of the history, the newest; the rest is folded
SHOWN_INLINE = ("application/pdf", "image/png", "image/jpeg")


@router.get("/cases/{ref}")
def case(here: Here, ref: str, as_of: str = "", known_on: str = "", done: str = "") -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        sight, message = asked_sight(here, as_of, known_on)
        document = case_document(
            connection, ref, today=here.today, lang=here.lang, as_of=sight.as_of, known_on=sight.known_on
        )
        document = case_with_commune(connection, here.lang, row, document)
        sums = explain(connection, ref, lang=here.lang, as_of=sight.as_of, known_on=sight.known_on)
        content, versions = _content(connection, here, row, document, sums, sight), Versions(connection)
        now, trail = sight.is_now, trail_of(connection, here, ref)
        ahead = now_and_ahead(connection, ref, here.person.login) if now else NowAndAhead([], [], None)
        council, batch = council_of_case(connection, row["id"]), batch_of_case(connection, row["id"])
    return page(
        here, "cases/case.html",
        status=422 if message else 200, row=row, case=document, now=now,
        stages=_path(versions.of(document["procedure"]), document),
        **_allowed(versions.of(row["procedure"]), document, ahead), **_refused(ahead.choices),
        tools=tools(here, versions.of(row["procedure"]), ref, ahead.choices),
        ahead=_ahead(versions.of(row["procedure"]), ahead.choices, ahead.moves), message=message, trail=trail,
        first=ahead.next.verb if ahead.next and ahead.next.mine else "",
        sentence=sentence_of(
            versions.of(row["procedure"]), document, ahead.next, content["running"], here.today, here.lang
        ) if now else None,
        done=_done(content["facts"], done),
        prefect=_prefect(ref) if here.person.role == "admin" else "",
        asked={"as_of": as_of, "known_on": known_on}, sight=sight, looking=looking_of(sight),
        council=council, batch=batch,
        shows_money=_shows_money(versions.of(row["procedure"]), row["state"]),
        procedure=versions.of(document["procedure"]), in_force=versions.in_force.pin,
        may_decide=may_open("irregularities_now", here.person.role, here.person.district),
        may_enter_papers=now and may_open("act_paper", here.person.role, here.person.district),
        may_draft=now and may_open("letter_new", here.person.role, here.person.district),
        shown_first=FACTS_SHOWN, may_prove=now and may_open("proof", here.person.role, here.person.district), **content,
    )  # fmt: skip


def _shows_money(procedure: Procedure, state: str) -> bool:
    """Whether the case is at a step at which its assets are listed."""
    return procedure.money is not None and state in procedure.verbs[procedure.money.assets.verb].from_


@router.get("/cases/{ref}/evidence/{sha}")
def evidence(here: Here, ref: str, sha: str) -> Response:
    if not re.fullmatch(r"[0-9a-f]{64}", sha):
        raise NotFound("no_such_page")
    with reading(here.bind) as connection:
        data, name, media_type = fetch(connection, ref, sha, here.person)
    return attachment(data, name, media_type)


@router.get("/cases/{ref}/proof")
def proof(here: Here, ref: str) -> Response:
    """One file that proves the case, of what is in order in the log already; it changes nothing."""
    with reading(here.bind) as connection:
        find(connection, ref, here.person)
        made = prove(connection, ref, settings().data.resolve(), SystemClock().now(), here.lang)
    return attachment(made.content, made.name, "application/zip")


@router.post("/cases/{ref}/proof")
def proof_now(here: Here, ref: str) -> Response:
    """Put the entries of the log in order, the newest facts of the case among them; then its proof."""
    with reading(here.bind) as connection:
        find(connection, ref, here.person)
    sequence(here.bind, settings().data.resolve(), SystemClock().now())
    return RedirectResponse(f"/cases/{ref}/proof", 303)


def attachment(data: bytes, name: str, media_type: str) -> Response:
    """A file for the reader; only kinds that cannot run anything open in the browser."""
    from urllib.parse import quote

    way = "inline" if media_type in SHOWN_INLINE else "attachment"
    headers = {
        "Content-Disposition": f"{way}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; sandbox",
    }
    return Response(data, media_type=media_type, headers=headers)


def _content(
    connection: Connection, here: Visit, row: LedgerCase, document: CaseDocument, sums: Sequence[Explained],
    sight: AsOf,
) -> dict[str, Any]:  # fmt: skip
    explained = {(item.key, item.run): item for item in sums}
    beside = dossier(connection, here, row, sight)
    logins = [*logins_of(document["facts"]), document["officer"] or "", *writers_of(beside)]
    names = officer_names(connection, logins)
    dated = sorted(document["deadlines"], key=lambda item: item["ends_on"] or date.max)
    day = sight.day(here.today)
    deadlines = [_deadline(item, day, here.lang, explained[item["key"], item["run"]]) for item in dated]
    return {
        "names": names,
        "running": [item for item in deadlines if item["status"] in RUNNING],
        "ended": [item for item in deadlines if item["status"] not in RUNNING],
        **beside,
        "waiting": waiting_papers(connection, here, document["prepared"]) if sight.is_now else [],
        "earlier": earlier_of(connection, row["id"]),
        **_obstacles(connection, here, row, sight),
        "facts": shown_facts(Versions(connection), document["facts"], names, here.lang, here.person.login, here.heads),
    }


def _obstacles(connection: Connection, here: Visit, row: LedgerCase, sight: AsOf) -> dict[str, Any]:
    """The open obstacles as they are today, by kind, with the body that each waits for."""
    found = obstacles_of_case(connection, here.person, row["id"]) if sight.is_now and row["obstacles"] else []
    versions = Versions(connection)
    return {
        "standing": {item.code: item for item in found},
        "bodies": {item.code: body_of(versions, item.code) for item in found},
        "tries_by": WAYS,
        "may_press": sight.is_now and may_open("obstacles_now", here.person.role, here.person.district),
    }  # fmt: skip


class DatedDeadline(ShownDeadline):
    """A deadline on the page of its case."""

    left: str
    past: bool
    lines: Sequence[Sentence]


def _done(facts: Sequence[ShownFact], seq: str) -> ShownFact | None:
    """The fact that the act just done became."""
    return next((fact for fact in facts if str(fact["seq"]) == seq), None)


def _deadline(item: ShownDeadline, day: date, lang: str, explained: Explained) -> DatedDeadline:
    """A deadline with the days left; a period of another party makes nobody here late."""
    ends_on = item["ends_on"] if item["status"] == "open" else None
    past = ends_on is not None and ends_on < day
    lapsed = past and item["kind"] == "period"
    left = t("pages.lapsed", lang, day=date_vi(ends_on)) if lapsed else days_left(day, ends_on, item["kind"], lang)
    return {**item, "left": left, "past": past and not lapsed, "lines": explained.sentences}


def _path(procedure: Procedure, document: CaseDocument) -> list[tuple[str, str]]:
    """The stages of the procedure with whether each is behind, here or ahead."""
    stages = list(procedure.stages)
    place = stages.index(document["stage"]) if document["stage"] in stages else 0
    if document["closed_on"]:
        place = len(stages)
    marks = ("behind", "here", "ahead")
    return [(stage, marks[(index > place) + (index >= place)]) for index, stage in enumerate(stages)]


def _allowed(procedure: Procedure, document: CaseDocument, ahead: NowAndAhead) -> dict[str, list[Choice]]:
    """What may be done: moves whose turn has come, steps of the present state, rare ones, what is open at any time.

    Of the ways out of a state those that lead on come first, those that lead back or stay last. What is open at any
    time and ends a date that runs is a step.
    """
    can = [choice for choice in ahead.choices if choice.allowed]
    running = {item["key"] for item in document["deadlines"] if item["status"] == "open"}
    at_any_time = {
        name for name, verb in procedure.verbs.items() if verb.at_any_step and running.isdisjoint(verb.meets)
    }
    asked_for = {move.verb for move in ahead.moves}.union(*(move.asks_for for move in ahead.moves))
    usual = [choice for choice in can if choice.verb not in asked_for | ahead.apart]
    steps = [choice for choice in usual if choice.verb not in at_any_time]
    return {
        "can": can,
        "steps": [choice for choice in steps if procedure.verbs[choice.verb].to is None],
        "ways": sorted(
            (choice for choice in steps if procedure.verbs[choice.verb].to is not None),
            key=lambda choice: leads_back(procedure, document["state"], procedure.verbs[choice.verb]),
        ),
        "rare": [choice for choice in can if choice.verb in ahead.apart],
        "anytime": [choice for choice in usual if choice.verb in at_any_time],
    }


@dataclass(frozen=True, slots=True)
class ShownLack:
    """What a move lacks; `choice` None where no act of this person settles it. `instead`: acts of another way."""

    reason: CoopcaseError
    choice: Choice | None
    roles: Sequence[str]
    instead: Sequence[Choice]


@dataclass(frozen=True, slots=True)
class ShownStep:
    """A move out of the state, the roles that do it, and what it lacks."""

    choice: Choice
    roles: Sequence[str]
    lacks: Sequence[ShownLack]


def _ahead(procedure: Procedure, listed: Sequence[Choice], moves: Sequence[Move]) -> list[ShownStep]:
    """Each move with what it lacks; what this person may settle now carries its address."""
    by_verb = {choice.verb: choice for choice in listed}
    return [
        ShownStep(
            by_verb[move.verb],
            procedure.verbs[move.verb].by,
            [_lacking(procedure, by_verb, lack) for lack in move.lacks],
        )
        for move in moves
        if by_verb[move.verb].prepared is None  # shown with its paper
    ]


def _lacking(procedure: Procedure, by_verb: Mapping[str, Choice], lack: Lack) -> ShownLack:
    instead = [by_verb[verb] for verb in lack.instead if by_verb[verb].allowed]
    roles = procedure.verbs[lack.verb].by if lack.verb else ()
    return ShownLack(lack.reason, by_verb.get(lack.verb or ""), roles, instead)


def _refused(listed: Sequence[Choice]) -> dict[str, list[Choice]]:
    """What belongs to the present state and cannot be done yet, by the person and, apart, by others."""
    found = [choice for choice in listed if choice.here and not choice.allowed]
    of_others = [choice for choice in found if choice.reason is not None and choice.reason.code == "wrong_role"]
    return {"cannot": [choice for choice in found if choice not in of_others], "of_others": of_others}


def _prefect(ref: str) -> str:
    chosen = settings()
    return f"http://{chosen.host}:{chosen.prefect_port}/v2/runs?tags=case:{ref}"
