"""Notes and instructions on a case: the forms, and the pages of one and of all that wait for an answer."""

from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.case_view import find, officer_names
from casework.dossier import instructions, notes
from casework.dossier.documents import documents_of
from casework.dossier.instructions import ListedInstruction, NewAnswer, NewInstruction
from casework.dossier.notes import NewNote
from casework.dossier.rights import HEADS
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from templates.words import t
from web.access import may_open
from web.cases.case_dossier import days_late
from web.cases.document_pages import files_of
from web.lists import PAGE
from web.rendering import error_text, page, sentences, status_of
from web.request_context import Here, Sent, Typed, Visit
from web.unfinished import MOST_FILES

router = APIRouter()
NOTE_WORDS = {
    "text": "dossier.note_text", "come_back_on": "dossier.come_back_on", "evidence": "dossier.files",
    "reason": "dossier.reason",
}  # fmt: skip
INSTRUCTION_WORDS = {"to": "dossier.to", "text": "dossier.instruction_text", "due_on": "dossier.due_on"}
ANSWER_WORDS = {"text": "dossier.answer_text", "evidence": "dossier.files", "reason": "dossier.reason"}
Wrong = WrongInput | Refused


@router.get("/cases/{ref}/notes")
def note_new(here: Here, ref: str) -> Response:
    return _note_form(here, ref)


@router.post("/cases/{ref}/notes")
def note_new_now(here: Here, sent: Sent, ref: str) -> Response:
    new = NewNote(sent.text("text"), sent.text("come_back_on"), files_of(sent), sent.texts("document"))
    try:
        with writing(here.bind) as connection:
            number = notes.write_note(connection, ref, new, by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _note_form(here, ref, sent, error)
    return RedirectResponse(f"/cases/{ref}#note-{number}", 303)


@router.get("/cases/{ref}/notes/{number:int}")
def note(here: Here, ref: str, number: int) -> Response:
    return _note(here, ref, number)


@router.post("/cases/{ref}/notes/{number:int}/{what}")
def note_now(here: Here, sent: Sent, ref: str, number: int, what: str) -> Response:
    """Close a note, or strike it out."""
    who: dict[str, Any] = {"by": here.person, "clock": here.clock}
    try:
        with writing(here.bind) as connection:
            if what == "close":
                notes.close_note(connection, ref, number, **who)
            elif what == "strike":
                notes.strike_note(connection, ref, number, sent.text("reason"), **who)
            else:
                raise NotFound("no_such_page")
    except (WrongInput, Refused) as error:
        return _note(here, ref, number, sent, error)
    return RedirectResponse(f"/cases/{ref}#note-{number}", 303)


@router.get("/instructions")
def instruction_list(here: Here, every: str = "", p: int = 1) -> Response:
    """Of the person, of the heads those of the office: what waits for its answer, or everything."""
    number = max(p, 1)
    with reading(here.bind) as connection:
        rows = instructions.instructions_for(
            connection, here.person, unanswered=not every, limit=PAGE + 1, offset=(number - 1) * PAGE
        )
    return page(
        here, "cases/instructions.html", rows=rows[:PAGE], late=days_late(here.today), every=bool(every), number=number,
        more=len(rows) > PAGE, heads=here.person.role in HEADS,
    )  # fmt: skip


@router.get("/cases/{ref}/instructions")
def instruct(here: Here, ref: str) -> Response:
    return _instruct_form(here, ref)


@router.post("/cases/{ref}/instructions")
def instruct_now(here: Here, sent: Sent, ref: str) -> Response:
    new = NewInstruction(sent.text("to"), sent.text("text"), sent.text("due_on"))
    try:
        with writing(here.bind) as connection:
            number = instructions.give_instruction(connection, ref, new, by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _instruct_form(here, ref, sent, error)
    return RedirectResponse(f"/cases/{ref}#instruction-{number}", 303)


@router.get("/cases/{ref}/instructions/{number:int}")
def instruction(here: Here, ref: str, number: int) -> Response:
    return _instruction(here, ref, number)


@router.post("/cases/{ref}/instructions/{number:int}/{what}")
def instruction_now(here: Here, sent: Sent, ref: str, number: int, what: str) -> Response:
    """Answer an instruction, or withdraw it."""
    who: dict[str, Any] = {"by": here.person, "clock": here.clock}
    try:
        with writing(here.bind) as connection:
            if what == "answer":
                answer = NewAnswer(sent.text("text"), files_of(sent), sent.texts("document"))
                instructions.answer_instruction(connection, ref, number, answer, **who)
            elif what == "withdraw":
                instructions.withdraw_instruction(connection, ref, number, sent.text("reason"), **who)
            else:
                raise NotFound("no_such_page")
    except (WrongInput, Refused) as error:
        return _instruction(here, ref, number, sent, error, what)
    return RedirectResponse(f"/cases/{ref}#instruction-{number}", 303)


def _note_form(here: Visit, ref: str, sent: Typed | None = None, error: Wrong | None = None) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        files = documents_of(connection, row["id"], struck=False)
    return page(
        here, "cases/note_new.html", status=status_of(error), row=row, documents=files, **_filled(sent),
        **_said(here, error, NOTE_WORDS),
    )  # fmt: skip


def _note(here: Visit, ref: str, number: int, sent: Typed | None = None, error: Wrong | None = None) -> Response:
    with reading(here.bind) as connection:
        row, item = find(connection, ref, here.person), notes.one_note(connection, ref, number, here.person)
        files = {one["sha256"]: one for one in documents_of(connection, row["id"])}
        names = officer_names(connection, [item["by"], item["closed_by"], item["struck_by"]])
    is_open = not item["closed_at"] and not item["struck_at"]
    return page(
        here, "cases/note.html", status=status_of(error), row=row, item=item, files=files, names=names,
        may_close=is_open and notes.may_close(item, row, here.person),
        may_strike=not item["struck_at"] and notes.may_strike(item, here.person), **_filled(sent),
        **_said(here, error, NOTE_WORDS),
    )  # fmt: skip


def _instruct_form(here: Visit, ref: str, sent: Typed | None = None, error: Wrong | None = None) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        people = instructions.addressees(connection, row, here.person)
    return page(
        here, "cases/instruction_new.html", status=status_of(error), row=row, people=people, **_filled(sent),
        **_said(here, error, INSTRUCTION_WORDS),
    )  # fmt: skip


def _instruction(
    here: Visit, ref: str, number: int, sent: Typed | None = None, error: Wrong | None = None, what: str = ""
) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        item = instructions.one_instruction(connection, ref, number, here.person)
        may_answer = _is_open(item) and _may_answer(connection, here, item)
        files = documents_of(connection, row["id"])
        names = officer_names(connection, [item["answered_by"], item["withdrawn_by"]])
    return page(
        here, "cases/instruction.html", status=status_of(error), row=row, item=item, names=names,
        late=days_late(here.today),
        files={one["sha256"]: one for one in files}, documents=[one for one in files if not one["struck_at"]],
        may_answer=may_answer, may_withdraw=_is_open(item) and instructions.may_withdraw(item, here.person),
        withdrawing=what == "withdraw", **_filled(sent), **_said(here, error, ANSWER_WORDS),
    )  # fmt: skip


def _may_answer(connection: Connection, here: Visit, item: ListedInstruction) -> bool:
    own = may_open("instruction_now", here.person.role, here.person.district)
    return own and instructions.may_answer(connection, item, here.person, here.today)


def _is_open(item: ListedInstruction) -> bool:
    return not item["answered_at"] and not item["withdrawn_at"]


def _filled(sent: Typed | None) -> dict[str, Any]:
    """What was typed, and the documents that were ticked."""
    return {
        "typed": dict(sent.items()) if sent else {},
        "ticked": sent.texts("document") if sent else [], "most_files": MOST_FILES,
    }  # fmt: skip


def _said(here: Visit, error: CoopcaseError | None, words: Mapping[str, str]) -> dict[str, Any]:
    """What is wrong, by field or as one message."""
    named = {field: t(key, here.lang) for field, key in words.items()}
    wrong = sentences(error, here.lang, (), named) if isinstance(error, WrongInput) else {}
    return {"wrong": wrong, "message": error_text(error, here.lang) if error is not None and not wrong else ""}
