"""Versions on their pages: brought in, looked at, proposed, decided by a second person; who may do which."""

import re
from collections.abc import Callable

import pytest

from models.database import reading
from procedures.definition.loader import load
from rule_changes.version_impact import preview
from rulebook.versions import Versions, in_force
from tests.acting import apply
from tests.rule_changes import version_texts as made
from tests.rule_changes.version_texts import NAME, text_of
from tests.web.web_office import CLOCK, COMPLAINT, ROLES, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
PAGE = f"/office/versions/{NAME}@9"
PROPOSERS, APPROVERS = ("admin", "manager", "leader"), ("legal", "leader")


def bring(visitor: Visitor, text: str, name: str = "moi.yaml") -> str:
    """The page that a file leads to, or the page that says why not."""
    answer = visitor.send("/office/versions", page="/me", files={"file": (name, text.encode())})
    if answer.status_code == 303:
        return str(visitor.get(answer.headers["location"]).text)
    assert answer.status_code == 422, answer.status_code
    return str(answer.text)


def proposed(as_role: As, *changes: tuple[str, str]) -> None:
    visitor = as_role("manager", None)
    bring(visitor, text_of("9", *changes))
    assert visitor.send(f"{PAGE}/propose", {"note": "Theo công văn 12"}).status_code == 303


def mark_on(page: str) -> str:
    found = re.search(r'name="seen" value="([0-9a-f]+)"', page)
    assert found
    return found[1]


def test_a_version_is_brought_in_seen_proposed_and_approved(office: Office, as_role: As) -> None:
    page = bring(as_role("manager", None), text_of("9", made.LEGAL))
    for sentence in (
        "4 hồ sơ chuyển được",
        "4 thời hạn luật định thay đổi",
        "15/03/2016 (nội bộ)",
        "08/03/2016 (luật định)",
    ):
        assert sentence in page
    assert "Duyệt và áp dụng" not in page
    proposed(as_role, made.LEGAL)
    legal = as_role("legal", None)
    page = legal.get(PAGE).text
    assert "Theo công văn 12" in page
    assert legal.send(f"{PAGE}/approve", {"seen": mark_on(page)}).headers["location"] == f"{PAGE}?done=approve"
    with reading(office.bind) as connection:
        assert in_force(connection).pin == f"{NAME}@9"
    page = legal.get(f"{PAGE}?done=approve").text
    assert "Không hồ sơ mở nào theo phiên bản khác." in page
    assert "Duyệt, áp dụng" in page
    case = legal.get(f"/cases/{office.first}").text
    assert f"{NAME}@9" in case
    assert login_of("legal", None) in case, "the fact says who approved"


def test_without_the_tick_nothing_is_approved(office: Office, as_role: As) -> None:
    proposed(as_role, made.LEGAL)
    answer = as_role("legal", None).send(f"{PAGE}/approve")
    assert answer.status_code == 422
    assert "Chưa đánh dấu đã xem danh sách" in answer.text


def test_a_person_with_an_older_list_is_shown_the_new_one(office: Office, as_role: As) -> None:
    proposed(as_role, made.HASTE)
    legal = as_role("legal", None)
    old = mark_on(legal.get(PAGE).text)
    apply(office.bind, office.second, "receive_complaint", by=login_of("legal"), clock=CLOCK, data=COMPLAINT)
    answer = legal.send(f"{PAGE}/approve", {"seen": old})
    assert answer.status_code == 409
    assert "khác với bản đã xem" in answer.text
    assert "21/03/2016" in answer.text
    assert mark_on(answer.text) != old
    assert legal.send(f"{PAGE}/approve", {"seen": mark_on(answer.text)}).status_code == 303


@pytest.mark.parametrize("role", ROLES)
def test_everybody_of_the_city_reads_and_each_does_their_part(office: Office, as_role: As, role: str) -> None:
    proposed(as_role)
    visitor = as_role(role, None)
    assert 'href="/office/versions"' in visitor.get("/office/versions").text
    page = visitor.get(PAGE)
    assert page.status_code == 200
    assert (f'action="{PAGE}/withdraw"' in page.text) is (role in PROPOSERS)
    assert (f'action="{PAGE}/approve"' in page.text) is (role in APPROVERS)
    assert (f'action="{PAGE}/return"' in page.text) is (role in APPROVERS)
    tried = {
        act: visitor.send(f"{PAGE}/{act}", {"seen": "0" * 12, "reason": "x"}).status_code
        for act in ("approve", "return", "withdraw")
    }
    assert (tried["approve"] == 409) is (role in APPROVERS)
    assert (tried["return"] == 303) is (role in APPROVERS)
    assert (tried["withdraw"] == 303) is (role in PROPOSERS and role not in APPROVERS)
    assert (visitor.send("/office/versions", files={"file": ("x.yaml", b"x: 1")}).status_code == 422) is (
        role in PROPOSERS
    )


@pytest.mark.parametrize("role", ["manager", "leader", "legal", "admin"])
def test_a_district_has_no_tab_for_it(office: Office, as_role: As, role: str) -> None:
    visitor = as_role(role)
    assert "/office/versions" not in visitor.get("/office/delegations").text
    assert visitor.send(f"{PAGE}/approve", {"seen": "0" * 12}).status_code == 403


def test_the_proposer_does_not_approve(office: Office, as_role: As) -> None:
    leader = as_role("leader", None)
    bring(leader, text_of("9"))
    leader.send(f"{PAGE}/propose")
    page = leader.get(PAGE).text
    assert f'action="{PAGE}/approve"' not in page
    assert "Người đề nghị không tự duyệt" in page
    answer = leader.send(f"{PAGE}/approve", {"seen": "0" * 12})
    assert answer.status_code == 403
    assert "Phải là người khác với người đề nghị" in answer.text


def test_a_proposal_is_sent_back_with_a_reason(office: Office, as_role: As) -> None:
    proposed(as_role)
    legal = as_role("legal", None)
    assert legal.send(f"{PAGE}/return", {"reason": " "}).status_code == 422
    assert legal.send(f"{PAGE}/return", {"reason": "Chưa có công văn"}).status_code == 303
    manager = as_role("manager", None)
    page = manager.get(PAGE).text
    assert "đã trả lại" in page
    assert "Chưa có công văn" in page
    assert manager.send(f"{PAGE}/propose").status_code == 303


BAD = {
    "no file": ("", "", "Chưa chọn tệp thủ tục"),
    "not YAML": ("x.yaml", "states: [", "x.yaml, dòng"),
    "an unknown key": ("x.yaml", text_of("9") + "colour: red\n", "khóa lạ colour"),
    "a letter without a template": (
        "x.yaml",
        text_of("9", ("letters: [trace_minutes]", "letters: [no_such]")),
        "mẫu văn bản không có «no_such»",
    ),
    "markup in it": ("<b>.yaml", "procedure: '<script>'\n", "&lt;b&gt;.yaml"),
    "the name of the version in force": ("x.yaml", text_of(load().version, made.SHORTER), "đã dùng cho một tệp khác"),
}


@pytest.mark.parametrize("what", BAD)
def test_the_faults_of_a_bad_file_are_listed_line_by_line(office: Office, as_role: As, what: str) -> None:
    name, text, said = BAD[what]
    visitor = as_role("manager", None)
    if not name:
        assert said in visitor.send("/office/versions").text
        return
    answer = visitor.send("/office/versions", files={"file": (name, text.encode())})
    assert answer.status_code in (422, 403)
    assert said in answer.text
    assert "<b>.yaml" not in answer.text


def test_a_file_that_is_no_text_or_too_long_is_refused(office: Office, as_role: As) -> None:
    visitor = as_role("manager", None)
    for content, said in ((b"\xff\xfe\x00", "UTF-8"), (b"#" * 1_000_001, "1000 KB")):
        answer = visitor.send("/office/versions", files={"file": ("x.yaml", content)})
        assert answer.status_code == 422
        assert said in answer.text


def test_the_file_is_given_back_as_it_came(office: Office, as_role: As) -> None:
    visitor = as_role("manager", None)
    bring(visitor, text_of("9"))
    answer = visitor.get(f"{PAGE}/file")
    assert answer.text == text_of("9")
    assert answer.headers["content-disposition"].startswith("attachment")
    assert visitor.get("/office/versions/x@9/file").status_code == 404
    assert visitor.get("/office/versions/x@9").status_code == 404
    assert visitor.send(f"{PAGE}/destroy").status_code == 404


def test_what_was_left_behind_is_moved_alone(office: Office, as_role: As) -> None:
    data = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}
    done = apply(
        office.bind,
        office.first,
        "receive_suspension",
        by=login_of("case_officer"),
        clock=CLOCK,
        data=data,
    )
    manager, legal = as_role("manager", None), as_role("legal", None)
    bring(manager, text_of("9", base=made.without_verb("receive_suspension")))
    manager.send(f"{PAGE}/propose")
    legal.send(f"{PAGE}/approve", {"seen": mark_on(legal.get(PAGE).text)})
    page = legal.get(PAGE).text
    assert "phiên bản mới không có việc này" in page
    assert f'href="?case={office.first}"' in page
    as_role("case_officer").send(f"/cases/{office.first}/facts/{done.seq}/annul", {"reason": "Ghi nhầm"})
    page = legal.get(f"{PAGE}?case={office.first}").text
    answer = legal.send(f"{PAGE}/move", {"seen": mark_on(page), "case": office.first})
    assert answer.headers["location"] == f"{PAGE}?done=move"
    with reading(office.bind) as connection:
        assert preview(connection, Versions(connection).in_force, TODAY).cases == ()


def test_closed_cases_are_replayed_on_demand(office: Office, as_role: As) -> None:
    visitor = as_role("manager", None)
    bring(visitor, text_of("9"))
    assert "được diễn lại" not in visitor.get(PAGE).text
    assert "0 hồ sơ đã đóng được diễn lại" in visitor.get(f"{PAGE}?replayed=true").text


def test_the_pages_speak_english(office: Office, as_role: As) -> None:
    visitor = as_role("legal", None)
    proposed(as_role, made.LEGAL)
    visitor.send("/language", {"lang": "en", "back": "/work"})
    page = visitor.get(PAGE).text
    for words in (
        "4 legal limits move",
        "Approve, put in force",
        "Legal limits that move",
        "awaits the second person",
    ):
        assert words in page
