"""The inbox: messages to one person."""

from fastapi import APIRouter
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import func, select, update

from models.database import reading, writing
from models.tables import case_rows, messages
from web.account.sign_in import safe_target
from web.lists import PAGE, pages_of
from web.rendering import page
from web.request_context import Here, Sent

router = APIRouter()


@router.get("/inbox")
def inbox(here: Here, unread: bool = False, p: int = 1) -> Response:
    mine = [messages.c.officer_id == here.person.id]
    if unread:
        mine.append(messages.c.read_at.is_(None))
    with reading(here.bind) as connection:
        total = connection.scalar(select(func.count()).select_from(messages).where(*mine)) or 0
        pages = pages_of(p, total)
        columns = messages.c
        found = (
            select(
                columns.id, columns.kind, columns.subject, columns.html, columns.created_on, columns.read_at,
                columns.status, case_rows.c.ref,
            )
            .select_from(messages.outerjoin(case_rows, case_rows.c.id == messages.c.case_id))
            .where(*mine)
            .order_by(columns.created_at.desc(), columns.id.desc())
            .limit(PAGE)
            .offset(pages.offset)
        )  # fmt: skip
        rows = connection.execute(found).mappings().all()
    return page(here, "account/inbox.html", rows=rows, pages=pages, only_unread=unread)


@router.post("/inbox/read")
def inbox_read(here: Here, sent: Sent) -> Response:
    """One message, or all of them, are marked as read; only one's own. Opening its case marks it too."""
    own, opened = messages.c.officer_id == here.person.id, sent.number("open")
    number = sent.number("message") if opened is None else opened
    mine = update(messages).where(own, messages.c.read_at.is_(None))
    if number is not None:
        mine = mine.where(messages.c.id == number)
    with writing(here.bind) as connection:
        connection.execute(mine.values(read_at=here.clock.now()))
        joined = messages.join(case_rows, case_rows.c.id == messages.c.case_id)
        ref = connection.scalar(select(case_rows.c.ref).select_from(joined).where(own, messages.c.id == opened))
    return RedirectResponse(f"/cases/{ref}" if ref else safe_target(sent.text("back") or "/inbox"), 303)
