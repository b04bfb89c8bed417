"""Number books kept here without gaps, or by the clerk on paper: gaps and any order, no number twice."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from correspondence.bulk import bulk_issuing
from correspondence.ink.book_modes import EVERY_BOOK, KEPT_HERE, ON_PAPER, SETTERS, BookModes, keep_on_paper, start_book
from correspondence.number_book import book
from correspondence.paper_integrity import verify_papers
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from tests.correspondence.batches import Batches
from tests.correspondence.ink.desk import BOOK, InkDesk, modes_of
from tests.web.web_office import ROLES, TODAY, Office, login_of


@pytest.fixture
def ours(small: Office) -> InkDesk:
    """An office whose books are kept here."""
    return InkDesk(small.bind, small.first)


def signed(desk: InkDesk) -> int:
    return desk.approved(desk.drafted(deleted_on="25/03/2016"))


def mode(desk: InkDesk, issuer: str, on: date = TODAY) -> str:
    with reading(desk.bind) as connection:
        return BookModes(connection).of(issuer, on)


def start(desk: InkDesk, number: int, by: str = "clerk", year: int = 2016) -> None:
    with writing(desk.bind) as connection:
        start_book(connection, BOOK, "others", year, number, by=desk.person(by), clock=desk.clock)


def faults(desk: InkDesk) -> list[str]:
    with reading(desk.bind) as connection:
        return [fault.code for fault in verify_papers(connection)]


def test_what_was_settled_for_a_book_goes_before_its_office_and_every_book(ours: InkDesk) -> None:
    with writing(ours.bind) as connection:
        keep_on_paper(connection, by="admin", clock=ours.clock)
    assert mode(ours, "HBG/council/HP-2016-0001") == ON_PAPER
    ours.on_paper("HBG/council", TODAY, mode=KEPT_HERE)
    assert mode(ours, "HBG/council/HP-2016-0001", TODAY - timedelta(days=1)) == ON_PAPER
    assert [mode(ours, issuer) for issuer in ("HBG/council/HP-2016-0001", "HBG/councillors", "ADG/council/X")] == [
        KEPT_HERE, ON_PAPER, ON_PAPER,
    ]  # fmt: skip
    assert modes_of(ours) == [(EVERY_BOOK, ON_PAPER), ("HBG/council", KEPT_HERE)]


def test_numbers_of_a_book_on_paper_may_have_gaps_and_any_order(ours: InkDesk) -> None:
    ours.on_paper(BOOK)
    for number, day in (("40", TODAY), ("12", TODAY - timedelta(days=0)), ("41", TODAY)):
        ours.issue(signed(ours), on=day, number=number)
    with reading(ours.bind) as connection:
        lines = book(connection, ours.person("clerk"), year=2016, issuer=BOOK)
    assert [item["number"] for item in lines] == [12, 40, 41]
    assert faults(ours) == []


def test_the_day_is_that_of_the_paper_but_not_before_the_signature(ours: InkDesk) -> None:
    ours.on_paper(BOOK)
    letter = signed(ours)
    ours.today = TODAY + timedelta(days=5)
    ours.issue(signed(ours), on=ours.today, number="9")
    with pytest.raises(WrongInput) as wrong:
        ours.issue(letter, on=TODAY - timedelta(days=1), number="3")
    assert wrong.value.code == "issue_before_signed"
    ours.issue(letter, on=TODAY + timedelta(days=1), number="3")
    assert ours.row(letter)["issued_on"] == TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("on", "number", "code"),
    [(TODAY, "", "number_from_paper"), (None, "5", "day_from_paper"), (TODAY, "5a", "number_not_of_book")],
)
def test_number_and_day_are_typed_from_the_paper(ours: InkDesk, on: date | None, number: str, code: str) -> None:
    ours.on_paper(BOOK)
    letter = signed(ours)
    with pytest.raises(WrongInput) as wrong:
        ours.issue(letter, on=on, number=number)
    assert wrong.value.code == code
    assert ours.status(letter) == "approved"


def test_a_number_is_refused_the_second_time_in_its_year_also_when_it_was_cancelled(ours: InkDesk) -> None:
    ours.on_paper(BOOK)
    first, second = signed(ours), signed(ours)
    ours.issue(first, on=TODAY, number="7")
    ours.cancelled(first, "Sai")
    with pytest.raises(WrongInput) as wrong:
        ours.issue(second, on=TODAY, number="07")
    assert (wrong.value.code, wrong.value.params["letter"], wrong.value.params["year"]) == ("number_taken", first, 2016)
    ours.today = date(2017, 1, 4)
    ours.issue(second, on=ours.today, number="7")


def test_a_book_that_comes_back_here_goes_on_after_the_highest_number(ours: InkDesk) -> None:
    ours.issue(signed(ours))
    ours.on_paper(BOOK, TODAY + timedelta(days=1))
    ours.today = TODAY + timedelta(days=2)
    ours.issue(signed(ours), on=ours.today, number="30")
    with pytest.raises(WrongInput) as wrong:
        ours.on_paper(BOOK, ours.today, mode=KEPT_HERE)
    assert (wrong.value.field, wrong.value.code) == ("from_on", "book_mode_back")
    ours.on_paper(BOOK, TODAY + timedelta(days=3), mode=KEPT_HERE)
    ours.today = TODAY + timedelta(days=3)
    assert ours.row(ours.issue(signed(ours)))["number"] == 31
    assert faults(ours) == []


def test_an_office_that_begins_within_a_year_goes_on_from_its_number(ours: InkDesk) -> None:
    start(ours, 58)
    assert [ours.row(ours.issue(signed(ours)))["number"] for _ in "12"] == [58, 59]
    assert faults(ours) == []
    with pytest.raises(Refused) as refused:
        start(ours, 70)
    assert refused.value.code == "book_begun_already"


def test_a_starting_number_is_set_once_and_above_what_the_book_has(ours: InkDesk) -> None:
    ours.on_paper(BOOK, date(2016, 1, 1))
    ours.issue(signed(ours), on=TODAY, number="20")
    with pytest.raises(WrongInput) as wrong:
        start(ours, 20)
    assert wrong.value.params["latest"] == 20
    start(ours, 25)
    with pytest.raises(Refused) as refused:
        start(ours, 26)
    assert refused.value.code == "book_started_already"
    for number in (0, 100_000):
        with pytest.raises(WrongInput):
            start(ours, number, year=2017)


@pytest.mark.parametrize("role", ROLES)
def test_who_settles_a_book(ours: InkDesk, role: str) -> None:
    acts: list[Callable[[], None]] = [lambda: ours.on_paper(BOOK, by=role), lambda: start(ours, 5, by=role)]
    for act in acts:
        if role in SETTERS:
            act()
            continue
        with pytest.raises(Refused) as refused:
            act()
        assert refused.value.code == "books_not_yours"


@pytest.mark.parametrize("issuer", ["ADG/finance_office", "HP/department", "HBG/department", "HBG", "", "HBG/finance"])
def test_a_book_of_another_office_is_not_there(ours: InkDesk, issuer: str) -> None:
    with pytest.raises(NotFound):
        ours.on_paper(issuer)
    with pytest.raises(NotFound):
        ours.on_paper(BOOK, by=login_of("admin", "ADG"))
    assert modes_of(ours) == []


def test_a_mode_that_holds_already_is_not_settled_again(ours: InkDesk) -> None:
    with pytest.raises(Refused) as refused:
        ours.on_paper(BOOK, mode=KEPT_HERE)
    assert refused.value.code == "book_mode_so_already"
    with pytest.raises(WrongInput):
        ours.on_paper(BOOK, mode="nowhere")


def test_a_batch_of_a_book_on_paper_says_where_its_numbers_are_entered(small: Office, ours: InkDesk) -> None:
    batches = Batches(small.bind, [small.first, small.second])
    batch = batches.signed("Đợt")
    ours.on_paper(BOOK)
    with pytest.raises(Refused) as refused:
        bulk_issuing.issue_batch(small.bind, batch, ours.person("clerk"), clock=ours.clock)
    assert refused.value.code == "batch_book_on_paper"
