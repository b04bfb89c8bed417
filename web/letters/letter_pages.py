"""One letter with its text, its files and what to do next, and the form that asks for a new one."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection, select

from casework.case_view import officer_names
from casework.dossier.documents import documents_of, fresh_documents
from correspondence.drafts import LiveLetter, live, needs_of, one_letter
from correspondence.electronic_signing import checks_of
from correspondence.incoming.awaited_answers import answers_to
from correspondence.incoming.incoming_register import MAY_REGISTER
from correspondence.issuing import is_on_paper
from correspondence.joint.shares import kind_of, shares_of
from correspondence.letter_copies import docx_of, pdf_of
from correspondence.letter_steps import letter_view, steps
from correspondence.next_letter import following
from correspondence.service.receivers import RECEIVER, likely_receivers
from correspondence.service.service_rules import consecutive_issues
from correspondence.service.serving import attempts, left_undone
from correspondence.signed_versions import changes_of, signed_file, versions
from letters.blanks import NONE
from letters.marks import CELLS, MARKS, mark_words
from letters.output.html import html
from models.database import reading
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.letter_links import is_about_many
from models.tables import evidence as evidence_rows
from models.typed_rows.letter_shapes import LetterOfCase
from rulebook.office_papers import papers_of
from rulebook.versions import Versions
from templates.words import pick
from web.cases.case_pages import attachment
from web.forms import Field, form_fields, typed_as
from web.letters.letter_surroundings import surroundings
from web.letters.service_form import panels, service_line
from web.rendering import act_links, error_text, page, sentences, status_of
from web.request_context import Here, Typed, Visit

router = APIRouter()
PDF = "application/pdf"
DEALT = ("fill", "approve", "return", "issue", "serve")  # what may have been done with the letter before
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@router.get("/letters/{letter_id:int}")
def letter(here: Here, letter_id: int, after: str = "", did: str = "") -> Response:
    return letter_page(here, letter_id, after=after, did=did)


def letter_page(
    here: Visit, letter_id: int, sent: Typed | None = None, error: CoopcaseError | None = None, action: str = "",
    after: str = "", did: str = "",
) -> Response:  # fmt: skip
    """One letter with what this person may do with it; `error` beside the form of `action`.

    `after`: the letter of the same pile that was dealt with last, and what was done with it.
    """
    with reading(here.bind) as connection:
        row = one_letter(connection, letter_id, here.person)
        try:
            found = live(connection, row, here.today)
        except Refused as outside:
            return _outside_law(here, row, outside, steps(connection, here.person, row, here.today))
        view = letter_view(connection, found, here.person, here.today)
        kept = _kept(connection, here, letter_id)
        people = [row["drafted_by"], row["submitted_by"], row["approved_by"], *(version["by"] for version in kept)]
        content = {
            **_service(connection, here, row, sent, action), **surroundings(connection, here, row, view.letter),
            "on_paper": row["status"] == "approved" and is_on_paper(connection, row, here.today),
            "marks": mark_choices(row["data"]["extra"].get(MARKS, {}), here.lang),
            "dealt": _dealt(connection, here, after, did),
            "following": following(connection, here.person, here.today, view.next, letter_id),
            "names": officer_names(connection, [str(login) for login in people]),
        }  # fmt: skip
    wrong = sentences(error, here.lang, needs_of(found.kind)) if isinstance(error, WrongInput) else {}
    return page(
        here, "letters/letter.html", status=status_of(error), letter=row, kind=found.kind, tree=view.letter,
        steps=view.steps, next=view.next, signers=view.signers,
        preview=html(view.letter, row["number"]), fields=_fields(here, found, sent, action),
        wrong=wrong, action=action, sent=sent, kept=kept, **content,
        unlike=error.params.get("changes", []) if isinstance(error, WrongInput) else [],
        message=error_text(error, here.lang) if error is not None and not wrong else "",  # type: ignore[arg-type]
        links=act_links(error),  # type: ignore[arg-type]
    )  # fmt: skip


def _dealt(connection: Connection, here: Visit, after: str, did: str) -> dict[str, Any] | None:
    """The letter that the person comes from, with what was done; none for an address that says something else."""
    if not after.isdecimal() or len(after) > 9 or did not in DEALT:
        return None
    with suppress(NotFound):
        return {"letter": one_letter(connection, int(after), here.person), "did": did}
    return None


def _outside_law(here: Visit, row: LetterOfCase, error: Refused, allowed: frozenset[str]) -> Response:
    """A draft that cannot be composed today, since a law that it cites is not in force: why, and what was typed."""
    needs = needs_of(kind_of(row))
    fields = form_fields(needs, typed_as(needs, row["data"]["extra"]), here.lang)
    typed = [(field.label, field.value) for field in fields if field.value]
    typed += [(field.label, cells) for field in fields for row_of in field.rows if (cells := _cells(row_of))]
    return page(
        here, "letters/letter_outside_law.html", status=409, letter=row, message=error_text(error, here.lang),
        typed=typed, may_discard="discard" in allowed,
    )  # fmt: skip


def _cells(row: Sequence[Field]) -> str:
    """What was typed in a row of a table, cell by cell."""
    return "; ".join(f"{cell.label}: {cell.value}" for cell in row if cell.value)


def _kept(connection: Connection, here: Visit, letter_id: int) -> list[dict[str, Any]]:
    """What was signed, with how it differs from the record and whether its electronic signatures hold now."""
    now = here.clock.now()
    return [
        version | {"changes": changes_of(version), "checks": checks_of(version, now)}
        for version in versions(connection, letter_id)
    ]


def mark_choices(known: Mapping[str, str], lang: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """Each cell of a mark with its code and what may be chosen."""
    return [
        (cell, known.get(cell, ""), [(code, pick(words, lang)) for code, words in mark_words(cell).items()])
        for cell in CELLS
    ]


def _service(connection: Connection, here: Visit, row: LetterOfCase, sent: Typed | None, action: str) -> dict[str, Any]:
    """What was tried to serve it, and the forms for what comes next."""
    tried, known = attempts(connection, row["id"]), Versions(connection)
    shares = shares_of(connection, row) if row["joint_id"] is not None else []
    mine = [item for item in tried if item["case_id"] == row["case_id"]] if is_about_many(row) else tried
    papers = papers_of(connection, row["procedure"])
    left, printed = left_undone(connection, row, mine), row["template"] in papers.printed
    return {
        "services": tried if shares else mine,  # a letter to one body is served once for all of its cases
        "files": _files(connection, row),
        "documents": documents_of(connection, row["case_id"], struck=False),
        "fresh": (fresh := fresh_documents(connection, row["case_id"], here.person.login, here.today)),
        "ticked": sent.texts("document") if sent else fresh,
        "earlier": {RECEIVER: likely_receivers(connection, row, here.person.login)},
        "left": [(verb, known.label("verbs", verb, here.lang, row["procedure"] or "")) for verb in left],
        "issues": consecutive_issues(mine, papers),
        "issues_needed": papers.issues,
        "ways": [service_line(papers, item, here.lang) for item in (tried if shares else mine)],
        "shares": shares,
        "served_now": sent.texts("cases") if sent is not None and action == "serve" else [],
        "printed": printed,
        "answers": answers_to(connection, row["id"]),
        "answerable": bool(papers.answer_to(row["template"]))
        and row["issued_on"] is not None
        and row["status"] != "cancelled"
        and here.person.role in MAY_REGISTER,
        "panels": panels(row, papers, mine, sent if action == "serve" else None, here.today),
    }


def _fields(here: Visit, found: LiveLetter, sent: Typed | None, action: str) -> list[Field]:
    """The fields of a draft; those that the letter cannot do without are marked."""
    missing = {item.name for item in found.letter.missing}
    shown = {*found.kind.fields, *missing, *_known(found)}
    needs = [
        replace(need, required=need.name in missing)
        for need in needs_of(found.kind)
        if need.name in shown or need.name.removeprefix(NONE) in missing
    ]
    filling = sent if sent is not None and action == "fill" else typed_as(needs, _known(found))
    return form_fields(needs, filling, here.lang)


def _known(found: LiveLetter) -> Mapping[str, Any]:
    """What was typed for this letter; what the facts give anyway is not repeated in the form."""
    extra: Mapping[str, Any] = found.row["data"].get("extra", {})
    return extra


def _files(connection: Connection, row: LetterOfCase) -> dict[str, str]:
    """Names of the case's evidence by hash, for the proofs of service."""
    columns = evidence_rows.c
    found = connection.execute(select(columns.sha256, columns.name).where(columns.case_id == row["case_id"]))
    return dict(found.tuples().all())


@router.get("/letters/{letter_id:int}/pdf")
def letter_pdf(here: Here, letter_id: int) -> Response:
    row, found = _letter(here, letter_id)
    return attachment(pdf_of(row, found.letter), f"{_file_name(row)}.pdf", PDF)


@router.get("/letters/{letter_id:int}/docx")
def letter_docx(here: Here, letter_id: int) -> Response:
    row, found = _letter(here, letter_id)
    return attachment(docx_of(row, found.letter), f"{_file_name(row)}.docx", DOCX)


def _letter(here: Visit, letter_id: int) -> tuple[LetterOfCase, LiveLetter]:
    with reading(here.bind) as connection:
        row = one_letter(connection, letter_id, here.person)
        return row, live(connection, row, here.today)


def _file_name(row: LetterOfCase) -> str:
    number = f"{row['number']:02d}-{row['symbol']}".replace("/", "-") if row["number"] else "du-thao"
    return f"{row['ref']} {row['template']} {number}"


@router.get("/letters/{letter_id:int}/signed/{number:int}")
def letter_signed(here: Here, letter_id: int, number: int) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = signed_file(connection, letter_id, number, here.person)
    return attachment(data, name, media_type)
