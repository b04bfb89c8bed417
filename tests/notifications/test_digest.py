"""The weekly digest: by legal risk for officers, in figures that reconcile for heads; once a week, not for nothing."""

import re
from datetime import date, timedelta

import pytest

from casework.office.people import actor
from correspondence import drafts
from flows.jobs.effects import drain
from models.database import writing
from models.tables import case_rows, deadlines, facts, obstacles
from notifications.weekly.digest_content import SECTIONS
from templates.words import catalogue
from tests.notifications.desk import LEADER, MANAGER, MONDAY, OFFICER, Desk, at
from tests.tampering import behind_the_program
from tests.web.web_office import login_of, new_case

CITY_MANAGER, CITY_LEADER, CLERK = login_of("manager", None), login_of("leader", None), login_of("clerk")


@pytest.fixture
def reached(desk: Desk) -> Desk:
    """All people have an e-mail address, and the effects of the opening are carried out."""
    drain(desk.bind, at(date(2016, 3, 1)))
    with behind_the_program(desk.bind) as connection:
        connection.execute(facts.update().values(recorded_at=at(date(2016, 3, 1)).now()))
    for login in (OFFICER, "second.hbg", MANAGER, LEADER, CITY_MANAGER, CITY_LEADER, CLERK):
        desk.person(login, email=f"{login}@example.vn")
    return desk


def body(desk: Desk, login: str, day: date = MONDAY) -> str:
    message = desk.plan(day)[login].message
    assert message is not None
    return message.body


def test_an_officers_lines_are_in_the_order_of_legal_risk(reached: Desk) -> None:
    reached.act("accept_case", date(2016, 3, 1), file_held="true")
    reached.act(
        "receive_complaint",
        date(2016, 3, 1),
        received_on="2016-03-01",
        complainant="Ông Ba",
        against="QĐ 12",
        settler="district_committee",
        concerns="dissolution",
    )
    assert list(reached.plan(MONDAY)[LEADER].counts) == ["past"]
    text = body(reached, LEADER)
    assert "QUÁ HẠN LUẬT ĐỊNH (1)" in text
    assert "Thụ lý khiếu nại: 11/03/2016, quá hạn 3 ngày (hạn luật định)\n  → Thụ lý" in text, "what meets it"


def test_past_the_limit_comes_before_what_is_only_behind_a_target(reached: Desk) -> None:
    text = body(reached, OFFICER)
    first = text.index("CHẬM SO VỚI KẾ HOẠCH")
    assert "Rà soát, phân loại xong: 01/03/2016, chậm 13 ngày so với kế hoạch (hạn của chương trình)" in text[first:]
    assert f"https://coopcase.example.vn/cases/{reached.ref}" in text
    assert "→ " in text


def test_obstacles_say_since_when_and_whom_to_press(reached: Desk) -> None:
    case_id = reached.case()["id"]
    reached.note(obstacles.insert().values(case_id=case_id, code="tax_debt", since_on=date(2016, 3, 1), note=""))
    text = body(reached, OFFICER)
    assert "ĐANG CHỜ NƠI KHÁC (1)" in text
    assert "Nợ thuế, từ 01/03/2016 (13 ngày)" in text
    assert "→ Đôn đốc: Chi cục Thuế." in text


def test_letters_are_named_by_their_title_and_linked(reached: Desk) -> None:
    with writing(reached.bind) as connection:
        officer, now = actor(connection, OFFICER), at(date(2016, 3, 2)).now()
        letter = drafts.draft_by_hand(
            connection, reached.ref, "name_deletion_notice", officer, now=now, today=date(2016, 3, 2)
        )  # fmt: skip
    text = body(reached, OFFICER)
    assert "VĂN BẢN CẦN KÝ, CẦN GỬI (1)" in text
    assert "name_deletion_notice" not in text
    assert "name deletion" not in text
    assert f"https://coopcase.example.vn/letters/{letter}" in text


def test_acts_of_others_are_listed_and_own_acts_are_not(reached: Desk) -> None:
    reached.act("accept_case", date(2016, 3, 9), file_held="true")
    assert "THAY ĐỔI" not in body(reached, OFFICER)
    reached.act(
        "receive_complaint",
        date(2016, 3, 10),
        "clerk",
        received_on="2016-03-10",
        complainant="X",
        against="Y",
        settler="district_committee",
        concerns="dissolution",
    )
    assert "10/03/2016: Đã nhận khiếu nại" in body(reached, OFFICER)


def test_a_quiet_week_is_a_line_in_the_inbox_and_no_message(reached: Desk) -> None:
    quiet = reached.plan(MONDAY)[CLERK]
    assert (quiet.kind, quiet.why) == ("quiet", "nothing_due")
    reached.remind(MONDAY)
    (row,) = reached.rows(login=CLERK, kind="digest")
    assert (row["status"], row["subject"]) == ("inbox", "Tuần từ 14/03/2016: không có việc đến hạn và không có gì mới.")


def test_the_week_is_written_once(either_desk: Desk) -> None:
    either_desk.remind(MONDAY)
    before = either_desk.rows(kind="digest")
    assert either_desk.remind(MONDAY)["already"] is True
    either_desk.remind(MONDAY + timedelta(days=2), at(MONDAY + timedelta(days=2)))
    assert either_desk.rows(kind="digest") == before
    assert {item.why for item in either_desk.plan(MONDAY).values()} == {"already", "no_cases"}


def test_the_managers_figures_reconcile_and_are_worst_first(reached: Desk) -> None:
    with writing(reached.bind) as connection:
        new_case(connection, "HTX Thêm", "HBG")
    met = {"status": "met", "ended_on": date(2016, 3, 9)}
    reached.note(deadlines.update().where(deadlines.c.case_id == 1, deadlines.c.key == "review_by").values(met))
    text = body(reached, MANAGER)
    assert "Số hồ sơ từ 07/03/2016 đến 13/03/2016" in text
    flow = "đầu kỳ 4 + mới 0 − đóng 0 = cuối kỳ 4"
    assert flow in text
    assert "THEO CÁN BỘ THỤ LÝ, NẶNG NHẤT TRƯỚC" in text
    groups = text[text.index("THEO CÁN BỘ") :].splitlines()[1:4]
    counts = [int(line.split(" chậm")[0].split()[-1]) for line in groups if " chậm" in line]
    assert counts == sorted(counts, reverse=True)
    assert "Tốt lên trong kỳ: 1 hạn hoàn thành." in text


@pytest.mark.parametrize("reader", [MANAGER, LEADER, CITY_MANAGER, CITY_LEADER])
def test_opening_and_new_less_closed_is_closing(reached: Desk, reader: str) -> None:
    """A case opened, one closed: the line holds, and the groups add up to what is open."""
    with writing(reached.bind) as connection:
        new_case(connection, "HTX Thêm", "HBG")
    reached.note(case_rows.update().where(case_rows.c.ref == reached.office.second).values(closed_on=date(2016, 3, 10)))
    reached.note(case_rows.update().where(case_rows.c.ref == reached.ref).values(opened_on=date(2016, 3, 8)))
    text = body(reached, reader)
    opening, opened, closed, closing = (int(x) for x in re.search(
        r"đầu kỳ (\d+) \+ mới (\d+) − đóng (\d+) = cuối kỳ (\d+)", text
    ).groups())  # type: ignore[union-attr] # fmt: skip
    assert opening + opened - closed == closing
    assert (opened, closed) == (1, 1)
    groups = [int(count) for count in re.findall(r": (\d+) đang mở,", text)]
    assert sum(groups) == closing


def test_the_leaders_page_tells_the_districts_apart(reached: Desk) -> None:
    text = body(reached, CITY_LEADER)
    assert "THEO QUẬN, HUYỆN, NẶNG NHẤT TRƯỚC" in text
    assert "- Hồng Bàng: 3 đang mở" in text
    assert "- An Dương: 1 đang mở" in text


def test_the_manager_learns_who_cannot_be_reached(reached: Desk) -> None:
    reached.person("second.hbg", email="")
    text = body(reached, MANAGER)
    assert "KHÔNG NHẬN ĐƯỢC TIN" in text
    assert "- Người thứ hai: chưa có kênh nhận tin và chưa có địa chỉ thư điện tử" in text
    assert "An Dương" not in text, "not those of another district"
    assert "KHÔNG NHẬN ĐƯỢC TIN" not in body(reached, LEADER)


def test_both_digests_say_who_is_the_substitute_of_whom(reached: Desk) -> None:
    reached.away(OFFICER, "second.hbg", date(2016, 3, 16), date(2016, 3, 18))
    mine, theirs = body(reached, OFFICER), body(reached, "second.hbg")
    assert "Bạn vắng từ 16/03/2016 đến 18/03/2016: Người thứ hai nhận thay; bạn vẫn nhận đủ." in mine
    assert "Bạn nhận thay cho Người case_officer.hbg, vắng từ 16/03/2016 đến 18/03/2016." in theirs


def test_a_substitute_has_the_absent_persons_work_in_the_digest(reached: Desk) -> None:
    reached.away(OFFICER, "second.hbg", MONDAY, date(2016, 3, 18))
    text = body(reached, "second.hbg")
    assert f"({reached.ref}) [thay cho Người case_officer.hbg]" in text
    assert f"({reached.ref})" in body(reached, OFFICER), "the absent person gets it too"


def test_past_acts_stay_attributed(reached: Desk) -> None:
    reached.act("accept_case", date(2016, 3, 9), file_held="true")
    reached.away(OFFICER, "second.hbg", MONDAY, date(2016, 3, 18))
    theirs = body(reached, "second.hbg")
    assert "09/03/2016: Đã nhận hồ sơ rà soát" in theirs, "news to the substitute"
    assert "Đã nhận hồ sơ rà soát" not in body(reached, OFFICER), "and no news to the doer"


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("vi", ("Việc của bạn tuần 14/03: ", "CHẬM SO VỚI")),
        ("en", ("Your week of 14/03: ", "BEHIND PLAN")),
    ],
)
def test_a_digest_speaks_its_readers_language(reached: Desk, lang: str, words: tuple[str, str]) -> None:
    reached.person(OFFICER, lang=lang)
    message = reached.plan(MONDAY)[OFFICER].message
    assert message is not None
    assert message.subject.startswith(words[0])
    assert words[1] in message.body


def test_a_long_section_is_cut_and_counted(reached: Desk) -> None:
    with writing(reached.bind) as connection:
        for number in range(60):
            new_case(connection, f"HTX Số {number}", "HBG")
    text = body(reached, OFFICER)
    assert text.count("Rà soát, phân loại xong") == 25
    assert "việc nữa trong danh sách. https://coopcase.example.vn/work" in text


def test_every_subject_is_one_line(reached: Desk) -> None:
    for item in reached.plan(MONDAY).values():
        if item.message:
            assert item.message.subject.isprintable()
            assert len(item.message.subject) <= 70


def test_heads_see_what_changed_since_the_digest_before(either_desk: Desk) -> None:
    """One case more is late, one obstacle is gone: each figure beside that of the mail of last week."""
    desk = either_desk
    desk.note(obstacles.insert().values(case_id=1, code="tax_debt", since_on=date(2016, 3, 1), note=""))
    desk.note(case_rows.update().where(case_rows.c.id == 2).values(target_on=date(2016, 3, 16)))
    first = body(desk, MANAGER)
    assert "So với" not in first, "nothing to hold it against yet"
    desk.remind(MONDAY)
    desk.note(obstacles.update().values(lifted_on=date(2016, 3, 16)))
    text = body(desk, MANAGER, MONDAY + timedelta(days=7))
    assert "So với bản tin ngày 14/03/2016: chậm so với kế hoạch 2 → 3, vướng mắc 1 → 0." in text
    assert "Người thứ hai: 1 đang mở, 1 chậm so với kế hoạch (+1)" in text
    assert "Tốt lên trong kỳ: 1 vướng mắc được tháo gỡ." in text
    assert "Người case_officer.hbg: 1 đang mở, 1 chậm so với kế hoạch\n" in text, (
        "what is as it was is not counted again"
    )


def test_what_came_up_since_the_digest_before_is_marked(reached: Desk) -> None:
    reached.remind(MONDAY)
    reached.note(obstacles.insert().values(case_id=1, code="tax_debt", since_on=date(2016, 3, 16), note=""))
    text = body(reached, OFFICER, MONDAY + timedelta(days=7))
    late, waiting = text.split("ĐANG CHỜ NƠI KHÁC")
    assert f"({reached.ref}) [mới]" in waiting
    assert "[mới]" not in late, "it was late last week too"


def test_the_first_line_says_what_to_do(reached: Desk) -> None:
    reached.note(obstacles.insert().values(case_id=1, code="tax_debt", since_on=date(2016, 3, 1), note=""))
    lead = body(reached, OFFICER).splitlines()[0]
    assert lead.startswith(f"→ Làm trước hết, HTX DVNN Bạch Đằng ({reached.ref}): ")


@pytest.mark.parametrize("name", SECTIONS)
def test_every_section_has_its_words(name: str) -> None:
    assert {f"messages.section_{name}", f"messages.count_{name}"} <= set(catalogue())


def test_the_city_sees_unassigned_cases(reached: Desk) -> None:
    reached.note(case_rows.update().where(case_rows.c.ref == reached.ref).values(officer_id=None))
    assert "- Hồng Bàng: 3 đang mở, 3 chậm so với kế hoạch, 1 chưa giao cho ai" in body(reached, CITY_LEADER)


def test_a_week_without_change_is_said_to_be_one(reached: Desk) -> None:
    reached.remind(MONDAY)
    assert "Không đổi so với bản tin ngày 14/03/2016: chậm so với kế hoạch 3." in body(
        reached, MANAGER, MONDAY + timedelta(days=7)
    )
