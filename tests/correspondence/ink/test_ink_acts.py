"""An act that takes effect by a paper signed in ink: the case moves when the paper is confirmed, on the paper's day."""

from datetime import date, timedelta

import pytest

from casework import acts
from models.errors import Refused
from tests.correspondence.ink.desk import HEAD, InkDesk
from tests.correspondence.test_effective_papers import draft_of, state_of
from tests.oversight.histories import live
from tests.web.web_office import Office, login_of


@pytest.fixture
def desk(small: Office) -> InkDesk:
    """A measure that was checked while the head signed in; ink and a book on paper came after it."""
    checked = live(small.bind, small.first, "consolidated", date(2016, 3, 2), until="check_legality")
    return InkDesk(small.bind, small.first).open(checked)


@pytest.fixture
def prepared(desk: InkDesk) -> int:
    """The submission of a measure, prepared and drafted."""
    desk.today = max(fact["occurred_on"] for fact in desk.facts()) + timedelta(days=1)
    desk.do("submit_measure")
    return draft_of(desk)


def test_the_confirmation_moves_the_case_on_the_day_of_the_paper(desk: InkDesk, prepared: int) -> None:
    signed_on = desk.today + timedelta(days=1)
    desk.today += timedelta(days=3)
    paper = desk.enter(prepared, signed_on=signed_on)
    assert state_of(desk) == "S3"
    assert desk.confirm(paper) == [prepared]
    (fact,) = desk.facts("submit_measure")
    assert (state_of(desk), fact["occurred_on"]) == ("S4", signed_on)
    assert fact["data"]["paper"]["signer"] == HEAD.name
    assert fact["data"]["paper"]["symbol"] == f"41/{desk.row(prepared)['symbol']}"


def test_a_case_that_moved_meanwhile_refuses_the_confirmation_and_keeps_the_number_free(
    desk: InkDesk, prepared: int
) -> None:
    paper = desk.enter(prepared, signed_on=desk.today)
    other = desk.enter(desk.waiting(), number="42", signed_on=desk.today)
    acts.apply(
        desk.bind, desk.ref, "send_back_to_review", by=login_of("legal"), clock=desk.clock, data={"reason": "Thiếu"}
    )
    with pytest.raises(Refused):
        desk.confirm(other, paper)
    assert (desk.status(prepared), desk.row(prepared)["number"]) == ("entered", None)
    assert {item["status"] for item in desk.entries()} == {"entered"}
