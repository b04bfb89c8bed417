"""Documents that come in: the register with what is awaited, the form for one, and what is left to do with it."""

from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.dossier.documents import choosable_documents
from correspondence.drafts import one_letter
from correspondence.incoming.awaited_answers import awaited
from correspondence.incoming.incoming_register import (  # fmt: skip
    MAY_REGISTER,
    Arrival,
    arrivals,
    arrived_file,
    known_order,
    one_arrival,
    record_step,
    register_incoming,
    tie_to_case,
)
from correspondence.incoming.incoming_steps import Step, kinds_of, step_for
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from rulebook.office_papers import papers_of
from templates.formats import date_vi
from templates.words import pick
from web.cases.case_pages import attachment
from web.forms import data_of, form_fields
from web.list_options import ListColumn, list_choice
from web.lists import PAGE, pages_of
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
COLUMNS = (
    ListColumn("number", "pages.number", "number"),
    ListColumn("received", "incoming.received_on", "received"),
    ListColumn("from", "incoming.from_body", "from"),
    ListColumn("summary", "incoming.summary"),
    ListColumn("unit", "incoming.ref", "unit"),
)
WAITING = 20  # letters that wait for an answer, of a page
TEXTS = ("from_body", "summary", "symbol", "dated_on", "received_on", "ref")


@router.get("/incoming")
def incoming_page(
    here: Here, q: str = "", year: int = 0, sort: str = "", cols: str = "", p: int = 1, waiting: int = 1
) -> Response:  # fmt: skip
    """`waiting`: the page of the letters that wait for an answer."""
    chosen, asked = year or here.today.year, q.strip()[:120]
    with reading(here.bind) as connection:
        choice = list_choice(connection, here, "incoming", COLUMNS, sort=known_order(sort), cols=cols)
        rows, total = arrivals(
            connection, here.person, chosen, search=asked, order=choice.sort, limit=PAGE, offset=(max(p, 1) - 1) * PAGE
        )
        pages = pages_of(p, total)
        listed, known = awaited(connection, here.person, here.today), _kinds(connection, here.lang, "")
    waits = pages_of(waiting, len(listed), WAITING)
    shown = listed[(waits.number - 1) * WAITING : waits.last_row]
    return page(
        here, "letters/incoming.html", rows=rows, waiting=shown, waiting_pages=waits, asked=asked, year=chosen,
        pages=pages, kinds=known, may=here.person.role in MAY_REGISTER, choice=choice, cols=cols,
    )  # fmt: skip


@router.get("/incoming/new")
def incoming_new(here: Here, kind: str = "", ref: str = "", answers: int = 0) -> Response:
    return _form(here, kind, ref.strip().upper(), answers)


@router.post("/incoming")
def incoming_now(here: Here, sent: Sent) -> Response:
    kind, ref, answers = sent.text("kind"), sent.text("ref").upper(), sent.number("answers") or 0
    if sent.text("more"):
        return _form(here, kind, ref, answers, sent)
    try:
        with writing(here.bind) as connection:
            done = _register(connection, here, sent)
    except (WrongInput, Refused) as error:
        return _form(here, kind, ref, answers, sent, error)
    return RedirectResponse(f"/incoming/{done}", 303)


@router.get("/incoming/{number:int}")
def incoming_one(here: Here, number: int) -> Response:
    return _one(here, number)


@router.post("/incoming/{number:int}/{act}")
def incoming_act(here: Here, sent: Sent, number: int, act: str) -> Response:
    if act not in ("record", "tie"):
        raise NotFound("no_such_page")
    if sent.text("more"):
        return _one(here, number, sent)
    try:
        with writing(here.bind) as connection:
            if act == "tie":
                tie_to_case(connection, number, here.person, sent.text("ref").upper(), clock=here.clock)
            else:
                _record(connection, here, sent, number)
    except (WrongInput, Refused, NotFound) as error:
        return _one(here, number, sent, error)
    return RedirectResponse(f"/incoming/{number}", 303)


@router.get("/incoming/{number:int}/files/{sha}")
def incoming_file(here: Here, number: int, sha: str) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = arrived_file(connection, number, sha, here.person)
    return attachment(data, name, media_type)


def _record(connection: Connection, here: Visit, sent: Typed, number: int) -> None:
    row = one_arrival(connection, number, here.person)
    step = _step(connection, here, row["kind"], row["ref"] or "", row["template"] or "")
    data = data_of(step.needs, sent) if step else {}
    kept: dict[str, Any] = {"files": sent.files("evidence"), "documents": sent.texts("document")}
    record_step(connection, number, here.person, data, clock=here.clock, **kept)


def _register(connection: Connection, here: Visit, sent: Typed) -> int:
    """The id of the document; what is wrong with its own fields and with those of its step is said at once."""
    days = {name: parse_day(name, sent.text(name)) if sent.text(name) else None for name in ("received_on", "dated_on")}
    kind, ref, answers = sent.text("kind"), sent.text("ref").upper(), sent.number("answers")
    arrival = Arrival(
        sent.text("from_body"), sent.text("summary"), days["received_on"] or here.today, sent.text("symbol"),
        days["dated_on"], ref, answers, kind, sent.files("evidence"),
        sent.texts("document"),
    )  # fmt: skip
    data = None
    if kind and sent.text("also") == "yes":
        template, place = _answered(connection, here, answers or 0, ref)
        step = _step(connection, here, kind, place, template)
        data = data_of(step.needs, sent) if step else {}
    return register_incoming(connection, here.person, arrival, data, clock=here.clock).id


def _answered(connection: Connection, here: Visit, answers: int, ref: str) -> tuple[str, str]:
    """(kind of letter that is answered, case)."""
    if not answers:
        return "", ref
    letter = one_letter(connection, answers, here.person)
    return letter["template"], letter["ref"]


def _step(connection: Connection, here: Visit, kind: str, ref: str, template: str) -> Step | None:
    return step_for(connection, here.person, kind, ref, template) if ref else None


def _form(
    here: Visit, kind: str, ref: str, answers: int, sent: Typed | None = None, error: CoopcaseError | None = None
) -> Response:
    """The form for one document: its own fields, and those of the step that it is in the case. Raises NotFound."""
    letter, step, typed = None, None, dict.fromkeys(TEXTS, "") | {"ref": ref, "received_on": date_vi(here.today)}
    with reading(here.bind) as connection:
        kinds = _kinds(connection, here.lang, ref)
        if kind and kind not in dict(kinds):
            raise NotFound("no_such_incoming_kind", kind=kind, known=", ".join(dict(kinds)))
        if answers:
            letter = one_letter(connection, answers, here.person)
            kind = kind or papers_of(connection, letter["procedure"]).answer_to(letter["template"])
            typed |= {"ref": letter["ref"], "from_body": _asked(letter)}
        try:
            step = _step(connection, here, kind, typed["ref"], letter["template"] if letter else "")
        except NotFound as missing:
            error = error or WrongInput("ref", missing.code, **missing.params)
        documents = choosable_documents(connection, typed["ref"], here.person)
    if sent is not None:
        typed |= {name: sent.text(name) for name in TEXTS}
    return page(
        here, "letters/incoming_new.html",
        kind=kind, letter=letter, documents=documents, ticked=sent.texts("document") if sent else [],
        step=step, typed=typed, kinds=kinds, also=sent is None or sent.text("also") == "yes",
        fields=form_fields(step.needs, sent, here.lang) if step and step.reason is None else [],
        **error_content(error, here.lang),
    )  # fmt: skip


def _one(here: Visit, number: int, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        row = one_arrival(connection, number, here.person)
        step = _step(connection, here, row["kind"], row["ref"] or "", row["template"] or "")
        kinds = _kinds(connection, here.lang, row["ref"] or "")
        on_case = choosable_documents(connection, row["ref"] or "", here.person)
    return page(
        here, "letters/incoming_one.html", row=row, step=step,
        fields=form_fields(step.needs, sent, here.lang) if step and step.reason is None and not row["stands"] else [],
        ref=sent.text("ref") if sent else "", may=here.person.role in MAY_REGISTER,
        kind=dict(kinds).get(row["kind"], ""), ticked=sent.texts("document") if sent else [],
        documents=[item for item in on_case if item["sha256"] not in row["evidence"]],
        **error_content(error, here.lang),
    )  # fmt: skip


def _asked(letter: Any) -> str:
    return "; ".join(letter["data"].get("frozen", {}).get("addressees", ()))


def _kinds(connection: Connection, lang: str, ref: str) -> list[tuple[str, str]]:
    """The kinds of documents by the version of a case; without one, by that in force."""
    known = kinds_of(connection, ref)
    return [(code, pick({"vi": kind.label.vi, "en": kind.label.en}, lang)) for code, kind in known.items()]
