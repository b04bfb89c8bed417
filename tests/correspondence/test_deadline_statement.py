"""The letter that tells how a case's dates were reached: its sums line by line, with the articles that may print."""

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.acts import record
from casework.ledger import NewFact, load_case
from casework.sums.deadline_sums import explain
from correspondence.composing import Composer
from letters.catalogue import letter_type
from letters.output.plain import plain
from letters.tree import Letter, Table
from models.database import reading, writing
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import CLOCK, TODAY


@pytest.fixture
def complained(papers: Paperwork) -> Paperwork:
    """A council of sixty days, a decision without proof of service, and a complaint."""
    for kind, day in (("decide_dissolution", date(2016, 3, 1)), ("receive_complaint", date(2016, 3, 10))):
        with writing(papers.bind) as connection:
            record(connection, load_case(connection, papers.ref), NewFact(kind, day, CLOCK.now(), "x", "leader", {}))
    return papers


def statement(bind: Engine, ref: str, deadline: str = "") -> Letter:
    with reading(bind) as connection:
        fields = {"receiver": "Thanh tra", "deadline": deadline}
        kind = letter_type("deadline_statement")
        return Composer(connection, TODAY).letter(load_case(connection, ref), kind, None, fields)


def rows(letter: Letter) -> list[tuple[str, ...]]:
    parts = [*letter.body, *(part for item in letter.appendices for part in item.body)]
    return [row for part in parts if isinstance(part, Table) for row in part.rows]


def test_every_line_of_the_sum_is_in_the_letter_in_order(complained: Paperwork) -> None:
    with reading(complained.bind) as connection:
        (sum_,) = explain(connection, complained.ref, "compulsory_council_term")
    letter = statement(complained.bind, complained.ref, "compulsory_council_term")
    assert [row[1].rstrip(".") for row in rows(letter)] == [line.text.rstrip(".") for line in sum_.sentences]
    assert "hết hạn ngày 04 tháng 5 năm 2016" in plain(letter)


def test_recalled_articles_are_left_out_and_named(complained: Paperwork) -> None:
    letter = statement(complained.bind, complained.ref, "compulsory_council_term")
    text = plain(letter)
    assert "Điều 153 Bộ luật Dân sự năm 2005" in text
    assert "Điều 152 Bộ luật Dân sự năm 2005" not in text
    assert [item.key for item in letter.unverified] == ["cc.first_day"]


def test_without_a_name_every_current_statutory_clock_is_explained(complained: Paperwork) -> None:
    text = plain(statement(complained.bind, complained.ref))
    assert "60 ngày của hội đồng giải thể bắt buộc" in text
    assert "Thời hiệu khiếu nại quyết định giải thể: chưa bắt đầu tính" in text
    assert "Chờ bằng chứng giao" in text
    assert "Thụ lý khiếu nại" in text
    assert "Kiểm tra hồ sơ đăng ký" not in text, "a target of the office"


@pytest.mark.parametrize("name", ["Kiểm tra hồ sơ đăng ký", "accept_target", "accept_target."])
def test_a_deadline_is_named_as_it_is_called(complained: Paperwork, name: str) -> None:
    letter = statement(complained.bind, complained.ref, name)
    assert "Kiểm tra hồ sơ đăng ký: hết hạn ngày 15 tháng 3 năm 2016" in plain(letter)
    assert "60 ngày" not in plain(letter)


def test_it_is_drafted_filled_and_signed_like_any_letter(complained: Paperwork) -> None:
    made = complained.drafted("deadline_statement", receiver="Thanh tra huyện", deadline="compulsory_council_term")
    complained.issued(made)
    assert complained.row(made)["status"] == "issued"
