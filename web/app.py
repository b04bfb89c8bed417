"""The pages: one application, made by `create_app`."""

from fastapi import Depends, FastAPI
from fastapi.responses import PlainTextResponse, RedirectResponse, Response

from letters.output.fonts import check_fonts
from models.settings import settings
from notifications.delivery.sealing import secret_of
from web import list_view_pages, search_pages
from web.account import (
    channel_pages,
    demo,
    help_pages,
    inbox_pages,
    password_pages,
    person_pages,
    sign_in,
    unfinished_pages,
)
from web.background_previews import LongLooks
from web.browser_keys import BrowserKeys
from web.cases import (
    act_paper_pages,
    annex_pages,
    batch_pages,
    bulk_choice,
    calendar_pages,
    case_acts,
    case_pages,
    council_pages,
    document_pages,
    grid_pages,
    irregularity_pages,
    money_pages,
    note_pages,
    obstacle_letter_pages,
    obstacle_pages,
    operation_pages,
    reassignment_pages,
    sum_pages,
    takeover_pages,
    work_pages,
)
from web.faults import answer_faults
from web.form_marks import marks
from web.idempotency import Presses, TakenOnce
from web.letters import (
    book_pages,
    bulk_choice_page,
    bulk_pages,
    earlier_pages,
    incoming_pages,
    ink_pages,
    letter_acts,
    letter_list_page,
    letter_pages,
    list_files,
    next_step_pages,
    number_pages,
    paper_forms_page,
    serving_pages,
)
from web.list_navigation import LastLists
from web.office import (
    absence_pages,
    agency_pages,
    book_mode_pages,
    calculator,
    clock_page,
    closing_pages,
    commune_pages,
    correction_pages,
    delegation_pages,
    edition_pages,
    import_pages,
    office_pages,
    outbox_pages,
    plan_pages,
    reading_pages,
    signatory_pages,
    staff_pages,
    unit_pages,
    version_pages,
)
from web.rendering import static_file
from web.reports import (
    contradiction_pages,
    late_pages,
    method_pages,
    outstanding_pages,
    report_pages,
    risk_pages,
    what_if_pages,
)
from web.request_context import checked, guard
from web.request_guards import Attempts, SafeHeaders, SizeLimit
from web.transfer import Compressed, HeadsOfPages
from web.unfinished import FinishedForms, received

ROOMS = (
    sign_in,
    search_pages,
    list_view_pages,
    work_pages,
    calendar_pages,
    bulk_choice,
    case_pages,
    document_pages,
    sum_pages,
    money_pages,
    note_pages,
    case_acts,
    grid_pages,
    operation_pages,
    irregularity_pages,
    obstacle_letter_pages,
    obstacle_pages,
    absence_pages,
    unit_pages,
    correction_pages,
    import_pages,
    late_pages,
    contradiction_pages,
    outstanding_pages,
    report_pages,
    method_pages,
    risk_pages,
    what_if_pages,
    reassignment_pages,
    takeover_pages,
    council_pages,
    annex_pages,
    batch_pages,
    bulk_choice_page,
    bulk_pages,
    next_step_pages,
    letter_list_page,
    list_files,
    serving_pages,
    letter_pages,
    paper_forms_page,
    letter_acts,
    book_pages,
    earlier_pages,
    incoming_pages,
    act_paper_pages,
    ink_pages,
    number_pages,
    inbox_pages,
    calculator,
    clock_page,
    closing_pages,
    edition_pages,
    office_pages,
    delegation_pages,
    signatory_pages,
    book_mode_pages,
    commune_pages,
    agency_pages,
    plan_pages,
    outbox_pages,
    staff_pages,
    person_pages,
    reading_pages,
    channel_pages,
    password_pages,
    version_pages,
    help_pages,
    unfinished_pages,
    demo,
)
ROOM_FOR_FIELDS = 2_000_000  # bytes beside the files


def create_app() -> FastAPI:
    """The application; `/healthz` answers when it serves."""
    chosen = settings()
    check_fonts()
    app = FastAPI(
        title="Coopcase",
        docs_url=None,
        redoc_url=None,
        openapi_url=None,
        dependencies=[Depends(received), Depends(checked), Depends(guard)],
    )
    app.state.attempts = Attempts()
    app.state.looks, app.state.presses = LongLooks(), Presses()
    app.state.last_lists = LastLists()
    app.state.marks = marks(secret_of(chosen))
    app.add_middleware(FinishedForms)
    app.add_middleware(TakenOnce, presses=app.state.presses)
    secure = chosen.site().startswith("https://")
    app.add_middleware(BrowserKeys, secure=secure)
    app.add_middleware(SizeLimit, limit=chosen.max_upload_mb * 1_000_000 + ROOM_FOR_FIELDS)
    app.add_middleware(Compressed)
    app.add_middleware(SafeHeaders, secure=secure)
    app.add_middleware(HeadsOfPages)
    _add_pages(app)
    answer_faults(app)
    return app


def _add_pages(app: FastAPI) -> None:
    @app.get("/healthz")
    def healthz() -> dict[str, bool]:
        return {"ok": True}

    @app.get("/static/{digest}/{name}")
    def static(digest: str, name: str) -> Response:
        return static_file(name, digest)

    @app.get("/favicon.ico")
    def favicon() -> Response:
        return Response(static_file("mark.svg", "").body, media_type="image/svg+xml")

    @app.get("/robots.txt")
    def robots() -> Response:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")

    @app.get("/")
    def home() -> Response:
        return RedirectResponse("/work", 303)

    for room in ROOMS:
        app.include_router(room.router)
