"""The bar of the list of letters: ticked letters handed in, signed and numbered from one page, by whose turn it is."""

import html
import re
from collections.abc import Callable, Mapping

import httpx
import pytest

from correspondence.drafts import draft_by_hand, fill
from correspondence.ink.book_modes import keep_on_paper
from models.database import writing
from tests.correspondence.batches import DELETED
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import Office, Visitor

As = Callable[..., Visitor]


@pytest.fixture
def papers(office: Office) -> Paperwork:
    return Paperwork(office.bind, office.first)


def looked(visitor: Visitor, *letters: int) -> tuple[str, dict[str, list[str] | str]]:
    """The preview of ticked letters as its bar leads there, and what its button would send."""
    ticked = "&".join(f"letter={letter}" for letter in letters)
    led = visitor.get(f"/letters/ticked?do=next&{ticked}")
    assert led.headers["location"] == "/letters/next?letter=" + ",".join(map(str, letters))
    return form_of(visitor.get(led.headers["location"]))


def form_of(answer: httpx.Response) -> tuple[str, dict[str, list[str] | str]]:
    assert answer.status_code == 200
    text = html.unescape(answer.text)
    marks: Mapping[str, str] = dict(re.findall(r'name="(mark\.\d+)" value="([^"]+)"', text))
    once: Mapping[str, str] = dict(re.findall(r'name="(once)" value="([^"]+)"', text))
    return text, {**marks, **once, "letter": re.findall(r'name="letter" value="(\d+)" checked', text)}


def test_from_the_list_to_the_number_each_in_their_turn(papers: Paperwork, office: Office, as_role: As) -> None:
    other = Paperwork(office.bind, office.second)
    letters = [papers.drafted(**DELETED), other.drafted(**DELETED)]
    officer, manager, clerk = as_role("case_officer"), as_role("manager"), as_role("clerk")
    assert '<button name="do" value="next" data-needs>Xử lý tiếp…</button>' in officer.get("/letters").text
    for visitor, will, undo, did in (
        (officer, "Trình ký", "người soạn lấy lại để sửa được, kèm lý do", "Đã trình ký"),
        (manager, "Ký", "trước khi cấp số, văn thư hoặc trưởng phòng trả lại được", "Đã ký"),
        (clerk, "Cấp số, ban hành hôm nay", "Số đã cấp không hoàn tác được", "Đã cấp số"),
    ):
        text, sent = looked(visitor, *letters)
        assert (text.count(f"<strong>{will}</strong>"), undo in text) == (2, True)
        assert sent["letter"] == [str(letter) for letter in letters]
        for press in ("the first", "the second"):
            answer = visitor.send("/letters/next", sent)
            result = html.unescape(answer.text)
            assert (answer.status_code, "Đã làm 2 văn bản." in result, result.count(did)) == (200, True, 2), press
            assert ("đã làm từ lần bấm trước" in result) is (press == "the second")
    rows = [papers.row(letter) for letter in letters]
    assert sorted(row["number"] or 0 for row in rows) == [1, 2]
    for row in rows:
        assert f"{row['number']:02d}/{row['symbol']}" in result


def test_a_mixed_choice_says_of_each_what_will_be_done_or_why_not(papers: Paperwork, as_role: As) -> None:
    whole, lacking = papers.drafted(**DELETED), papers.drafted()
    signed = papers.approved(papers.drafted(**DELETED))
    issued = papers.issued(papers.drafted(**DELETED))
    officer = as_role("case_officer")
    text, sent = looked(officer, whole, lacking, signed, issued)
    assert sent["letter"] == [str(whole)]
    assert "Sẽ làm (1)" in text and "Chưa làm được (3)" in text
    assert "Văn bản còn thiếu: " in text and "Văn bản đang chờ: Văn thư." in text
    assert f'<a href="/letters/serve?letter={issued}">Giao, gửi văn bản</a>' in text
    assert "Đã làm 1 văn bản." in officer.send("/letters/next", sent).text
    assert [papers.row(letter)["status"] for letter in (whole, lacking, signed, issued)] == [
        "submitted", "draft", "approved", "issued",
    ]  # fmt: skip
    officer.client.cookies.set("coopcase_lang", "en")
    english = html.unescape(officer.get(f"/letters/next?letter={lacking},{signed}").text)
    assert "The letter waits for: Clerk." in english and "No letter here waits for you" in english


def test_several_acts_of_one_person_are_one_press(papers: Paperwork, office: Office, as_role: As) -> None:
    waiting = papers.submitted(papers.drafted(**DELETED))
    with writing(office.bind) as connection:
        manager = papers.person("manager")
        own = draft_by_hand(
            connection, papers.ref, "name_deletion_notice", manager, now=papers.clock.now(), today=papers.today
        )
        fill(connection, own, manager, DELETED, today=papers.today)
    visitor = as_role("manager")
    text, sent = looked(visitor, waiting, own)
    assert "<strong>Ký</strong>" in text and "<strong>Trình ký</strong>" in text and "Làm các việc trên" in text
    assert "Đã làm 2 văn bản." in visitor.send("/letters/next", sent).text
    assert [papers.row(letter)["status"] for letter in (waiting, own)] == ["approved", "submitted"]
    assert "Người trình và người ký phải là hai người khác nhau." in visitor.get(f"/letters/next?letter={own}").text


def test_what_was_unticked_or_changed_stays_as_it_was(papers: Paperwork, as_role: As) -> None:
    first, second, third = (papers.submitted(papers.drafted(**DELETED)) for _ in "123")
    manager = as_role("manager")
    _, sent = looked(manager, first, second, third)
    papers.sent_back(second, "manager")
    papers.submitted(papers.filled(second, deleted_on="26/03/2016"))
    answer = html.unescape(manager.send("/letters/next", {**sent, "letter": [str(first), str(second)]}).text)
    assert "Đã làm 1 văn bản." in answer and "1 văn bản để nguyên." in answer
    assert "Văn bản đã thay đổi sau khi bạn xem trước." in answer
    assert [papers.row(letter)["status"] for letter in (first, second, third)] == ["approved", "submitted", "submitted"]


def test_all_that_waits_is_there_without_a_tick(papers: Paperwork, as_role: As) -> None:
    clerk = as_role("clerk")
    assert "Không có văn bản nào đang chờ bạn" in clerk.get("/letters/next").text
    signed = papers.approved(papers.drafted(**DELETED))
    papers.drafted(**DELETED)
    _, sent = form_of(clerk.get("/letters/next"))
    assert sent["letter"] == [str(signed)]
    led = clerk.get("/letters/ticked?do=next&every=true&status=all").headers["location"]
    assert f"{signed}" in led.partition("=")[2].split(",")


def test_a_book_on_paper_leads_to_its_own_page(papers: Paperwork, office: Office, as_role: As) -> None:
    signed = papers.approved(papers.drafted(**DELETED))
    with writing(office.bind) as connection:
        keep_on_paper(connection, by="admin", clock=papers.clock)
    text, sent = looked(as_role("clerk"), signed)
    assert sent["letter"] == [] and '<a href="/letters/numbers">Nhập số và ngày từ sổ giấy</a>' in text


def test_nothing_too_many_and_letters_of_others(papers: Paperwork, as_role: As) -> None:
    letter = papers.drafted(**DELETED)
    officer, stranger = as_role("case_officer"), as_role("case_officer", "ADG")
    many = [str(number) for number in range(letter, letter + 101)]
    for answer, says in (
        (officer.get("/letters/next?letter="), "Chưa chọn văn bản nào"),
        (officer.get("/letters/next?letter=x,-1,1e3"), "Chưa chọn văn bản nào"),
        (officer.send("/letters/next", {}), "Chưa chọn văn bản nào"),
        (officer.get("/letters/next?letter=" + ",".join(many)), "nhiều nhất 100"),
        (officer.send("/letters/next", {"letter": many}), "nhiều nhất 100"),
    ):
        assert answer.status_code == 422 and says in html.unescape(answer.text)
    _, sent = looked(officer, letter)
    assert stranger.get(f"/letters/next?letter={letter}").status_code == 404
    assert stranger.send("/letters/next", sent).status_code == 404
    assert officer.send("/letters/next", {"letter": [str(letter)]}).status_code == 200, "without its mark"
    assert papers.row(letter)["status"] == "draft"
