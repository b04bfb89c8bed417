"""Errors as pages in plain words; never a traceback."""

import logging
import secrets
from urllib.parse import quote, urlencode

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from starlette.exceptions import HTTPException

from models.database import TRANSIENT_ERRORS
from models.database_file import trouble_of
from models.errors import CoopcaseError
from models.settings import settings
from templates.words import t
from web.form_marks import address_of
from web.rendering import error_text, open_page, page, status_of
from web.request_context import DoneAlready, PasswordNeeded, SignInNeeded, language_of
from web.request_guards import HEADERS
from web.unfinished import keep_unfinished

RETRY_AFTER = 60  # seconds
log = logging.getLogger("coopcase.web")


def answer_faults(app: FastAPI) -> None:
    """Hang the answers to every error on the application."""
    app.add_exception_handler(SignInNeeded, _to_sign_in)
    app.add_exception_handler(PasswordNeeded, _to_password)
    app.add_exception_handler(DoneAlready, lambda _request, done: RedirectResponse(done.args[0], 303))
    app.add_exception_handler(CoopcaseError, _ours)
    app.add_exception_handler(HTTPException, _of_framework)
    app.add_exception_handler(RequestValidationError, _unreadable)
    for trouble in TRANSIENT_ERRORS:
        app.add_exception_handler(trouble, _trouble_of_the_machine)
    app.add_exception_handler(Exception, _unforeseen)


def _to_sign_in(request: Request, _error: Exception) -> Response:
    """From there back to the page that was asked for, or to the one whose form was sent; what was typed is kept."""
    if request.method == "GET":
        return RedirectResponse(f"/sign-in?{urlencode({'next': address_of(request)})}", 303)
    kept, drawn = keep_unfinished(request), getattr(request.state, "drawn", None)
    asked = {"next": drawn.page if drawn else "/"} | ({"kept": "true"} if kept else {})
    return RedirectResponse(f"/sign-in?{urlencode(asked)}", 303)


def _to_password(request: Request, _error: Exception) -> Response:
    keep_unfinished(request)
    return RedirectResponse("/me/password", 303)


def _ours(request: Request, error: Exception) -> Response:
    assert isinstance(error, CoopcaseError)
    if type(error) is CoopcaseError:
        _logged(request, error)
    status = status_of(error)
    return _show(request, status, error_text(error, language_of(request)))


def _of_framework(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    known = error.status_code if error.status_code in (403, 404, 405, 413, 422) else 400
    return _show(
        request, error.status_code, t(f"pages.fault_{known}", language_of(request), limit=settings().max_upload_mb)
    )


def _unreadable(request: Request, _error: Exception) -> Response:
    return _show(request, 422, t("pages.fault_422", language_of(request)))


def _trouble_of_the_machine(request: Request, error: Exception) -> Response:
    """The act was undone as a whole: it may simply be sent again, but where a person has to do something first."""
    named = trouble_of(getattr(error, "orig", error))
    if named is not None:
        return _ours(request, named)
    reference = _logged(request, error)
    answer = _show(request, 503, t("pages.fault_503", language_of(request), reference=reference))
    answer.headers["Retry-After"] = str(RETRY_AFTER)
    return answer


def _logged(request: Request, error: Exception) -> str:
    """The number under which the log has the details."""
    reference = secrets.token_hex(4)
    log.error("%s %s: %s", reference, _place(request), type(error).__name__, exc_info=error)
    return reference


def _unforeseen(request: Request, error: Exception) -> Response:
    reference = _logged(request, error)
    answer = _show(request, 500, t("pages.fault_500", language_of(request), reference=reference))
    answer.headers.update(HEADERS)  # this answer is given outside of the middleware
    return answer


def _place(request: Request) -> str:
    """The path, for the log; a secret that is part of one stays out of it."""
    secret = request.path_params.get("token", "")
    path = request.url.path.replace(secret, "…") if secret else request.url.path
    return quote(path, safe="/@…")  # a line stays one line


def _show(request: Request, status: int, message: str) -> Response:
    visit = getattr(request.state, "visit", None)
    if visit is None:
        return open_page(request, "fault.html", status=status, message=message, code=status)
    return page(visit, "fault.html", status=status, message=message, code=status)
