"""People come, change, hand their cases over and leave; only the city's administrator may see to it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import Connection, Engine, select

from casework.office import staffing
from casework.office.people import actor, sign_in
from casework.office.staffing import Post, choose_password, journal, staff
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.tables import case_rows, officers
from tests.web.web_office import CLOCK, PASSWORD, Office, build_office, login_of

LAN = Post("Trần Thị Lan (thử)", "case_officer", "HBG", "bà", "Chuyên viên", "lan@haiphong.invalid")
ADMIN = login_of("admin", None)


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def taken_in(connection: Connection, login: str = "lan.hbg", post: Post = LAN) -> str:
    return staffing.add(connection, login, post, by=actor(connection, ADMIN), clock=CLOCK)


def test_who_is_taken_in_signs_in_and_chooses_a_password(office: Office) -> None:
    with writing(office.bind) as connection:
        lent = taken_in(connection, " Lan.HBG ")
    with writing(office.bind) as connection:
        person = sign_in(connection, "lan.hbg", lent)
        assert (person.role, person.district, person.temporary) == ("case_officer", "HBG", True)
        choose_password(connection, person, lent, "mat khau rieng 1", "mat khau rieng 1")
    with reading(office.bind) as connection:
        again = sign_in(connection, "lan.hbg", "mat khau rieng 1")
        assert not again.temporary
        assert again.stamp != person.stamp, "older sessions end with the old password"
        with pytest.raises(Refused):
            sign_in(connection, "lan.hbg", lent)


def test_no_line_of_a_name_passes_for_the_head_of_a_mail(office: Office) -> None:
    with writing(office.bind) as connection:
        taken_in(connection, post=replace(LAN, name="Trần Thị Lan\r\nBcc: x@y.vn", post="Chuyên viên\nTrưởng phòng"))
        (row,) = (item for item in staff(connection, "HBG") if item["login"] == "lan.hbg")
    assert (row["name"], row["post"]) == ("Trần Thị Lan Bcc: x@y.vn", "Chuyên viên Trưởng phòng")


@pytest.mark.parametrize(
    ("login", "post", "field"),
    [
        ("Lan Trần", LAN, "login"),
        ("clock", LAN, "login"),
        (login_of("clerk"), LAN, "login"),
        ("x.hbg", replace(LAN, name=" "), "name"),
        ("x.hbg", replace(LAN, role="clock"), "role"),
        ("x.hbg", replace(LAN, district="XXX"), "district"),
        ("x.hbg", replace(LAN, email="lan"), "email"),
        ("x.hbg", replace(LAN, email="a@b.vn\nBcc: c@d.vn"), "email"),
        ("x.hbg", replace(LAN, title="Mr"), "title"),
    ],
)
def test_what_cannot_be_taken_is_said_at_its_field(office: Office, login: str, post: Post, field: str) -> None:
    with pytest.raises(WrongInput) as wrong, writing(office.bind) as connection:
        taken_in(connection, login, post)
    assert wrong.value.field == field
    with reading(office.bind) as connection:
        assert connection.scalar(select(officers.c.id).where(officers.c.login == "x.hbg")) is None


ACTS: dict[str, Callable[[Office, str], object]] = {
    "add": lambda office, by: _within(office, lambda c: staffing.add(c, "l.hbg", LAN, by=actor(c, by), clock=CLOCK)),
    "change": lambda office, by: _within(
        office, lambda c: staffing.change(c, "second.hbg", LAN, by=actor(c, by), clock=CLOCK)
    ),
    "new_password": lambda office, by: _within(
        office, lambda c: staffing.new_password(c, "second.hbg", by=actor(c, by), clock=CLOCK)
    ),
    "come_back": lambda office, by: _within(
        office, lambda c: staffing.come_back(c, "second.hbg", by=actor(c, by), clock=CLOCK)
    ),
    "leave": lambda office, by: staffing.leave(
        office.bind, "second.hbg", hand_over_to=login_of("case_officer"), reason="chuyển công tác", by=by, clock=CLOCK
    ),
}


def _within(office: Office, act: Callable[[Connection], object]) -> object:
    with writing(office.bind) as connection:
        return act(connection)


@pytest.mark.parametrize("act", ACTS)
@pytest.mark.parametrize("role", ["case_officer", "manager", "leader", "legal", "clerk", "commune"])
@pytest.mark.parametrize("place", ["HBG", None])
def test_nobody_but_the_administrator_sees_to_people(bind: Engine, act: str, role: str, place: str | None) -> None:
    office = build_office(bind)
    with pytest.raises(Refused) as refused:
        ACTS[act](office, login_of(role, place))
    assert refused.value.code == "staff_not_yours"


def officer_of(office: Office, ref: str) -> str:
    with reading(office.bind) as connection:
        joined = select(officers.c.login).join(case_rows, case_rows.c.officer_id == officers.c.id)
        return str(connection.scalar(joined.where(case_rows.c.ref == ref)))


def test_who_leaves_hands_every_open_case_over(office: Office) -> None:
    leaver = officer_of(office, office.first)
    other = next(login for login in (login_of("case_officer"), "second.hbg") if login != leaver)
    with reading(office.bind) as connection:
        count = next(row["open_cases"] for row in staff(connection, "HBG") if row["login"] == leaver)
    with pytest.raises(WrongInput) as wrong:
        staffing.leave(office.bind, leaver, hand_over_to="", reason="nghỉ hưu", by=ADMIN, clock=CLOCK)
    assert (wrong.value.field, wrong.value.params["count"]) == ("hand_over_to", count)
    moved = staffing.leave(office.bind, leaver, hand_over_to=other, reason="nghỉ hưu", by=ADMIN, clock=CLOCK)
    assert moved == count > 0
    assert officer_of(office, office.first) == other
    with reading(office.bind) as connection:
        with pytest.raises(Refused):
            sign_in(connection, leaver, PASSWORD)
        assert journal(connection, None)[0]["data"] == {"handed_over": count, "to": other, "reason": "nghỉ hưu"}


def test_a_failed_hand_over_changes_nothing(office: Office) -> None:
    leaver = officer_of(office, office.first)
    with pytest.raises(WrongInput):
        staffing.leave(
            office.bind, leaver, hand_over_to=login_of("case_officer", "ADG"), reason="x", by=ADMIN, clock=CLOCK
        )
    assert officer_of(office, office.first) == leaver
    with reading(office.bind) as connection:
        assert sign_in(connection, leaver, PASSWORD).login == leaver


def test_nobody_with_open_cases_moves_to_another_office(office: Office) -> None:
    moving = officer_of(office, office.first)
    with pytest.raises(Refused) as refused, writing(office.bind) as connection:
        staffing.change(connection, moving, replace(LAN, district="ADG"), by=actor(connection, ADMIN), clock=CLOCK)
    assert refused.value.code == "has_open_cases"


def test_an_administrator_of_a_district_keeps_to_it(office: Office) -> None:
    own = login_of("admin")
    with writing(office.bind) as connection:
        staffing.add(connection, "lan.hbg", LAN, by=actor(connection, own), clock=CLOCK)
    for place in ("ADG", None):
        with pytest.raises(Refused), writing(office.bind) as connection:
            staffing.add(connection, "x", replace(LAN, district=place), by=actor(connection, own), clock=CLOCK)
        with pytest.raises(Refused), writing(office.bind) as connection:
            staffing.change(connection, "lan.hbg", replace(LAN, district=place), by=actor(connection, own), clock=CLOCK)
    with pytest.raises(Refused), writing(office.bind) as connection:
        staffing.new_password(connection, login_of("clerk", "ADG"), by=actor(connection, own), clock=CLOCK)


def test_an_administrator_does_not_lock_the_office_out(office: Office) -> None:
    with pytest.raises(Refused) as refused:
        staffing.leave(office.bind, ADMIN, hand_over_to="", reason="x", by=ADMIN, clock=CLOCK)
    assert refused.value.code == "not_yourself"
    with pytest.raises(Refused), writing(office.bind) as connection:
        staffing.change(connection, ADMIN, replace(LAN, district=None), by=actor(connection, ADMIN), clock=CLOCK)


@pytest.mark.parametrize(
    ("old", "new", "again", "field"),
    [
        ("wrong", "mat khau rieng 1", "mat khau rieng 1", "old"),
        (PASSWORD, "ngan", "ngan", "new"),
        (PASSWORD, PASSWORD, PASSWORD, "new"),
        (PASSWORD, "second.hbg-2016", "second.hbg-2016", "new"),
        (PASSWORD, "mat khau rieng 1", "mat khau rieng 2", "again"),
    ],
)
def test_a_password_that_will_not_do_is_refused(office: Office, old: str, new: str, again: str, field: str) -> None:
    with pytest.raises(WrongInput) as wrong, writing(office.bind) as connection:
        choose_password(connection, actor(connection, "second.hbg"), old, new, again)
    assert wrong.value.field == field


def test_no_error_and_no_journal_holds_a_password(office: Office) -> None:
    with writing(office.bind) as connection:
        lent = taken_in(connection)
        try:
            choose_password(connection, actor(connection, "lan.hbg"), lent, "ngan", "ngan")
        except CoopcaseError as error:
            assert "ngan" not in str(error.params)
        assert lent not in str(journal(connection, None))
