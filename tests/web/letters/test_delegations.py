"""The page of who may sign for whom: read by all, added and ended by the heads, wrong input at its field."""

from collections.abc import Callable

import pytest
from sqlalchemy import update

from models.database import writing
from models.tables import officers
from tests.web.web_office import ROLES, Office, Visitor

As = Callable[..., Visitor]
PAGE = "/office/delegations"
NAMED = {"login": "second.hbg", "authority": "TL", "body": "finance_office", "from_on": "01/01/2016"}
GOOD = NAMED | {"decision": "05/QĐ-TCKH <b>", "post": "Tổ trưởng"}


@pytest.fixture
def given(office: Office, as_role: As) -> Visitor:
    leader = as_role("leader")
    assert leader.send(PAGE, GOOD).status_code == 303
    return leader


def test_everybody_of_the_office_reads_what_the_heads_have_given(given: Visitor, as_role: As) -> None:
    for role in ROLES:
        text = as_role(role).get(PAGE).text
        assert "TL. Người thứ hai" in text
        assert "05/QĐ-TCKH &lt;b&gt;" in text
        assert ("Thêm ủy quyền ký" in text) is (role in ("manager", "leader", "admin"))
    assert "Người thứ hai" not in as_role("leader", "ADG").get(PAGE).text
    assert "Người thứ hai" in as_role("leader", None).get(PAGE).text


@pytest.mark.parametrize(
    ("typed", "status", "says"),
    [
        ({}, 422, "Từ ngày"),
        (GOOD | {"from_on": "31/02/2016"}, 422, "31/02/2016"),
        (GOOD | {"decision": ""}, 422, "TL., TUQ. và Q. phải có văn bản giao"),
        (GOOD | {"login": "<script>"}, 422, "&lt;script&gt;"),
        (GOOD | {"authority": "KT"}, 403, "KT. chỉ dành cho cấp phó"),
        (GOOD | {"body": "district_committee", "login": "leader.hbg"}, 403, "Không tự giao quyền ký cho mình"),
    ],
)
def test_what_cannot_be_is_said_and_what_was_typed_stays(
    as_role: As, office: Office, typed: dict[str, str], status: int, says: str
) -> None:
    answer = as_role("leader").send(PAGE, typed)
    assert answer.status_code == status
    assert says in answer.text
    assert "<script>" not in answer.text
    if typed.get("post"):
        assert 'value="Tổ trưởng"' in answer.text


def test_a_delegation_is_ended_with_a_reason_and_stays_on_the_page(given: Visitor) -> None:
    assert given.send(f"{PAGE}/1/end", {"on": "14/03/2016", "reason": ""}).status_code == 422
    assert given.send(f"{PAGE}/1/end", {"on": "01/03/2016", "reason": "x"}).status_code == 422
    assert given.send(f"{PAGE}/1/end", {"on": "", "reason": "Chuyển công tác"}).status_code == 303
    assert given.send(f"{PAGE}/77/end", {"on": "", "reason": "x"}).status_code == 404
    text = given.get(PAGE).text
    assert "Chuyển công tác" in text
    assert "14/03/2016" in text


def test_a_deputy_signs_on_the_page_of_the_letter(given: Visitor, office: Office, as_role: As) -> None:
    with writing(office.bind) as connection:
        deputy = update(officers).where(officers.c.login == "second.hbg")
        connection.execute(deputy.values(role="manager", post="Phó Trưởng phòng"))
    officer, visitor = as_role("case_officer"), as_role("clerk")
    made = officer.send(f"/cases/{office.first}/letters/new", {"template": "name_deletion_notice"}).headers["location"]
    typed = {"f.deleted_on": "25/03/2016", "then": "submit"}
    assert officer.send(f"{made}/fill", typed).status_code == 303
    waiting = officer.get(made).text
    assert "Người thứ hai (TL.)" in waiting
    visitor.sign_in("second.hbg")
    assert visitor.send(f"{made}/approve").status_code == 303
    assert "TL. TRƯỞNG PHÒNG" in visitor.get(made).text
