"""Cases that began before Coopcase: taken over one by one or by a workbook, and their gaps confirmed together."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Annotated, Any

from fastapi import APIRouter, Query
from fastapi.responses import RedirectResponse, Response

from casework.case_view import load_seen
from casework.dossier.documents import documents_of
from casework.takeover.found_later import add_found, before
from casework.takeover.gaps import confirm_gaps, gap_label, taken_over
from casework.takeover.known import SOURCE, Item, Known, items_of
from casework.takeover.taking_over import Request, take_over
from casework.takeover.workbook import candidates, step_label, template
from casework.takeover.workbook_reading import commit, preview
from models.database import reading
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.search_query import found_by
from procedures.schema import Procedure
from procedures.state_machine.earlier_acts import Step, step_named, steps
from rulebook.versions import in_force
from templates.trial_mark import mark_of
from templates.words import pick
from web.access import may_open
from web.cases.case_pages import attachment
from web.kept_uploads import drop_upload, keep_upload, kept_upload
from web.rendering import error_text, page, sentences
from web.request_context import Here, Sent, Typed, Visit, scanned
from web.table_files import XLSX

router = APIRouter()
FIELD = "f."  # before the key of each item, in the names of the form's fields
SHOWN = 50  # units on the page; the workbook has all


@dataclass(frozen=True, slots=True)
class Box:
    """One field of the form: an item with what was typed and what is wrong with it."""

    item: Item
    input: str
    label: str
    options: Sequence[tuple[str, str]]
    value: str
    wrong: str


@router.get("/take-over", name="take_over")
def start(here: Here, q: str = "", done: str = "", count: int = 0) -> Response:
    return _start(here, q=q, done=done, count=count)


@router.get("/take-over/template.xlsx", name="take_over_template")
def template_file(here: Here, step: Annotated[list[str] | None, Query()] = None) -> Response:
    with reading(here.bind) as connection:
        procedure = in_force(connection)
        found = candidates(connection, here.person, procedure, here.today)
    data = template(procedure, found, step or (), here.lang, mark_of(here.trial, here.lang))
    return attachment(data, f"tiep-nhan-{here.today:%Y-%m-%d}.xlsx", XLSX)


@router.get("/take-over/unit/{unit_id:int}", name="take_over_unit")
def one(here: Here, unit_id: int, step: str = "") -> Response:
    return _form(here, unit_id, step)


@router.post("/take-over/unit/{unit_id:int}", name="take_over_unit_now")
def one_now(here: Here, sent: Sent, unit_id: int, step: str = "") -> Response:
    request = Request(unit_id, Known(step, sent.text(SOURCE), _values(sent)))
    try:
        done = take_over(here.bind, request, by=here.person.login, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _form(here, unit_id, step, sent, error)
    return RedirectResponse(f"/cases/{done.ref}", 303)


@router.post("/take-over/file", name="take_over_file")
def file_preview(here: Here, sent: Sent) -> Response:
    try:
        files = scanned(sent.files("file"))
    except (WrongInput, Refused) as error:
        return _start(here, error=error)
    if not files:
        return _start(here, error=WrongInput("file", "no_file_chosen"))
    name, data = files[0]
    return _look(here, data, name)


@router.post("/take-over/file/commit", name="take_over_commit")
def file_commit(here: Here, sent: Sent) -> Response:
    key, name = sent.text("key"), sent.text("name")
    data = kept_upload(here, key)
    try:
        refs = commit(here.bind, data, name, by=here.person.login, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _look(here, data, name, error)
    drop_upload(here, key)
    return RedirectResponse(f"/take-over?done=file&count={len(refs)}", 303)


@router.get("/take-over/cases/{ref}", name="take_over_found")
def found(here: Here, ref: str) -> Response:
    return _found(here, ref)


@router.post("/take-over/cases/{ref}", name="take_over_found_now")
def found_now(here: Here, sent: Sent, ref: str) -> Response:
    try:
        done = add_found(
            here.bind, ref, _values(sent), source=sent.text(SOURCE), by=here.person.login, clock=here.clock,
            documents=sent.texts("document"),
        )  # fmt: skip
    except (WrongInput, Refused) as error:
        return _found(here, ref, sent, error)
    return RedirectResponse(f"/cases/{ref}?done={done.seq}", 303)


@router.get("/take-over/gaps", name="take_over_gaps")
def gaps(here: Here, done: int = 0) -> Response:
    return _gaps(here, done=done)


@router.post("/take-over/gaps", name="take_over_gaps_now")
def gaps_now(here: Here, sent: Sent) -> Response:
    try:
        count = confirm_gaps(here.bind, sent.texts("ref"), by=here.person.login, clock=here.clock)
    except (WrongInput, Refused) as error:
        return _gaps(here, error=error)
    return RedirectResponse(f"/take-over/gaps?done={count}", 303)


def _start(here: Visit, *, q: str = "", done: str = "", count: int = 0, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        procedure = in_force(connection)
        listed = candidates(connection, here.person, procedure, here.today)
        sought = set(connection.scalars(found_by("unit", q, here.person.district))) if q.strip() else None
    found = [line for line in listed if sought is None or line.unit in sought]
    return page(
        here, "cases/takeover.html", found=found[:SHOWN], total=len(found), q=q.strip(), done=done, count=count,
        steps=[(step.key, step_label(procedure, step, here.lang)) for step in steps(procedure)],
        status=422 if error else 200, message=error_text(error, here.lang) if error else "",
    )  # fmt: skip


def _form(
    here: Visit, unit_id: int, key: str, sent: Typed | None = None, error: CoopcaseError | None = None
) -> Response:
    with reading(here.bind) as connection:
        procedure = in_force(connection)
        listed = candidates(connection, here.person, procedure, here.today)
    unit = next((one for one in listed if one.unit == unit_id), None)
    if unit is None:
        raise NotFound("takeover_no_unit")
    chosen = step_named(procedure, key) if key else None
    wrong = _wrong(procedure, chosen, error, here.lang)
    return page(
        here, "cases/takeover_unit.html", unit=unit, step=key if chosen else "",
        source=sent.text(SOURCE) if sent else "",
        steps=[(step.key, step_label(procedure, step, here.lang)) for step in steps(procedure)],
        acts=list(_acts(procedure, items_of(procedure, chosen), sent, wrong, here.lang)) if chosen else [], wrong=wrong,
        message=error_text(error, here.lang) if error else "", status=422 if error else 200,
    )  # fmt: skip


def _found(here: Visit, ref: str, sent: Typed | None = None, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        loaded = load_seen(connection, ref, here.person)
        documents = documents_of(connection, loaded.row["id"], struck=False)
    procedure, known = loaded.procedure, before(loaded)
    wrong = _wrong(procedure, known.step, error, here.lang)
    return page(
        here, "cases/takeover_found.html", row=loaded.row, step=step_label(procedure, known.step, here.lang),
        source=sent.text(SOURCE) if sent else "", wrong=wrong,
        documents=documents, ticked=sent.texts("document") if sent else [],
        acts=list(_acts(procedure, known.missing, sent, wrong, here.lang)),
        gaps=[gap_label(procedure, gap, here.lang) for gap in loaded.state.gaps],
        message=error_text(error, here.lang) if error else "", status=422 if error else 200,
    )  # fmt: skip


def _values(sent: Typed) -> dict[str, str]:
    """What was typed into the fields of the items, by their keys."""
    return {name.removeprefix(FIELD): value for name, value in sent.items() if name.startswith(FIELD) and value}


def _wrong(procedure: Procedure, chosen: Step | None, error: CoopcaseError | None, lang: str) -> dict[str, str]:
    """What is wrong with each field, by its key."""
    if not isinstance(error, WrongInput):
        return {}
    labels = {item.key: pick(item.need.label, lang) for item in (items_of(procedure, chosen) if chosen else ())}
    return sentences(error, lang, besides=labels)


def _acts(
    procedure: Procedure, items: Sequence[Item], sent: Typed | None, wrong: Mapping[str, str], lang: str
) -> Iterator[tuple[str, bool, list[Box]]]:
    """Each act with whether it is a gap when its day is left out, and its fields."""
    for (verb, time, asked), own in groupby(items, key=_of_act):
        label = procedure.verbs[verb].label[lang]
        boxes = [_box(item, sent, wrong, lang) for item in own]
        yield label if time == 1 else f"{label} ({time})", asked, boxes


def _of_act(item: Item) -> tuple[str, int, bool]:
    return item.act.verb, item.time, item.act.asked


def _box(item: Item, sent: Typed | None, wrong: Mapping[str, str], lang: str) -> Box:
    name = FIELD + item.key
    options = [(code, pick(words, lang)) for code, words in item.need.options.items()]
    label = pick(item.need.label, lang) if item.part or item.act.day else ""
    return Box(item, name, label, options, sent.text(name) if sent else "", wrong.get(item.key, ""))


def _look(here: Visit, data: bytes, name: str, error: CoopcaseError | None = None) -> Response:
    try:
        found = preview(here.bind, data, name, by=here.person.login, clock=here.clock)
    except (WrongInput, Refused) as refused:
        return _start(here, error=refused)
    with reading(here.bind) as connection:
        procedure = in_force(connection)
    wrong: list[tuple[str, str]] = [
        (cell.place, error_text(cell.error, here.lang)) for one in found for cell in one.wrong
    ]
    labels = {step.key: step_label(procedure, step, here.lang) for step in steps(procedure)}
    content: dict[str, Any] = {"found": found, "cells": wrong, "labels": labels, "key": keep_upload(here, data)}
    return page(
        here, "cases/takeover_preview.html", name=name, procedure=procedure, gap_label=gap_label,
        message=error_text(error, here.lang) if error else "", status=422 if error else 200, **content,
    )  # fmt: skip


def _gaps(here: Visit, *, done: int = 0, error: CoopcaseError | None = None) -> Response:
    with reading(here.bind) as connection:
        found = taken_over(connection, here.person.district)
    return page(
        here, "cases/takeover_gaps.html", found=found, done=done, gap_label=gap_label,
        may_add=may_open("take_over_found", here.person.role, here.person.district),
        message=error_text(error, here.lang) if error else "", status=422 if error else 200,
    )  # fmt: skip
