"""Where one's messages go: channels with a test, and the private calendar that phones subscribe to."""

import hashlib
import re

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from models.database import engine, reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.office_clock import clock_of
from models.settings import settings
from notifications.delivery import channels
from notifications.feed import feed as calendar_of
from notifications.feed import renew
from web.account.person_pages import me_page
from web.rendering import error_text
from web.request_context import Here, Sent

router = APIRouter()
ACTS = ("on", "off", "remove", "test")
MADE_AT = re.compile(r"^DTSTAMP.*$", re.MULTILINE)
PRIVATE = {"Cache-Control": "private, no-store", "X-Robots-Tag": "noindex"}


@router.post("/me/channels")
def channel_add(here: Here, sent: Sent) -> Response:
    """The address is never shown again, not even when it is wrong."""
    label = sent.text("label")
    try:
        with writing(here.bind) as connection:
            channels.add(connection, settings(), here.person.id, label, sent.text("address"))
    except (WrongInput, Refused) as error:
        return me_page(here, label=label, channel_message=error_text(error, here.lang), status=422)
    return RedirectResponse("/me#channels", 303)


@router.post("/me/channels/{channel_id:int}/{act}")
def channel_now(here: Here, channel_id: int, act: str) -> Response:
    if act not in ACTS:
        raise NotFound("no_such_page")
    if act == "test":
        channels.test(here.bind, settings(), here.person.id, channel_id, now=here.clock.now())
        return RedirectResponse(f"/me?tested={channel_id}#channels", 303)
    with writing(here.bind) as connection:
        if act == "remove":
            channels.remove(connection, here.person.id, channel_id)
        else:
            channels.switch(connection, here.person.id, channel_id, act == "on")
    return RedirectResponse("/me#channels", 303)


@router.post("/me/feed")
def feed_renew(here: Here) -> Response:
    with writing(here.bind) as connection:
        renew(connection, here.person.id)
    return RedirectResponse("/me#feed", 303)


@router.get("/feed/{token}.ics")
def feed(request: Request, token: str) -> Response:
    """Open to anyone who has the address; every wrong address gets the same answer.

    A phone that has the present content gets 304; the moment at which it was made up does not count.
    """
    try:
        with reading(engine()) as connection:
            clock = clock_of(connection)
            text = calendar_of(connection, token, clock.today(), clock.now())
    except NotFound:
        return PlainTextResponse("404", 404, headers=PRIVATE)
    mark = f'W/"{hashlib.sha256(MADE_AT.sub("", text).encode()).hexdigest()[:32]}"'
    headers = {**PRIVATE, "Cache-Control": "private, no-cache", "ETag": mark}
    if mark in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(text, media_type="text/calendar; charset=utf-8", headers=headers)
