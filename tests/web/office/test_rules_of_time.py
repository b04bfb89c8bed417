"""Pages of what the office has settled about time: closing days and readings of the law."""

import html
import re
from collections.abc import Callable
from datetime import date

from httpx import Response
from sqlalchemy import select

from casework.acts import record
from casework.ledger import NewFact, load_case
from models.database import reading, writing
from models.tables import case_rows, closings, deadlines, rulings
from tests.web.web_office import CLOCK, Office, Visitor

As = Callable[..., Visitor]
DAY = {"on": "09/03/2016", "reason": "Bão số 1", "decision": "12/QĐ-UBND"}


def words(answer: Response) -> str:
    return html.unescape(re.sub(r"<[^>]+>", " ", answer.text))


def hidden(answer: Response, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', answer.text)
    assert found, name
    return html.unescape(found[1])


def ends(office: Office, ref: str) -> date | None:
    found = select(deadlines.c.ends_on).join(case_rows, case_rows.c.id == deadlines.c.case_id)
    with reading(office.bind) as connection:
        return connection.scalar(found.where(case_rows.c.ref == ref, deadlines.c.key == "accept_target"))


def test_a_closing_day_is_previewed_adopted_and_taken_back(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    seen = manager.send("/office/closings", DAY)
    assert seen.status_code == 200
    assert "2 thời hạn đang chạy sẽ dời" in words(seen)
    assert "15/03/2016" in seen.text and "16/03/2016" in seen.text
    assert ends(office, office.first) == date(2016, 3, 15), "only previewed"
    plan = {"plan": hidden(seen, "plan"), "seen": hidden(seen, "seen")}
    done = manager.send("/office/closings/adopt", plan)
    assert (done.status_code, done.headers["location"]) == (303, "/office/closings?done=2")
    assert ends(office, office.first) == date(2016, 3, 16)
    listed = manager.get("/office/closings?done=2")
    assert "2 thời hạn đã được tính lại" in words(listed)
    link = re.search(r'href="(/office/closings/\d+/back)"', listed.text)
    assert link
    asked = manager.get(link[1])
    assert "15/03/2016" in asked.text
    refused = manager.send(link[1], {"reason": "  ", "seen": hidden(asked, "seen")})
    assert refused.status_code == 422
    assert ends(office, office.first) == date(2016, 3, 16)
    assert manager.send(link[1], {"reason": "Nhầm ngày", "seen": hidden(asked, "seen")}).status_code == 303
    assert ends(office, office.first) == date(2016, 3, 15)
    after = manager.get("/office/closings")
    assert "Nhầm ngày" in after.text and "Đã thu hồi" in after.text
    assert link[1] not in after.text
    assert manager.get(link[1]).status_code == 403


def test_a_range_and_a_file_are_taken(office: Office, as_role: As) -> None:
    city = as_role("manager", None)
    seen = city.send("/office/closings", DAY | {"to_on": "13/03/2016", "layer": "city"})
    assert [item in seen.text for item in ("09/03/2016", "10/03/2016", "11/03/2016")] == [True] * 3
    assert "4 thời hạn đang chạy sẽ dời" in words(seen)
    text = '- {on: 2016-03-10, layer: office, district: ADG, reason: "Bão", decision: "3/QĐ"}'
    seen = city.send("/office/closings", files={"file": ("dong-cua.yaml", text.encode(), "text/yaml")})
    assert "1 thời hạn đang chạy sẽ dời" in words(seen)
    assert "An Dương" in seen.text
    for content in (b"\xff\xfe", b"{", b"- 1"):
        answer = city.send("/office/closings", files={"file": ("x.yaml", content, "text/yaml")})
        assert answer.status_code == 422
        assert "wrong" in answer.text


def test_a_district_closes_its_own_office_whatever_it_sends(office: Office, as_role: As) -> None:
    seen = as_role("leader").send("/office/closings", DAY | {"layer": "city", "district": "ADG"})
    assert '"district": "HBG"' in hidden(seen, "plan")
    forged = '[{"on": "2016-03-09", "layer": "city", "reason": "x", "decision": "y"}]'
    answer = as_role("leader").send("/office/closings/adopt", {"plan": forged, "seen": ""})
    assert answer.status_code == 403
    with reading(office.bind) as connection:
        assert connection.execute(select(closings)).all() == []


def test_bad_input_is_named_at_the_field_and_changes_nothing(office: Office, as_role: As) -> None:
    manager = as_role("manager")
    for change, says in (
        ({"on": "31/02/2016"}, "không phải ngày"),
        ({"on": "12/03/2016"}, "vốn đã nghỉ"),
        ({"to_on": "01/03/2016"}, "trước ngày đầu"),
        ({"reason": ""}, "Lý do"),
        ({"decision": "<b>" * 2_000}, "dài"),
    ):
        answer = manager.send("/office/closings", DAY | change)
        assert answer.status_code == 422, change
        assert says in html.unescape(answer.text), change
        assert "<b><b>" not in answer.text
    for plan in ("", "{}", "[]", "[1]", "không"):
        assert manager.send("/office/closings/adopt", {"plan": plan, "seen": "x"}).status_code == 403
    assert manager.get("/office/closings/99/back").status_code == 404
    stale = manager.send(
        "/office/closings/adopt",
        {"plan": '[{"on": "2016-03-09", "district": "HBG", "reason": "x", "decision": "y"}]', "seen": "khác"},
    )
    assert stale.status_code == 409
    assert "Xem trước lại" in words(stale)


def complained(office: Office) -> str:
    with writing(office.bind) as connection:
        for kind, day in (("decide_dissolution", date(2016, 3, 1)), ("receive_complaint", date(2016, 3, 10))):
            record(connection, load_case(connection, office.first), NewFact(kind, day, CLOCK.now(), "x", "leader", {}))
    return office.first


def test_the_legal_office_rules_after_a_preview_and_everybody_reads(office: Office, as_role: As) -> None:
    ref, path = complained(office), "/office/readings/complaint_and_compulsory_60"
    legal, reader = as_role("legal"), as_role("case_officer")
    text = words(legal.get("/office/readings"))
    assert ref in text and "04/05/2016" in text and "Đồng hồ đang dừng" in text
    assert f"{path}?way=stops" in legal.get("/office/readings").text
    assert f"{path}?way=stops" not in reader.get("/office/readings").text
    seen = legal.get(f"{path}?way=stops")
    assert "1 thời hạn đang chạy sẽ dời" in words(seen)
    typed = {"way": "stops", "seen": hidden(seen, "seen"), "reason": ""}
    assert legal.send(path, typed).status_code == 422
    stale = legal.send(path, typed | {"reason": "Công văn 5/STP", "seen": "khác"})
    assert stale.status_code == 409
    assert legal.send(path, typed | {"reason": "Công văn 5/STP"}).status_code == 303
    listed = reader.get("/office/readings")
    assert "Công văn 5/STP" in listed.text
    case = words(reader.get(f"/cases/{ref}"))
    assert "theo kết luận của Người legal.hbg" in case
    assert legal.get(f"{path}?way=runs").status_code == 403, "ruled once"


def test_who_may_not_rule_and_what_is_no_reading(office: Office, as_role: As) -> None:
    path = "/office/readings/complaint_and_compulsory_60"
    assert as_role("case_officer").get(f"{path}?way=stops").status_code == 403
    assert as_role("leader").get(f"{path}?way=stops").status_code == 403
    assert as_role("leader", None).get(f"{path}?way=stops").status_code == 200
    legal = as_role("legal")
    assert [legal.get(address).status_code for address in (f"{path}?way=maybe", path, "/office/readings/x?way=y")] == [
        404
    ] * 3
    assert as_role("manager").send(path, {"way": "stops", "reason": "x"}).status_code == 403
    with reading(office.bind) as connection:
        assert connection.execute(select(rulings)).all() == []
