"""A letter as its officer, manager and clerk see it: one thing to do next, every form with its bad input."""

import html
import re
from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from correspondence.drafts import one_letter
from letters.frozen import thaw
from letters.output.docx import docx
from models.database import reading, writing
from models.office_clock import set_demo_day
from tests.correspondence.paperwork import Paperwork
from tests.letters.output.word_files import edited, word
from tests.web.web_office import Office, Visitor, did, new_case

As = Callable[..., Visitor]
PROOF = {"evidence": ("bien-nhan.txt", b"Da nhan", "text/plain")}
NEXT = re.compile(r'<section class="sheet next-thing">\s*<h2>([^<]+)</h2>')


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


@pytest.fixture
def issued(papers: Paperwork) -> int:
    return papers.issued(papers.drafted(deleted_on="25/03/2016"))


def next_thing(visitor: Visitor, letter: int) -> str:
    found = NEXT.search(visitor.get(f"/letters/{letter}").text)
    assert found
    return html.unescape(found[1])


def test_the_next_thing_is_that_of_the_person_in_turn(papers: Paperwork, as_role: As) -> None:
    officer, manager, clerk = as_role("case_officer"), as_role("manager"), as_role("clerk")
    letter = papers.drafted(deleted_on="25/03/2016")
    assert next_thing(officer, letter) == "Hoàn thiện và trình ký"
    papers.submitted(letter)
    assert next_thing(officer, letter) == "Hiện nay"
    assert "Người manager.hbg" in officer.get(f"/letters/{letter}").text
    assert next_thing(manager, letter) == "Chờ bạn ký"
    assert manager.send(f"/letters/{letter}/approve").status_code == 303
    assert next_thing(clerk, letter) == "Chờ bạn cấp số"
    assert clerk.send(f"/letters/{letter}/issue").status_code == 303
    assert next_thing(clerk, letter) == "Giao văn bản và ghi kết quả"
    assert next_thing(as_role("legal"), letter) == "Hiện nay"


def test_a_pile_is_worked_off_letter_by_letter(papers: Paperwork, as_role: As) -> None:
    first, second = (papers.submitted(papers.drafted(deleted_on="25/03/2016")) for _ in range(2))
    manager, clerk = as_role("manager"), as_role("clerk")
    page = html.unescape(manager.get(f"/letters/{first}").text)
    assert "Ký duyệt, sang văn bản tiếp theo (còn 1)" in page and f'href="/letters/{second}" data-key="n"' in page
    on = manager.send(f"/letters/{first}/approve", {"then": "next"})
    assert on.headers["location"] == f"/letters/{second}?after={first}&did=approve"
    text = manager.get(on.headers["location"]).text
    assert "Đã ký «" in text and 'value="next"' not in text  # the last one
    last = manager.send(f"/letters/{second}/approve", {"then": "next"}).headers["location"]
    assert last == f"/letters/{second}?after={second}&did=approve"
    text = manager.get(last).text
    assert "Không còn văn bản nào chờ" in text
    assert "Chờ bạn cấp số" not in text and "Cấp số thay văn thư" in text  # another's job is offered to nobody
    issued = clerk.send(f"/letters/{second}/issue", {"then": "next"})  # the second: after the last comes the first
    assert issued.headers["location"] == f"/letters/{first}?after={second}&did=issue"
    assert clerk.get(f"/letters/{first}?after=x&did=approve").status_code == 200
    assert clerk.get(f"/letters/{first}?after=99999&did=issue").status_code == 200


def test_a_draft_asks_first_for_what_it_lacks(papers: Paperwork, as_role: As) -> None:
    officer = as_role("case_officer")
    text = officer.get(f"/letters/{papers.drafted('tax_inquiry')}").text
    asked, further = text.split("Điền thêm")
    assert 'name="f.reply_by_on" value="04/04/2016"' in asked  # 15 working days, as the target for the answer
    assert 'name="f.tax_period"' in further


def test_a_new_letter_is_suggested_by_the_step_or_found_by_words(office: Office, as_role: As) -> None:
    officer, path = as_role("case_officer"), f"/cases/{office.first}/letters/new"
    did(office, office.first, "accept_case", file_held="true")
    did(office, office.first, "name_obstacle", obstacle="silent_agency")
    page = html.unescape(officer.get(path).text)
    suggested, others = page.split("<summary>Văn bản khác")
    for name in ("tax_inquiry", "reminder_letter"):
        assert f'value="{name}"' in suggested and f'value="{name}"' not in others
    assert 'value="violation_notice"' not in suggested and 'value="visit_notice"' not in suggested
    found = officer.get(path + "?q=thue+xac+nhan").text
    assert 'value="tax_inquiry"' in found and 'value="visit_notice"' not in found
    assert "Không có mẫu văn bản nào khớp" in html.unescape(officer.get(path + "?q=khongco").text)


FORMS = {
    "handed over without a receiver": ({"way": "hand:served", "on": "14/03/2016"}, PROOF, "ghi họ tên người ký nhận"),
    "handed over without proof": ({"way": "hand:served", "on": "14/03/2016", "receiver": "Bà Lan"}, {}, "bằng chứng"),
    "no day": ({"way": "hand:served", "receiver": "Bà Lan"}, PROOF, "ngày"),
    "a day that is none": ({"way": "hand:served", "on": "30/02/2016", "receiver": "Bà Lan"}, PROOF, "30/02/2016"),
    "a day to come": ({"way": "hand:served", "on": "15/03/2016", "receiver": "Bà Lan"}, PROOF, "phải đã xảy ra"),
    "an unknown way": ({"way": "pigeon:served", "on": "14/03/2016"}, PROOF, "không đi với kết quả"),
    "no way at all": ({"on": "14/03/2016"}, PROOF, "không đi với kết quả"),
    "a proof of no known kind": (
        {"way": "hand:served", "on": "14/03/2016", "receiver": "Bà Lan"},
        {"evidence": ("virus.exe", b"MZ\x90\x00", "application/x-msdownload")},
        "không thuộc loại được nhận",
    ),
    "a posting without end": ({"way": "posting:posted", "on": "14/03/2016", "place": "Xã"}, {}, "có ngày kết thúc"),
}  # fmt: skip


@pytest.mark.parametrize(("typed", "files", "says"), FORMS.values(), ids=FORMS)
def test_what_is_wrong_in_a_form_of_service_is_said_there(
    issued: int, as_role: As, typed: Mapping[str, str], files: Any, says: str
) -> None:
    answer = as_role("clerk").send(f"/letters/{issued}/serve", typed, files=files)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)
    if typed.get("receiver"):
        assert 'value="Bà Lan"' in answer.text


def test_what_was_typed_is_shown_as_text(issued: int, as_role: As) -> None:
    clerk = as_role("clerk")
    typed = {"way": "hand:served", "on": "14/03/2016", "receiver": '"><script>alert(1)</script>'}
    assert "<script>alert" not in clerk.send(f"/letters/{issued}/serve", typed).text
    assert clerk.send(f"/letters/{issued}/serve", typed, files=PROOF).status_code == 303
    text = clerk.get(f"/letters/{issued}").text
    assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in text


def test_what_was_sent_by_post_asks_next_what_came_of_it(issued: int, as_role: As, papers: Paperwork) -> None:
    clerk = as_role("clerk")
    assert (
        clerk.send(f"/letters/{issued}/serve", {"way": "post:sent", "on": "14/03/2016", "tracking": "RR 7"}).status_code
        == 303
    )
    text = clerk.get(f"/letters/{issued}").text
    assert re.search(r'<details class="way" open>\s*<summary>Bưu điện đã phát', text)
    assert 'value="RR 7"' in text
    typed = {"way": "post:returned", "on": "14/03/2016", "tracking": "RR 7", "reason": "Sai địa chỉ"}
    assert clerk.send(f"/letters/{issued}/serve", typed, files=PROOF).status_code == 303
    assert papers.status(issued) == "undelivered"


@pytest.mark.parametrize(
    ("action", "status", "says"),
    [("return", 422, "Ý kiến"), ("discard", 422, "Lý do"), ("issue", 403, "đang ở trạng thái"), ("explode", 404, "")],
)
def test_other_forms_say_what_is_wrong(papers: Paperwork, as_role: As, action: str, status: int, says: str) -> None:
    letter = papers.submitted(papers.drafted(deleted_on="25/03/2016"))
    answer = as_role("manager").send(f"/letters/{letter}/{action}", {"reason": " ", "remarks": ""})
    assert answer.status_code == status
    assert says in html.unescape(answer.text)


def test_a_cancelled_number_needs_its_reason(issued: int, as_role: As, papers: Paperwork) -> None:
    clerk = as_role("clerk")
    assert clerk.send(f"/letters/{issued}/cancel", {"reason": ""}).status_code == 422
    assert clerk.send(f"/letters/{issued}/cancel", {"reason": "Sai tên"}).status_code == 303
    assert papers.status(issued) == "cancelled"


def test_what_was_signed_differently_is_shown_and_asks_for_a_reason(
    issued: int, as_role: As, papers: Paperwork
) -> None:
    clerk, row = as_role("clerk"), papers.row(issued)
    ours = docx(thaw(row["data"]["frozen"]), row["number"])
    theirs = edited(ours, "ngày 25 tháng 3 năm 2016", "ngày 30 &lt;script&gt; tháng 3 năm 2016")
    sent = {"file": ("da-ky.docx", theirs, "application/octet-stream")}
    answer = clerk.send(f"/letters/{issued}/signed", {"reason": ""}, files=sent)
    assert answer.status_code == 422
    assert '<del><span class="unseen">[bỏ: </span>25' in answer.text
    assert "30 &lt;script&gt;" in answer.text
    assert "<script>" not in answer.text
    assert clerk.send(f"/letters/{issued}/signed", {"reason": "Dời ngày"}, files=sent).status_code == 303
    text = as_role("manager").get(f"/letters/{issued}").text
    assert "Bản đã ký khác bản lưu ở 1 chỗ." in text.split("letterpage")[0]
    assert "Lý do: Dời ngày" in text
    found = re.search(rf'href="(/letters/{issued}/signed/\d+)"', text)
    assert found
    kept = clerk.get(found[1])
    assert kept.content == theirs
    assert "attachment" in kept.headers["content-disposition"]
    assert as_role("clerk", "ADG").get(found[1]).status_code == 404
    assert clerk.get(f"/letters/{issued}/pdf").content.startswith(b"%PDF-")


@pytest.mark.parametrize(
    ("sent", "says"),
    [
        ({}, "chưa chọn tệp"),
        ({"file": ("a.docx", b"", "")}, "rỗng"),
        ({"file": ("a.docx", word("x", parts={"word/vbaProject.bin": b"x"}), "")}, "có macro"),
        ({"file": ("a.zip", b"PK\x03\x04", "")}, "không thuộc loại được nhận"),
    ],
)
def test_a_file_that_is_not_taken_back_is_said(issued: int, as_role: As, sent: Any, says: str) -> None:
    answer = as_role("clerk").send(f"/letters/{issued}/signed", {"reason": "x"}, files=sent)
    assert answer.status_code == 422
    assert says in html.unescape(answer.text)


def test_a_scan_says_that_it_was_not_compared(issued: int, as_role: As) -> None:
    clerk = as_role("clerk")
    sent = {"file": ("quet.pdf", b"%PDF-1.4", "application/pdf")}
    assert clerk.send(f"/letters/{issued}/signed", {"reason": ""}, files=sent).status_code == 303
    assert "không so được nội dung" in clerk.get(f"/letters/{issued}").text
    assert as_role("legal").send(f"/letters/{issued}/signed", {"reason": ""}, files=sent).status_code == 403


def test_a_draft_under_ended_law_says_so_keeps_what_was_typed_and_can_be_discarded(
    office: Office, papers: Paperwork, as_role: As
) -> None:
    letter = papers.drafted(deleted_on="25/03/2016")
    officer = as_role("case_officer")
    with writing(office.bind) as connection:
        set_demo_day(connection, date(2024, 7, 1))
    page = officer.get(f"/letters/{letter}")
    assert page.status_code == 409
    assert "Luật Hợp tác xã số 17/2023/QH15" in page.text and "25/03/2016" in page.text
    done = officer.send(f"/letters/{letter}/discard", {"reason": "Luật đã thay"})
    assert done.status_code == 303
    with reading(office.bind) as connection:
        assert one_letter(connection, letter)["status"] == "cancelled"


def test_what_the_register_lacks_is_typed_here_or_said_not_to_exist(papers: Paperwork, as_role: As) -> None:
    officer = as_role("case_officer")
    with writing(papers.bind) as connection:
        papers.ref = new_case(connection, "HTX Trống", "HBG", tax_code="", certificate_number="")
    letter = papers.drafted("tax_inquiry", reply_by_on="05/04/2016")
    path, asked = f"/letters/{letter}", officer.get(f"/letters/{letter}").text.split("Điền thêm")[0]
    for name in ("unit_tax_code", "none_unit_tax_code", "unit_certificate_number"):
        assert f'name="f.{name}"' in asked
    assert 'name="f.unit_address"' not in officer.get(path).text, "the register has it"
    typed = {"f.reply_by_on": "05/04/2016", "f.none_unit_tax_code": "true", "f.unit_certificate_number": "0207A1"}
    assert officer.send(f"{path}/fill", typed, page=path).status_code == 303
    said = papers.reads(letter)
    assert ", mã số thuế" not in said
    assert "giấy chứng nhận đăng ký số 0207A1" in said
