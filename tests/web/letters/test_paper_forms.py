"""Forms for others: offered beside the letters of ours, filled in with the case, taken along as Word or PDF."""

import html
import re
from collections.abc import Callable
from datetime import date

import pytest

from correspondence.paper_forms import form_of, offered
from letters.catalogue import letter_types
from letters.output.plain import plain
from models.database import reading
from models.errors import NotFound, Refused
from procedures.definition.loader import load
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.letters.output.test_word_copy import text_of
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]
FORMS = sorted(name for name, kind in letter_types().items() if kind.incoming)


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def names(papers: Paperwork) -> tuple[list[str], list[str]]:
    with reading(papers.bind) as connection:
        found = offered(connection, papers.ref, papers.person("case_officer"))
    return [kind.name for kind in found.kinds], [kind.name for kind in found.forms]


def test_the_page_offers_letters_to_draft_and_forms_to_take(office: Office, as_role: As) -> None:
    page = as_role("case_officer").get(f"/cases/{office.first}/letters/new").text
    drafted = set(re.findall(r'name="template" value="(\w+)"', page))
    taken = set(re.findall(rf"/cases/{office.first}/forms/(\w+)\.docx", page))
    assert taken == set(FORMS)
    of_acts = {paper.letter for verb in load().verbs.values() for paper in verb.takes_effect_by}
    listing = {name for name, kind in letter_types().items() if kind.lists_cases}
    assert drafted == set(letter_types()) - taken - of_acts - listing
    assert f'href="/cases/{office.first}/acts/decide_measure"' in page, "in place of drafting it the act is linked"


def test_the_paper_of_an_act_is_not_drafted_by_hand(office: Office, as_role: As) -> None:
    answer = as_role("case_officer").send(f"/cases/{office.first}/letters/new", {"template": "complaint_acceptance"})
    assert answer.status_code == 403
    assert "Thụ lý khiếu nại" in html.unescape(answer.text)
    assert f'href="/cases/{office.first}/acts/accept_complaint"' in answer.text


@pytest.mark.parametrize("name", FORMS)
def test_a_form_comes_as_word_with_what_the_case_knows(name: str, office: Office, as_role: As) -> None:
    answer = as_role("clerk").get(f"/cases/{office.first}/forms/{name}.docx")
    assert answer.status_code == 200
    text = text_of(answer.content)
    assert "Hợp tác xã Dịch vụ nông nghiệp Bạch Đằng" in text
    assert "DỰ THẢO" not in text
    assert "……" in text


def test_a_form_comes_as_pdf_and_nothing_else(office: Office, as_role: As) -> None:
    visitor = as_role("case_officer")
    found = visitor.get(f"/cases/{office.first}/forms/meeting_call.pdf")
    assert (found.status_code, found.content[:5]) == (200, b"%PDF-")
    for path in ("meeting_call.html", "visit_notice.pdf", "no_such.docx"):
        assert visitor.get(f"/cases/{office.first}/forms/{path}").status_code == 404
    assert visitor.get(f"/cases/{office.elsewhere}/forms/meeting_call.pdf").status_code == 404


def test_the_papers_of_the_members_own_council_are_forms(papers: Paperwork) -> None:
    assert "creditor_notice" in names(papers)[0]
    for step in PATHS["dissolved_voluntary"]:
        papers.take(step)
        if step.verb == "resolve_dissolution":
            break
    kinds, forms = names(papers)
    assert {"creditor_notice", "newspaper_request", "completion_minutes", "handover_minutes"} <= set(forms)
    assert not set(kinds) & set(forms)
    with reading(papers.bind) as connection:
        form = form_of(connection, papers.ref, "creditor_notice", papers.person("case_officer"), date(2016, 3, 14))
    assert form.form
    assert form.issuer.split() == "HỘI ĐỒNG GIẢI THỂ TỰ NGUYỆN".split()
    assert "Nghị quyết đại hội thành viên ngày" in plain(form)


def test_a_letter_of_the_members_council_is_not_handed_in_but_taken_along(papers: Paperwork, as_role: As) -> None:
    for step in PATHS["dissolved_voluntary"]:
        papers.take(step)
        if step.verb == "resolve_dissolution":
            break
    (resolved,) = papers.facts("resolve_dissolution")
    letter = papers.requested("creditor_notice", resolved["seq"])
    page = as_role("case_officer").get(f"/letters/{letter}").text
    assert "Văn bản này do nơi khác ký." in page
    assert 'value="submit"' not in page


def test_a_letter_of_ours_is_no_form(papers: Paperwork) -> None:
    with reading(papers.bind) as connection, pytest.raises(NotFound) as found:
        form_of(connection, papers.ref, "visit_notice", papers.person("case_officer"), papers.today)
    assert found.value.code == "no_such_form"


def test_a_letter_of_the_other_level_is_not_drafted(office: Office) -> None:
    papers = Paperwork(office.bind, office.city, None)
    assert "review_summary" not in names(papers)[0]
    with pytest.raises(Refused) as refused:
        papers.drafted("review_summary")
    assert refused.value.code == "letter_not_of_level"
