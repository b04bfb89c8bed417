"""Service: each way with its proof, each a fact; without proof no clock."""

import pytest

from tests.casework.paperwork import Paperwork


@pytest.fixture
def visit(papers: Paperwork) -> int:
    """A visit notice that a fact owes, issued."""
    papers.do("accept_case", file_held=True)
    seq = papers.do("send_visit_notice", visit_on="25/03/2016", place="Trụ sở")
    return papers.issued(papers.owed("visit_notice", seq))


def test_what_is_told_of_service_names_the_fact_that_the_letter_follows_from(papers: Paperwork, visit: int) -> None:
    papers.serve(visit, "post", "returned", tracking="RR1", reason="Đi vắng")
    papers.serve(visit, receiver="Bà Lan")
    (sent,) = papers.facts("send_visit_notice")
    (returned,), (served,) = papers.facts("letter_returned"), papers.facts("letter_served")
    for fact in (returned, served):
        assert (fact["data"]["letter"], fact["data"]["template"]) == (visit, "visit_notice")
        assert fact["data"]["follows"] == sent["seq"]


def test_a_letter_drafted_by_hand_follows_from_no_fact(papers: Paperwork) -> None:
    letter = papers.issued(papers.drafted("visit_notice", visit_on="25/03/2016"))
    papers.serve(letter, receiver="Bà Lan")
    (served,) = papers.facts("letter_served")
    assert served["data"]["follows"] is None
