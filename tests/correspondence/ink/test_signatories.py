"""Who signs in ink without signing in: recorded with post, right and days, ended, never deleted."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from casework.ledger import NewFact, append, case_row
from correspondence.ink.competence import competent_signer
from correspondence.ink.signatories import RECORDERS, Signatory, end_signatory, listed_signatories
from correspondence.signing import entitled, head_of
from letters.catalogue import letter_type
from letters.draft import Signer
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.typed_rows.case_shapes import CarriedCase
from tests.correspondence.ink.desk import HEAD, InkDesk
from tests.web.web_office import ROLES, TODAY, Office, login_of

CHAIR = Signatory("Lê An", "Chủ tịch", "district_committee", date(2014, 1, 1))
CASE: CarriedCase = {"level": "district", "district_code": "HBG"}


def end(desk: InkDesk, number: int, on: date, by: str = "clerk", reason: str = "Nghỉ hưu") -> None:
    with writing(desk.bind) as connection:
        end_signatory(connection, number, on, reason, by=desk.person(by), clock=desk.clock)


def names(desk: InkDesk, template: str, on: date) -> list[str]:
    with reading(desk.bind) as connection:
        return [str(item) for item in entitled(connection, letter_type(template), CASE, on)]


def test_a_signatory_is_entitled_from_the_first_to_the_last_day(desk: InkDesk) -> None:
    number = desk.signatory(CHAIR)
    assert names(desk, "name_deletion_notice", TODAY) == [HEAD.name]
    end(desk, number, TODAY)
    for day, wanted in ((CHAIR.from_on, True), (TODAY, True), (TODAY + timedelta(days=1), False)):
        assert day is not None
        assert (CHAIR.name in names(desk, "dissolution_decision", day)) is wanted
    with reading(desk.bind) as connection:
        rows = listed_signatories(connection, desk.person("clerk"), TODAY + timedelta(days=1))
        assert [(row["name"], row["stands"], row["end_reason"]) for row in rows] == [
            (CHAIR.name, "over", "Nghỉ hưu"), (HEAD.name, "in_force", ""),
        ]  # fmt: skip
        assert listed_signatories(connection, desk.person(login_of("clerk", "ADG")), TODAY) == []


def test_a_draft_shows_the_head_who_signs_in_ink(desk: InkDesk) -> None:
    with reading(desk.bind) as connection:
        assert head_of(connection, letter_type("name_deletion_notice"), CASE, TODAY) == Signer(HEAD.name)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"post": " "}, "post"),
        ({"body": "department"}, "body"),
        ({"body": "nobody"}, "body"),
        ({"from_on": None}, "from_on"),
        ({"from_on": date(1900, 1, 1)}, "from_on"),
        ({"to_on": date(2013, 1, 1)}, "to_on"),
        ({"authority": "PP"}, "authority"),
        ({"authority": "KT"}, "authority"),
        ({"authority": "TL"}, "decision"),
        ({"authority": "TUQ", "decision": "5/QĐ"}, "to_on"),
        ({"body": "commune_committee"}, "commune"),
    ],
)
def test_a_wrong_field_is_named(desk: InkDesk, changes: dict[str, Any], field: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        desk.signatory(replace(CHAIR, **changes))
    assert wrong.value.field == field


@pytest.mark.parametrize("role", ROLES)
def test_who_records_and_ends_one(desk: InkDesk, role: str) -> None:
    if role in RECORDERS:
        end(desk, desk.signatory(CHAIR, by=role), TODAY, by=role)
        return
    number = desk.signatory(CHAIR)
    for act in (
        lambda: desk.signatory(replace(CHAIR, name="Khác"), by=role),
        lambda: end(desk, number, TODAY, by=role),
    ):
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "signatories_not_yours"


def test_another_office_does_not_know_it(desk: InkDesk) -> None:
    number = desk.signatory(CHAIR)
    for login in (login_of("clerk", "ADG"), login_of("clerk", None)):
        with pytest.raises(NotFound):
            end(desk, number, TODAY, by=login)


def test_a_body_has_one_head_at_a_time(desk: InkDesk) -> None:
    number = desk.signatory(CHAIR)
    other = replace(CHAIR, name="Vũ Bình", from_on=TODAY)
    with pytest.raises(Refused) as refused:
        desk.signatory(other)
    assert (refused.value.code, refused.value.params["name"]) == ("signatory_overlaps", "Lê An")
    for on, reason, field in (
        (date(2013, 12, 31), "x", "on"),
        (TODAY, " ", "reason"),
    ):
        with pytest.raises(WrongInput) as wrong:
            end(desk, number, on, reason=reason)
        assert wrong.value.field == field
    end(desk, number, TODAY - timedelta(days=1))
    desk.signatory(other)
    assert names(desk, "dissolution_decision", TODAY)[-1] == "Vũ Bình"


def test_the_chair_whom_the_case_names_signs_for_its_council(small: Office, desk: InkDesk) -> None:
    letter = desk.drafted("newspaper_request")
    seats = [{"seat": "chair", "name": "Phạm Chủ Tịch"}, {"seat": "standing", "name": "Đào Thị Én"}]
    with writing(small.bind) as connection:
        fact = NewFact("decide_dissolution", TODAY, desk.clock.now(), "leader.hbg", "leader", {"council": seats})
        append(connection, case_row(connection, desk.ref), fact, ())
    row, kind = desk.row(letter), letter_type("newspaper_request")
    with reading(small.bind) as connection:
        assert competent_signer(connection, kind, row, "phạm chủ tịch", "TM.", TODAY) == Signer("Phạm Chủ Tịch")
        with pytest.raises(WrongInput) as wrong:
            competent_signer(connection, kind, row, "Đào Thị Én", "", TODAY)
        assert str(wrong.value.params["who"]).startswith("Phạm Chủ Tịch")
