"""Templates become pages: Jinja2 with autoescape, words in the person's language, static files by their hash."""

import hashlib
import re
import secrets
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache, partial
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

from fastapi import Request
from fastapi.responses import HTMLResponse, Response
from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup
from sqlalchemy import Engine, select
from sqlalchemy.exc import SQLAlchemyError

from casework.office.unfinished_forms import Unfinished
from models.database import engine, reading
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from models.office_kind import kind_of
from models.tables import officers
from oversight.lights import light_of_deadline
from procedures.facts import Need
from procedures.legal_time.calendar import load_calendars
from templates.formats import date_vi, moment_vi, money, number, span
from templates.words import catalogue, pick, say, t
from web import form_marks, unfinished
from web.access import may_open, office_tabs
from web.browser_keys import browser_of
from web.form_filling import Drawing, filled, noted, place_of
from web.form_marks import address_of
from web.forms import box_of
from web.idempotency import MARK
from web.labels import (
    code_text,
    coded,
    deadlines_in_words,
    letter_name,
    letter_statuses,
    lifter_of,
    name_among,
    obstacles_of,
    roles_in_words,
    said_briefly,
    stages_of,
    version_name,
)  # fmt: skip
from web.request_context import Visit, language_of
from web.request_guards import csrf_of

MENU: Mapping[str, str] = {
    "work": "/work", "calendar": "/calendar", "late": "/late", "units": "/register", "import_page": "/import",
    "letter_list": "/letters", "inbox": "/inbox", "calculator": "/calculator", "office": "/office", "me": "/me",
}  # fmt: skip
MEDIA = {"css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml"}
NOTHING: Mapping[str, str] = {}
EMPTY_CELL = re.compile(r"(<td[^<>]*>)\s+(?=</td>)")  # white space alone: styles know an empty cell, and print no label
KEY = re.compile(r"[A-Za-z_][\w.\[\]-]*", re.ASCII)  # a field by its key, not in words
OF_PAGES = ("missing_field", "date_in_future", "not_an_option")  # errors whose text has keys of fields or of options
STATUSES: tuple[tuple[type[CoopcaseError], int], ...] = (
    (WrongInput, 422), (Refused, 403), (NotFound, 404), (Conflict, 409), (CoopcaseError, 503),
)  # fmt: skip
A_YEAR = "public, max-age=31536000, immutable"


@cache
def environment() -> Environment:
    """The templates of the pages, compiled once."""
    made = Environment(loader=PackageLoader("templates", "pages"), autoescape=True, undefined=StrictUndefined)
    made.trim_blocks = made.lstrip_blocks = True
    made.filters |= {"day": date_vi, "moment": moment_vi, "money": money, "number": number, "zip": zip}
    words = (
        code_text, coded, deadlines_in_words, letter_name, letter_statuses, said_briefly, lifter_of, obstacles_of,
        roles_in_words, span, stages_of, name_among, version_name,
    )  # fmt: skip
    made.globals |= {"static": static_path, "box_of": box_of} | {function.__name__: function for function in words}
    return made


def page(visit: Visit, template: str, *, status: int = 200, **content: Any) -> HTMLResponse:
    """A page for a signed-in person."""
    who = visit.person.role, visit.person.district
    tabs = office_tabs(*who)
    menu = {item: path for item, path in MENU.items() if may_open(item, *who) and (item != "office" or tabs)}
    return _response(visit.request, template, visit.lang, status, visit=visit, menu=menu, tabs=tabs, **content)


def open_page(request: Request, template: str, *, status: int = 200, **content: Any) -> HTMLResponse:
    """A page for any visitor, signed in or not."""
    return _response(request, template, language_of(request), status, visit=None, menu={}, **content)


def _response(request: Request, template: str, lang: str, status: int, **content: Any) -> HTMLResponse:
    visit: Visit | None = content["visit"]
    words = {"t": _Words(lang), "say": partial(say, lang=lang), "pick": partial(pick, lang=lang), "lang": lang}
    drawing = {
        "office_kind": visit.kind if visit else _kind(),
        "request": request, "csrf": csrf_field(request, visit.person.id if visit else None),
        "path": request.url.path, "query": partial(query, request), "look": browser_of(request).look, **words,
    }  # fmt: skip
    pending = unfinished.pending(visit.person.id) if visit else 0
    names = _Names(visit.bind, lang) if visit else None
    html = environment().get_template(template).render(pending=pending, name_of=names, **drawing, **content)
    html = EMPTY_CELL.sub(r"\1", html)
    return HTMLResponse(_put_back(request, html, status, visit, {**drawing, **content}), status)


def _kind() -> str:
    """The kind of the office for a page without a visit; none while the database cannot be asked."""
    try:
        with reading(engine()) as connection:
            return kind_of(connection)
    except (SQLAlchemyError, OSError, CoopcaseError):
        return ""


def _put_back(request: Request, html: str, status: int, visit: Visit | None, drawing: Mapping[str, Any]) -> str:
    """The page with the unfinished forms that belong on it, each in its form, or linked at the head of the page."""
    if request.method == "GET":
        found = unfinished.shown_on(request, visit.person.id) if visit else []
    elif status >= 400 or "more" in getattr(request.state, "form", ()):
        kept = unfinished.keep_unfinished(request)
        found = [kept] if kept else []
    else:
        found = []
    mine = unfinished.owned_by(request, visit.person.id) if visit else False
    for form in found:
        html = _with_form(request, html, form, mine, drawing)
    return html


def _with_form(request: Request, html: str, form: Unfinished, mine: bool, drawing: Mapping[str, Any]) -> str:
    parts = environment().get_template("account/unfinished_parts.html").make_module(dict(drawing))
    place = place_of(html, form, address_of(request)) if mine else None
    notice = str(parts.notice(form, mine, place is not None))  # type: ignore[attr-defined]
    if place is None:
        return noted(html, notice)
    refused = " ".join([*drawing.get("wrong", {}).values(), drawing.get("message", "")])
    files = partial(parts.files, form, refused)  # type: ignore[attr-defined]
    shown = notice if request.method == "GET" else ""  # the answer to a form says itself what is wrong with it
    return filled(html, form, place, Drawing(shown, lambda name: str(files(name)).strip()))


class _Names:
    """The name of a person by the sign-in name; all are read when a page asks for the first."""

    def __init__(self, bind: Engine, lang: str) -> None:
        self.bind, self.lang = bind, lang
        self.known: dict[str, str] | None = None

    def __call__(self, login: str | None) -> str:
        if self.known is None:
            with reading(self.bind) as connection:
                found = connection.execute(select(officers.c.login, officers.c.name)).tuples().all()
            self.known = {**dict(found), "clock": t("pages.the_system", self.lang)}
        return self.known.get(login or "", login or "")


class _Words:
    """Words by their key, in the language of the page."""

    def __init__(self, lang: str) -> None:
        self.lang = lang

    def __call__(self, key: str, /, **params: object) -> str:
        return t(key, self.lang, **params)


def csrf_field(request: Request, person: int | None = None) -> Markup:
    """What every form carries: the token of its session, the mark of the page that it was drawn on, and for whom."""
    hidden = Markup('<input type="hidden" name="{}" value="{}">')
    found = hidden.format("csrf", csrf_of(request)) + hidden.format(MARK, secrets.token_urlsafe(9))
    return found if person is None else found + hidden.format(form_marks.MARK, form_marks.mark_of(request, person))


def query(request: Request, **changes: object) -> str:
    """The address of this page with some of its questions changed; empty ones are left out."""
    asked = {**dict(request.query_params), **changes}
    kept = {name: str(value) for name, value in asked.items() if value not in (None, "", False)}
    return "?" + urlencode(kept)


def days_left(today: date, day: date | None, kind: str, lang: str) -> str:
    """Working days to go, today, or calendar days past: overdue is a legal limit, a date of the plan is behind."""
    if day is None:
        return ""
    if light := light_of_deadline(kind, day, today):
        return t(f"pages.days_{light}", lang, count=(today - day).days)
    if day == today:
        return t("pages.due_today", lang)
    return t("pages.days_left", lang, count=load_calendars().agency.working_days_between(today, day))


@cache
def _static() -> Mapping[str, tuple[str, bytes]]:
    """Every static file by name, with the short hash of its content."""
    folder = files("templates").joinpath("static")
    contents = {item.name: item.read_bytes() for item in folder.iterdir() if item.name.split(".")[-1] in MEDIA}
    return {name: (hashlib.sha256(content).hexdigest()[:12], content) for name, content in contents.items()}


def static_path(name: str) -> str:
    return f"/static/{_static()[name][0]}/{name}"


def static_file(name: str, digest: str) -> Response:
    """A static file, to be kept for ever: another content has another address. Raises NotFound.

    Under the address of another content, as a page of before an upgrade asks for it, it is not kept.
    """
    if name not in _static():
        raise NotFound("no_such_page")
    own, content = _static()[name]
    headers = {"Cache-Control": A_YEAR if digest == own else "no-cache", "Vary": "Accept-Encoding"}
    return Response(content, media_type=MEDIA[name.split(".")[-1]], headers=headers)


def sentences(
    error: CoopcaseError, lang: str, needs: Sequence[Need] = (), besides: Mapping[str, str] = NOTHING
) -> dict[str, str]:
    """Each wrong field with its sentence; fields of `needs`, and those `besides`, are called as the page calls them."""
    listed = [error, *error.params.get("also", ())]  # type: ignore[misc]
    fields = [str(getattr(item, "field", "")) for item in listed]
    labels = {**{field: _called(needs, field, lang) for field in fields}, **besides}
    return {field: _sentence(item, labels[field], lang) for field, item in zip(fields, listed, strict=True)}


def _called(needs: Sequence[Need], field: str, lang: str) -> str:
    """What a field, or a cell of a table, is called on the page; nothing for what is not of `needs`."""
    name, _, cell = field.partition("[")
    need = next((need for need in needs if need.name == name), None)
    if need is None or not cell:
        return pick(need.label, lang) if need else ""
    row, _, inner = cell.partition("].")
    column = next((column for column in need.columns if column.name == inner), need)
    return t("pages.cell", lang, table=pick(need.label, lang), row=row, column=pick(column.label, lang))


def error_text(error: CoopcaseError, lang: str) -> str:
    """The text of an error for a page, with the labels of its fields."""
    return _sentence(error, "", lang)


def error_content(error: CoopcaseError | None, lang: str, wrong: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a page says of an error: its `status`, the `wrong` fields, the `message` where no field is wrong.

    `wrong`: the sentences, where the page words them itself; else they are those of `sentences`.
    """
    if wrong is None:
        wrong = sentences(error, lang) if isinstance(error, WrongInput) else {}
    if error is None:
        return {"status": 200, "wrong": wrong, "message": ""}
    if wrong:
        return {"status": 422, "wrong": wrong, "message": ""}
    return {"status": status_of(error), "wrong": wrong, "message": error_text(error, lang)}


def status_of(error: CoopcaseError | None) -> int:
    """The HTTP status of an answer with this error; 200 without one."""
    return 200 if error is None else next(status for kind, status in STATUSES if isinstance(error, kind))


def act_links(error: CoopcaseError | None) -> list[tuple[str, Mapping[str, str]]]:
    """Where a refusal leads that names acts to be done instead (`ref`, `verbs`, `labels` of its parameters)."""
    given = error.params if error is not None else {}
    verbs, labels = given.get("verbs"), given.get("labels")
    if not isinstance(verbs, list) or not isinstance(labels, list):
        return []
    return [(f"/cases/{given['ref']}/acts/{verb}", label) for verb, label in zip(verbs, labels, strict=True)]


def _field_word(error: CoopcaseError, lang: str) -> str:
    """What the field of an error is called among what was typed: its word, or a general one for a mere key."""
    field = getattr(error, "field", "")
    key = f"unfinished.field_{field}"
    if key in catalogue():
        return t(key, lang)
    return t("unfinished.field_other", lang) if KEY.fullmatch(str(field)) else ""


def _sentence(error: CoopcaseError, label: str, lang: str) -> str:
    """On a page a field has one name; the command line and JSON give both the label and the key."""
    own = error.params.get("label")
    label = label or (pick(own, lang) if isinstance(own, Mapping) else "") or _field_word(error, lang)
    if not label:
        return say(error, lang)
    params = {"choices": t("pages.those_listed", lang), **error.params, "field": label}
    return t(f"pages.{error.code}" if error.code in OF_PAGES else f"errors.{error.code}", lang, **params)
