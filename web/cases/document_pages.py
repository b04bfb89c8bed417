"""The documents of a case: added without an act, shown on a page, struck out; and acts of an irregular day."""

import re
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response

from casework.case_view import find, load_seen, officer_names
from casework.dossier.documents import (
    KINDS,
    PDF,
    PICTURES,
    Description,
    add_documents,
    documents_of,
    may_strike_document,
    one_document,
    strike_document,
    used_documents,
)
from casework.evidence_store import fetch
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.settings import settings
from procedures.state_machine.engine import available
from templates.words import t
from web.cases.case_pages import attachment
from web.previews import framed_file, with_frames
from web.rendering import error_text, page, sentences, status_of
from web.request_context import Here, Sent, Typed, Visit
from web.unfinished import MOST_FILES

router = APIRouter()
FIELDS = ("kind", "dated_on", "remark")
_VERB = re.compile(r"[a-z][a-z0-9_]{0,60}")
WORDS = {
    "kind": "dossier.kind", "dated_on": "dossier.dated_on", "remark": "dossier.remark", "evidence": "dossier.files",
    "reason": "dossier.reason",
}  # fmt: skip


@router.get("/cases/{ref}/documents")
def documents(here: Here, ref: str, added: int = 0, known: int = 0) -> Response:
    return _list(here, ref, added=(added, known))


@router.post("/cases/{ref}/documents")
def documents_now(here: Here, sent: Sent, ref: str) -> Response:
    what = Description(sent.text("kind"), sent.text("dated_on"), sent.text("remark"))
    try:
        with writing(here.bind) as connection:
            done = add_documents(connection, ref, files_of(sent), what, by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _list(here, ref, sent, error)
    listed = f"/cases/{ref}/documents?added={len(done.new)}&known={len(done.known)}"
    return RedirectResponse(_leading_on(sent, ref, listed), 303)


def _leading_on(sent: Typed, ref: str, documents: str) -> str:
    """Where a file leads that was dropped on a line: to the form of the line's act, or to its letter."""
    act, letter = sent.text("act"), sent.text("letter")
    if _VERB.fullmatch(act):
        return f"/cases/{ref}/acts/{act}"
    return f"/letters/{letter}" if letter.isdecimal() and len(letter) < 10 else documents


@router.get("/cases/{ref}/documents/{sha}")
def document(here: Here, ref: str, sha: str) -> Response:
    """What is known of a document, and the document itself where it is a PDF or a picture."""
    return _document(here, ref, sha)


@router.get("/cases/{ref}/documents/{sha}/file")
def document_file(here: Here, ref: str, sha: str) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = fetch(connection, ref, sha, here.person)
    return framed_file(attachment(data, name, media_type))


@router.post("/cases/{ref}/documents/{sha}/strike")
def document_strike(here: Here, sent: Sent, ref: str, sha: str) -> Response:
    try:
        with writing(here.bind) as connection:
            strike_document(connection, ref, sha, sent.text("reason"), by=here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _document(here, ref, sha, sent, error)
    return RedirectResponse(f"/cases/{ref}/documents/{sha}", 303)


@router.get("/cases/{ref}/irregularities")
def irregular_acts(here: Here, ref: str) -> Response:
    """The acts that may be recorded now, for one that happened on an irregular day."""
    with reading(here.bind) as connection:
        loaded = load_seen(connection, ref, here.person)
    listed = available(loaded.procedure, loaded.state, here.person.doer())
    return page(
        here, "cases/irregular_acts.html", row=loaded.row, irregular=len(loaded.state.irregularities),
        acts=[choice for choice in listed if choice.allowed],
    )  # fmt: skip


def files_of(sent: Typed) -> list[tuple[str, bytes]]:
    """The files of a form, chosen, dragged in or photographed."""
    return [*sent.files("evidence"), *sent.files("photo")]


def _list(
    here: Visit, ref: str, sent: Typed | None = None, error: WrongInput | Refused | None = None,
    added: tuple[int, int] = (0, 0),
) -> Response:  # fmt: skip
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        listed = documents_of(connection, row["id"])
        names = officer_names(connection, [item["by"] for item in listed])
    return page(
        here, "cases/documents.html", status=status_of(error), row=row, documents=listed, names=names, kinds=KINDS,
        typed={name: sent.text(name) if sent else "" for name in FIELDS}, added=added, most_files=MOST_FILES,
        largest=settings().max_upload_mb, **_said(here, error),
    )  # fmt: skip


def _document(
    here: Visit, ref: str, sha: str, sent: Typed | None = None, error: WrongInput | Refused | None = None
) -> Response:
    with reading(here.bind) as connection:
        row = find(connection, ref, here.person)
        item = one_document(connection, row["id"], sha)
        used = sha in used_documents(connection, row["id"])
        names = officer_names(connection, [item["by"], item["struck_by"]])
    mine = may_strike_document(item, here.person) and not item["struck_at"]
    shown = {PDF: "pdf", **dict.fromkeys(PICTURES, "picture")}.get(item["media_type"], "")
    answer = page(
        here, "cases/document.html", status=status_of(error), row=row, item=item, names=names, used=used, shown=shown,
        may_strike=mine and not used, reason=sent.text("reason") if sent else "", **_said(here, error),
    )  # fmt: skip
    return with_frames(answer)


def _said(here: Visit, error: CoopcaseError | None) -> dict[str, Any]:
    """What is wrong, by field or as one message."""
    named = {field: t(key, here.lang) for field, key in WORDS.items()}
    wrong = sentences(error, here.lang, (), named) if isinstance(error, WrongInput) else {}
    return {"wrong": wrong, "message": error_text(error, here.lang) if error is not None and not wrong else ""}
