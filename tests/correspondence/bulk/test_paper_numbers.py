"""Signed letters of a book on paper numbered many at once: all or none, gaps and any order right, no number twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.upkeep.integrity import verify
from correspondence.bulk.number_file import number_form, read_numbers
from correspondence.bulk.paper_numbers import PaperNumber, number_from_paper, to_number
from correspondence.ink.book_modes import KEPT_HERE
from correspondence.letter_files import read_bytes
from models.database import reading
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from models.settings import settings
from models.tables import book_entries
from templates.trial_mark import mark_of
from tests.correspondence.batches import Batches
from tests.correspondence.ink.desk import BOOK, HEAD, InkDesk, book_on_paper
from tests.correspondence.test_effective_papers import draft_of, ready, state_of
from tests.letters.reading import text_of
from tests.web.web_office import ROLES, TODAY, Office, build_office, login_of

DAY = TODAY.strftime("%d/%m/%Y")


@pytest.fixture
def desk(small: Office) -> InkDesk:
    """An office whose finance office keeps its book on paper."""
    return book_on_paper(small)


def ready_on_paper(office: Office) -> InkDesk:
    """A case whose measure can be submitted; the book of the office is kept on paper from then on."""
    day = ready(office.bind, office.first)
    desk = InkDesk(office.bind, office.first)
    desk.today = day
    desk.on_paper(BOOK, day)
    return desk


def number(desk: InkDesk, *typed: tuple[int, str, str], by: str = "clerk") -> list[int]:
    lines = [PaperNumber(*line) for line in typed]
    return number_from_paper(desk.bind, lines, desk.person(by), clock=desk.clock)


def wrong_cells(desk: InkDesk, *typed: tuple[int, str, str]) -> dict[str, str]:
    """The code of each wrong cell; nothing was entered."""
    before = book_of(desk)
    with pytest.raises(WrongInput) as wrong:
        number(desk, *typed)
    assert book_of(desk) == before
    listed: list[WrongInput] = [wrong.value, *wrong.value.params.get("also", ())]  # type: ignore[misc]
    return {one.field: one.code for one in listed}


def book_of(desk: InkDesk) -> list[tuple[int, int]]:
    with reading(desk.bind) as connection:
        found = select(book_entries.c.number, book_entries.c.letter_id).order_by(book_entries.c.number)
        return list(connection.execute(found).tuples())


def waiting(desk: InkDesk, by: str = "clerk", batch: int | None = None) -> list[int]:
    with reading(desk.bind) as connection:
        return [item.row["id"] for item in to_number(connection, desk.person(by), desk.today, batch)]


def faults(desk: InkDesk) -> list[str]:
    with reading(desk.bind) as connection:
        return [fault.code for fault in verify(connection)]


def test_many_are_numbered_as_on_their_papers_with_gaps_and_in_any_order(desk: InkDesk) -> None:
    letters = [desk.signed() for _ in "1234"]
    desk.today += timedelta(days=3)
    assert waiting(desk) == letters
    days = [(TODAY + timedelta(days=after)).strftime("%d/%m/%Y") for after in (2, 0, 3)]
    typed = list(zip(letters, ("41", "012", "7"), days, strict=False))
    assert number(desk, *typed) == letters[:3]
    rows = [desk.row(letter) for letter in letters[:3]]
    assert [(row["number"], row["issued_on"]) for row in rows] == [
        (41, TODAY + timedelta(days=2)), (12, TODAY), (7, TODAY + timedelta(days=3)),
    ]  # fmt: skip
    assert "Số: 41/TB-TCKH" in text_of(read_bytes(rows[0]["pdf_sha"]))
    assert waiting(desk) == letters[3:]
    assert len(desk.facts("letter_issued")) == 3
    assert faults(desk) == []


def test_every_wrong_cell_is_named_and_nothing_is_entered(desk: InkDesk) -> None:
    letters = [desk.signed() for _ in range(8)]
    draft = desk.drafted(deleted_on="25/03/2016")
    taken = letters.pop()
    desk.issue(taken, on=TODAY, number="5")
    tomorrow, yesterday = ((TODAY + timedelta(days=by)).strftime("%d/%m/%Y") for by in (1, -1))
    cells = [("9", DAY), ("09", DAY), ("5", DAY), ("", "31/02/2016"), ("x", tomorrow), ("10", yesterday), ("11", "")]
    typed = [(letter, *cell) for letter, cell in zip(letters, cells, strict=True)]
    a, b, c, d, e, f, g = letters
    assert wrong_cells(desk, *typed, (draft, "20", DAY)) == {
        f"number.{b}": "numbers_number_twice", f"number.{c}": "number_taken", f"number.{d}": "number_from_paper",
        f"on.{d}": "not_a_date", f"number.{e}": "number_not_of_book", f"on.{e}": "issue_in_future",
        f"on.{f}": "issue_before_signed", f"on.{g}": "day_from_paper", f"letter.{draft}": "letter_not_in_status",
    }  # fmt: skip
    assert wrong_cells(desk, (a, "30", DAY), (a, "31", DAY)) == {f"letter.{a}": "numbers_letter_twice"}
    assert wrong_cells(desk) == {"number": "numbers_nothing"}
    assert desk.status(a) == "approved"


def test_the_same_number_in_another_year_or_book_is_another_number(desk: InkDesk) -> None:
    first, second = desk.signed(), desk.signed()
    desk.today = date(2017, 1, 4)
    assert number(desk, (first, "7", "30/12/2016"), (second, "7", "04/01/2017")) == [first, second]


def test_a_number_that_a_signed_paper_waits_with_is_not_given_to_another(desk: InkDesk) -> None:
    first = desk.signed()
    desk.signatory(HEAD)
    desk.enter(desk.waiting(), signer="Người manager.hbg", number="41")
    assert wrong_cells(desk, (first, "41", DAY)) == {f"number.{first}": "number_entered"}
    with pytest.raises(WrongInput) as wrong:
        desk.issue(first, on=TODAY, number="41")
    assert wrong.value.code == "number_entered"


def test_a_day_on_which_the_book_was_kept_here_is_refused(small: Office) -> None:
    desk = InkDesk(small.bind, small.first)
    letter = desk.signed()
    assert waiting(desk) == []
    desk.on_paper(BOOK, TODAY + timedelta(days=2))
    desk.today += timedelta(days=5)
    assert waiting(desk) == [letter]
    assert wrong_cells(desk, (letter, "3", DAY)) == {f"on.{letter}": "book_kept_here_on"}
    desk.on_paper(BOOK, desk.today, mode=KEPT_HERE)
    assert waiting(desk) == [letter]  # the clerk may have numbered it while the book was on paper
    assert number(desk, (letter, "3", (TODAY + timedelta(days=2)).strftime("%d/%m/%Y"))) == [letter]


def test_a_letter_signed_in_ink_is_dated_from_its_paper_not_from_its_confirmation(small: Office) -> None:
    desk = InkDesk(small.bind, small.first)
    letter = desk.waiting()
    desk.on_paper(BOOK, TODAY + timedelta(days=1))
    desk.today += timedelta(days=6)
    desk.confirm(desk.enter(letter, signer="Người manager.hbg", number=""))
    assert desk.status(letter) == "approved"
    assert number(desk, (letter, "8", (TODAY + timedelta(days=2)).strftime("%d/%m/%Y"))) == [letter]


def test_each_act_takes_effect_with_its_paper_or_none_does(small: Office) -> None:
    desk = ready_on_paper(small)
    desk.do("submit_measure")
    letter, other = desk.approved(draft_of(desk)), desk.signed()
    day = desk.today.strftime("%d/%m/%Y")
    desk.do("send_back_to_review", "legal", reason="Thiếu biên bản")
    cells = wrong_cells(desk, (letter, "50", day), (other, "51", day))
    assert list(cells) == [f"letter.{letter}"]
    assert (state_of(desk), desk.status(other)) != ("S4", "issued")


def test_the_case_moves_on_the_day_of_its_paper(small: Office) -> None:
    desk = ready_on_paper(small)
    desk.do("submit_measure")
    letter = desk.approved(draft_of(desk))
    day, desk.today = desk.today, desk.today + timedelta(days=4)
    number(desk, (letter, "50", day.strftime("%d/%m/%Y")))
    assert state_of(desk) == "S4"
    (fact,) = desk.facts("submit_measure")
    assert (fact["occurred_on"], desk.row(letter)["fact_seq"]) == (day, fact["seq"])
    assert faults(desk) == []


@pytest.mark.parametrize("role", ROLES)
def test_who_numbers(desk: InkDesk, role: str) -> None:
    letter = desk.signed()
    if role in ("clerk", "manager"):
        assert waiting(desk, role) == [letter]
        assert number(desk, (letter, "1", DAY), by=role) == [letter]
        return
    assert waiting(desk, role) == []
    with pytest.raises(Refused) as refused:
        number(desk, (letter, "1", DAY), by=role)
    assert refused.value.code == "issuing_not_yours"


def test_a_letter_of_another_office_is_not_there(desk: InkDesk) -> None:
    letter = desk.signed()
    with pytest.raises(NotFound):
        number(desk, (letter, "1", DAY), by=login_of("clerk", "ADG"))
    assert waiting(desk, login_of("clerk", "ADG")) == []


def test_a_batch_is_numbered_from_the_book_and_keeps_its_record(small: Office, desk: InkDesk) -> None:
    batches = Batches(small.bind, [small.first, small.second])
    batch = batches.signed("Đợt")
    alone = desk.signed()
    letters = [row["id"] for row in batches.rows(batch)]
    assert waiting(desk, batch=batch) == letters
    assert set(waiting(desk)) == {alone, *letters}
    number(desk, *((letter, str(90 - place), DAY) for place, letter in enumerate(letters)))
    assert [row["number"] for row in batches.rows(batch)] == [90, 89]
    assert [(act["act"], act["count"]) for act in batches.view(batch).acts][:1] == [("issued", 2)]


@pytest.mark.parametrize("trial", [False, True])
def test_the_file_goes_out_with_the_letters_and_comes_back_with_their_numbers(desk: InkDesk, trial: bool) -> None:
    letter = desk.signed()
    with reading(desk.bind) as connection:
        found = to_number(connection, desk.person("clerk"), TODAY)
    form = number_form(found, lambda book, _: book, "vi", mark_of(trial, "vi"))
    assert read_numbers(form, "so.xlsx") == []  # nothing is filled in yet
    filled = f"Mã văn bản;Số;Ngày văn bản\n{letter};7;{DAY}\n8;;\n9;12;\n".encode()
    assert read_numbers(filled, "so.csv", "01/02/2016") == [
        PaperNumber(letter, "7", DAY), PaperNumber(9, "12", "01/02/2016"),
    ]  # fmt: skip
    for content, code in (("a;b\n1;2\n", "numbers_no_header"), ("Letter id;Number\nx1;2\n", "numbers_letter_wrong")):
        with pytest.raises(WrongInput) as wrong:
            read_numbers(content.encode(), "so.csv")
        assert wrong.value.code == code


def test_two_clerks_do_not_enter_one_number_twice(
    either_bind: Engine, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path_factory.mktemp("var")))
    settings.cache_clear()
    office = build_office(either_bind)
    desk, other = InkDesk(office.bind, office.first), InkDesk(office.bind, office.second)
    desk.on_paper(BOOK)
    pairs = [(desk.signed(), other.signed()), (other.signed(), desk.signed())]
    with ThreadPoolExecutor(2) as hands:
        tries = [hands.submit(number, desk, (pair[0], "7", DAY), (pair[1], "8", DAY)) for pair in pairs]
    errors = [one.exception() for one in tries]
    assert [type(error) for error in errors if error] == [WrongInput]
    failed = next(error for error in errors if error)
    assert isinstance(failed, CoopcaseError)
    assert failed.code == "number_taken"
    assert [entered for entered, _ in book_of(desk)] == [7, 8]
    assert faults(desk) == []
