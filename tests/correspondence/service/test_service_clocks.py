"""Clocks that wait for proof of service, as shown on pages, in explanations, lists and digests."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from casework.acts import annul
from casework.as_of import AsOf
from casework.case_view import case_document
from casework.lists.as_of_tables import lists_as_of
from casework.lists.at_risk import date_risks
from casework.lists.worklist import Filter, worklist
from casework.sums.deadline_sums import Explained, explain
from casework.upkeep.integrity import verify
from flows.jobs.effects import drain
from models.database import reading
from models.tables import deadlines, effects
from notifications.weekly.digest import weekly
from oversight.late_items import unserved
from samples.path_step import Step, later
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.procedures.lawful import step_of
from tests.web.web_office import login_of


@pytest.fixture
def asked(papers: Paperwork) -> int:
    """A compulsory case whose cooperative was asked to explain; returns the act's seq."""
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == "request_explanation":
            break
    return len(papers.facts())


def row(papers: Paperwork, key: str = "explain_target") -> dict[str, Any]:
    with reading(papers.bind) as connection:
        found = (
            select(deadlines).where(deadlines.c.key == key, deadlines.c.status != "x").order_by(deadlines.c.id.desc())
        )
        return dict(connection.execute(found).mappings().one())


def explained(papers: Paperwork, key: str = "explain_target", lang: str = "en", **when: date) -> Explained:
    with reading(papers.bind) as connection:
        (found,) = explain(connection, papers.ref, key, lang=lang, **when)
    return found


def codes(papers: Paperwork) -> list[str]:
    return [item.code for item in explained(papers).sentences]


def notice(papers: Paperwork, asked: int) -> int:
    return papers.issued(
        papers.filled(papers.requested("violation_notice", asked), evidence="Văn bản của Chi cục Thuế")
    )


def test_after_the_act_the_clock_waits_and_says_for_which_letter(papers: Paperwork, asked: int) -> None:
    found = row(papers)
    assert (found["status"], found["starts_on"], found["ends_on"]) == ("waiting", None, None)
    with reading(papers.bind) as connection:
        document = case_document(connection, papers.ref, today=papers.today, lang="en")
        assert list(verify(connection)) == []
    (item,) = [item for item in document["deadlines"] if item["key"] == "explain_target"]
    assert (item["status"], item["starts_on"], item["ends_on"]) == ("waiting", None, None)
    letter = papers.requested("violation_notice", asked)
    assert [(item.template, item.stage, item.letter) for item in item["awaits"]] == [
        ("violation_notice", "issued", letter)
    ]
    assert codes(papers) == ["waiting", "letter_issued"]


def test_the_explanation_follows_the_letter_to_its_service(papers: Paperwork, asked: int) -> None:
    letter = papers.requested("violation_notice", asked)
    assert [(item.code, item.letter) for item in explained(papers).sentences[1:]] == [("letter_issued", letter)]
    assert codes(papers) == ["waiting", "letter_issued"]
    papers.serve(letter, "post", "sent", tracking="RR1", evidence=())
    assert codes(papers) == ["waiting", "letter_begun"]
    papers.serve(letter, "post", "returned", tracking="RR1", reason="Không có người nhận")
    assert codes(papers) == ["waiting", "letter_returned"]
    papers.serve(letter, receiver="Bà Lan")
    found = explained(papers)
    assert [item.code for item in found.sentences[:2]] == ["start", "letter_served"]
    assert (found.starts_on, found.ends_on) == (papers.today, papers.today + timedelta(days=15))
    (proof,) = papers.facts("letter_served")
    assert found.sentences[0].facts == found.sentences[1].facts == (proof["seq"],)
    assert found.sentences[1].letter == letter


def test_posting_counts_from_its_end(papers: Paperwork, asked: int) -> None:
    letter = notice(papers, asked)
    first = papers.today
    papers.today += timedelta(days=20)
    end = first + timedelta(days=16)
    papers.serve(
        letter, "posting", "published", first + timedelta(days=1), to_on=end, place="UBND xã", witness="Ông Ba"
    )
    assert row(papers)["starts_on"] == end


def test_annulling_the_service_resets_the_clock_and_corrects_announcements(papers: Paperwork, asked: int) -> None:
    letter = notice(papers, asked)
    papers.serve(letter, receiver="Bà Lan")
    (proof,) = papers.facts("letter_served")
    annul(papers.bind, papers.ref, proof["seq"], by=login_of("clerk"), reason="Ghi nhầm", clock=papers.clock)
    assert row(papers)["status"] == "waiting"
    assert codes(papers) == ["waiting", "letter_issued"]
    with reading(papers.bind) as connection:
        pending = connection.execute(select(effects).where(effects.c.kind == "withdraw")).mappings().all()
        assert list(verify(connection)) == []
    assert pending[-1]["payload"]["keys"] == ["explain_target"]
    drain(papers.bind, papers.clock)
    papers.serve(letter, receiver="Ông Nam")
    assert (row(papers)["status"], row(papers)["starts_on"]) == ("open", papers.today)


def test_a_cancelled_number_is_no_letter_that_could_be_served(papers: Paperwork, asked: int) -> None:
    letter = notice(papers, asked)
    papers.cancelled(letter, "Sai tên hợp tác xã")
    (taken_back,) = papers.facts("request_explanation")
    assert taken_back["annulled"], "its act took effect by it"
    with reading(papers.bind) as connection:
        document = case_document(connection, papers.ref, today=papers.today, lang="en")
    assert "explain_target" not in {item["key"] for item in document["deadlines"]}


def test_a_second_notice_waits_for_its_own_proof_while_the_first_runs(papers: Paperwork, asked: int) -> None:
    papers.serve(notice(papers, asked), receiver="Bà Lan")
    first = row(papers)
    with reading(papers.bind) as connection:
        assert unserved(connection) == []
    papers.take(replace(step_of("dissolved_compulsory", "request_explanation"), after=3))
    again = row(papers)
    assert (again["status"], again["ends_on"]) == ("open", first["ends_on"])
    at = AsOf(papers.today, papers.today + timedelta(days=1))
    with reading(papers.bind) as connection:
        found = [(item.key, item.letters, item.since) for item in unserved(connection)]
        assert found == [("explain_target", ("violation_notice",), papers.today)]
        assert [item.ref for item in worklist(connection, Filter(unserved=True), papers.today).rows] == [papers.ref]
        assert list(verify(connection)) == []
        with lists_as_of(connection, at):
            assert [item.since for item in unserved(connection)] == [papers.today]
    papers.serve(papers.requested("violation_notice", 0), receiver="Bà Lan")
    with reading(papers.bind) as connection:
        assert unserved(connection) == []
    assert row(papers)["ends_on"] == first["ends_on"]


def test_a_look_back_sees_what_was_known(papers: Paperwork, asked: int) -> None:
    letter, before = notice(papers, asked), papers.today
    papers.today += timedelta(days=3)
    papers.serve(letter, receiver="Bà Lan")
    assert [item.code for item in explained(papers, known_on=before).sentences] == ["waiting", "letter_issued"]
    assert explained(papers, as_of=papers.today).starts_on == papers.today


def test_an_answer_shows_that_the_notice_was_received(papers: Paperwork, asked: int) -> None:
    answer = papers.do("record_explanation", answered=True, content="Đã có dịch vụ")
    found = explained(papers)
    assert (found.sentences[0].code, found.sentences[0].facts) == ("start", (answer,))
    assert (found.status, found.starts_on) == ("met", papers.today)


def test_ended_without_having_run(papers: Paperwork, asked: int) -> None:
    papers.do("revive", "manager", proven=True, reason="Ký lại hợp đồng dịch vụ với 80 hộ")
    assert codes(papers)[0] == "never_ran"
    assert explained(papers).status == "dropped"


def test_lists_and_digests_say_what_proof_is_lacking(papers: Paperwork, asked: int) -> None:
    today, act = papers.today, papers.facts()[-1]["occurred_on"]
    with reading(papers.bind) as connection:
        (group,) = unserved(connection, district="HBG")
        assert (group.key, group.letters, group.cases, group.since) == ("explain_target", ("violation_notice",), 1, act)
        assert unserved(connection, district="ADG") == []
        found = worklist(connection, Filter(unserved=True), today)
        planned = weekly(connection, today, now=papers.clock.now(), risks=date_risks)
    assert [case.ref for case in found.rows] == [papers.ref]
    (digest,) = [item for item in planned if item.login == login_of("case_officer") and item.message]
    assert digest.message is not None
    assert "chờ bằng chứng giao Thông báo vi phạm, yêu cầu giải trình" in digest.message.body
    assert digest.counts["unserved"] == 1


def test_the_sixty_days_run_from_the_decision_whenever_it_is_served(papers: Paperwork) -> None:
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == "decide_dissolution":
            break
    decided = papers.today
    assert row(papers, "compulsory_council_term")["starts_on"] == decided
    assert row(papers, "complaint_period")["status"] == "waiting"
    papers.today += timedelta(days=30)
    letter = papers.requested("dissolution_decision", papers.facts()[-1]["seq"])
    papers.issued(letter, "leader")
    papers.serve(letter, receiver="Bà Lan")
    assert row(papers, "compulsory_council_term")["starts_on"] == decided
    assert row(papers, "complaint_period")["starts_on"] == papers.today


def test_a_period_of_others_makes_nobody_here_late(papers: Paperwork) -> None:
    steps = iter(PATHS["dissolved_compulsory_by_withdrawal"])
    for step in steps:
        papers.take(step)
        if step.verb == "withdraw_certificate":
            break
    letter = papers.requested("certificate_withdrawal", papers.facts()[-1]["seq"])
    papers.issued(letter)
    papers.serve(letter, receiver="Bà Lan")
    found = row(papers, "withdrawal_complaint_period")
    assert (found["kind"], found["starts_on"]) == ("period", papers.today)
    with reading(papers.bind) as connection:
        long_after = found["ends_on"] + timedelta(days=400)
        listed = worklist(connection, Filter(), long_after).rows
    (dates,) = [case for case in listed if case.ref == papers.ref]
    assert found["ends_on"] not in (dates.legal_on, dates.target_on, dates.due_on)


def test_one_target_is_stopped_and_explained_line_by_line(papers: Paperwork) -> None:
    for step in (*PATHS["consolidated"][:12],):
        papers.take(step)
    stop = {"deadline": "plan_target", "from_on": later(10), "again_on": later(20), "reason": "Chờ Liên minh; chờ vốn"}
    papers.take(Step("suspend_target", "manager", proof=True, data=stop))
    papers.do("extend_target", "manager", deadline="plan_target", days=10, decision="9/QĐ-UBND")
    lines = explained(papers, "plan_target").sentences
    (suspended,) = [item for item in lines if item.code == "suspended"]
    (longer,) = [item for item in lines if item.code == "extended"]
    listed = [fact["seq"] for fact in papers.facts() if fact["kind"] in ("suspend_target", "extend_target")]
    assert [suspended.facts, longer.facts] == [(seq,) for seq in listed]
    assert "Chờ Liên minh; chờ vốn" in suspended.text
    assert "9/QĐ-UBND" in longer.text
