"""A form that did not end in its act is kept for its person, put back when its page is shown, and forgotten when done.

One mechanism for every form: what is sent passes `received` and `with_kept_files`, every page passes `put_back`, and
the answer passes `FinishedForms`. The routes in NEVER_KEPT have nothing typed, or what nobody may keep.
"""

import io
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from fastapi import Request
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from casework.office import unfinished_forms
from casework.office.unfinished_forms import Unfinished, Upload
from models.clock import SystemClock
from models.errors import NotFound
from web.access import page_of
from web.form_filling import OF_THE_DRAWING
from web.form_marks import Drawn, address_of, read_mark

MOST_FIELDS, MOST_FILES = 6_000, 20
NEVER_KEPT: Mapping[str, str] = {
    "sign_in_now": "a password",
    "password_now": "passwords",
    "sign_out": "nothing is typed",
    "language": "nothing is typed",
    "look": "nothing is typed",
    "demo_step": "nothing is typed",
    "inbox_read": "nothing is typed",
    "channel_now": "nothing is typed",
    "feed_renew": "nothing is typed",
    "proof_now": "nothing is typed",
    "money_replies": "a button alone",
    "money_draft": "a button alone",
    "letter_new_now": "a button alone says which letter",
    "edition_now": "a button alone",
    "list_columns_now": "ticks alone",
    "list_view_act": "a button alone",
    "take_over_gaps_now": "ticks alone",
    "next_steps_now": "ticks alone, to be set again beside the preview",
    "ink_confirm_now": "ticks alone, to be set again beside the scans",
    "unfinished_discard": "nothing is typed",
}
SECRET = frozenset({("channel_add", "address")})  # (route, field): the address of a channel has a password in it
KEPT_FILE = "kept_file"  # TOKEN/PLACE of a file that was sent before
OURS = OF_THE_DRAWING - {"seen", "show", "p", "back"} | {KEPT_FILE}
TELL_FORMS_APART = ("way", "letter", "kind", "answers", "template", "key")  # of one page, sent to one address


@dataclass(frozen=True, slots=True)
class Finishing:
    """The form that is being carried out, as its person may have left it behind earlier."""

    person: int
    action: str
    fields: tuple[tuple[str, str], ...]
    names: frozenset[str]  # of the fields that have something in them
    token: str


async def received(request: Request) -> None:
    """Reads what was sent before anything is decided about it: it can be kept whatever comes."""
    if request.method == "POST":
        large = getattr(request.state, "too_large", False)
        form = await (_texts(request) if large else request.form(max_files=MOST_FILES, max_fields=MOST_FIELDS))
        request.state.form = form
        request.state.drawn = read_mark(request, form.get("drawn"))


class _Texts(MultiPartParser):
    """Reads over the contents of files."""

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        if self._current_part.file is None:
            super().on_part_data(data, start, end)


async def _texts(request: Request) -> FormData:
    """The fields of a form whose files are too large. Raises HTTPException 413 for what is no such form."""
    parser = _Texts(request.headers, request.stream(), max_files=MOST_FILES, max_fields=MOST_FIELDS)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        raise HTTPException(413)
    try:
        form = await parser.parse()
    except MultiPartException:
        raise HTTPException(413) from None
    return FormData([(name, value) for name, value in form.multi_items() if isinstance(value, str)])


def with_kept_files(request: Request, person: int) -> FormData:
    """What was sent, together with the files kept from before that are still ticked; newly chosen ones come first.

    From here on the form is known to come from this person. Raises NotFound: such a file is there no more.
    """
    sent: FormData = request.state.form
    uploads = _kept_uploads(sent, person)
    if len(uploads) < len(sent.getlist(KEPT_FILE)):
        raise NotFound("kept_file_gone")
    added = [(item.field, UploadFile(io.BytesIO(item.data), filename=item.name)) for item in uploads]
    form = FormData([*(item for item in sent.multi_items() if item[0] != KEPT_FILE), *added])
    request.state.form = form
    request.state.owner = person
    request.state.finishing = _finishing(request, person)
    return form


def keep_unfinished(request: Request) -> Unfinished | None:
    """Keep what was sent, if anything was typed and it is known by whom; once for a request."""
    if not hasattr(request.state, "kept"):
        request.state.kept = None
        with suppress(OSError):  # a full disk: the answer says what is wrong with the machine
            request.state.kept = _keep(request)
    found: Unfinished | None = request.state.kept
    return found


def _keep(request: Request) -> Unfinished | None:
    form: FormData | None = getattr(request.state, "form", None)
    if form is None or page_of(request) in NEVER_KEPT:
        return None
    drawn: Drawn | None = request.state.drawn
    person = getattr(request.state, "owner", drawn.person if drawn else None)
    if person is None:
        return None
    sent, uploads = _finishing(request, person), [*_uploads(form), *_kept_uploads(form, person)]
    if not uploads and not sent.names:
        return None
    before = unfinished_forms.one(person, sent.token, SystemClock().now())  # sent again from the list of kept forms
    page = before.page if before else drawn.page if drawn and drawn.person == person else sent.action
    kept = unfinished_forms.keep(person, page, sent.action, sent.fields, uploads, SystemClock().now())
    if kept is not None:
        _forget(sent, but=kept.token)
    return kept


def _finishing(request: Request, person: int) -> Finishing:
    form, route = request.state.form, page_of(request)
    fields = tuple(
        (name, value.replace("\x00", ""))
        for name, value in form.multi_items()
        if isinstance(value, str) and name not in OURS and (route, name) not in SECRET
    )
    files = {name for name, value in form.multi_items() if isinstance(value, UploadFile) and value.filename}
    names = frozenset(files | {name for name, value in fields if value})
    return Finishing(person, address_of(request), fields, names, str(form.get("resumed") or ""))


def _uploads(form: FormData) -> list[Upload]:
    found = []
    for name, value in form.multi_items():
        if isinstance(value, UploadFile) and value.filename:
            value.file.seek(0)
            found.append(Upload(name, value.filename, value.file.read()))
            value.file.seek(0)
    return found


def _kept_uploads(form: FormData, person: int) -> list[Upload]:
    """The files of an earlier sending that are still ticked, as far as they are there and this person's."""
    found = []
    for chosen in form.getlist(KEPT_FILE):
        token, _, number = str(chosen).partition("/")
        kept = unfinished_forms.one(person, token, SystemClock().now())
        if kept is None or not number.isdecimal() or int(number) >= len(kept.files):
            continue
        file = kept.files[int(number)]
        if (data := unfinished_forms.content_of(person, kept, file.sha)) is not None:
            found.append(Upload(file.field, file.name, data))
    return found


def _forget(done: Finishing, but: str = "") -> None:
    """The form that this one was put back from, and whatever was kept of the same form."""
    for form in unfinished_forms.listed(done.person, SystemClock().now()):
        if (form.token == done.token or _is_same(form, done)) and form.token != but:
            unfinished_forms.discard(done.person, form.token)


def _is_same(form: Unfinished, done: Finishing) -> bool:
    known = dict(reversed(done.fields))
    apart = all(form.values(name)[:1] == [known[name]] for name in TELL_FORMS_APART if name in known)
    return form.action == done.action and apart and bool(form.names & done.names)


def shown_on(request: Request, person: int) -> list[Unfinished]:
    """The kept forms of a person that have their place on the page that is asked for."""
    path = request.url.path
    return [
        form for form in unfinished_forms.listed(person, SystemClock().now())
        if path in (form.page.partition("?")[0], form.action.partition("?")[0])
    ]  # fmt: skip


def owned_by(request: Request, person: int) -> bool:
    """Whether what this request keeps or shows is this person's own."""
    drawn: Drawn | None = getattr(request.state, "drawn", None)
    return bool(getattr(request.state, "owner", drawn.person if drawn else person) == person)


def pending(person: int) -> int:
    """How many forms of a person are kept."""
    return len(unfinished_forms.listed(person, SystemClock().now()))


class FinishedForms:
    """Forgets a kept form when it has come to its end: before the answer goes out, so that the next page knows."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def finishing(message: Message) -> None:
            state: dict[str, Any] = scope.get("state", {})
            done: Finishing | None = state.get("finishing")
            if message["type"] == "http.response.start" and message["status"] < 400 and done and not state.get("kept"):
                await run_in_threadpool(_forget, done)
            await send(message)

        await self.app(scope, receive, finishing if scope["type"] == "http" else send)
