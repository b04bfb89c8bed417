"""Who may sign what: by role, body, level, delegation and day; delegations that cannot be are refused."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import update

from casework.office.people import actor
from correspondence import drafts
from correspondence.delegations import Mandate, add, end, listed
from correspondence.signing import signer_for, signers_of
from letters.catalogue import letter_type, letter_types
from letters.draft import Signer
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.tables import officers
from models.typed_rows.case_shapes import CarriedCase
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, ROLES, TODAY, login_of

OFFICE, COMMITTEE = "name_deletion_notice", "dissolution_decision"
COUNCIL, COMMUNE = "newspaper_request", "activity_statement"
HEADS = {OFFICE: "manager", COMMITTEE: "leader", COUNCIL: "leader", COMMUNE: "commune"}
JANUARY, FEBRUARY, APRIL = date(2016, 1, 1), date(2016, 2, 29), date(2016, 4, 30)


def person(papers: Paperwork, login: str, role: str, post: str, district: str | None = "HBG") -> None:
    row = {
        "login": login, "name": f"Người {login}", "title": "ông", "post": post, "role": role, "email": "", "lang": "vi",
        "district_code": district, "active": True, "is_sample": True, "password_hash": "",
    }  # fmt: skip
    with writing(papers.bind) as connection:
        connection.execute(officers.insert().values(row))


@pytest.fixture
def staffed(papers: Paperwork) -> Paperwork:
    """With deputies of the office and of the committee, and an office manager of the committee."""
    person(papers, "ptp.hbg", "manager", "Phó Trưởng phòng")
    person(papers, "pct.hbg", "leader", "Phó Chủ tịch UBND")
    person(papers, "vp.hbg", "case_officer", "Chánh Văn phòng")
    return papers


def may(papers: Paperwork, login: str, template: str, level: str = "district", on: date = TODAY) -> Signer | str:
    """How a person signs a letter of a case of Hồng Bàng, or the code of the refusal."""
    with reading(papers.bind) as connection:
        case: CarriedCase = {"level": level, "district_code": "HBG"}
        try:
            return signer_for(connection, actor(connection, login), letter_type(template), case, on)
        except Refused as refused:
            return refused.code


def delegate(papers: Paperwork, *given: Any, by: str = "leader", **more: Any) -> int:
    with writing(papers.bind) as connection:
        who = actor(connection, by if "." in by else login_of(by))
        return add(connection, Mandate(*given, **more), by=who, clock=CLOCK)


@pytest.mark.parametrize("template", HEADS)
@pytest.mark.parametrize("role", ROLES)
def test_without_a_delegation_only_the_head_of_the_body_signs(papers: Paperwork, template: str, role: str) -> None:
    own, other, city = (may(papers, login_of(role, place), template) for place in ("HBG", "ADG", None))
    assert (other, city) == ("may_not_sign", "may_not_sign")
    assert own == (Signer("Người " + login_of(role)) if role == HEADS[template] else "may_not_sign")


@pytest.mark.parametrize(
    ("template", "signs"),
    [(OFFICE, "manager.tp"), (COMMITTEE, "leader.tp"), (COUNCIL, "leader.tp"), (COMMUNE, "commune.hbg")],
)
def test_a_unit_of_the_city_has_the_citys_signatures(papers: Paperwork, template: str, signs: str) -> None:
    everybody = [login_of(role, place) for role in ROLES for place in ("HBG", "ADG", None)]
    assert [login for login in everybody if may(papers, login, template, "city") != "may_not_sign"] == [signs]


def test_a_paper_of_others_is_signed_by_nobody_here(papers: Paperwork) -> None:
    others = [name for name, kind in letter_types().items() if kind.issuer == "cooperative"]
    assert others
    assert {may(papers, login_of(role), others[0]) for role in ROLES} == {"letter_not_ours_to_sign"}


@pytest.mark.parametrize(
    ("label", "login", "given", "template", "signs"),
    [
        ("a deputy of the office", "ptp.hbg", ("KT", "finance_office"), OFFICE, ("KT", "Phó Trưởng phòng")),
        ("a deputy of the committee", "pct.hbg", ("KT", "district_committee"), COMMITTEE, ("KT", "Phó Chủ tịch UBND")),
        ("by order", "vp.hbg", ("TL", "district_committee"), COMMITTEE, ("TL", "Chánh Văn phòng")),
        ("by delegation", "vp.hbg", ("TUQ", "district_committee"), COMMITTEE, ("TUQ", "Chánh Văn phòng")),
        ("another body than delegated", "ptp.hbg", ("KT", "finance_office"), COUNCIL, None),
        ("the committee's for the office", "vp.hbg", ("TL", "district_committee"), OFFICE, None),
    ],
)
def test_a_delegation_names_the_body_the_right_and_the_days(
    staffed: Paperwork, label: str, login: str, given: tuple[str, str], template: str, signs: tuple[str, str] | None
) -> None:
    delegate(staffed, login, *given, JANUARY, APRIL, "05/QĐ-UBND")
    wanted = Signer(f"Người {login}", *signs) if signs else "may_not_sign"
    for on in (JANUARY, TODAY, APRIL):
        assert may(staffed, login, template, on=on) == wanted, label
    for on in (date(2015, 12, 31), date(2016, 5, 1)):
        assert may(staffed, login, template, on=on) == "may_not_sign"
    assert may(staffed, login, template, "city") == "may_not_sign"


def test_a_refusal_names_who_may_sign_and_by_what_right(staffed: Paperwork) -> None:
    delegate(staffed, "ptp.hbg", "KT", "finance_office", JANUARY)
    with reading(staffed.bind) as connection:
        case: CarriedCase = {"level": "district", "district_code": "HBG"}
        names = signers_of(connection, letter_type(OFFICE), case, TODAY)
        with pytest.raises(Refused) as refused:
            signer_for(connection, actor(connection, login_of("clerk")), letter_type(OFFICE), case, TODAY)
    assert names == refused.value.params["who"] == "Người manager.hbg, Người ptp.hbg (KT.)"


def test_an_ended_delegation_holds_to_its_last_day_and_what_was_signed_stays_valid(staffed: Paperwork) -> None:
    number = delegate(staffed, "ptp.hbg", "KT", "finance_office", JANUARY)
    letter = staffed.approved(staffed.drafted(deleted_on="25/03/2016"), by="ptp.hbg")
    with writing(staffed.bind) as connection:
        leader = actor(connection, login_of("leader"))
        for on, reason, code in ((date(2016, 3, 13), "x", "delegation_ends_back"), (TODAY, " ", "missing_field")):
            with pytest.raises(WrongInput) as wrong:
                end(connection, number, on, reason, by=leader, clock=CLOCK)
            assert wrong.value.code == code
        end(connection, number, TODAY, "Đi học", by=leader, clock=CLOCK)
    assert may(staffed, "ptp.hbg", OFFICE) == Signer("Người ptp.hbg", "KT", "Phó Trưởng phòng")
    assert may(staffed, "ptp.hbg", OFFICE, on=date(2016, 3, 15)) == "may_not_sign"
    assert staffed.row(letter)["data"]["frozen"]["authority"] == ["KT. TRƯỞNG PHÒNG", "PHÓ TRƯỞNG PHÒNG"]
    with reading(staffed.bind) as connection:
        (row,) = listed(connection, "HBG", date(2016, 3, 15))
    assert (row["stands"], row["ended_by"], row["end_reason"]) == ("over", login_of("leader"), "Đi học")
    again = FrozenClock.on(date(2016, 3, 15))
    with pytest.raises(Refused), writing(staffed.bind) as connection:
        end(connection, number, again.today(), "x", by=leader, clock=again)


def test_an_acting_head_signs_q_while_the_post_is_vacant(staffed: Paperwork) -> None:
    with writing(staffed.bind) as connection:
        connection.execute(update(officers).where(officers.c.login == login_of("manager")).values(active=False))
    person(staffed, "quyen.hbg", "manager", "Quyền Trưởng phòng")
    assert may(staffed, "quyen.hbg", OFFICE) == "may_not_sign"
    delegate(staffed, "quyen.hbg", "Q", "finance_office", JANUARY, decision="12/QĐ-UBND")
    assert may(staffed, "quyen.hbg", OFFICE) == Signer("Người quyen.hbg", "Q", "Quyền Trưởng phòng")
    with reading(staffed.bind) as connection:
        row = drafts.one_letter(connection, staffed.drafted(deleted_on="25/03/2016"))
        assert drafts.live(connection, row, TODAY).letter.authority == ("Q. TRƯỞNG PHÒNG",)


IMPOSSIBLE: list[tuple[str, tuple[Any, ...], dict[str, Any], str]] = [
    ("KT. for somebody who is no deputy", ("vp.hbg", "KT", "finance_office"), {}, "kt_needs_deputy"),
    ("KT. for the deputy of another body", ("ptp.hbg", "KT", "district_committee"), {}, "kt_needs_deputy"),
    ("Q. beside a head", ("ptp.hbg", "Q", "finance_office"), {"decision": "1"}, "acting_needs_vacancy"),
    ("TL. without a written act", ("vp.hbg", "TL", "finance_office"), {}, "delegation_needs_act"),
    ("TUQ. without a written act", ("vp.hbg", "TUQ", "finance_office"), {"to_on": APRIL}, "delegation_needs_act"),
    ("TL. without a post", ("second.hbg", "TL", "finance_office"), {"decision": "1"}, "delegation_needs_post"),
    ("TUQ. without an end", ("vp.hbg", "TUQ", "finance_office"), {"decision": "1"}, "tuq_needs_end"),
    ("the head itself", (login_of("manager"), "TL", "finance_office"), {"decision": "1"}, "head_needs_no_delegation"),
    ("oneself", (login_of("leader"), "TL", "finance_office"), {"decision": "1"}, "delegation_to_oneself"),
    ("an unknown right", ("ptp.hbg", "PP", "finance_office"), {}, "not_an_option"),
    ("an unknown body", ("ptp.hbg", "KT", "ministry"), {}, "not_an_option"),
    ("a body of the city", ("ptp.hbg", "KT", "department"), {}, "body_not_here"),
    ("a body that signs nothing here", ("ptp.hbg", "KT", "cooperative"), {}, "body_not_here"),
    ("nobody", ("nobody", "KT", "finance_office"), {}, "no_such_person_here"),
    ("ends before it begins", ("ptp.hbg", "KT", "finance_office"), {"to_on": date(2015, 1, 1)}, "delegation_reversed"),
    ("hidden characters", ("ptp.hbg", "KT", "finance_office"), {"decision": "1\u202e2"}, "hidden_character"),
]


@pytest.mark.parametrize(("label", "given", "more", "code"), IMPOSSIBLE, ids=[row[0] for row in IMPOSSIBLE])
def test_an_impossible_delegation_is_refused_with_the_reason(
    staffed: Paperwork, label: str, given: tuple[Any, ...], more: dict[str, Any], code: str
) -> None:
    with pytest.raises(CoopcaseError) as refused:
        delegate(staffed, *given, from_on=JANUARY, **more)
    assert refused.value.code == code
    with reading(staffed.bind) as connection:
        assert listed(connection, None, TODAY) == []


@pytest.mark.parametrize(
    ("from_on", "to_on", "taken"),
    [
        (date(2016, 5, 1), None, True),
        (date(2015, 1, 1), date(2015, 12, 31), True),
        (APRIL, date(2016, 6, 1), False),
        (date(2015, 1, 1), JANUARY, False),
        (date(2016, 2, 1), date(2016, 2, 2), False),
        (date(2015, 1, 1), None, False),
    ],
)
def test_delegations_of_one_person_for_one_body_do_not_overlap(
    staffed: Paperwork, from_on: date, to_on: date | None, taken: bool
) -> None:
    delegate(staffed, "ptp.hbg", "KT", "finance_office", JANUARY, APRIL)
    if taken:
        delegate(staffed, "ptp.hbg", "KT", "finance_office", from_on, to_on)
        return
    with pytest.raises(Refused) as refused:
        delegate(staffed, "ptp.hbg", "KT", "finance_office", from_on, to_on)
    assert refused.value.code == "delegation_overlaps"
    assert refused.value.params["from_on"] == "01/01/2016"


def test_two_acting_heads_of_one_body_are_refused(staffed: Paperwork) -> None:
    with writing(staffed.bind) as connection:
        connection.execute(update(officers).where(officers.c.login == login_of("manager")).values(active=False))
    delegate(staffed, "ptp.hbg", "Q", "finance_office", JANUARY, decision="1/QĐ")
    with pytest.raises(Refused) as refused:
        delegate(staffed, "vp.hbg", "Q", "finance_office", FEBRUARY, decision="2/QĐ")
    assert refused.value.code == "delegation_overlaps"


@pytest.mark.parametrize(
    ("by", "body", "allowed"),
    [
        ("leader.hbg", "finance_office", True),
        ("leader.hbg", "district_committee", True),
        ("manager.hbg", "finance_office", True),
        ("manager.hbg", "district_committee", False),
        ("admin.hbg", "district_committee", True),
        ("admin.tp", "finance_office", True),
        ("leader.adg", "finance_office", False),
        ("leader.tp", "finance_office", False),
        ("case_officer.hbg", "finance_office", False),
        ("clerk.hbg", "finance_office", False),
        ("legal.hbg", "finance_office", False),
        ("commune.hbg", "finance_office", False),
    ],
)
def test_heads_and_the_administrator_delegate_in_their_own_office(
    staffed: Paperwork, by: str, body: str, allowed: bool
) -> None:
    given = ("vp.hbg", "TL", body, JANUARY, None, "1/QĐ")
    if not allowed:
        with pytest.raises((Refused, WrongInput)) as refused:
            delegate(staffed, *given, by=by)
        stranger = by.endswith(".adg")  # does not learn who works here
        assert refused.value.code == ("no_such_person_here" if stranger else "delegating_not_yours")
        return
    number = delegate(staffed, *given, by=by)
    with pytest.raises(NotFound), writing(staffed.bind) as connection:
        end(connection, number, TODAY, "x", by=actor(connection, "leader.adg"), clock=CLOCK)
