"""The paper of an act is not written without it, by hand or in bulk; what was signed with blanks gets no number."""

from typing import Any

import pytest

from casework.acts import record
from casework.ledger import NewFact, load_case
from correspondence import drafts
from correspondence.ink.signed_papers import InkPaper, enter_papers
from models.database import writing
from models.errors import Refused
from tests.correspondence.batches import Batches
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import COMPLAINT, TODAY

NOTICE = "complaint_acceptance"
SCAN = ("ban-ky.pdf", b"%PDF-1.4\n1 0 obj<<>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n")


def became(papers: Paperwork, letter: int, template: str = NOTICE) -> int:
    """A letter drafted by hand as an earlier version allowed it."""
    with writing(papers.bind) as connection:
        drafts.note(connection, letter, template=template)
    return letter


def refusal(call: Any, *args: Any, **more: Any) -> Refused:
    with pytest.raises(Refused) as refused:
        call(*args, **more)
    return refused.value


def test_it_is_not_drafted_by_hand_and_the_act_is_named(papers: Paperwork) -> None:
    said = refusal(papers.drafted, NOTICE)
    assert (said.code, said.params["verbs"]) == ("letter_is_of_act", ["accept_complaint"])
    assert said.params["acts"] == {"vi": "Thụ lý khiếu nại", "en": "Accept the complaint"}


def test_of_several_acts_those_of_the_present_step_are_named(papers: Paperwork) -> None:
    assert refusal(papers.drafted, "stay_or_cancel_decision").params["verbs"] == ["change_decision", "cancel_decision"]
    papers.decided()
    assert refusal(papers.drafted, "decision_measure").params["verbs"] == ["decide_measure"]


def test_one_drafted_before_the_upgrade_goes_no_further(papers: Paperwork) -> None:
    draft, signed = papers.drafted(deleted_on="25/03/2016"), papers.approved(papers.drafted(deleted_on="25/03/2016"))
    assert refusal(papers.submitted, became(papers, draft)).code == "letter_is_of_act"
    assert refusal(papers.issue, became(papers, signed)).code == "letter_is_of_act"
    paper = InkPaper(draft, papers.person("leader").name, "", TODAY, "5", SCAN)
    with writing(papers.bind) as connection:
        refused = refusal(enter_papers, connection, [paper], papers.person("case_officer"), clock=papers.clock)
    assert refused.code == "letter_is_of_act"
    with writing(papers.bind) as connection:
        drafts.discard(connection, draft, papers.person("case_officer"), "Soạn riêng")
    assert papers.status(draft) == "cancelled"


def test_an_act_on_record_without_its_paper_may_be_given_one(papers: Paperwork) -> None:
    papers.do("receive_complaint", "clerk", **COMPLAINT)
    with writing(papers.bind) as connection:
        loaded = load_case(connection, papers.ref, lock=True)
        data = {"accepted_on": "2016-03-14", "settler": COMPLAINT["settler"]}
        record(connection, loaded, NewFact("accept_complaint", TODAY, papers.clock.now(), "legal.hbg", "legal", data))
    papers.issued(papers.handed_in_as_draft(NOTICE))
    assert refusal(papers.drafted, NOTICE).code == "letter_is_of_act", "it has its paper now"


def test_in_bulk_its_cases_are_left_out_with_the_act(batches: Batches) -> None:
    looked = batches.looked_at("demand_reregister", data={}).candidates
    own = [item for item in looked if item.reason != "other_office"]
    assert {(item.reason, item.verbs) for item in own} == {("of_act", ("demand_reregister",))}
    assert refusal(batches.drafted, "Yêu cầu", "demand_reregister", data={}).code == "batch_nobody"


def test_a_signed_batch_of_before_the_upgrade_gets_no_number(batches: Batches) -> None:
    batch = batches.signed()
    desk = Paperwork(batches.bind, batches.refs[0])
    became(desk, batches.rows(batch)[1]["id"], "demand_reregister")
    refused = refusal(batches.issued, batch)
    assert refused.code == "batch_act_refused"
    assert batches.book() == []


def test_what_was_signed_with_a_blank_is_returned_and_signed_anew(papers: Paperwork) -> None:
    letter = papers.signed_with_blank()
    assert refusal(papers.issue, letter).code == "letter_signed_with_blanks"
    assert refusal(papers.sent_back, letter, "case_officer").code == "issuing_not_yours"
    papers.sent_back(letter, "clerk")
    row = papers.row(letter)
    assert (row["status"], row["content_hash"], row["approved_by"]) == ("returned", "", None)
    assert "frozen" not in row["data"]
    papers.issued(papers.filled(letter, deleted_on="28/03/2016"))
    assert papers.row(letter)["number"] == 1


def test_a_batch_with_a_blank_gets_no_number(batches: Batches) -> None:
    batch = batches.signed()
    with writing(batches.bind) as connection:
        drafts.note(connection, batches.rows(batch)[0]["id"], missing=["deleted_on"])
    assert refusal(batches.issued, batch).code == "letter_signed_with_blanks"
    assert batches.book() == []
