"""A batch through its pages: the officer drafts, the manager signs, the clerk numbers; each sees the next thing."""

import re
from collections.abc import Callable

import pytest

from tests.correspondence.batches import Batches
from tests.web.web_office import ROLES, Office, Visitor

As = Callable[..., Visitor]
NEXT = re.compile(r'<section class="sheet next-thing">\s*<h2>([^<]+)</h2>')
TEMPLATE = {"template": "name_deletion_notice", "scope": "office"}
TYPED = {**TEMPLATE, "f.deleted_on": "25/03/2016", "name": "Kiểm tra quý I"}


@pytest.fixture
def batches(office: Office) -> Batches:
    return Batches(office.bind, [office.first, office.second])


def next_of(visitor: Visitor, page: str) -> str:
    found = NEXT.search(visitor.get(page).text)
    assert found
    return found[1]


def seen(visitor: Visitor, page: str) -> str:
    return str(re.findall(r'name="seen" value="([0-9a-f]*)"', visitor.get(page).text)[0])


def step(visitor: Visitor, page: str, action: str, **data: str) -> str:
    """A button of the batch's page pressed. Returns where it leads."""
    answer = visitor.send(f"{page}/{action}", {"seen": seen(visitor, page), **data})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def test_from_the_worklist_to_the_numbers(batches: Batches, as_role: As) -> None:
    officer, manager, clerk = as_role("case_officer"), as_role("manager"), as_role("clerk")
    assert '<button name="do" value="letter"' in officer.get("/work?scope=office").text
    chosen = officer.get("/bulk?scope=office&do=letter&every=true")
    start = officer.get(chosen.headers["location"])
    assert "3 hồ sơ đang mở theo bộ lọc." in start.text
    look = officer.get("/letters/bulk/new?scope=office&template=name_deletion_notice")
    assert "0 trên 3 hồ sơ đủ điều kiện" in look.text
    assert "còn thiếu: Ngày xóa tên" in look.text
    checked = officer.send("/letters/bulk/new", {**TYPED, "do": "check"})
    assert (checked.status_code, "2 trên 3 hồ sơ đủ điều kiện" in checked.text) == (200, True)
    assert "Cơ quan khác ban hành" in checked.text
    drafted = officer.send("/letters/bulk/new", {**TYPED, "do": "draft"})
    assert drafted.status_code == 303
    page = drafted.headers["location"]
    assert officer.send("/letters/bulk/new", {**TYPED, "do": "draft"}).headers["location"] == page
    assert next_of(officer, page) == "Việc tiếp theo: trình ký"
    assert "Ngày xóa tên: 25/03/2016" in officer.get(page).text
    step(officer, page, "mark", urgency="khan", secrecy="", circulation="")
    assert '<option value="khan" selected>' in officer.get(page).text
    assert officer.send(f"{page}/mark", {"urgency": "gap"}).status_code == 422
    step(officer, page, "submit")
    assert next_of(officer, page) == "Tình trạng của đợt"
    assert "Người manager.hbg" in officer.get(page).text
    assert "Kiểm tra quý I" in manager.get("/work").text
    assert next_of(manager, page) == "Việc tiếp theo: duyệt, ký"
    step(manager, page, "approve")
    assert "Kiểm tra quý I" in clerk.get("/letters").text
    assert next_of(clerk, page) == "Việc tiếp theo: cấp số, ban hành"
    step(clerk, page, "issue")
    text = " ".join(clerk.get(page).text.split())
    assert ("01/TB-TCKH" in text, "02/TB-TCKH" in text) == (True, True)
    assert "Cấp số, ban hành 2 văn bản · Người clerk.hbg" in text
    assert next_of(clerk, page) == "Đã ban hành: in, giao"


NARROW = ["unserved=true", "obstacle=lost_seal", "light=due_soon", "stage=closure", "q=khong-co"]


@pytest.mark.parametrize("narrow", NARROW)
def test_the_choice_goes_by_the_filter_of_the_worklist(batches: Batches, as_role: As, narrow: str) -> None:
    officer = as_role("case_officer")
    assert "0 hồ sơ đang mở theo bộ lọc." in officer.get(f"/letters/bulk/new?scope=office&{narrow}").text
    sent = dict([narrow.split("=")]) | TYPED | {"do": "draft"}
    assert officer.send("/letters/bulk/new", sent).status_code != 303


def test_the_files_of_a_batch(batches: Batches, as_role: As) -> None:
    batch = batches.signed()
    batches.issued(batch)
    visitor = as_role("legal")
    pdf, made = visitor.get(f"/letters/bulk/{batch}/pdf"), visitor.get(f"/letters/bulk/{batch}/zip")
    assert (pdf.status_code, pdf.content[:5]) == (200, b"%PDF-")
    assert (made.status_code, made.content[:2]) == (200, b"PK")
    assert "attachment" in made.headers["content-disposition"]


def test_one_is_returned_and_one_taken_out(batches: Batches, as_role: As) -> None:
    batch = batches.drafted().batch
    batches.submitted(batch)
    first, second = batches.rows(batch)
    page, manager, officer = f"/letters/bulk/{batch}", as_role("manager"), as_role("case_officer")
    refused = manager.send(f"{page}/return", {"letter": str(first["id"]), "reason": ""})
    assert refused.status_code == 422
    step(manager, page, "return", letter=str(first["id"]), reason="Thiếu địa điểm")
    text = officer.get(page).text
    assert ("Cần xử lý <b>1</b>" in text, "Thiếu địa điểm" in text) == (True, True)
    step(officer, page, "take_out", letter=str(first["id"]), reason="Làm riêng")
    assert [row["id"] for row in batches.rows(batch)] == [second["id"]]
    assert "Thuộc một đợt văn bản" not in officer.get(f"/letters/{first['id']}").text
    assert f'href="{page}"' in officer.get(f"/letters/{second['id']}").text


def test_what_changed_meanwhile_is_said(batches: Batches, as_role: As) -> None:
    batch = batches.drafted().batch
    page, officer = f"/letters/bulk/{batch}", as_role("case_officer")
    old = seen(officer, page)
    batches.filled(batch, deleted_on="26/03/2016")
    answer = officer.send(f"{page}/submit", {"seen": old})
    assert answer.status_code == 409
    assert "đã thay đổi từ lúc bạn xem" in answer.text


@pytest.mark.parametrize(("lang", "label"), [("vi", "Ngày xóa tên"), ("en", "Name deleted on")])
def test_wrong_fields_come_back_with_what_was_typed(batches: Batches, as_role: As, lang: str, label: str) -> None:
    officer = as_role("case_officer")
    officer.send("/language", {"lang": lang, "back": "/work"})
    answer = officer.send("/letters/bulk/new", {**TYPED, "f.deleted_on": "31/02/2016", "do": "draft"})
    assert answer.status_code == 422
    assert 'value="31/02/2016"' in answer.text
    assert re.search(f"{label}: .31/02/2016.", answer.text)
    assert "{" not in re.sub(r"<[^>]+>", "", answer.text)


def test_undone_on_its_day(batches: Batches, as_role: As) -> None:
    batch = batches.drafted().batch
    page, officer = f"/letters/bulk/{batch}", as_role("case_officer")
    assert officer.send(f"{page}/drop", {"reason": " "}).status_code == 422
    step(officer, page, "drop", reason="Chọn nhầm")
    assert "Đã bỏ cả đợt." in officer.get(page).text
    assert "Đã bỏ cả đợt." in officer.get("/letters/bulk").text


def test_a_thousand_rows_are_shown_a_page_at_a_time(batches: Batches, as_role: As) -> None:
    batches.more(90)
    batch = batches.drafted().batch
    officer = as_role("case_officer")
    text = officer.get(f"/letters/bulk/{batch}?p=3").text
    assert text.count('class="unit" href="/letters/') == 92 - 80
    look = officer.send("/letters/bulk/new", {**TEMPLATE, "at": "has_live", "p": "3"})
    assert look.text.count('class="unit" href="/cases/') == 92 - 80


def test_who_may_open_what(batches: Batches, as_role: As) -> None:
    batch = batches.drafted().batch
    own = [f"/letters/bulk/{batch}", f"/letters/bulk/{batch}/pdf", f"/letters/bulk/{batch}/zip"]
    for role in ROLES:
        visitor, other = as_role(role), as_role(role, "ADG")
        drafter = role in ("case_officer", "manager", "clerk", "commune")
        for path in ("/letters/bulk", *own):
            assert visitor.get(path).status_code == 200, (role, path)
        assert visitor.get("/letters/bulk/new").status_code == (200 if drafter else 403), role
        assert (visitor.send("/letters/bulk/new", TYPED).status_code == 403) is not drafter, role
        for path in own:
            assert other.get(path).status_code == 404, (role, path)
        assert other.send(f"/letters/bulk/{batch}/drop", {"reason": "x"}).status_code == 404, role
        assert visitor.send(f"/letters/bulk/{batch}/nothing").status_code == 404, role
