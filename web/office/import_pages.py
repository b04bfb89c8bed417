"""A register file comes in: look at what it would do, take the workbook back with comments, or take it in."""

import hashlib
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response
from sqlalchemy import Connection, select

from casework.register_import import commit, preview
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from models.settings import settings
from models.tables import import_runs, officers
from register.findings import Finding, field_label, say_finding
from register.gate import Plan
from register.give_back import annotate
from register.rows import UnitRow
from register.template import blank_workbook
from templates.formats import date_vi, number
from web.cases.case_pages import attachment
from web.rendering import page, told
from web.request_context import Here, Sent, Visit

router = APIRouter()
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
KEPT = 5  # files a person has looked at and not taken in yet
SHOWN = 500  # rows of a part of the table; the whole is in the workbook given back
PARTS = ("new", "changed", "unchanged", "doubtful", "rejected")
ELSEWHERE = "district_of_another_office"  # a city's file in the hands of a district: nothing to mend


@router.get("/import")
def import_page(here: Here) -> Response:
    return _start(here)


@router.post("/import")
def import_preview(here: Here, sent: Sent) -> Response:
    files = sent.files("file")
    try:
        if not files:
            raise WrongInput("file", "no_file_chosen")
        name, data = files[0]
        plan = preview(here.bind, data, name, by=here.person.login)
    except (WrongInput, Refused) as error:
        return _start(here, told(error, here.lang), 422)
    elsewhere = _elsewhere(plan)
    counts = {part: len(getattr(plan, part)) for part in PARTS} | {"elsewhere": len(elsewhere)}
    counts["rejected"] -= counts["elsewhere"]
    return page(
        here, "office/import_preview.html",
        counts=counts, rows=_table(plan, elsewhere, here.lang), shown=SHOWN, name=name,
        key=_keep(here, data), nothing=plan.changes_nothing, of_sheets=_of_sheets(plan, here.lang),
    )  # fmt: skip


@router.post("/import/annotated")
def import_annotated(here: Here, sent: Sent) -> Response:
    data, name = _kept(here, sent.text("key")), sent.text("name")
    plan = preview(here.bind, data, name, by=here.person.login)
    return attachment(annotate(data, name, plan, here.lang), f"{Path(name).stem}-nhan-xet.xlsx", SHEET)


@router.post("/import/commit")
def import_commit(here: Here, sent: Sent) -> Response:
    data = _kept(here, sent.text("key"))
    result = commit(here.bind, data, sent.text("name"), by=here.person.login, clock=here.clock)
    _path(here, sent.text("key")).unlink(missing_ok=True)
    return page(here, "office/import_done.html", result=result, name=sent.text("name"))


@router.get("/import/form")
def import_form(here: Here) -> Response:
    return attachment(blank_workbook(), "so-dang-ky-htx.xlsx", SHEET)


def _start(here: Visit, message: str = "", status: int = 200) -> Response:
    with reading(here.bind) as connection:
        runs = _runs(connection, here.person.district)
    return page(here, "office/import.html", status=status, message=message, runs=runs, limit=settings().max_upload_mb)


def _runs(connection: Connection, district: str | None) -> Sequence[Any]:
    """The latest imports: a district's own, or (for the city) everybody's."""
    found = select(import_runs).order_by(import_runs.c.id.desc()).limit(10)
    if district is not None:
        found = found.where(import_runs.c.by.in_(select(officers.c.login).where(officers.c.district_code == district)))
    return connection.execute(found).mappings().all()


def _keep(here: Visit, data: bytes) -> str:
    """Lay the file aside until it is confirmed; of what a person left lying only the newest few are kept."""
    key = hashlib.sha256(data).hexdigest()
    path = _path(here, key)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(data)
    mine = sorted(path.parent.glob(f"{here.person.id}-*"), key=lambda item: item.stat().st_mtime, reverse=True)
    for old in mine[KEPT:]:
        old.unlink(missing_ok=True)
    return key


def _kept(here: Visit, key: str) -> bytes:
    path = _path(here, key)
    if not path.is_file():
        raise NotFound("upload_gone")
    return path.read_bytes()


def _path(here: Visit, key: str) -> Path:
    if not re.fullmatch(r"[0-9a-f]{64}", key):
        raise NotFound("upload_gone")
    return settings().data.resolve() / "uploads" / f"{here.person.id}-{key}"


def _of_sheets(plan: Plan, lang: str) -> list[str]:
    return [say_finding(finding, lang) for finding in plan.findings if finding.row == 0]


def _elsewhere(plan: Plan) -> set[tuple[str, int]]:
    """The rows, by sheet and number, that another office takes in."""
    return {(item.sheet, item.row) for item in plan.findings if item.code == ELSEWHERE}


def _table(plan: Plan, elsewhere: set[tuple[str, int]], lang: str) -> dict[str, list[dict[str, Any]]]:
    """Rows of each part with what would change and what is wrong with them."""
    apart = {True: list[UnitRow](), False: list[UnitRow]()}
    for row in plan.rejected:
        apart[(row.sheet, row.row) in elsewhere].append(row)
    changed = [
        _row(change.row, lang)
        | {
            "fields": [
                (field_label(item.field, lang), _shown(item.before), _shown(item.after)) for item in change.fields
            ]
        }
        for change in plan.changed[:SHOWN]
    ]
    unchanged = [_row(same.row, lang) for same in plan.unchanged[:SHOWN]]
    plain = {name: _rows(getattr(plan, name), lang) for name in ("new", "doubtful")}
    plain |= {"rejected": _rows(apart[False], lang), "elsewhere": _rows(apart[True], lang)}
    by_row = _findings_by_row(plan)
    parts = {**plain, "changed": changed, "unchanged": unchanged}
    for shown in (row for rows in parts.values() for row in rows):
        shown["findings"] = [_finding(item, lang) for item in by_row.get((shown["sheet"], shown["row"]), ())]
    return parts


def _rows(rows: Sequence[UnitRow], lang: str) -> list[dict[str, Any]]:
    return [_row(row, lang) for row in rows[:SHOWN]]


def _row(row: UnitRow, lang: str) -> dict[str, Any]:
    return {
        "sheet": row.sheet,
        "row": row.row,
        "name": row.name,
        "district": row.district,
        "fields": [],
        "findings": [],
    }


def _findings_by_row(plan: Plan) -> dict[tuple[str, int], list[Finding]]:
    found: dict[tuple[str, int], list[Finding]] = {}
    for finding in plan.findings:
        found.setdefault((finding.sheet, finding.row), []).append(finding)
    return found


def _finding(finding: Finding, lang: str) -> dict[str, str]:
    return {
        "column": finding.column, "value": finding.value, "severity": finding.severity.value,
        "say": say_finding(finding, lang),
    }  # fmt: skip


def _shown(value: object) -> str:
    if hasattr(value, "strftime"):
        return date_vi(value)  # type: ignore[arg-type]
    return (
        number(value)
        if isinstance(value, int) and not isinstance(value, bool)
        else str(value if value is not None else "")
    )
