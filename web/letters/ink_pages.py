"""Letters signed in ink: a grid in which many are entered, and one list in which a second person confirms them."""

from collections.abc import Sequence
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection

from casework.dossier.documents import documents_by_case
from correspondence.delegations import RIGHTS
from correspondence.drafts import one_letter
from correspondence.grid_lines import said_once
from correspondence.ink.act_papers import entered_papers
from correspondence.ink.ink_lists import last_remarks, to_confirm, to_enter, to_enter_count
from correspondence.ink.signed_papers import (
    SCANS,
    InkPaper,
    confirm_papers,
    enter_papers,
    return_paper,
    scan_of,
    withdraw_paper,
)
from correspondence.letter_queue import ListedLetter
from correspondence.signing import entitled
from letters.catalogue import letter_type
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.state_machine.field_values import parse_day
from templates.formats import date_vi
from web.cases.case_pages import SHOWN_INLINE, attachment
from web.previews import framed_file, with_frames
from web.rendering import error_content, page
from web.request_context import Here, Sent, Typed, Visit

router = APIRouter()
AT_ONCE = 40  # lines of one page; the command line lists all
LINE = "number."
FOR_ALL = ("signer", "authority", "signed_on")  # typed once above the lines; a line may have its own


@router.get("/letters/signed")
def ink_page(here: Here) -> Response:
    return _grid(here)


@router.post("/letters/signed")
def ink_now(here: Here, sent: Sent) -> Response:
    try:
        with writing(here.bind) as connection:
            papers = [_paper(sent, letter) for letter in _letters(sent) if _is_typed(sent, letter)]
            if not papers:
                raise WrongInput("file", "ink_nothing")
            enter_papers(connection, papers, here.person, clock=here.clock, grid=True)
    except WrongInput as error:
        return _grid(here, sent, _said_once(sent, error))
    except Refused as error:
        return _grid(here, sent, error)
    return RedirectResponse("/letters/signed/confirm", 303)


@router.get("/letters/signed/confirm")
def ink_confirm(here: Here) -> Response:
    return _confirming(here)


@router.post("/letters/signed/confirm")
def ink_confirm_now(here: Here, sent: Sent) -> Response:
    chosen = [int(text) for text in sent.texts("paper") if text.isdecimal() and len(text) < 10]
    try:
        if not chosen:
            raise WrongInput("paper", "ink_none_chosen")
        with writing(here.bind) as connection:
            confirm_papers(connection, chosen, here.person, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _confirming(here, error)
    return RedirectResponse("/letters/signed/confirm", 303)


@router.get("/letters/signed/{number:int}/scan")
def ink_scan(here: Here, number: int) -> Response:
    with reading(here.bind) as connection:
        data, name, media_type = scan_of(connection, number, here.person)
    return framed_file(attachment(data, name, media_type))  # shown beside what was entered


@router.post("/letters/signed/{number:int}/{act}")
def ink_back(here: Here, sent: Sent, number: int, act: str) -> Response:
    if act not in ("return", "withdraw"):
        raise NotFound("no_such_page")
    try:
        with writing(here.bind) as connection:
            if act == "withdraw":
                withdraw_paper(connection, number, here.person, clock=here.clock)
            else:
                return_paper(connection, number, here.person, sent.text("remarks"), clock=here.clock)
    except (WrongInput, Refused) as error:
        return _confirming(here, error, number, sent)
    return RedirectResponse("/letters/signed/confirm", 303)


def _letters(sent: Typed) -> list[int]:
    """The letters of the lines that were sent; each line has a box for its number."""
    lines = (name.removeprefix(LINE) for name, _ in sent.items() if name.startswith(LINE))
    return [int(text) for text in lines if text.isdecimal() and len(text) < 10]


def _is_typed(sent: Typed, letter: int) -> bool:
    """Whether anything of a line was filled in; a line left empty is not signed yet."""
    typed = (sent.text(f"{cell}.{letter}") for cell in ("signer", "number", "signed_on", "document"))
    return any(typed) or bool(sent.files(f"file.{letter}"))


def _paper(sent: Typed, letter: int) -> InkPaper:
    """A line of the grid; what it leaves empty is what was entered once for all."""
    cell = {name: sent.text(f"{name}.{letter}") or sent.text(name) for name in FOR_ALL}
    own_day = f"signed_on.{letter}" if sent.text(f"signed_on.{letter}") else "signed_on"
    day = parse_day(own_day, cell["signed_on"]) if cell["signed_on"] else None
    file = next(iter(sent.files(f"file.{letter}")), None)
    number, document = sent.text(f"number.{letter}"), sent.text(f"document.{letter}")
    return InkPaper(letter, cell["signer"], cell["authority"], day, number, file, document)


def _said_once(sent: Typed, error: WrongInput) -> WrongInput:
    """The error with what is wrong in all lines alike, because of what was typed once for all, at its field there."""
    lines = [str(letter) for letter in _letters(sent) if _is_typed(sent, letter)]
    first, *rest = said_once(error.every, lines, lambda name, line: name in FOR_ALL and not sent.text(f"{name}.{line}"))
    first.params["also"] = rest
    return first


def _grid(here: Visit, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        rows, total = to_enter(connection, here.person, AT_ONCE), to_enter_count(connection, here.person)
        names = _names(connection, here, rows)
        remarks = last_remarks(connection, [row["id"] for row in rows])
        waiting = len(to_confirm(connection, here.person))
        documents = documents_by_case(connection, [row["ref"] for row in rows], SCANS)
    typed = dict(sent.items()) if sent else {"signed_on": date_vi(here.today)}
    return page(
        here, "letters/ink.html", rows=rows, total=total, names=names,
        remarks=remarks, documents=documents, waiting=waiting, rights=RIGHTS, typed=typed,
        **error_content(error, here.lang),
    )  # fmt: skip


def _names(connection: Connection, here: Visit, rows: Sequence[ListedLetter]) -> list[str]:
    """Those who may sign one of the letters today, to be chosen from."""
    found: dict[str, None] = {}
    seen = set[tuple[str, str]]()
    for row in rows:
        if (row["template"], row["ref"]) not in seen and len(seen) < 40:
            seen.add((row["template"], row["ref"]))
            letter = one_letter(connection, row["id"])
            found |= dict.fromkeys(_entitled(connection, here, letter))
    return list(found)


def _entitled(connection: Connection, here: Visit, letter: Any) -> list[str]:
    try:
        return [item.name for item in entitled(connection, letter_type(letter["template"]), letter, here.today)]
    except Refused:  # a body that is not ours signs it
        return []


def _confirming(
    here: Visit, error: CoopcaseError | None = None, returning: int = 0, sent: Typed | None = None
) -> Response:
    with reading(here.bind) as connection:
        rows = to_confirm(connection, here.person)
        of_acts = entered_papers(connection, here.person)
    answer = page(
        here, "letters/ink_confirm.html", rows=rows, of_acts=of_acts,
        **error_content(error, here.lang), inline=SHOWN_INLINE,
        returning=returning, remarks=sent.text("remarks") if sent else "",
    )  # fmt: skip
    return with_frames(answer)
