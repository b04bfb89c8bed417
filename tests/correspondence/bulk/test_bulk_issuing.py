"""Numbers for a batch: all or none, consecutive, each with its record; two clerks at once; a number never twice."""

import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text

from casework.office.people import actor
from casework.upkeep.integrity import verify
from correspondence.bulk.bulk_issuing import issue_batch
from correspondence.issuing import issue
from correspondence.letter_files import read_bytes
from models.database import reading, writing
from models.errors import Refused
from models.settings import settings
from models.tables import letter_rows
from tests.correspondence.batches import DELETED, Batches
from tests.correspondence.paperwork import Paperwork
from tests.letters.reading import text_of
from tests.web.web_office import build_office

OFFICE_BOOK = ("HBG/finance_office", "others")


@pytest.fixture
def either(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Batches:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    office = build_office(either_bind)
    return Batches(office.bind, [office.first, office.second])


def numbers(batches: Batches, book: tuple[str, str] = OFFICE_BOOK) -> list[int]:
    return [number for issuer, series, number, _ in batches.book() if (issuer, series) == book]


def sound(batches: Batches, batch: int) -> None:
    """Numbers as the list has them, each letter with its record and its line, every case with its fact."""
    rows = batches.rows(batch)
    numbers = [row["number"] or 0 for row in rows]
    assert numbers == sorted(numbers)
    assert all(numbers)
    assert {(row["number"], row["id"]) for row in rows} <= {(number, letter) for _, _, number, letter in batches.book()}
    for row in rows:
        assert hashlib.sha256(read_bytes(row["pdf_sha"])).hexdigest() == row["pdf_sha"]
    with reading(batches.bind) as connection:
        assert [fault for row in rows for fault in verify(connection, row["ref"])] == []


def test_numbers_run_on_in_the_order_of_the_list(either: Batches) -> None:
    alone = Paperwork(either.bind, either.more(1)[0])
    alone.issued(alone.drafted(**DELETED))
    batch = either.signed(refs=either.refs[:2] + either.more(5))
    done = either.issued(batch)
    rows = either.rows(batch)
    assert (done.count, done.ranges) == (7, ((*OFFICE_BOOK, 2, 8),))
    assert [row["number"] for row in rows] == [2, 3, 4, 5, 6, 7, 8]
    sound(either, batch)
    for row in rows[:2]:
        assert f"Số: {row['number']:02d}/TB-TCKH" in text_of(read_bytes(row["pdf_sha"]))


def test_a_failure_in_the_middle_gives_every_number_back(batches: Batches) -> None:
    batches.more(4)
    batch = batches.signed()
    middle = batches.rows(batch)[3]
    trigger = (
        f"CREATE TRIGGER full_disk BEFORE INSERT ON fact WHEN NEW.case_id = {middle['case_id']} "
        "BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    )
    with writing(batches.bind) as connection:
        connection.execute(text(trigger))
    with pytest.raises(Exception, match="disk full"):
        batches.issued(batch)
    assert batches.book() == []
    assert {row["status"] for row in batches.rows(batch)} == {"approved"}
    with writing(batches.bind) as connection:
        connection.execute(text("DROP TRIGGER full_disk"))
    assert batches.issued(batch).ranges == ((*OFFICE_BOOK, 1, 6),)
    sound(batches, batch)


def test_numbers_taken_while_it_printed_are_left_to_their_takers(batches: Batches) -> None:
    """Each time the batch has printed, another clerk takes the next number; in the end it holds the book itself."""
    others = [Paperwork(batches.bind, ref) for ref in batches.more(2)]
    waiting = [papers.approved(papers.drafted(**DELETED)) for papers in others]
    batch = batches.signed(refs=batches.refs[:2])
    taken: list[int] = []

    def meddle(done: int, of: int) -> None:
        if done == of and waiting:
            papers = others[len(taken)]
            with writing(batches.bind) as connection:
                clerk, now = actor(connection, "clerk.hbg"), batches.clock.now()
                taken.append(issue(connection, waiting.pop(0), clerk, now=now, today=papers.today)["number"])

    done = issue_batch(batches.bind, batch, batches.person("clerk"), clock=batches.clock, progress=meddle)
    assert (taken, done.ranges) == ([1, 2], ((*OFFICE_BOOK, 3, 4),))
    assert numbers(batches) == [1, 2, 3, 4]
    sound(batches, batch)


@pytest.mark.parametrize("same_book", [True, False], ids=["one book", "two books"])
def test_two_clerks_number_two_batches_at_once(either: Batches, same_book: bool) -> None:
    either.more(10)
    first = either.signed("Một", refs=either.refs[:6])
    second = either.signed("Hai", refs=either.refs[6:]) if same_book else in_another_book(either)
    alone = [Paperwork(either.bind, ref) for ref in either.more(3)]
    single = [papers.approved(papers.drafted(**DELETED)) for papers in alone]

    def one_by_one() -> Sequence[int]:
        found = []
        for letter in single:
            with writing(either.bind) as connection:
                clerk = actor(connection, "manager.hbg")
                found.append(issue(connection, letter, clerk, now=either.clock.now(), today=either.today)["number"])
        return found

    with ThreadPoolExecutor(3) as workers:
        waiting = [
            workers.submit(either.issued, batch, role) for batch, role in ((first, "clerk"), (second, "manager"))
        ]
        waiting.append(workers.submit(one_by_one))  # type: ignore[arg-type]
        for item in waiting:
            item.result()
    for batch in (first, second):
        rows = either.rows(batch)
        start = rows[0]["number"] or 0
        assert [row["number"] for row in rows] == list(range(start, start + len(rows)))
        sound(either, batch)
    for book in {line[:2] for line in either.book()}:
        found = numbers(either, book)
        assert found == list(range(1, len(found) + 1))


def in_another_book(either: Batches) -> int:
    """Invitations of the committee: another issuer, other numbers, the same cases."""
    said = {"invited": "đại diện HTX", "starts": "8 giờ", "held_on": "2016-03-28", "place": "trụ sở", "agenda": "bàn"}
    batch = either.drafted("Giấy mời", "meeting_invitation", data=said, refs=either.refs[:6]).batch
    either.submitted(batch)
    either.approved(batch, "leader")
    return batch


def test_two_clerks_at_one_batch_number_it_once(either: Batches) -> None:
    either.more(4)
    batch = either.signed()

    def number(role: str) -> str:
        try:
            either.issued(batch, role)
        except Refused as refused:
            return refused.code
        return "issued"

    with ThreadPoolExecutor(2) as workers:
        answers = sorted(workers.map(number, ("clerk", "manager")))
    assert answers == ["batch_nothing_to_issue", "issued"]
    assert numbers(either) == [1, 2, 3, 4, 5, 6]


def test_after_numbering_the_batch_can_only_be_cancelled(batches: Batches) -> None:
    batch = batches.signed()
    batches.issued(batch)
    assert batches.view(batch, "clerk").allowed == {"print", "cancel"}
    with pytest.raises(Refused) as refused:
        batches.dropped(batch, "Nhầm")
    assert refused.value.code == "batch_signed_already"
    assert batches.cancelled(batch, "Sai ngày kiểm tra") == 2
    assert numbers(batches) == [1, 2]
    assert batches.drafted("Đợt sau").made == 2
    assert batches.issued(batches_signed(batches)).ranges == ((*OFFICE_BOOK, 3, 4),)


def batches_signed(batches: Batches) -> int:
    """The batch drafted last, carried to its signature."""
    batch = batches.drafted("Đợt sau").batch
    batches.submitted(batch)
    batches.approved(batch)
    return batch


def test_a_batch_dated_before_the_books_last_letter_is_refused(batches: Batches) -> None:
    batch = batches.signed(refs=batches.refs[:1])
    later = Paperwork(batches.bind, batches.refs[1], today=batches.today.replace(day=20))
    later.issued(later.drafted(**DELETED))
    with pytest.raises(Refused) as refused:
        batches.issued(batch)
    assert refused.value.code == "letter_back_dated"
    assert numbers(batches) == [1]


def test_a_letter_that_cannot_be_printed_holds_the_numbers_of_all(batches: Batches) -> None:
    """Signed before characters were checked that the font does not have."""
    batch = batches.signed()
    row = batches.rows(batch)[1]
    frozen = {**row["data"]["frozen"], "summary": "kiểm tra HTX Sông \u6c5f"}
    with writing(batches.bind) as connection:
        changed = letter_rows.update().where(letter_rows.c.id == row["id"])
        connection.execute(changed.values(data={**row["data"], "frozen": frozen}))
    with pytest.raises(Refused) as refused:
        batches.issued(batch)
    assert (refused.value.code, "HTX Sông" in str(refused.value.params["why"])) == ("batch_does_not_print", True)
    assert batches.book() == []
    batches.taken_out(batch, row["id"], "Sửa tên đơn vị")
    assert batches.issued(batch).ranges == ((*OFFICE_BOOK, 1, 1),)
