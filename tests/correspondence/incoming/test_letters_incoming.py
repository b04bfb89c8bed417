"""Incoming documents: numbered, tied to letters and cases, and the step of the case done with them or left and said."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.acts import annul
from casework.evidence_store import fetch
from casework.ledger import case_row, load_case
from casework.office.people import actor
from correspondence.incoming.awaited_answers import AwaitedAnswer, awaited
from correspondence.incoming.incoming_register import (
    Arrival,
    Arrived,
    Registered,
    arrivals,
    arrived_file,
    one_arrival,
    record_step,
    register_incoming,
    tie_to_case,
)
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from procedures.definition.loader import load
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import ROLES, TODAY, login_of

SCAN = ("quet.pdf", b"%PDF-1.4 cong van")
REPLY = {"from_body": "Chi cục Thuế quận Hồng Bàng", "summary": "Còn nợ thuế", "symbol": "215/CCT-KK"}


def take(papers_: Paperwork, data: dict[str, Any] | None = None, by: str = "clerk", **arrival: Any) -> Registered:
    given = {**REPLY, "received_on": papers_.today, **arrival}
    with writing(papers_.bind) as connection:
        return register_incoming(connection, papers_.person(by), Arrival(**given), data, clock=papers_.clock)


def line(papers_: Paperwork, number: int, by: str = "clerk") -> Arrived:
    with reading(papers_.bind) as connection:
        return one_arrival(connection, number, papers_.person(by))


def waiting(papers_: Paperwork, by: str = "clerk") -> list[AwaitedAnswer]:
    with reading(papers_.bind) as connection:
        return awaited(connection, papers_.person(by), papers_.today)


@pytest.fixture
def asked(papers: Paperwork) -> int:
    """The tax office was asked, and the reply clock runs."""
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies", tax_period="2010-2014")
    letter = papers.filled(papers.requested("tax_inquiry", seq), reply_by_on="25/03/2016")
    return papers.issued(letter)


def clock_of(papers: Paperwork, key: str) -> str:
    with reading(papers.bind) as connection:
        return load_case(connection, papers.ref).state.clocks[key].status


def test_an_answer_and_its_step_are_one_transaction_and_stop_the_clock(papers: Paperwork, asked: int) -> None:
    assert clock_of(papers, "reply_target") == "open"
    done = take(papers, {"debt": "20.000.000"}, answers_letter=asked, kind="agency_reply", files=[SCAN])
    assert (done.number, done.left) == (1, None)
    (fact,) = papers.facts("record_agency_reply")
    assert fact["data"] == {"agency": "tax", "symbol": "215/CCT-KK", "note": "Còn nợ thuế", "debt": 20_000_000}
    assert (fact["seq"], fact["occurred_on"], len(fact["evidence"])) == (done.seq, TODAY, 1)
    assert clock_of(papers, "reply_target") == "met"
    row = line(papers, done.id)
    assert (row["ref"], row["stands"], row["evidence"]) == (papers.ref, True, fact["evidence"])


def test_what_is_wrong_with_the_step_registers_nothing(papers: Paperwork, asked: int) -> None:
    with pytest.raises(WrongInput) as wrong:
        take(papers, {"debt": "nhiều"}, answers_letter=asked, kind="agency_reply")
    assert wrong.value.field == "debt"
    with reading(papers.bind) as connection:
        assert arrivals(connection, papers.person("clerk"), 2016) == ([], 0)


def test_a_step_that_may_not_be_done_is_left_and_done_later_by_an_officer_who_may(
    papers: Paperwork, asked: int
) -> None:
    done = take(papers, {}, by="manager", answers_letter=asked, kind="agency_reply")
    assert done.seq is None and done.left is not None and done.left.code == "wrong_role"
    with pytest.raises(Refused), writing(papers.bind) as connection:
        record_step(connection, done.id, papers.person("manager"), {}, clock=papers.clock)
    with writing(papers.bind) as connection:
        seq = record_step(connection, done.id, papers.person("clerk"), {"debt": 1}, clock=papers.clock)
    assert line(papers, done.id)["fact_seq"] == seq
    with pytest.raises(Refused) as refused, writing(papers.bind) as connection:
        record_step(connection, done.id, papers.person("clerk"), {}, clock=papers.clock)
    assert refused.value.code == "incoming_recorded_already"
    annul(papers.bind, papers.ref, seq, by=login_of("manager"), reason="Nhầm", clock=papers.clock)
    assert line(papers, done.id)["stands"] is False
    with writing(papers.bind) as connection:
        record_step(connection, done.id, papers.person("clerk"), {"debt": 2}, clock=papers.clock)
    assert line(papers, done.id)["stands"] is True


def test_an_explanation_meets_its_own_clock(papers: Paperwork) -> None:
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == "request_explanation":
            break
    (sent,) = papers.facts("request_explanation")
    letter = papers.issued(papers.filled(papers.requested("violation_notice", sent["seq"]), evidence="Xác nhận của xã"))
    assert [(item["id"], item["due_on"]) for item in waiting(papers)] == [(letter, papers.today + timedelta(days=15))]
    left = take(papers, {}, answers_letter=letter, kind="explanation", from_body="HTX", summary="Đang sửa trụ sở")
    assert left.left is not None and left.left.code == "wrong_role"
    assert waiting(papers) == []
    with writing(papers.bind) as connection:
        record_step(connection, left.id, papers.person("case_officer"), {}, clock=papers.clock)
    (fact,) = papers.facts("record_explanation")
    assert fact["data"] == {"answered": True, "content": "Đang sửa trụ sở"}
    assert clock_of(papers, "explain_target") == "met"


def test_a_letter_to_several_waits_until_each_has_answered(papers: Paperwork) -> None:
    papers.do("accept_case", file_held=True)
    seq = papers.do("ask_agencies")
    letter = papers.issued(papers.filled(papers.requested("inquiries", seq), reply_by_on="20/03/2016"))
    papers.today = date(2016, 3, 21)
    left = ["insurance", "bank", "land"]
    for agency in ("bank", "insurance", "land"):
        (item,) = waiting(papers)
        assert (item["id"], item["parts"], item["late"]) == (letter, left, True)
        take(papers, {"agency": agency}, answers_letter=letter, kind="agency_reply")
        left.remove(agency)
    assert waiting(papers) == []


def test_a_reply_recorded_on_the_case_itself_ends_the_waiting(papers: Paperwork, asked: int) -> None:
    assert [item["id"] for item in waiting(papers)] == [asked]
    papers.do("record_agency_reply", agency="land")
    assert [item["id"] for item in waiting(papers)] == [asked]
    papers.do("record_agency_reply", agency="tax")
    assert waiting(papers) == []
    (_, tax) = papers.facts("record_agency_reply")
    annul(papers.bind, papers.ref, tax["seq"], by=login_of("manager"), reason="Nhầm", clock=papers.clock)
    assert [item["id"] for item in waiting(papers)] == [asked]


def test_each_office_waits_for_its_own(papers: Paperwork, asked: int) -> None:
    with reading(papers.bind) as connection:
        seen = {
            place: len(awaited(connection, actor(connection, login_of("clerk", place)), TODAY))
            for place in ("HBG", "ADG", None)
        }
    assert seen == {"HBG": 1, "ADG": 0, None: 1}
    papers.cancelled(asked, "Sai")
    assert waiting(papers) == []


def test_of_some_cases_alone_none_is_lost_behind_letters_of_others(papers: Paperwork, asked: int) -> None:
    with reading(papers.bind) as connection:
        own, clerk = case_row(connection, papers.ref)["id"], papers.person("clerk")
        found = [awaited(connection, clerk, TODAY, 1, cases=cases) for cases in ([own], [own + 1], [])]
    assert [[item["id"] for item in listed] for listed in found] == [[asked], [], []]


def test_a_suspension_notice_raises_the_overlay_by_its_own_day(papers: Paperwork) -> None:
    days = {"from_on": "01/04/2016", "to_on": "01/10/2016"}
    papers.do("accept_case", file_held=True)
    done = take(papers, days, kind="suspension", ref=papers.ref, from_body="HTX", summary="Tạm ngừng")
    assert done.seq is not None
    assert papers.facts("receive_suspension")[0]["data"]["notified_on"] == TODAY.isoformat()


def test_a_step_that_needs_a_scan_says_so(papers: Paperwork) -> None:
    with pytest.raises(WrongInput) as wrong:
        take(papers, {}, kind="dissolution_notice", ref=papers.ref)
    assert (wrong.value.field, wrong.value.code) == ("evidence", "incoming_needs_scan")


BAD: list[tuple[str, dict[str, Any], str, str]] = [
    ("nobody wrote it", {"from_body": "  "}, "from_body", "missing_field"),
    ("it says nothing", {"summary": ""}, "summary", "missing_field"),
    ("hidden characters", {"symbol": "12\u202e/CT"}, "symbol", "hidden_character"),
    ("came in tomorrow", {"received_on": date(2016, 3, 15)}, "received_on", "arrived_in_future"),
    ("dated after it came", {"dated_on": date(2016, 3, 15)}, "dated_on", "dated_after_arrival"),
    ("a program", {"files": [("virus.exe", b"MZ\x90")]}, "evidence", "evidence_kind"),
    ("a step without a case", {"kind": "complaint", "step": {}}, "ref", "incoming_needs_case"),
]


@pytest.mark.parametrize(("label", "given", "field", "code"), BAD, ids=[row[0] for row in BAD])
def test_what_is_wrong_with_a_document_is_said(
    papers: Paperwork, label: str, given: dict[str, Any], field: str, code: str
) -> None:
    data = given.pop("step", None) if "step" in given else None
    with pytest.raises(WrongInput) as wrong:
        take(papers, data, **given)
    assert (wrong.value.field, wrong.value.code) == (field, code), label


def test_an_answer_must_fit_its_letter(papers: Paperwork, asked: int) -> None:
    draft = papers.drafted(deleted_on="25/03/2016")
    unfit: tuple[tuple[dict[str, Any], str], ...] = (
        ({"answers_letter": draft}, "answers_unissued"),
        ({"answers_letter": asked, "received_on": TODAY - timedelta(days=1)}, "answers_before_issue"),
        ({"answers_letter": asked, "ref": "HP-2016-0002"}, "answers_another_case"),
    )
    for given, code in unfit:
        with pytest.raises(WrongInput) as wrong:
            take(papers, **given)
        assert wrong.value.code == code
    unknown: tuple[dict[str, Any], ...] = (
        {"answers_letter": 999}, {"ref": "HP-2016-0003"}, {"ref": "HP-1999-0001"}, {"kind": "gossip"},
    )  # fmt: skip
    for given in unknown:
        with pytest.raises(NotFound):
            take(papers, **given)
    with pytest.raises(NotFound):
        take(papers, by=login_of("clerk", "ADG"), answers_letter=asked)


def test_a_document_without_a_case_keeps_its_files_and_may_be_tied_to_one(papers: Paperwork) -> None:
    done = take(papers, files=[SCAN], from_body="Báo Hải Phòng", summary="Báo giá đăng báo")
    row = line(papers, done.id)
    (kept,) = row["files"]
    assert (row["ref"], row["evidence"], kept["name"]) == (None, [], "quet.pdf")
    with reading(papers.bind) as connection:
        assert arrived_file(connection, done.id, kept["sha256"], papers.person("legal"))[0] == SCAN[1]
        with pytest.raises(NotFound):
            arrived_file(connection, done.id, kept["sha256"], papers.person(login_of("clerk", "ADG")))
    with writing(papers.bind) as connection:
        clerk = papers.person("clerk")
        for ref in ("HP-2016-0003", "HP-1999-0001"):
            with pytest.raises(NotFound):
                tie_to_case(connection, done.id, clerk, ref, clock=papers.clock)
        with pytest.raises(WrongInput):
            tie_to_case(connection, done.id, clerk, "", clock=papers.clock)
        tie_to_case(connection, done.id, clerk, papers.ref, clock=papers.clock)
        with pytest.raises(Refused):
            tie_to_case(connection, done.id, clerk, papers.ref, clock=papers.clock)
        assert fetch(connection, papers.ref, kept["sha256"], clerk)[:2] == (SCAN[1], "quet.pdf")


def test_by_role(papers: Paperwork) -> None:
    outcome = {}
    for role in ROLES:
        try:
            outcome[role] = str(take(papers, by=role).number)
        except CoopcaseError as error:
            outcome[role] = error.code
    refused = dict.fromkeys(ROLES, "registering_not_yours")
    assert outcome == refused | {"case_officer": "1", "manager": "2", "clerk": "3"}


def test_numbers_run_by_office_and_year_of_arrival_and_the_register_is_searched(papers: Paperwork) -> None:
    take(papers, summary="Một phần trăm %")
    take(papers, received_on=date(2015, 12, 31), summary="Năm cũ")
    other = take(papers, by=login_of("clerk", "ADG"))
    second = take(papers, summary="Đơn của ông Hải", ref=papers.ref, symbol="")
    assert (other.number, second.number) == (1, 2)
    with reading(papers.bind) as connection:
        clerk = papers.person("clerk")

        def found(text: str) -> list[int]:
            rows, total = arrivals(connection, clerk, 2016, search=text)
            listed = [row["number"] for row in rows]
            assert len(listed) == total
            return listed

        assert found("") == [2, 1]
        assert found("ông Hải") == found(papers.ref) == found("Bạch Đằng") == [2]
        assert found("CCT-KK") == found("phan tram mot") == [1]
        assert found("_") == found("%") == found("không có") == []
        assert [row["number"] for row in arrivals(connection, clerk, 2015)[0]] == [1]


def test_a_letter_is_answered_by_one_kind_of_document() -> None:
    awaited = load().papers.awaited()
    assert len(awaited) == len(set(awaited))
