"""Papers signed in ink on the pages: a grid in which many are entered, one list in which they are confirmed."""

import html
from collections.abc import Callable
from typing import Any

import pytest
from httpx import Response

from tests.correspondence.ink.desk import BOOK, HEAD, SCAN, InkDesk
from tests.web.web_office import Office, Visitor, document_on

As = Callable[..., Visitor]
PDF = (SCAN[0], SCAN[1], "application/pdf")


@pytest.fixture
def desk(office: Office) -> InkDesk:
    return InkDesk(office.bind, office.first).open()


def grid(visitor: Visitor, letters: list[int], files: list[int] | None = None, **typed: Any) -> Response:
    sent: dict[str, Any] = {f"number.{letter}": "" for letter in letters}
    sent |= {"signer": HEAD.name, "signed_on": "12/03/2016"}
    scans = {f"file.{letter}": PDF for letter in (letters if files is None else files)}
    return visitor.send("/letters/signed", sent | typed, files=scans)


def test_what_is_entered_once_fills_every_line_and_one_press_confirms_them(desk: InkDesk, as_role: As) -> None:
    letters = [desk.waiting() for _ in "123"]
    officer, clerk = as_role("case_officer"), as_role("clerk")
    listed = html.unescape(clerk.get("/letters").text)
    assert "3 văn bản chờ ký trên giấy" in listed
    page = officer.get("/letters/signed").text
    assert all(f'name="number.{letter}"' in page for letter in letters)
    assert f'<option value="{HEAD.name}">' in html.unescape(page)
    answer = grid(officer, letters, letters[:2], **{f"number.{letters[0]}": "7", f"number.{letters[1]}": "9"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/letters/signed/confirm")
    own = html.unescape(officer.get("/letters/signed/confirm").text)
    assert "Bạn nhập văn bản này" in own and 'name="paper"' not in own
    assert "2 văn bản đã ký chờ xác nhận" in html.unescape(clerk.get("/letters").text)
    assert "chờ xác nhận</strong>" not in html.unescape(officer.get("/letters").text), "who entered does not confirm"
    answer = clerk.get("/letters/signed/confirm")
    papers = [str(item["id"]) for item in desk.entries()]
    for paper in papers:
        assert f'src="/letters/signed/{paper}/scan"' in answer.text
    assert "frame-src 'self'" in answer.headers["content-security-policy"]
    assert f"<strong>07/{desk.row(letters[0])['symbol']}</strong>" in html.unescape(answer.text)
    assert clerk.send("/letters/signed/confirm", {"paper": papers}).status_code == 303
    assert [desk.row(letter)["number"] for letter in letters] == [7, 9, None]
    assert [desk.status(letter) for letter in letters] == ["issued", "issued", "submitted"]
    assert "Không có văn bản nào chờ xác nhận" in html.unescape(clerk.get("/letters/signed/confirm").text)


def test_of_many_letters_the_first_are_shown_with_their_number(
    desk: InkDesk, as_role: As, monkeypatch: pytest.MonkeyPatch
) -> None:
    letters, officer = [desk.waiting() for _ in "123"], as_role("case_officer")
    assert "Hiện" not in html.unescape(officer.get("/letters/signed").text).partition("<main")[2]
    monkeypatch.setattr("web.letters.ink_pages.AT_ONCE", 2)
    page = html.unescape(officer.get("/letters/signed").text)
    assert "Hiện 2 trong 3 văn bản" in page
    assert [f'name="number.{letter}"' in page for letter in letters] == [True, True, False]
    officer.send("/language", {"lang": "en", "back": "/letters/signed"})
    assert "The first 2 of 3 are shown" in html.unescape(officer.get("/letters/signed").text)
    typed: dict[str, Any] = {f"number.{letter}": str(letter) for letter in letters[:2]}
    assert grid(officer, letters[:2], **typed).status_code == 303
    assert f'name="number.{letters[2]}"' in officer.get("/letters/signed").text


def test_a_scan_is_shown_on_our_own_page_alone(desk: InkDesk, as_role: As) -> None:
    paper = desk.enter(desk.waiting())
    answer = as_role("clerk").get(f"/letters/signed/{paper}/scan")
    assert (answer.content, answer.headers["x-frame-options"]) == (SCAN[1], "SAMEORIGIN")
    assert "frame-ancestors 'self'" in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert as_role("manager", "ADG").get(f"/letters/signed/{paper}/scan").status_code == 404


def test_wrong_cells_are_named_in_their_lines_and_what_was_typed_stays(desk: InkDesk, as_role: As) -> None:
    first, second = desk.waiting(), desk.waiting()
    officer = as_role("case_officer")
    wrong: dict[str, Any] = {f"number.{first}": "7", f"number.{second}": "7", f"signer.{second}": "Người khác"}
    answer = grid(officer, [first, second], [first], **wrong)
    text = html.unescape(answer.text)
    assert answer.status_code == 422
    assert f'id="e-signer.{second}"' not in text  # the scan is missing: said first
    assert "chọn tệp PDF hoặc ảnh chụp" in text
    answer = grid(officer, [first, second], **wrong)
    text = html.unescape(answer.text)
    assert f'id="e-signer.{second}"' in text and "Người ký được: Đào Thị Én" in text
    assert 'value="Người khác"' in text
    assert desk.entries() == []
    faults: list[dict[str, Any]] = [{f"signed_on.{first}": "99/99/2016"}, {"signer": "", "signed_on": ""}]
    for broken in faults:
        broken |= {f"number.{first}": "7"}
        assert grid(officer, [first], **broken).status_code == 422
    shared: dict[str, Any] = {"signer": "Người Lạ", f"number.{first}": "7", f"number.{second}": "9"}
    text = html.unescape(grid(officer, [first, second], **shared).text)
    assert 'id="e-signer"' in text and 'id="e-signer.' not in text
    text = html.unescape(grid(officer, [first, second], **(shared | {f"signer.{first}": HEAD.name})).text)
    assert f'id="e-signer.{second}"' not in text and 'id="e-signer"' in text
    impossible: dict[str, Any] = {"signed_on": "99/99/2016", f"number.{first}": "7"}
    assert 'id="e-signed_on"' in grid(officer, [first], **impossible).text
    assert grid(officer, [first], files=[], signer="").status_code == 422
    assert desk.entries() == []


def test_a_scan_that_lies_on_the_case_is_taken_instead_of_a_file(desk: InkDesk, as_role: As) -> None:
    letter, officer = desk.waiting(), as_role("case_officer")
    kept = document_on(desk.bind, desk.ref, "ban-ky.pdf", b"%PDF-1.4 co chu ky")
    plain = document_on(desk.bind, desk.ref, "ghi-chu.txt", b"ghi chu")
    page = officer.get("/letters/signed").text
    assert f'name="document.{letter}"' in page and kept in page and plain not in page
    typed: dict[str, Any] = {f"number.{letter}": "7"}
    chosen = f"document.{letter}"
    wrong = grid(officer, [letter], [], **(typed | {chosen: kept, "signer": ""}))
    assert wrong.status_code == 422 and f'value="{kept}" selected' in wrong.text
    both = grid(officer, [letter], **(typed | {chosen: kept}))
    assert both.status_code == 422 and "không dùng cả hai" in html.unescape(both.text)
    for sha, says in ((plain, "không phải bản chụp"), ("0" * 64, "không có trong hồ sơ này")):
        answer = grid(officer, [letter], [], **typed, **{chosen: sha})
        assert answer.status_code == 422 and says in html.unescape(answer.text)
    assert desk.entries() == []
    assert grid(officer, [letter], [], **{chosen: kept, **typed}).status_code == 303
    (entry,) = desk.entries()
    assert (entry["name"], entry["sha256"]) == ("ban-ky.pdf", kept)
    clerk = as_role("clerk")
    assert clerk.get(f"/letters/signed/{entry['id']}/scan").content == b"%PDF-1.4 co chu ky"
    strike = as_role("manager").send(f"/cases/{desk.ref}/documents/{kept}/strike", {"reason": "Nhầm"})
    assert strike.status_code == 403


def test_a_paper_is_returned_with_a_remark_or_taken_back(desk: InkDesk, as_role: As) -> None:
    letter = desk.waiting()
    paper = desk.enter(letter)
    clerk, officer = as_role("clerk"), as_role("case_officer")
    answer = clerk.send(f"/letters/signed/{paper}/return", {"remarks": " "})
    assert answer.status_code == 422
    assert clerk.send(f"/letters/signed/{paper}/return", {"remarks": "Sai số"}).status_code == 303
    assert "Bị trả lại: Sai số" in html.unescape(officer.get("/letters/signed").text)
    paper = desk.enter(letter)
    assert officer.send(f"/letters/signed/{paper}/withdraw").status_code == 303
    assert clerk.send(f"/letters/signed/{paper}/undo").status_code == 404
    assert clerk.send("/letters/signed/confirm", {"paper": [str(paper)]}).status_code == 403
    assert clerk.send("/letters/signed/confirm").status_code == 422
    assert desk.status(letter) == "submitted"


def test_a_letter_of_a_book_on_paper_is_issued_with_the_number_and_day_typed(office: Office, as_role: As) -> None:
    desk = InkDesk(office.bind, office.first)
    desk.on_paper(BOOK)
    letter = desk.approved(desk.drafted(deleted_on="25/03/2016"))
    clerk = as_role("clerk")
    page = clerk.get(f"/letters/{letter}").text
    assert 'id="issue-number"' in page and 'id="issue-on"' in page
    answer = clerk.send(f"/letters/{letter}/issue", {"number": "", "on": "14/03/2016"})
    assert answer.status_code == 422
    assert "ghi số như trên giấy" in html.unescape(answer.text)
    assert clerk.send(f"/letters/{letter}/issue", {"number": "88", "on": "14/03/2016"}).status_code == 303
    assert desk.row(letter)["number"] == 88
