"""Acts that move a case: an act, an annulment, another officer. The engine decides; the form only asks and shows."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework import acts
from casework.acts import Asked
from casework.case_view import case_document, choice_of, find, load_seen
from casework.day_of_act import day_and_fields, days_of_act
from casework.dossier.documents import chosen_documents
from casework.evidence_store import keep
from casework.following_act import asks_nothing
from casework.ledger import LoadedCase
from casework.to_act import questions
from casework.waiting_papers import prepared_verb
from correspondence.effective_papers import act_on, withdraw
from models.database import reading, writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from procedures.day_vocabulary import REASON
from procedures.facts import Choice
from procedures.state_machine.day_rules import DaysOfAct
from procedures.state_machine.field_values import parse_day
from procedures.state_machine.irregularities import reason_apart
from procedures.state_machine.whole_check import parse_act
from rulebook.versions import Versions
from web.cases.act_form import STATUS, act_form, changes_of
from web.cases.history import fields_of
from web.forms import data_of
from web.lists import officers_of
from web.rendering import error_text, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()


@router.get("/cases/{ref}/acts/{verb}")
def act(here: Here, ref: str, verb: str, council: str = "") -> Response:
    return act_form(here, ref, verb, fill=bool(council))


@router.post("/cases/{ref}/acts/{verb}")
def act_now(here: Here, sent: Sent, ref: str, verb: str) -> Response:
    if sent.text("more"):
        return act_form(here, ref, verb, sent)
    loaded: dict[str, LoadedCase] = {}
    try:
        seq = _act(here, sent, ref, verb, loaded)
    except (WrongInput, Conflict, Refused) as error:
        return act_form(here, ref, verb, sent, error, loaded.get(ref))
    return RedirectResponse(f"/cases/{ref}?done={seq}", 303)


def _act(here: Visit, sent: Typed, ref: str, verb: str, loaded: dict[str, LoadedCase]) -> int:
    """Do the act on the case, or an act that asks for nothing and the one after it; returns the number of the fact.

    `loaded` receives the case as it was before the act, so that a form with an error needs no second load.
    """
    seen = sent.number("seen")
    who: dict[str, Any] = {"doer": here.person.doer(), "clock": here.clock}
    files, first = [*sent.files("evidence"), *sent.files("photo")], questions(ref, here.person.login, ())
    with writing(here.bind, first=first) as connection:
        case = loaded[ref] = load_seen(connection, ref, here.person, first=first)
        if then := sent.text("then"):
            on = parse_day("on", sent.text("on")) if sent.text("on") else None
            act_on(connection, case, verb, on=on, seen=seen, **who)
            case, seen = load_seen(connection, ref, here.person, lock=True), None
        choice = choice_of(case, then or verb, here.person)
        data, case_id = data_of(choice.needs, sent), case.row["id"]
        if not then and asks_nothing(case.procedure.verbs[verb]):  # the fields are those of the act offered with it
            data = {name: value for name, value in data.items() if name == REASON}
        chosen = chosen_documents(connection, case_id, sent.texts("document"))
        proofs = [*chosen, *(name for name, _ in files)]
        day = _typed_day(sent, choice, data, proofs, days_of_act(connection, case, None, here.today))
        on, fields = day_and_fields(connection, case, choice.verb, data, day, here.today)
        login, now = here.person.login, here.clock.now()
        hashes = chosen + [keep(connection, case_id, content, name, by=login, now=now) for name, content in files]
        evidence = list(dict.fromkeys(hashes))
        asked: Asked = {"data": fields, "on": on, "evidence": evidence, "seen": seen}
        return act_on(connection, case, choice.verb, last=True, **asked, **who).seq


def _typed_day(
    sent: Typed, choice: Choice, data: Mapping[str, Any], proofs: Sequence[str], given: DaysOfAct
) -> date | None:
    """When it happened. Raises WrongInput for a wrong day, with all else that is wrong in one."""
    try:
        return parse_day("on", sent.text("on")) if sent.text("on") else None
    except WrongInput as wrong:
        typed, _ = reason_apart(data)
        parse_act(choice.verb, choice.needs, typed, given, proofs, [wrong])
        raise


@router.get("/cases/{ref}/facts/{seq:int}/annul")
def annul(here: Here, ref: str, seq: int) -> Response:
    return _annul_form(here, ref, seq)


@router.post("/cases/{ref}/facts/{seq:int}/annul")
def annul_now(here: Here, sent: Sent, ref: str, seq: int) -> Response:
    with reading(here.bind) as connection:
        find(connection, ref, here.person)
        prepared = prepared_verb(connection, ref, seq)
    who: dict[str, Any] = {"by": here.person.login, "clock": here.clock}
    reason = sent.text("reason")
    try:
        if prepared:
            done = withdraw(here.bind, ref, prepared, reason, **who)
        else:
            done = acts.annul(here.bind, ref, seq, reason=reason, seen=sent.number("seen"), **who)
    except (WrongInput, Refused, Conflict) as error:
        return _annul_form(here, ref, seq, sent.text("reason"), error)
    return RedirectResponse(f"/cases/{ref}?done={done.seq}", 303)


def _annul_form(
    here: Visit, ref: str, seq: int, reason: str = "", error: WrongInput | Refused | Conflict | None = None
) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        document = case_document(connection, ref, today=here.today, lang=here.lang)
        versions = Versions(connection)
        procedure = versions.of(row["procedure"])
    fact = next((fact for fact in document["facts"] if fact["seq"] == seq), None)
    if fact is None:
        raise NotFound("no_such_fact", seq=seq)
    status = STATUS[type(error)] if error else 200
    return page(
        here, "cases/annul.html", status=status, row=row, case=document, fact=fact, reason=reason,
        fields=_fields(versions, fact, here.lang), message=error_text(error, here.lang) if error else "",
        changes=changes_of(procedure, error, here.lang),
    )  # fmt: skip


def _fields(versions: Versions, fact: Mapping[str, Any], lang: str) -> list[tuple[str, Any]]:
    if fact["kind"] == "opened":
        return []
    return fields_of(versions.of(fact["procedure"]), fact["kind"], fact["data"], lang)


@router.get("/cases/{ref}/reassign")
def reassign(here: Here, ref: str) -> Response:
    return _reassign_form(here, ref, {})


@router.post("/cases/{ref}/reassign")
def reassign_now(here: Here, sent: Sent, ref: str) -> Response:
    with reading(here.bind) as connection:
        find(connection, ref, here.person)
    asked = {"to": sent.text("to"), "reason": sent.text("reason")}
    try:
        done = acts.reassign(
            here.bind, ref, asked["to"], by=here.person.login, reason=asked["reason"], clock=here.clock
        )
    except (WrongInput, NotFound) as error:
        return _reassign_form(here, ref, asked, error_text(error, here.lang))
    return RedirectResponse(f"/cases/{ref}?done={done.seq}", 303)


def _reassign_form(here: Visit, ref: str, asked: Mapping[str, str], message: str = "") -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        city = row["level"] == "city"
        people = officers_of(connection, None if city else row["district_code"], city_only=city)
    status = 422 if message else 200
    return page(
        here, "cases/reassign.html", status=status, row=row, people=people, message=message,
        to=asked.get("to", ""), reason=asked.get("reason", ""),
    )  # fmt: skip
