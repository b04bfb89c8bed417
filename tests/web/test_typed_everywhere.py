"""Every form of the product, walked from the route table: what is typed without a session is there after signing in."""

from collections.abc import Callable, Mapping

import pytest
from fastapi import FastAPI
from starlette.routing import Match

from correspondence.ink.book_modes import keep_on_paper
from models.database import writing
from tests.correspondence.paperwork import Paperwork
from tests.rule_changes.version_texts import NAME
from tests.rule_changes.version_texts import text_of as version_text
from tests.web.office.test_versions import bring
from tests.web.strangers import Theirs, theirs
from tests.web.test_access import routes_of
from tests.web.typed import forms_of, gives_back, unlabelled
from tests.web.web_office import ROLES, Office, Visitor, login_of
from web.unfinished import NEVER_KEPT, SECRET

As = Callable[..., Visitor]
PAGES = (
    "/cases/{case}/acts/accept_case", "/cases/{case}/acts/send_visit_notice", "/cases/{case}/facts/1/annul",
    "/cases/{case}/reassign", "/irregularities", "/grid?verb=send_visit_notice&case={case}",
    "/obstacles", "/office/absences/{login}",
    "/cases/{case}/irregularities/{irregular}/accept", "/cases/{case}/letters/new", "/cases/{case}/sums",
    "/letters/{letter}", "/letters/{draft}", "/letters/bulk/{batch}",
    "/letters/bulk/new?template=name_deletion_notice&scope=office", "/citations",
    "/incoming/new", "/incoming/new?answers={letter}", "/incoming/{incoming}", "/incoming/{incoming_city}",
    "/earlier-papers", "/letters/signed", "/letters/signed/confirm", "/letters/numbers",
    "/office/signatories", "/office/books", "/reassign", "/me",
    "/office/closings", "/office/closings/{closing}/back", "/office/delegations",
    "/office/readings/suspension_and_ground_a?way=stops", "/office/messages", "/office/people/new",
    "/office/people/{login}", "/office/versions", f"/office/versions/{NAME}@9", "/import",
    "/office/communes", "/office/agencies", "/office/plans", "/register/corrections", "/register",
    "/take-over", "/take-over/unit/{free_unit}?step=C4",
    "/cases/{case}/notes", "/cases/{case}/notes/{note}", "/cases/{case}/instructions",
    "/cases/{case}/instructions/{instruction}", "/cases/{case}/documents", "/cases/{case}/documents/{sha}",
    "/councils", "/councils/{council}", "/batches", "/batches/{dissolution_batch}",
    "/batches/{dissolution_batch}/annex",
    "/batches/{dissolution_batch}/acts/check_legality",
)  # fmt: skip
TYPED_BY_THEIR_OWN_TESTS: Mapping[str, str] = {  # on pages of a case that has come further than these here
    "take_over_found_now": "tests/web/cases/test_takeover_pages.py",
    "operation_undo": "tests/web/cases/test_grid_pages.py",
    "serving_now": "tests/web/letters/test_serving_pages.py",
    "outstanding_now": "tests/web/reports/test_outstanding_pages.py",
    "outstanding_answer": "tests/web/reports/test_outstanding_pages.py",
    "obstacles_now": "tests/web/cases/test_obstacle_pages.py",
    "obstacle_letter_now": "tests/web/cases/test_obstacle_letter_pages.py",
    "obstacle_list_now": "tests/web/cases/test_obstacle_letter_pages.py",
    "absences_of_person_now": "tests/web/office/test_absences.py",
    "money_upload": "tests/web/cases/test_money_pages.py",
    "money_list": "tests/web/cases/test_money_pages.py",
    "act_paper_now": "tests/web/letters/test_act_papers.py",
    "act_paper_second": "tests/web/letters/test_act_papers.py",
}
DRAWN_BY_A_FORM: Mapping[str, str] = {  # on no page of their own; sent again from what is kept of them
    "closings_adopt": "the preview of closing days",
    "import_commit": "the preview of an import",
    "import_annotated": "the preview of an import",
    "take_over_commit": "the preview of a workbook",
    "import_headings": "an import whose headings are not known",
    "clock_now": "the page of the machine's clock, once it has jumped",
}


@pytest.fixture
def others(office: Office) -> Theirs:
    return theirs(office)


def route_of(visitor: Visitor, path: str) -> str:
    app = visitor.client.app
    assert isinstance(app, FastAPI)
    scope = {"type": "http", "method": "POST", "path": path.partition("?")[0], "headers": []}
    return next(route.name for route in routes_of(app) if route.matches(scope)[0] == Match.FULL)


def test_every_form_gives_back_what_was_typed(office: Office, as_role: As, others: Theirs) -> None:
    walked = dict[str, str]()  # each form by its route and its last word, with the route
    bring(as_role("manager", None), version_text("9"))
    _waiting_for_a_number_on_paper(office)
    for login, visitor in ((login_of(role, place), as_role(role, place)) for place in ("ADG", None) for role in ROLES):
        for page in PAGES:
            _walk_page(visitor, others.path(page), login, walked)
    _walk_page(as_role("case_officer", "HBG"), "/me", login_of("case_officer", "HBG"), walked)  # who has a colleague
    app = as_role("admin").client.app
    assert isinstance(app, FastAPI)
    posted = {route.name for route in routes_of(app) if "POST" in (route.methods or ())}
    elsewhere = NEVER_KEPT.keys() | DRAWN_BY_A_FORM.keys() | TYPED_BY_THEIR_OWN_TESTS.keys()
    assert posted - set(walked.values()) - elsewhere == set()
    assert NEVER_KEPT.keys() <= posted


def _waiting_for_a_number_on_paper(office: Office) -> None:
    papers = Paperwork(office.bind, office.elsewhere, "ADG")
    papers.approved(papers.drafted(deleted_on="25/03/2016"))
    with writing(office.bind) as connection:
        keep_on_paper(connection, by="admin", clock=papers.clock)


def _walk_page(visitor: Visitor, address: str, login: str, walked: dict[str, str]) -> None:
    """Sends each form of a page that was not sent yet without a session, and looks for it again."""
    answer = visitor.get(address)
    drawn = forms_of(answer.text, address) if answer.status_code == 200 else []
    for place, form in enumerate(drawn):
        route = route_of(visitor, form.action)
        assert {(route, name) for name in form.secrets} <= SECRET or route in NEVER_KEPT
        assert route in NEVER_KEPT or unlabelled(form) == [], route
        key = (
            f"{route} {form.action.rpartition('/')[2] if route.endswith('_now') else ''} {form.of('way')} {form.files}"
        )
        if route not in NEVER_KEPT and (form.typable or form.files or form.choices) and key not in walked:
            gives_back(visitor, address, place, form, login)
            walked[key] = route
