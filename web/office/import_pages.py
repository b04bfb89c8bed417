"""A register file comes in: look at what it would do, take the workbook back with comments, or take it in."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import Connection, select

from casework.office.heading_words import LEFT_OUT, forget_heading, map_heading, mapped_headings
from casework.register_corrections import BRINGS_OVER, corrections
from casework.register_import import commit, preview
from models.database import reading
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.settings import settings
from models.tables import import_runs, officers
from register.annotation import annotate
from register.findings import field_label
from register.rows import UNIT_FIELDS
from register.tables.header import is_heading_word, likely_field
from register.template import blank_workbook
from templates.trial_mark import mark_of
from web.cases.case_pages import attachment
from web.kept_uploads import drop_upload, keep_upload, kept_upload
from web.office.import_view import SHOWN, UNKNOWN_COLUMNS, decisions_of, of_sheets, skipped_lines, table_of
from web.rendering import error_text, page
from web.request_context import Here, Sent, Visit, scanned
from web.table_files import XLSX

router = APIRouter()
NOT_READ = "-"  # the choice "leave the column out" in the list of fields


@router.get("/import")
def import_page(here: Here) -> Response:
    return _start(here)


@router.post("/import")
def import_preview(here: Here, sent: Sent) -> Response:
    try:
        files = scanned(sent.files("file"))
    except (WrongInput, Refused) as error:
        return _start(here, error)
    if not files:
        return _start(here, WrongInput("file", "no_file_chosen"))
    name, data = files[0]
    return _look(here, data, name)


@router.post("/import/headings")
def import_headings(here: Here, sent: Sent) -> Response:
    """The meanings that were chosen for unknown headings are remembered, and the file is looked at again."""
    data = kept_upload(here, sent.text("key"))
    for heading, field in zip(sent.texts("heading"), sent.texts("field"), strict=False):
        if field:
            map_heading(here.bind, heading, _field(field), by=here.person.login, clock=here.clock)
    return _look(here, data, sent.text("name"))


@router.post("/import/heading")
def import_heading(here: Here, sent: Sent) -> Response:
    """One heading is mapped, or no longer."""
    try:
        if sent.text("forget"):
            forget_heading(here.bind, sent.text("forget"), by=here.person.login)
        else:
            field = _field(sent.text("field"))
            map_heading(here.bind, sent.text("heading"), field, by=here.person.login, clock=here.clock)
    except (WrongInput, NotFound) as error:
        return _start(here, error, typed=sent.text("heading"))
    return RedirectResponse("/import", 303)


def _field(chosen: str) -> str:
    return LEFT_OUT if chosen == NOT_READ else chosen or "?"


@router.post("/import/annotated")
def import_annotated(here: Here, sent: Sent) -> Response:
    data, name = kept_upload(here, sent.text("key")), sent.text("name")
    looked = preview(here.bind, data, name, by=here.person.login, clock=here.clock)
    annotated = annotate(data, name, looked.plan, here.lang, mark_of(here.trial, here.lang))
    return attachment(annotated, f"{Path(name).stem}-nhan-xet.xlsx", XLSX)


@router.post("/import/commit")
def import_commit(here: Here, sent: Sent) -> Response:
    data, name = kept_upload(here, sent.text("key")), sent.text("name")
    decisions = decisions_of(sent.texts("decide"))
    try:
        result = commit(here.bind, data, name, by=here.person.login, clock=here.clock, decisions=decisions)
    except WrongInput as error:
        return _look(here, data, name, error)
    drop_upload(here, sent.text("key"))
    with reading(here.bind) as connection:
        behind = corrections(connection, here.person.district) if here.person.role in BRINGS_OVER else []
    return page(
        here, "office/import_done.html", result=result, behind=len(behind), counts=result.counts(), name=name,
        by_sheet=result.plan.by_sheet(), shown=SHOWN,
        left=table_of(result.plan, here.lang, only=("doubtful", "rejected")),
        skipped=skipped_lines(result.plan, here.lang),
    )  # fmt: skip


def _look(here: Visit, data: bytes, name: str, wrong: CoopcaseError | None = None) -> Response:
    try:
        looked = preview(here.bind, data, name, by=here.person.login, clock=here.clock)
    except (WrongInput, Refused) as error:
        headings = _unknown(error.params.get("headings"))
        return _start(here, error, headings=headings, key=keep_upload(here, data) if headings else "", name=name)
    plan = looked.plan
    return page(
        here, "office/import_preview.html", counts=plan.counts(), by_sheet=plan.by_sheet(), looked=looked, name=name,
        rows=table_of(plan, here.lang), shown=SHOWN, key=keep_upload(here, data), of_sheets=of_sheets(plan, here.lang),
        skipped=skipped_lines(plan, here.lang), fields=_fields(here.lang), status=422 if wrong else 200,
        message=error_text(wrong, here.lang) if wrong else "",
        unknown=[(item.value, item.params.get("field", "")) for item in plan.findings if item.code in UNKNOWN_COLUMNS],
    )  # fmt: skip


def _unknown(headings: object) -> list[str]:
    """Of the headings of a table without a column of names those that nobody knows."""
    return [text for text in headings if not is_heading_word(text)] if isinstance(headings, tuple) else []


def _fields(lang: str) -> list[tuple[str, str]]:
    return [(name, field_label(name, lang)) for name in UNIT_FIELDS]


@router.get("/import/form")
def import_form(here: Here) -> Response:
    return attachment(blank_workbook(mark_of(here.trial, "vi")), "so-dang-ky-htx.xlsx", XLSX)


def _start(
    here: Visit, error: CoopcaseError | None = None, *, typed: str = "", headings: Sequence[str] = (), key: str = "",
    name: str = "",
) -> Response:  # fmt: skip
    with reading(here.bind) as connection:
        runs = _runs(connection, here.person.district)
    return page(
        here, "office/import.html", status=422 if error else 200, message=error_text(error, here.lang) if error else "",
        runs=runs, limit=settings().max_upload_mb, mapped=mapped_headings(here.bind, here.person.district),
        fields=_fields(here.lang), typed=typed, unknown=[(text, likely_field(text)) for text in headings], key=key,
        name=name,
    )  # fmt: skip


def _runs(connection: Connection, district: str | None) -> Sequence[Any]:
    """The latest imports: a district's own, or (for the city) those of all."""
    found = select(import_runs).order_by(import_runs.c.id.desc()).limit(10)
    if district is not None:
        found = found.where(import_runs.c.by.in_(select(officers.c.login).where(officers.c.district_code == district)))
    return connection.execute(found).mappings().all()
