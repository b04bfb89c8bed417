"""Every page by every role; nothing opens that the table of access does not name."""

from collections.abc import Callable

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute

from procedures.definition.loader import load
from tests.web.web_office import ROLES, Office, Visitor
from web.access import OPEN, PAGES

As = Callable[..., Visitor]
DRAFTERS = ("case_officer", "manager", "clerk", "commune")
HEADS = ("manager", "leader", "admin")
DECIDERS = ("manager", "leader")
ADMIN = ("admin",)
WRITERS = ("case_officer", "manager", "leader", "legal", "clerk")
ADDERS = (*WRITERS, "commune")
TAKERS = ("case_officer", "manager")
DATA_EDITORS = ("manager", "admin")
IMPORTERS = ("case_officer", "manager", "admin")
CITY: tuple[str, ...] = ()  # pages of the city's own office: no role of a district opens them
OWN = f"/office/versions/{load().pin}"
READABLE = (
    ("/letters/next", ROLES),
    ("/letters/serve", DRAFTERS), ("/letters/serve.xlsx", DRAFTERS),
    ("/outstanding", ROLES), ("/outstanding.xlsx", ROLES), ("/outstanding.csv?status=all", ROLES),
    ("/grid", ROLES), ("/grid?verb=accept_case&case={first}", ROLES), ("/operations", ROLES),
    ("/grid/form.xlsx?verb=accept_case&case={first}", ROLES),
    ("/work", ROLES), ("/work?view=home", ROLES), ("/calendar", ROLES), ("/calendar?month=2016-04&scope=office", ROLES),
    ("/search", ROLES), ("/search?q=htx&kind=unit", ROLES), ("/search/hits?q=htx", ROLES),
    ("/register", ROLES), ("/letters", ROLES), ("/letters?view=book", ROLES), ("/inbox", ROLES),
    ("/calculator", ROLES), ("/me", ROLES), ("/late", HEADS), ("/irregularities", HEADS),
    ("/obstacles", ROLES), ("/office/absences/second.hbg", HEADS),
    ("/import", IMPORTERS), ("/import/form", IMPORTERS),
    ("/help", ROLES), ("/help/situations", ROLES),
    ("/cases/{first}", ROLES), ("/cases/{first}/sums", ROLES), ("/cases/{first}/money", ROLES),
    ("/office/closings", HEADS), ("/office/readings", ROLES),
    ("/office/calendar", HEADS),
    ("/office/readings/suspension_and_ground_a?way=stops", ("legal",)),
    ("/register/1", ROLES), ("/cases/{first}/reassign", HEADS), ("/reassign", HEADS),
    ("/late/contradictions", HEADS), ("/late/report", HEADS), ("/late/report.xlsx", HEADS), ("/work.xlsx", ROLES),
    ("/late/report.csv", HEADS), ("/work.csv", ROLES), ("/register.xlsx", ROLES), ("/register.csv", ROLES),
    ("/late/risk.csv", HEADS), ("/late/what-if.csv", HEADS), ("/late/method", HEADS),
    ("/late/risk", HEADS), ("/late/risk.xlsx", HEADS), ("/late/what-if", HEADS), ("/late/what-if.xlsx", HEADS),
    ("/office/people", HEADS), ("/office/people/new", ADMIN), ("/office/people/second.hbg", ADMIN),
    ("/office/versions", CITY), (OWN, CITY), (f"{OWN}/file", CITY), ("/office/clock", CITY),
    ("/me/password", ROLES), ("/office/week", HEADS), ("/office/messages", HEADS), ("/office/delegations", ROLES),
    ("/letters/signed", ("case_officer", "manager", "clerk")), ("/office/signatories", ROLES), ("/office/books", ROLES),
    ("/letters/signed/confirm", ("case_officer", "manager", "clerk")), ("/letters/numbers", ("manager", "clerk")),
    ("/incoming", ROLES), ("/incoming.xlsx", ROLES), ("/incoming.csv", ROLES), ("/letters.xlsx", ROLES),
    ("/letters.csv", ROLES), ("/earlier-papers", ROLES),
    ("/incoming/new", ("case_officer", "manager", "clerk")), ("/book", ROLES),
    ("/citations", ROLES), ("/office/communes", ROLES), ("/office/agencies", ROLES), ("/office/plans", ROLES),
    ("/register/corrections", TAKERS),
    ("/councils", ROLES), ("/batches", ROLES),
    ("/take-over", TAKERS), ("/take-over/template.xlsx", TAKERS), ("/take-over/unit/1", TAKERS),
    ("/take-over/gaps", (*TAKERS, "leader")),
    ("/cases/{first}/notes", WRITERS), ("/cases/{first}/documents", ADDERS), ("/instructions", (*WRITERS, "admin")),
    ("/cases/{first}/instructions", DECIDERS), ("/cases/{first}/irregularities", ROLES),
    ("/cases/{first}/letters/new", DRAFTERS), ("/cases/{first}/forms/meeting_minutes.pdf", DRAFTERS),
)  # fmt: skip
WRITABLE = (
    ("/letters/next", ROLES),
    ("/outstanding/cases/{first}", ("case_officer", "manager", "clerk")),
    ("/letters/serve", DRAFTERS),
    ("/outstanding/1/confirm", ("case_officer", "manager", "clerk", "leader")),
    ("/grid?verb=x&case=y", ROLES), ("/operations/1/undo", ROLES),
    ("/lists/cases/columns", ROLES), ("/lists/letters/views", ROLES), ("/lists/views/1/remove", ROLES),
    ("/obstacles", TAKERS), ("/office/absences/second.hbg", HEADS),
    ("/reassign", HEADS), ("/irregularities", DECIDERS), ("/cases/{first}/irregularities/2/accept", DECIDERS),
    ("/me", ROLES), ("/inbox/read", ROLES), ("/demo/step", ROLES), ("/cases/{first}/reassign", HEADS),
    ("/import", IMPORTERS), ("/import/commit", IMPORTERS), ("/import/annotated", IMPORTERS), ("/me/password", ROLES),
    ("/office/people/second.hbg/password", ADMIN), ("/office/people/new", ADMIN),
    ("/me/channels", ROLES), ("/me/channels/1/off", ROLES), ("/me/feed", ROLES),
    ("/office/messages/1/drop", HEADS), ("/office/messages/1/retry", HEADS),
    ("/office/delegations", HEADS), ("/office/delegations/1/end", HEADS),
    ("/office/communes/add", DATA_EDITORS), ("/office/communes/load", DATA_EDITORS),
    ("/office/communes/unit", DATA_EDITORS), ("/office/communes/change", DATA_EDITORS),
    ("/office/agencies/add", DATA_EDITORS), ("/office/agencies/remove", DATA_EDITORS),
    ("/office/versions", CITY), (f"{OWN}/propose", CITY), ("/office/clock", CITY),
    ("/incoming", ("case_officer", "manager", "clerk")), ("/earlier-papers", ("case_officer", "manager", "clerk")),
    ("/earlier-papers/1/case", ("case_officer", "manager", "clerk")),
    ("/register/corrections", TAKERS),
    ("/take-over/unit/1?step=C4", TAKERS), ("/take-over/file", TAKERS), ("/take-over/file/commit", TAKERS),
    ("/take-over/gaps", (*TAKERS, "leader")),
    ("/letters/signed", ("case_officer", "manager", "clerk")),
    ("/letters/signed/confirm", ("case_officer", "manager", "clerk")), ("/letters/numbers", ("manager", "clerk")),
    ("/letters/signed/1/withdraw", ("case_officer", "manager", "clerk")),
    ("/office/signatories", (*HEADS, "clerk")), ("/office/signatories/1/end", (*HEADS, "clerk")),
    ("/office/books/mode", (*DATA_EDITORS, "clerk")), ("/office/books/start", (*DATA_EDITORS, "clerk")),
    ("/cases/{first}/money/claims", DRAFTERS), ("/cases/{first}/money/file", DRAFTERS),
    ("/cases/{first}/money/replies", DRAFTERS), ("/cases/{first}/money/draft", DRAFTERS),
    ("/cases/{first}/notes", WRITERS), ("/cases/{first}/documents", ADDERS),
    ("/cases/{first}/instructions", DECIDERS),
    ("/councils", ("case_officer", "manager", "clerk")), ("/batches", TAKERS),
    ("/sign-out", ROLES),
)  # fmt: skip


@pytest.mark.parametrize("role", ROLES)
def test_pages_open_for_their_roles_alone(role: str, office: Office, as_role: As) -> None:
    visitor = as_role(role)
    for path, allowed in READABLE:
        answer = visitor.get(path.format(first=office.first))
        assert answer.status_code == (200 if role in allowed else 403), (path, answer.status_code)
        assert "Traceback" not in answer.text


@pytest.mark.parametrize("role", ROLES)
def test_forms_are_taken_from_their_roles_alone(role: str, office: Office, as_role: As) -> None:
    visitor = as_role(role)
    for path, allowed in WRITABLE:
        answer = visitor.send(path.format(first=office.first))
        assert (answer.status_code == 403) is (role not in allowed), (path, answer.status_code)


@pytest.mark.parametrize("path", [path for path, _ in READABLE])
def test_nobody_reads_without_signing_in(path: str, office: Office, anybody: Visitor) -> None:
    answer = anybody.get(path.format(first=office.first))
    assert answer.status_code == 303
    assert "/sign-in?next=" in answer.headers["location"]


def test_every_page_is_named_in_the_table(anybody: Visitor) -> None:
    app = anybody.client.app
    assert isinstance(app, FastAPI)
    names = {route.name for route in routes_of(app) if route.name}
    assert names - OPEN == set(PAGES) & names
    assert set(PAGES) <= names


def routes_of(app: FastAPI) -> list[APIRoute]:
    """In the order in which a request is matched."""
    from starlette.routing import BaseRoute

    found: list[APIRoute] = []
    waiting: list[BaseRoute] = app.routes[::-1]
    while waiting:
        route = waiting.pop()
        if isinstance(route, APIRoute):
            found.append(route)
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", [])
        waiting += inner[::-1]
    return found


@pytest.mark.parametrize("role", ROLES)
def test_another_district_does_not_learn_that_a_case_exists(role: str, office: Office, as_role: As) -> None:
    visitor = as_role(role)
    for path in ("/cases/{0}", "/cases/{0}/acts/accept_file", "/cases/{0}/facts/1/annul", "/register/3"):
        assert visitor.get(path.format(office.elsewhere)).status_code == 404
    for path in ("/cases/{0}/acts/accept_file", "/cases/{0}/facts/1/annul"):
        assert visitor.send(path.format(office.elsewhere), {"reason": "x"}).status_code == 404
    assert office.elsewhere not in visitor.get("/work?scope=office&district=ADG").text
    assert "An Hồng" not in visitor.get("/register?district=ADG&q=an+hong").text


def test_the_city_sees_all(office: Office, as_role: As) -> None:
    visitor = as_role("manager", None)
    for ref in (office.first, office.elsewhere, office.city):
        assert visitor.get(f"/cases/{ref}").status_code == 200
        assert ref in visitor.get("/work?scope=office").text


def test_a_person_who_left_is_signed_out(office: Office, as_role: As) -> None:
    from models.database import writing
    from models.tables import officers

    visitor = as_role("manager")
    with writing(office.bind) as connection:
        connection.execute(officers.update().where(officers.c.login == "manager.hbg").values(active=False))
    assert visitor.get("/work").status_code == 303
