"""What a form proposes: who was met, the papers put on the case today; and a file dropped on a line of a list."""

import html
import re
from collections.abc import Callable

import pytest
from sqlalchemy import select

from casework.office.people import actor
from correspondence.drafts import one_letter
from correspondence.service.receivers import likely_receivers
from models.database import reading, writing
from models.tables import evidence, facts
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor, did

As = Callable[..., Visitor]
MINUTES = {"evidence": ("bien-ban.pdf", b"%PDF-1.4 bien ban", "application/pdf")}
TICKED = re.compile(r'name="document" value="([0-9a-f]{64})"\s+checked')
OFFERED = re.compile(r'data-fills="serve-hand-served-receiver" value="([^"]+)"')
PRESENT = re.compile(r'<textarea id="f\.present"[^>]*>([^<]*)</textarea>')


@pytest.fixture
def visit(office: Office) -> str:
    """The address of the form of a visit."""
    did(office, office.first, "accept_case", file_held="true")
    return f"/cases/{office.first}/acts/record_visit"


def hashes(office: Office) -> list[str]:
    with reading(office.bind) as connection:
        return list(connection.scalars(select(evidence.c.sha256).order_by(evidence.c.id)))


def test_a_visit_is_sent_with_what_is_proposed(office: Office, as_role: As, visit: str) -> None:
    """The representative, then whom the last record names; the minutes that lie on the case since today."""
    officer = as_role("case_officer")
    assert officer.send(f"/cases/{office.first}/documents", files=MINUTES).status_code == 303
    page = officer.get(visit).text
    (met,) = PRESENT.findall(page)
    assert html.unescape(met) == "Ông Vũ Văn An, người đại diện theo pháp luật"
    assert page.count(" autofocus") == 1 and re.search(r'id="f\.findings"[^>]* autofocus', page)
    (minutes,) = TICKED.findall(page)
    typed = {"f.visited_on": "14/03/2016", "f.present": "Bà Lan, kế toán", "f.findings": "x", "f.signed": "yes"}
    assert officer.send(visit, typed | {"document": minutes}).status_code == 303
    with reading(office.bind) as connection:
        kept = connection.scalar(select(facts.c.evidence).where(facts.c.kind == "record_visit"))
    assert kept == [minutes]
    page = officer.get(visit).text
    assert PRESENT.findall(page) == ["Bà Lan, kế toán"] and not TICKED.findall(page), "used papers wait no more"


def test_papers_of_another_or_of_yesterday_are_not_chosen(office: Office, as_role: As, visit: str) -> None:
    as_role("clerk").send(f"/cases/{office.first}/documents", files=MINUTES)
    officer = as_role("case_officer")
    assert hashes(office) and not TICKED.findall(officer.get(visit).text)
    officer.send(f"/cases/{office.first}/documents", files={"evidence": ("anh.png", b"\x89PNG\r\n\x1a\n", "image/png")})
    assert TICKED.findall(officer.get(visit).text) == hashes(office)[1:]
    with writing(office.bind) as connection:
        before = connection.scalar(select(evidence.c.added_at).limit(1))
        assert before is not None
        connection.execute(evidence.update().values(added_at=before.replace(day=before.day - 1)))
    assert not TICKED.findall(officer.get(visit).text)


def test_nothing_is_ticked_where_no_evidence_is_asked(office: Office, as_role: As, visit: str) -> None:
    officer = as_role("case_officer")
    officer.send(f"/cases/{office.first}/documents", files=MINUTES)
    page = officer.get(f"/cases/{office.first}/acts/name_obstacle").text
    assert hashes(office)[0] in page and not TICKED.findall(page)


def test_what_was_typed_is_not_proposed_over(office: Office, as_role: As, visit: str) -> None:
    officer = as_role("case_officer")
    officer.send(f"/cases/{office.first}/documents", files=MINUTES)
    page = officer.send(visit, {"f.present": "", "f.findings": "Đóng cửa"}).text
    assert [text.strip() for text in PRESENT.findall(page)] == [""] and not TICKED.findall(page)


@pytest.mark.parametrize(
    ("sent", "leads"),
    [
        ({"act": "record_visit"}, "/cases/{ref}/acts/record_visit"),
        ({"letter": "7"}, "/letters/7"),
        ({"act": "//example.org"}, "/cases/{ref}/documents?added=1&known=0"),
        ({"act": "", "letter": "/x"}, "/cases/{ref}/documents?added=1&known=0"),
    ],
)
def test_a_file_dropped_on_a_line_leads_on(office: Office, as_role: As, sent: dict[str, str], leads: str) -> None:
    done = as_role("case_officer").send(f"/cases/{office.first}/documents", sent, files=MINUTES)
    assert done.headers["location"] == leads.format(ref=office.first)


def test_lines_take_files_where_the_person_may_add_them(office: Office, as_role: As) -> None:
    for role, takes in (("case_officer", True), ("admin", False)):
        for path in ("/work", "/work?scope=office"):
            assert ("data-dropped" in as_role(role).get(path).text) == takes, (role, path)
    assert "data-dropped" not in as_role("case_officer").get("/work?scope=office&as_of=10/03/2016").text


def test_the_service_offers_who_takes_it_and_todays_proof(office: Office, as_role: As) -> None:
    """Of a letter to agencies: who took one of its kind over before, from the same clerk."""
    papers, clerk = Paperwork(office.bind, office.first), as_role("clerk")
    letter = papers.issued(papers.drafted(deleted_on="25/03/2016"))
    clerk.send(f"/cases/{office.first}/documents", files=MINUTES)
    page = clerk.get(f"/letters/{letter}").text
    assert TICKED.findall(page) == hashes(office) and not OFFERED.findall(page)
    assert re.search(r'id="serve-hand-served-receiver"[^>]* autofocus', page)
    said = {"way": "hand:served", "on": "14/03/2016", "receiver": "Bà Lan", "document": hashes(office)[0]}
    assert clerk.send(f"/letters/{letter}/serve", said).status_code == 303
    other = Paperwork(office.bind, office.second)
    again = other.issued(other.drafted(deleted_on="25/03/2016"))
    page = clerk.get(f"/letters/{again}").text
    assert OFFERED.findall(page) == ["Bà Lan"] and not TICKED.findall(page)
    assert not OFFERED.findall(as_role("manager").get(f"/letters/{again}").text), "of another person's services"


def test_a_letter_to_the_cooperative_offers_its_representative(office: Office) -> None:
    letter = Paperwork(office.bind, office.first).drafted("meeting_guidance")
    with reading(office.bind) as connection:
        clerk = actor(connection, "clerk.hbg")
        row = one_letter(connection, letter, clerk)
        assert likely_receivers(connection, row, clerk.login) == ("ông Vũ Văn An",)
