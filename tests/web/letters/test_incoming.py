"""The register of incoming documents: what is awaited, the form for an answer with the step it is, what is left."""

import html
import re
from collections.abc import Callable

import pytest

from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor, document_on
from web.letters import incoming_pages

As = Callable[..., Visitor]
SCAN = {"evidence": ("quet.pdf", b"%PDF-1.4 cong van", "application/pdf")}
REPLY = {"from_body": "Chi cục Thuế <b>", "summary": "Còn nợ thuế", "symbol": "215/CCT-KK", "kind": "agency_reply"}


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


@pytest.fixture
def asked(papers: Paperwork) -> int:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies")
    return papers.issued(papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="13/03/2016"))


def test_a_letter_that_waits_leads_to_its_answer_and_the_step_of_the_case(
    asked: int, papers: Paperwork, as_role: As
) -> None:
    clerk = as_role("clerk")
    listed = clerk.get("/incoming").text
    assert f'href="/incoming/new?answers={asked}"' in listed
    assert "quá ngày hẹn" in listed
    form = html.unescape(clerk.get(f"/incoming/new?answers={asked}").text)
    assert "Ghi luôn vào hồ sơ: Ghi trả lời của cơ quan" in form
    assert "Kết thúc hạn: Cơ quan được hỏi trả lời." in form
    assert 'name="f.debt"' in form
    assert 'name="f.agency"' not in form
    typed = {**REPLY, "answers": str(asked), "ref": papers.ref, "also": "yes", "f.debt": "20.000.000"}
    answer = clerk.send("/incoming", typed, files=SCAN)
    assert answer.status_code == 303
    one = html.unescape(clerk.get(answer.headers["location"]).text)
    assert "Đã ghi vào hồ sơ: Ghi trả lời của cơ quan" in one
    assert "Chi cục Thuế <b>" in one
    assert "Chi cục Thuế &lt;b&gt;" in clerk.get("/incoming").text
    assert "Vào sổ trả lời" not in clerk.get("/incoming").text.split("Sổ văn bản đến</h1>")[1].split("<details")[0]
    assert papers.facts("record_agency_reply")[0]["data"]["debt"] == 20_000_000
    assert "Còn nợ thuế" in clerk.get(f"/letters/{asked}").text


def test_many_letters_that_wait_stand_on_pages_of_their_own(
    asked: int, office: Office, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incoming_pages, "WAITING", 1)
    other = Paperwork(office.bind, office.second)
    other.do("accept_case", file_held=True)
    second = other.issued(other.requested("tax_inquiry", other.do("ask_agencies")))
    clerk = as_role("clerk")
    for page, shown, beside in ((1, asked, second), (2, second, asked), (9, second, asked)):
        text = clerk.get(f"/incoming?waiting={page}").text
        assert f"answers={shown}" in text and f"answers={beside}" not in text
    assert 'href="?waiting=2"' in clerk.get("/incoming").text


def test_only_the_register_when_the_box_is_not_ticked_and_what_is_left_is_done_from_the_document(
    asked: int, papers: Paperwork, as_role: As
) -> None:
    clerk = as_role("clerk")
    where = clerk.send("/incoming", {**REPLY, "answers": str(asked), "ref": papers.ref}).headers["location"]
    assert papers.facts("record_agency_reply") == []
    assert "Còn phải ghi vào hồ sơ" in clerk.get(where).text
    assert "Chưa ghi vào hồ sơ" in clerk.get("/incoming").text
    assert clerk.send(f"{where}/record", {"f.debt": "x"}).status_code == 422
    assert clerk.send(f"{where}/record", {"f.debt": "5"}).status_code == 303
    assert clerk.send(f"{where}/record", {"f.debt": "5"}).status_code == 403
    assert len(papers.facts("record_agency_reply")) == 1


def test_a_person_who_may_not_do_the_step_registers_without_it(asked: int, papers: Paperwork, as_role: As) -> None:
    manager = as_role("manager")
    form = html.unescape(manager.get(f"/incoming/new?answers={asked}").text)
    assert "Chỉ vào sổ. Bước «Ghi trả lời của cơ quan» của hồ sơ bạn chưa ghi được" in form
    assert 'name="f.debt"' not in form
    typed = {**REPLY, "answers": str(asked), "ref": papers.ref, "also": "yes"}
    where = manager.send("/incoming", typed).headers["location"]
    assert papers.facts("record_agency_reply") == []
    assert "Còn phải ghi vào hồ sơ" in manager.get(where).text


def test_a_document_that_lies_on_the_case_is_registered_without_a_new_file(
    asked: int, papers: Paperwork, as_role: As
) -> None:
    clerk, kept = as_role("clerk"), document_on(papers.bind, papers.ref, "tra-loi.pdf")
    struck, where = document_on(papers.bind, papers.ref, "nham.pdf", b"%PDF-1.4 nham"), f"/cases/{papers.ref}/documents"
    assert as_role("manager").send(f"{where}/{struck}/strike", {"reason": "Nhầm"}).status_code == 303
    form = clerk.get(f"/incoming/new?answers={asked}").text
    assert f'value="{kept}"' in form and "tra-loi.pdf" in form and struck not in form
    assert kept in clerk.get(f"/incoming/new?ref={papers.ref}").text
    assert kept not in clerk.get("/incoming/new").text + clerk.get("/incoming/new?ref=HP-1999-9999").text
    assert kept not in as_role("clerk", "ADG").get(f"/incoming/new?ref={papers.ref}").text
    typed = {**REPLY, "answers": str(asked), "ref": papers.ref, "also": "yes", "document": kept}
    wrong = clerk.send("/incoming", typed | {"f.debt": "x"})
    assert wrong.status_code == 422 and "checked" in wrong.text.partition(kept)[2][:80]
    for sent in (typed | {"document": struck}, {**REPLY, "kind": "", "document": kept}):
        answer = clerk.send("/incoming", sent)
        assert answer.status_code == 422 and "không có trong hồ sơ này" in html.unescape(answer.text)
    answer = clerk.send("/incoming", typed | {"f.debt": "5"})
    assert answer.status_code == 303
    assert papers.facts("record_agency_reply")[0]["evidence"] == [kept]
    assert f"/cases/{papers.ref}/evidence/{kept}" in clerk.get(answer.headers["location"]).text


def test_a_registered_document_gets_the_scan_it_lacked_when_its_step_is_recorded(
    asked: int, papers: Paperwork, as_role: As
) -> None:
    clerk, kept = as_role("clerk"), document_on(papers.bind, papers.ref)
    where = clerk.send("/incoming", {**REPLY, "answers": str(asked), "ref": papers.ref}).headers["location"]
    one = clerk.get(where).text
    assert kept in one and 'name="evidence"' in one
    wrong = clerk.send(f"{where}/record", {"f.debt": "x", "document": kept})
    assert wrong.status_code == 422 and "checked" in wrong.text.partition(kept)[2][:80]
    stranger = clerk.send(f"{where}/record", {"f.debt": "5", "document": "0" * 64})
    assert stranger.status_code == 422 and "không có trong hồ sơ này" in html.unescape(stranger.text)
    assert as_role("legal").send(f"{where}/record", {"document": kept}).status_code == 403
    assert clerk.send(f"{where}/record", {"f.debt": "5", "document": kept}, files=SCAN).status_code == 303
    evidence = papers.facts("record_agency_reply")[0]["evidence"]
    assert len(evidence) == 2 and evidence[0] == kept


BAD = {
    "nothing": ({"kind": ""}, 422, "Nơi gửi"),
    "a day that is none": ({"received_on": "31/02/2016"}, 422, "31/02/2016"),
    "a day to come": ({"received_on": "20/03/2016"}, 422, "ngày đến không thể sau hôm nay"),
    "a case that is not ours": ({"ref": "HP-2016-0003"}, 404, ""),
    "a step field that is wrong": ({"ref": "HP-2016-0001", "also": "yes", "f.agency": "navy"}, 422, "navy"),
    "an unknown field": ({"ref": "HP-2016-0001", "also": "yes", "f.agency": "tax", "f.x": "1"}, 422, ""),
}


@pytest.mark.parametrize(("typed", "status", "says"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    office: Office, as_role: As, typed: dict[str, str], status: int, says: str
) -> None:
    sent = typed if "kind" in typed else {**REPLY, **typed}
    answer = as_role("clerk").send("/incoming", sent)
    assert answer.status_code == status
    assert says in html.unescape(answer.text)
    if status == 422 and len(sent) > 2:
        assert 'value="215/CCT-KK"' in answer.text


def test_the_form_of_a_kind_asks_for_its_case(office: Office, as_role: As) -> None:
    clerk = as_role("clerk")
    plain = clerk.get("/incoming/new?kind=suspension").text
    assert "Thông báo tạm ngừng hoạt động" in plain
    assert "f.from_on" not in plain
    assert "f.from_on" in clerk.get(f"/incoming/new?kind=suspension&ref={office.first.lower()}").text
    assert clerk.get("/incoming/new?kind=suspension&ref=HP-1999-9999").status_code == 422
    assert clerk.get("/incoming/new?kind=gossip&ref=HP-2016-0001").status_code == 404
    assert clerk.get("/incoming/new?answers=99").status_code == 404


def test_a_document_without_a_case_is_kept_downloaded_and_tied(office: Office, as_role: As) -> None:
    clerk = as_role("clerk")
    where = clerk.send("/incoming", {"from_body": "Báo", "summary": "Báo giá"}, files=SCAN).headers["location"]
    found = re.search(rf'href="({where}/files/[0-9a-f]+)"', clerk.get(where).text)
    assert found
    assert clerk.get(found[1]).content == SCAN["evidence"][1]
    assert as_role("clerk", "ADG").get(found[1]).status_code == 404
    assert as_role("clerk", "ADG").get(where).status_code == 404
    assert clerk.send(f"{where}/tie", {"ref": ""}).status_code == 422
    assert as_role("legal").send(f"{where}/tie", {"ref": office.first}).status_code == 403
    assert clerk.send(f"{where}/tie", {"ref": office.first.lower()}).status_code == 303
    assert clerk.send(f"{where}/explode").status_code == 404
    assert f"/cases/{office.first}/evidence/" in clerk.get(where).text
    assert clerk.get("/book/2016/incoming.pdf").content.startswith(b"%PDF-")
    assert clerk.get("/book/2016/incoming.xlsx").status_code == 200


def test_the_register_is_searched(office: Office, as_role: As) -> None:
    clerk = as_role("clerk")
    for summary in ("Đơn của ông Hải", "Báo giá 100%"):
        clerk.send("/incoming", {"from_body": "Nơi gửi", "summary": summary})
    text = clerk.get("/incoming?q=gia+bao+100%25").text
    assert ("Báo giá 100%" in text, "ông Hải" in text) == (True, False)
    assert "<script>" not in clerk.get("/incoming?q=<script>").text
    assert "Báo giá" not in clerk.get("/incoming?year=2015").text
