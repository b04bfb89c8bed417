"""Service: each way with its proof, each a fact; without proof no clock."""

from datetime import date, timedelta
from typing import Any

import pytest

from casework.acts import annul
from casework.upkeep.integrity import verify
from flows.jobs.effects import drain
from models.database import reading, writing
from models.errors import Refused, WrongInput
from models.tables import officers
from samples.invented import COUNCIL
from samples.paths import PATHS
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, login_of

PRINTED = ("newspaper", "published")


@pytest.fixture
def visit(papers: Paperwork) -> int:
    """The visit notice by which an act took effect."""
    papers.do("accept_case", file_held=True)
    seq = papers.do("send_visit_notice", visit_on="25/03/2016", place="Trụ sở")
    return papers.issued(papers.requested("visit_notice", seq))


@pytest.fixture
def request_to_print(papers: Paperwork) -> int:
    """The request to the newspaper, issued ten days ago."""
    papers.today = TODAY - timedelta(days=10)
    days = {"claims_until_on": "30/04/2016", "decided_on": "11/01/2016"}
    letter = papers.issued(papers.drafted("newspaper_request", **days), "leader")
    papers.today = TODAY
    return letter


def wrong(papers: Paperwork, letter: int, *how: Any, **details: Any) -> dict[str, str]:
    """The code of each field of an attempt that is not taken."""
    before = papers.facts()
    with pytest.raises(WrongInput) as found:
        papers.serve(letter, *how, **details)
    assert papers.facts() == before
    return {item.field: item.code for item in [found.value, *found.value.params.get("also", [])]}  # type: ignore[misc]


def test_a_service_fact_names_the_fact_that_the_letter_follows_from(papers: Paperwork, visit: int) -> None:
    papers.serve(visit, "post", "returned", tracking="RR1", reason="Đi vắng")
    papers.serve(visit, receiver="Bà Lan")
    (sent,) = papers.facts("send_visit_notice")
    (returned,), (served,) = papers.facts("letter_returned"), papers.facts("letter_served")
    for fact in (returned, served):
        assert (fact["data"]["letter"], fact["data"]["template"]) == (visit, "visit_notice")
        assert fact["data"]["follows"] == sent["seq"]


def test_a_letter_drafted_by_hand_follows_from_no_fact(papers: Paperwork) -> None:
    letter = papers.issued(papers.drafted("name_deletion_notice", deleted_on="25/03/2016"))
    papers.serve(letter, receiver="Bà Lan")
    (served,) = papers.facts("letter_served")
    assert served["data"]["follows"] is None


@pytest.mark.parametrize(
    ("label", "how", "details", "fields"),
    [
        ("a way that does not end so", ("hand", "published"), {}, {"way": "no_such_service"}),
        ("an unknown way", ("pigeon", "served"), {}, {"way": "no_such_service"}),
        ("by hand without a receiver", ("hand", "served"), {}, {"receiver": "service_needs_receiver"}),
        ("without proof", ("hand", "served"), {"receiver": "A", "evidence": []}, {"evidence": "service_needs_proof"}),
        ("by post without tracking", ("post", "sent"), {}, {"tracking": "service_needs_tracking"}),
        ("returned without a reason", ("post", "returned"), {}, {"reason": "service_needs_reason"}),
        (
            "before the letter's own day",
            ("hand", "served", date(2016, 3, 1)),
            {"receiver": "A"},
            {"on": "served_before_issue"},
        ),
        ("to come", ("hand", "served", date(2016, 3, 20)), {"receiver": "A"}, {"on": "served_in_future"}),
        ("a proof that is not kept", ("hand", "served"), {"receiver": "A", "evidence": ["0" * 64]},
         {"evidence": "no_such_evidence"}),
        ("a posting without end", ("posting", "posted"), {"place": "UBND xã"}, {"to_on": "posting_needs_end"}),
        (
            "a posting not over",
            ("posting", "published"),
            {"place": "UBND xã", "witness": "A", "to_on": date(2016, 3, 30)},
            {"to_on": "posting_not_over"},
        ),
        (
            "everything at once",
            ("posting", "published"),
            {"evidence": []},
            {
                "to_on": "posting_needs_end", "place": "service_needs_place", "witness": "service_needs_witness",
                "evidence": "service_needs_proof",
            },
        ),
        (
            "an issue that is no number",
            PRINTED,
            {"newspaper": "Báo Hải Phòng", "issue": "١٢"},
            {"issue": "not_an_issue"},
        ),
        ("hidden characters", ("hand", "served"), {"receiver": "A\u202eB"}, {"receiver": "hidden_character"}),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_what_is_wrong_is_said_at_its_field(
    papers: Paperwork, visit: int, label: str, how: Any, details: Any, fields: dict[str, str]
) -> None:
    assert wrong(papers, visit, *how, **details) == fields, label
    assert papers.status(visit) == "issued"


def issue(
    papers: Paperwork, letter: int, number: int, on: date, paper: str = "Báo Hải Phòng", by: str = "clerk"
) -> str:
    done = papers.serve(letter, *PRINTED, on, newspaper=paper, issue=str(number), by=by)
    return str(done.status)


def test_three_consecutive_issues_publish_and_the_last_of_them_is_the_day(
    papers: Paperwork, request_to_print: int
) -> None:
    papers.serve(request_to_print, on=TODAY - timedelta(days=9), receiver="Tòa soạn")
    assert issue(papers, request_to_print, 9201, date(2016, 3, 8)) == "served"
    assert issue(papers, request_to_print, 9203, date(2016, 3, 10)) == "served"
    assert issue(papers, request_to_print, 9202, date(2016, 3, 9)) == "published"
    *_, published = papers.facts("letter_served")
    assert (published["occurred_on"], published["data"]["way"]) == (date(2016, 3, 10), "newspaper")
    assert [fact["kind"] for fact in papers.facts() if "service" in fact["kind"]] == ["service_begun"] * 2


def test_two_newspapers_do_not_add_up(papers: Paperwork, request_to_print: int) -> None:
    issue(papers, request_to_print, 100, date(2016, 3, 7))
    issue(papers, request_to_print, 101, date(2016, 3, 8), "An ninh Hải Phòng")
    assert issue(papers, request_to_print, 102, date(2016, 3, 9)) == "issued"
    assert issue(papers, request_to_print, 101, date(2016, 3, 8), "  báo   HẢI PHÒNG ") == "published"


def test_the_same_issue_counts_once_and_dates_are_not_reversed(papers: Paperwork, request_to_print: int) -> None:
    issue(papers, request_to_print, 9201, date(2016, 3, 8))
    again = {"newspaper": "BÁO HẢI PHÒNG", "issue": "9201"}
    assert wrong(papers, request_to_print, *PRINTED, date(2016, 3, 9), **again) == {"issue": "issue_twice"}
    later = {"newspaper": "Báo Hải Phòng", "issue": "9202"}
    for on in (date(2016, 3, 7), date(2016, 3, 8)):
        assert wrong(papers, request_to_print, *PRINTED, on, **later) == {"on": "issues_reversed"}


def test_an_issue_is_a_step_of_the_case_when_the_recorder_may_do_that_step(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    three_issues(papers, letter)
    printed = papers.facts("record_newspaper_issue")
    assert [fact["data"]["issue_number"] for fact in printed] == [9201, 9202, 9203]
    assert papers.status(letter) == "published"
    assert papers.facts("service_begun") == []


def test_a_step_that_the_person_may_not_do_is_left_and_said(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    done = papers.serve(letter, *PRINTED, newspaper="Báo Hải Phòng", issue="7", by="manager")
    assert done.left is not None
    assert (done.status, done.left.code) == ("issued", "wrong_role")
    assert papers.facts("record_newspaper_issue") == []
    assert len(papers.facts("service_begun")) == 1


def test_what_the_case_knows_already_is_not_recorded_twice(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    papers.do(
        "record_newspaper_issue", newspaper="Báo Hải Phòng", issue_number=9201, printed_on=papers.today, proven=True
    )
    issue(papers, letter, 9201, papers.today)
    assert len(papers.facts("record_newspaper_issue")) == 1


def test_post_is_sent_and_its_result_recorded_later(papers: Paperwork, visit: int) -> None:
    assert papers.serve(visit, "post", "sent", tracking="RR123", evidence=[]).status == "issued"
    with pytest.raises(Refused) as refused:
        papers.serve(visit, "post", "sent", tracking="RR124", evidence=[])
    assert refused.value.code == "service_under_way"
    papers.today += timedelta(days=3)
    assert wrong(papers, visit, "post", "served", TODAY - timedelta(days=1), tracking="RR123") == {
        "on": "served_before_issue"
    }
    assert papers.serve(visit, "post", "returned", tracking="RR123", reason="Sai địa chỉ").status == "undelivered"
    assert papers.serve(visit, "post", "returned", tracking="RR125", reason="Vắng").status == "undelivered"
    assert len(papers.facts("letter_returned")) == 2
    assert papers.serve(visit, receiver="Ông Hải").status == "served"
    assert papers.serve(visit, "hand", "returned", reason="Nơi nhận thứ hai vắng").status == "served"


def test_a_posting_counts_from_its_end_with_the_minutes(papers: Paperwork, visit: int) -> None:
    until = TODAY + timedelta(days=15)
    papers.serve(visit, "posting", "posted", to_on=until, place="UBND xã", evidence=[])
    assert papers.status(visit) == "issued"
    papers.today = until
    over = {"place": "UBND xã", "witness": "Ông Phong"}
    assert papers.serve(visit, "posting", "published", TODAY, to_on=until, **over).status == "published"
    assert papers.facts("letter_served")[0]["occurred_on"] == until
    assert papers.serve(visit, "post", "returned", tracking="1", reason="Vắng").status == "published"
    assert papers.serve(visit, receiver="Bà Lan").status == "served"


def annulled(papers: Paperwork, kind: str, place: int = -1) -> None:
    seq = papers.facts(kind)[place]["seq"]
    annul(papers.bind, papers.ref, seq, by=login_of("manager"), reason="Ghi nhầm", clock=papers.clock)
    drain(papers.bind, papers.clock)
    with reading(papers.bind) as connection:
        assert list(verify(connection)) == []


def test_annulled_service_brings_the_letter_back_to_where_it_was(papers: Paperwork, visit: int) -> None:
    papers.serve(visit, "post", "returned", tracking="RR1", reason="Đi vắng")
    papers.serve(visit, receiver="Bà Lan")
    annulled(papers, "letter_served")
    assert papers.status(visit) == "undelivered"
    annulled(papers, "letter_returned")
    assert papers.status(visit) == "issued"
    assert [item["annulled_by"] for item in papers.attempts(visit)] == [login_of("manager")] * 2
    assert papers.serve(visit, receiver="Bà Lan").status == "served"


def test_an_annulled_issue_breaks_the_run_and_with_it_the_publication(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    three_issues(papers, letter)
    annulled(papers, "record_newspaper_issue", 1)
    assert papers.status(letter) == "issued"
    assert [fact["annulled"] for fact in papers.facts("letter_served")] == [True]
    assert [bool(item["annulled_at"]) for item in papers.attempts(letter)] == [False, True, False]
    assert issue(papers, letter, 9202, papers.today - timedelta(days=1)) == "published"
    *_, published = papers.facts("letter_served")
    assert (published["annulled"], published["occurred_on"]) == (False, papers.today)


def test_annulling_the_publication_takes_its_issue_along(papers: Paperwork) -> None:
    compulsory(papers)
    letter = printed_request(papers)
    three_issues(papers, letter)
    annulled(papers, "letter_served")
    assert papers.status(letter) == "issued"
    assert [fact["annulled"] for fact in papers.facts("record_newspaper_issue")] == [False, False, True]


def test_the_issue_of_a_letter_is_not_annulled_but_its_number_cancelled(papers: Paperwork, visit: int) -> None:
    (issued,) = papers.facts("letter_issued")
    with pytest.raises(Refused) as refused:
        annul(papers.bind, papers.ref, issued["seq"], by=login_of("manager"), reason="x", clock=papers.clock)
    assert (refused.value.code, refused.value.params["number"]) == ("cancel_number_instead", "01/TB-TCKH")
    papers.cancelled(visit, "Sai tên hợp tác xã")
    assert papers.status(visit) == "cancelled"
    assert [fact["annulled"] for fact in papers.facts("letter_issued")] == [True]
    assert papers.facts("annulled")[-1]["data"]["reason"] == "Sai tên hợp tác xã"


def three_issues(papers: Paperwork, letter: int) -> None:
    for place in range(3):
        issue(papers, letter, 9201 + place, papers.today - timedelta(days=2 - place))


def printed_request(papers: Paperwork) -> int:
    """The request to the newspaper that the decision required, issued; three days have passed since."""
    (decided,) = papers.facts("decide_dissolution")
    letter = papers.requested("newspaper_request", decided["seq"])
    papers.filled(letter, claims_until_on="30/04/2016")
    papers.issued(letter, "leader")
    papers.today += timedelta(days=3)
    return letter


def compulsory(papers: Paperwork) -> None:
    """Carry the case to the work of the compulsory council, whose chair is the leader."""
    with writing(papers.bind) as connection:
        chair = officers.update().where(officers.c.login == login_of("leader", papers.place))
        connection.execute(chair.values(name=COUNCIL[0]["name"]))
    for step in PATHS["dissolved_compulsory"]:
        papers.take(step)
        if step.verb == "decide_dissolution":
            return
