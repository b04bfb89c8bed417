"""Forms that move a case: an act, an annulment, another officer. The engine decides; the form only asks and shows."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework import acts
from casework.case_view import (
    case_document,
    choice_of,
    document_of,
    fact_label,
    find,
    load_seen,
    officer_names,
)
from casework.day_ranges import lawful_ranges
from casework.evidence_store import keep
from casework.ledger import LoadedCase
from casework.lists.same_act_elsewhere import others_for
from casework.waiting_papers import prepared_verb
from correspondence.effective_papers import act_on, withdraw
from models.database import reading, writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.settings import settings
from procedures.day_vocabulary import OWN, REASON
from procedures.facts import Choice
from procedures.schema import Procedure
from procedures.state_machine.field_values import parse_day, parse_fields
from rulebook.office_calendar import calendars_of, office_of
from rulebook.versions import Versions
from templates.words import t
from web.cases.history import fields_of
from web.forms import Field, data_of, form_fields, typed_as
from web.lists import officers_of
from web.rendering import error_text, page, sentences
from web.request_context import Here, Sent, Typed, Visit
from web.unfinished import MOST_FILES

router = APIRouter()


@router.get("/cases/{ref}/acts/{verb}")
def act(here: Here, ref: str, verb: str) -> Response:
    return _act_form(here, ref, verb)


@router.post("/cases/{ref}/acts/{verb}")
def act_now(here: Here, sent: Sent, ref: str, verb: str) -> Response:
    if sent.text("more"):
        return _act_form(here, ref, verb, sent)
    loaded: dict[str, LoadedCase] = {}
    try:
        seq = _act(here, sent, ref, verb, loaded)
    except (WrongInput, Conflict, Refused) as error:
        return _act_form(here, ref, verb, sent, error, loaded.get(ref))
    return RedirectResponse(f"/cases/{ref}?done={seq}", 303)


def _act(here: Visit, sent: Typed, ref: str, verb: str, loaded: dict[str, LoadedCase]) -> int:
    """Do the act on the case; returns the number of the fact.

    `loaded` receives the case as it was before the act, so that a form with an error needs no second load.
    """
    with writing(here.bind) as connection:
        case = loaded[ref] = load_seen(connection, ref, here.person, lock=True)
        choice = choice_of(case, verb, here.person)
        data = data_of(choice.needs, sent)
        on, case_id, login, now = _day(here, sent, choice, data), case.row["id"], here.person.login, here.clock.now()
        files = sent.files("evidence")
        hashes = [keep(connection, case_id, content, name, by=login, now=now) for name, content in files]
        return act_on(
            connection, case, verb, doer=here.person.doer(), clock=here.clock, data=data, on=on, evidence=hashes,
            seen=sent.number("seen"),
        ).seq  # fmt: skip


def _day(here: Visit, sent: Typed, choice: Choice, data: Mapping[str, Any]) -> date | None:
    """When it happened. Raises WrongInput, with the errors of the other fields in one."""
    try:
        return parse_day("on", sent.text("on")) if sent.text("on") else None
    except WrongInput as wrong:
        try:
            parse_fields(choice.needs, {name: value for name, value in data.items() if name != REASON}, here.today)
        except WrongInput as more:
            wrong.params["also"] = [more, *more.params.get("also", ())]  # type: ignore[misc]
        raise wrong from None


STATUS: Mapping[type[Exception], int] = {WrongInput: 422, Refused: 403, Conflict: 409}


def _act_form(
    here: Visit,
    ref: str,
    verb: str,
    sent: Typed | None = None,
    error: WrongInput | Conflict | Refused | None = None,
    loaded: LoadedCase | None = None,
) -> Response:
    """The form, empty or with what was typed and what is wrong with it.

    `loaded` is the case of the act that failed; it is loaded again only if the act had already moved its state.
    """
    status = STATUS[type(error)] if error else 200
    with reading(here.bind) as connection:
        if loaded is None or loaded.state.seq != loaded.row["seq"]:
            loaded = load_seen(connection, ref, here.person)
        row = loaded.row
        document = document_of(connection, loaded, today=here.today, lang=here.lang)
        choice = choice_of(loaded, verb, here.person)
        others = others_for(connection, row, verb, here.person) if choice.allowed else []
        procedure = Versions(connection).of(row["procedure"])
        changes = _changes(procedure, error, here.lang)
        names = officer_names(connection, [change["by"] for change in changes])
        calendars = calendars_of(connection, office_of(row))
    ranges = lawful_ranges(loaded, verb, here.today, calendars, here.lang)
    if status == 200 and not choice.allowed:
        status, error = 403, error or choice.reason  # type: ignore[assignment]
    wrong = _wrong(error, choice, here.lang)
    return page(
        here, "cases/act.html", status=status, row=row, case=document, choice=choice, names=names, changes=changes,
        fields=_ranged(form_fields(choice.needs, sent or _proposed(choice), here.lang), ranges), wrong=wrong,
        on=_on(here, sent), on_range=ranges.get(OWN, ""), reason=sent.text(f"f.{REASON}") if sent else "",
        more=bool(sent and sent.text("more")), message=error_text(error, here.lang) if error and not wrong else "",
        verb=procedure.verbs[verb], others=len(others),
        largest=settings().max_upload_mb, most_files=MOST_FILES,
    )  # fmt: skip


def _wrong(error: Exception | None, choice: Choice, lang: str) -> dict[str, str]:
    """What is wrong by field; lacking evidence belongs to its field too."""
    if isinstance(error, WrongInput):
        named = {"on": t("pages.happened_on", lang), "evidence": t("pages.evidence", lang)}
        named[REASON] = t("days.reason_label", lang)
        return sentences(error, lang, choice.needs, named)
    if isinstance(error, Refused) and error.code == "evidence_required":
        return {"evidence": error_text(error, lang)}
    return {}


def _ranged(fields: Sequence[Field], ranges: Mapping[str, str]) -> list[Field]:
    """The fields with the lawful range of each day in its hint."""
    return [replace(item, hint=" ".join(filter(None, (item.hint, ranges.get(item.name))))) for item in fields]


def _proposed(choice: Choice) -> Typed | None:
    """The form as an earlier act proposed it, to be confirmed or changed; nothing where nothing was proposed."""
    known = {need.name: need.proposed for need in choice.needs if need.proposed}
    return typed_as(choice.needs, known) if known else None


def _on(here: Visit, sent: Typed | None) -> str:
    return sent.text("on") if sent else here.today.strftime("%d/%m/%Y")


def _changes(procedure: Procedure, error: Exception | None, lang: str) -> list[dict[str, Any]]:
    """What happened since the person looked, in words."""
    if not isinstance(error, Conflict):
        return []
    listed: Any = error.params.get("changes", ())
    return [
        {
            "seq": fact.seq, "label": fact_label(procedure, fact.kind, lang), "by": fact.by,
            "occurred_on": fact.occurred_on, "recorded_at": fact.recorded_at,
            "fields": fields_of(procedure, fact.kind, fact.data, lang),
        }
        for fact in listed
    ]  # fmt: skip


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
        changes=_changes(procedure, error, here.lang),
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
