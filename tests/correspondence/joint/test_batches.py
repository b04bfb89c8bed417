"""A batch of cases: one paper for all, each case its own; nothing of it is half done."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from casework.office.people import actor
from casework.register_corrections import corrections
from correspondence import drafts, issuing
from correspondence.bulk.bulk_choice import Wanted, choose
from correspondence.grid import operations
from correspondence.ink.book_modes import FIRST_DAY, ON_PAPER, set_mode
from correspondence.joint import batch_acts, batches
from correspondence.joint.shares import shares_of
from correspondence.service.service_rules import Delivery
from correspondence.service.serving_many import serve_many, waiting
from letters.catalogue import letter_type
from models.database import reading, writing
from models.errors import CoopcaseError, Refused, WrongInput
from models.settings import settings
from models.tables import case_rows, letter_rows, units
from templates.words import say
from tests.acting import apply
from tests.correspondence.joint.batch_office import BatchOffice, batch_office, taken_over
from tests.web.web_office import build_office, login_of

CANCELLED = {"action": "cancel", "reason": "Còn hoạt động"}


@pytest.fixture
def data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()


@pytest.fixture
def office(bind: Engine, data: None) -> BatchOffice:
    return checked_office(bind)


def checked_office(bind: Engine) -> BatchOffice:
    """A batch of two cases whose legality is checked."""
    build_office(bind)
    made = batch_office(bind, 2)
    made.do("check_legality", "legal", note="Đủ căn cứ")
    return made


def step(office: BatchOffice, do: object, *given: object, role: str = "case_officer") -> object:
    """One step of the batch by a person."""
    with writing(office.bind) as connection:
        who = actor(connection, login_of(role))
        return do(connection, office.batch, *given, by=who, clock=office.clock)  # type: ignore[operator]


def refusal(office: BatchOffice, do: object, *given: object, role: str = "case_officer") -> CoopcaseError:
    with pytest.raises(CoopcaseError) as error:
        step(office, do, *given, role=role)
    return error.value


def decided(office: BatchOffice) -> int:
    """The decision, issued, after its submission; returns the letter."""
    office.issued(office.do("submit_dossier").letter or 0)
    return office.issued(office.do("decide_dissolution").letter or 0)


def test_one_paper_with_an_annex_is_the_act_of_every_case(office: BatchOffice) -> None:
    letter = decided(office)
    first, second = office.refs
    assert office.states() == ["C4", "C4"]
    facts = [office.state(ref).last("decide_dissolution") for ref in office.refs]
    assert [fact.data["paper"] for fact in facts if fact] == [
        {"letter": "dissolution_decision", "symbol": "01/QĐ-UBND", "on": "2016-03-14", "signer": "Người leader.hbg",
         "capacity": "TM."}
    ] * 2  # fmt: skip
    text = office.text(letter)
    assert "Giải thể bắt buộc 02 hợp tác xã" in text
    assert "Hợp tác xã Vận tải số 01 | 0207A" in text
    assert "Hợp tác xã Vận tải số 02 | 0207A" in text
    refused = refusal(office, batches.join_cases, office.refs)
    assert refused.code == "dissolution_batch_submitted"
    hand = Delivery("hand", "served", office.today, details={"receiver": "Ông An"})
    assert office.served(letter, hand, [first]) == "issued"
    assert [office.state(ref).clocks["complaint_period"].status for ref in (first, second)] == ["open", "waiting"]
    with pytest.raises(Refused, match="letter_served_already"), writing(office.bind) as connection:
        clerk = actor(connection, login_of("clerk"))
        issuing.cancel_number(connection, letter, clerk, "x", now=office.clock.now(), today=office.today)
    assert office.served(letter, hand) == "served"
    with reading(office.bind) as connection:
        row = drafts.one_letter(connection, letter)
        assert {share["status"] for share in shares_of(connection, row)} == {"served"}
        assert row["issuer"] == "HBG/district_committee"


def test_a_book_on_paper_and_many_letters_served_at_once(either_bind: Engine, data: None) -> None:
    office = checked_office(either_bind)
    submission, clerk = office.signed(office.submitted(office.do("submit_dossier").letter or 0)), office.person("clerk")
    with writing(office.bind) as connection:
        for book in ("HBG/finance_office", "HBG/district_committee"):
            set_mode(connection, book, ON_PAPER, FIRST_DAY, by=clerk, clock=office.clock)
    with writing(office.bind) as connection:
        issuing.issue(
            connection, submission, clerk, now=office.clock.now(), today=office.today, on=office.today, wanted="37"
        )
    assert office.row(submission)["number"] == 37
    decision = office.signed(office.submitted(office.do("decide_dissolution").letter or 0))
    with writing(office.bind) as connection:
        issuing.issue(
            connection, decision, clerk, now=office.clock.now(), today=office.today, on=office.today, wanted="112"
        )
    assert office.states() == ["C4", "C4"]
    hand, proof = Delivery("hand", "served", office.today), [("bien-nhan.pdf", b"%PDF-1.4 receipt")]
    with writing(office.bind) as connection:
        assert [row["id"] for row in waiting(connection, clerk)] == [submission, decision]
        first = case_rows.update().where(case_rows.c.ref == office.refs[0])
        connection.execute(first.values(closed_on=office.today))  # the others still wait for it
        assert [row["id"] for row in waiting(connection, clerk)] == [submission, decision]
        connection.execute(first.values(closed_on=None))
        lines = {submission: {"receiver": "Ông An"}, decision: {"receiver": "Bà Lan"}}
        done = serve_many(connection, hand, lines, proof, clerk, clock=office.clock)
        assert not done.left
        listed = operations.cases_in(connection, done.operation)
    assert [case.ref for case in listed] == office.refs * 2
    assert all(case.counts for case in listed)
    assert [office.state(ref).clocks["complaint_period"].status for ref in office.refs] == ["open", "open"]
    assert office.row(decision)["status"] == "served"
    with writing(office.bind) as connection:
        operations.undo(connection, done.operation, None, "Nhầm ngày", clerk, clock=office.clock)
    assert [office.row(letter)["status"] for letter in (submission, decision)] == ["issued", "issued"]
    assert [office.state(ref).clocks["complaint_period"].status for ref in office.refs] == ["waiting", "waiting"]
    with reading(office.bind) as connection:
        assert not any(case.counts for case in operations.cases_in(connection, done.operation))
        assert [row["id"] for row in waiting(connection, clerk)] == [submission, decision]


def test_a_joint_draft_counts_for_each_case_and_goes_into_no_bulk_letter(office: BatchOffice) -> None:
    office.do("submit_dossier")
    with writing(office.bind) as connection:
        connection.execute(units.update().where(units.c.name.like("%Vận tải số%")).values(phone="0225 123"))
    with reading(office.bind) as connection:
        unsigned = {item.ref: item.unsigned for item in corrections(connection, "HBG")}
        who, wanted = actor(connection, login_of("case_officer")), Wanted(refs=tuple(office.refs))
        found = choose(connection, wanted, letter_type("submission_compulsory"), {}, who, office.today)
    assert len(office.refs) > 1 and len({unsigned[ref] for ref in office.refs}) == 1
    assert {item.reason for item in found.candidates} == {"has_live"}


def test_a_decision_cancelled_for_one_stays_for_the_others(office: BatchOffice) -> None:
    decided(office)
    first, second = office.refs
    apply(office.bind, first, "cancel_decision", by=login_of("leader"), clock=office.clock, data=CANCELLED)
    assert office.state(first).state != "C4"
    assert office.state(second).state == "C4"


def test_a_case_leaves_the_draft_and_the_others_go_on(office: BatchOffice) -> None:
    first, second = office.refs
    letter = office.do("submit_dossier").letter or 0
    step(office, batch_acts.leave_batch, first, "Đang củng cố lại")
    assert office.state(first).prepared == {}
    assert "01 hợp tác xã" in office.text(letter)
    assert "số 01" not in office.text(letter)
    assert office.row(letter)["ref"] == second
    office.submitted(letter)
    office.signed(letter)
    refused = refusal(office, batch_acts.leave_batch, second, "x")
    assert (refused.code, refused.params["letter"]) == ("joint_letter_signed", letter)
    with writing(office.bind) as connection:
        clerk = actor(connection, login_of("clerk"))
        drafts.send_back(connection, letter, clerk, "Sửa", now=office.clock.now(), today=office.today)
    assert step(office, batch_acts.withdraw_from_batch, "submit_dossier", "Chưa đủ hồ sơ") == 1
    with reading(office.bind) as connection:
        assert connection.scalar(select(letter_rows.c.status).where(letter_rows.c.id == letter)) == "cancelled"
    step(office, batches.join_cases, [first])
    assert office.do("submit_dossier").count == 2


def test_all_or_none_and_who_may(office: BatchOffice) -> None:
    first, second = office.refs
    apply(office.bind, first, "withdraw_ground", by=login_of("manager"), clock=office.clock,
          data={"ground": "a", "reason": "Xem lại"})  # fmt: skip
    with pytest.raises(Refused) as error:
        office.do("submit_dossier", refs=office.refs)
    assert (error.value.code, error.value.params["ref"]) == ("refused_on_another", first)
    assert office.state(second).prepared == {}
    with reading(office.bind) as connection:
        assert connection.scalar(select(func.count()).where(letter_rows.c.joint_id == office.batch)) == 0
    with writing(office.bind) as connection:
        (other,) = taken_over(connection, 1, "C1")
    assert refusal(office, batches.join_cases, [other], role="clerk").code == "dissolution_batch_not_yours"
    assert refusal(office, batches.join_cases, [first]).code == "batch_case_taken"
    assert refusal(office, batches.join_cases, []).code == "missing_field"
    assert refusal(office, batch_acts.draft_for_batch, "dissolution_decision", ()).code == "letter_is_of_act"
    assert refusal(office, batch_acts.draft_for_batch, "visit_notice", ()).code == "not_an_option"
    assert refusal(office, batches.set_values, {first: {"colour": "x"}}).code == "not_an_option"


def test_the_annex_asks_for_what_is_not_known(office: BatchOffice) -> None:
    first, _ = office.refs
    own = {"certificate": "", "note": "chưa có con dấu", "address": "không có"}
    step(office, batches.set_values, {first: own})
    letter = office.do("submit_dossier").letter or 0
    assert "không có" in office.text(letter)
    assert "chưa có con dấu." in office.text(letter)
    step(office, batches.set_values, {first: {"proof": ""}})
    with pytest.raises(Refused) as lacking, writing(office.bind) as connection:
        drafts.submit(connection, letter, office.person("case_officer"), now=office.clock.now(), today=office.today)
    named = "Danh sách hợp tác xã, cột Chứng cứ: Hợp tác xã Vận tải số 01 (trang đợt giải thể, Ghi trong danh sách)"
    assert named in say(lacking.value, "vi")
    with pytest.raises(WrongInput, match="unknown_field"), writing(office.bind) as connection:
        drafts.fill(connection, letter, office.person("case_officer"), {"cases": []}, today=office.today)
    with writing(office.bind) as connection:
        unit = select(case_rows.c.unit_id).where(case_rows.c.ref == first).scalar_subquery()
        connection.execute(units.update().where(units.c.id == unit).values(certificate_number=""))
    drawn = step(office, batch_acts.draft_for_batch, "handling_list", ())
    assert isinstance(drawn, int)
    assert office.row(drawn)["missing"] == []  # the case keeps the register of the day it was opened
