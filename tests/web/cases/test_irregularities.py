"""Irregularities on the pages: the act asks for a reason, a second person confirms, the body accepts in writing."""

from collections.abc import Callable, Mapping

import pytest
from sqlalchemy import select

from casework.acts import apply
from casework.case_view import case_document
from casework.irregularities import accept, confirm, unsettled
from casework.office.people import actor
from models.database import reading
from models.errors import NotFound, Refused, WrongInput
from models.tables import case_rows
from tests.web.web_office import CLOCK, TODAY, Office, Visitor, login_of

As = Callable[..., Visitor]
SHORT: Mapping[str, str] = {"notified_on": "14/03/2016", "from_on": "20/03/2016", "to_on": "20/04/2016"}
OFFICER, MANAGER = login_of("case_officer"), login_of("manager")


def irregular(office: Office, by: str = OFFICER) -> int:
    data = {**SHORT, "irregularity_reason": "Gửi muộn"}
    return apply(office.bind, office.first, "receive_suspension", by=by, clock=CLOCK, data=data).seq


def status(office: Office) -> list[str]:
    with reading(office.bind) as connection:
        document = case_document(connection, office.first, today=TODAY)
        kept = connection.scalar(select(case_rows.c.irregular).where(case_rows.c.ref == office.first))
    listed = [item["status"] for item in document["irregularities"]]
    assert kept == sum(one in ("open", "confirmed") for one in listed)
    return listed


def test_the_form_shows_the_range_and_asks_for_a_reason_only_when_it_is_needed(office: Office, as_role: As) -> None:
    visitor, path = as_role("case_officer"), f"/cases/{office.first}/acts/receive_suspension"
    empty = visitor.get(path).text
    assert "irregularity_reason" not in empty and "ít nhất 15 ngày sau" in empty and "Hợp lệ: từ " in empty
    typed = {f"f.{name}": value for name, value in SHORT.items()}
    answer = visitor.send(path, typed | {"on": "14/03/2016"})
    assert answer.status_code == 422
    assert 'name="f.irregularity_reason"' in answer.text and 'value="20/03/2016"' in answer.text
    assert "20/03/2016 chưa đủ 15 ngày kể từ 14/03/2016" in answer.text and "sớm nhất là 29/03/2016" in answer.text
    done = visitor.send(path, typed | {"on": "14/03/2016", "f.irregularity_reason": "Gửi muộn"})
    assert done.status_code == 303 and status(office) == ["open"]
    assert "Gửi muộn" in visitor.get(f"/cases/{office.first}").text


def test_a_head_who_did_not_record_it_confirms_many_with_one_reason(office: Office, as_role: As) -> None:
    seq = irregular(office)
    page = as_role("manager").get("/irregularities").text
    assert f'value="{office.first}:{seq}"' in page
    empty = as_role("manager").send("/irregularities", {"chosen": f"{office.first}:{seq}", "reason": ""})
    assert empty.status_code == 422 and status(office) == ["open"]
    answer = as_role("manager").send("/irregularities", {"chosen": f"{office.first}:{seq}", "reason": "Đã xem"})
    assert answer.headers["location"] == "/irregularities?done=1" and status(office) == ["confirmed"]


def test_confirming_is_for_a_second_person_among_the_heads_and_all_or_none(office: Office) -> None:
    seq = irregular(office)
    with pytest.raises(Refused, match="irregularity_is_heads"):
        confirm(office.bind, [(office.first, seq)], by=OFFICER, reason="x", clock=CLOCK)
    with pytest.raises(NotFound):
        confirm(office.bind, [(office.first, seq)], by=login_of("manager", "ADG"), reason="x", clock=CLOCK)
    with pytest.raises(NotFound):
        confirm(office.bind, [(office.first, seq), (office.second, 1)], by=MANAGER, reason="x", clock=CLOCK)
    with pytest.raises(WrongInput, match="irregularities_none_chosen"):
        confirm(office.bind, [], by=MANAGER, reason="x", clock=CLOCK)
    assert status(office) == ["open"]


def test_the_body_accepts_in_writing_and_nothing_is_listed_any_more(office: Office, as_role: As) -> None:
    seq = irregular(office)
    path = f"/cases/{office.first}/irregularities/{seq}/accept"
    said = {"body": "Phòng Tài chính - Kế hoạch", "paper": "12/TB", "paper_on": "14/03/2016"}
    assert as_role("manager").send(path, said | {"paper_on": "01/03/2016"}).status_code == 422
    assert as_role("manager").send(path, said).status_code == 303
    assert status(office) == ["accepted"]
    with reading(office.bind) as connection:
        assert unsettled(connection, actor(connection, MANAGER)) == []
    with pytest.raises(Refused, match="irregularity_settled"):
        accept(office.bind, office.first, seq, by=MANAGER, body="x", paper="1", paper_on=TODAY, clock=CLOCK)


def test_an_impossible_day_is_refused_whatever_the_reason(office: Office) -> None:
    data = {**SHORT, "to_on": "01/03/2016", "irregularity_reason": "x"}
    with pytest.raises(WrongInput, match="day_not_before") as wrong:
        apply(office.bind, office.first, "receive_suspension", by=OFFICER, clock=CLOCK, data=data)
    assert wrong.value.field == "to_on"
