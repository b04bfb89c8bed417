"""A letter is about none, one or many cases; each of them lists it."""

import pytest
from sqlalchemy import Engine, insert, select, update

from casework.case_view import case_document
from casework.ledger import case_row
from correspondence.letter_queue import letter_list_page
from models.database import reading, writing
from models.letter_links import tie
from models.tables import letter_cases, letter_rows
from rule_changes.announcements import Announcements
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import TODAY, Office


@pytest.fixture
def papers(small: Office) -> Paperwork:
    return Paperwork(small.bind, small.first)


def letters_of(bind: Engine, ref: str) -> list[int]:
    with reading(bind) as connection:
        return [row["id"] for row in case_document(connection, ref, today=TODAY)["letters"]]


def test_a_letter_about_two_cases_is_listed_on_both(small: Office, papers: Paperwork) -> None:
    letter = papers.issued(papers.handed_in_as_draft("name_deletion_notice"))
    with writing(small.bind) as connection:
        second = case_row(connection, small.second)["id"]
        assert not Announcements(connection, [second]).has_issued_letter(second)
        tie(connection, [(letter, second), (letter, second)])
        assert Announcements(connection, [second]).has_issued_letter(second)
    assert letters_of(small.bind, small.first) == [letter]
    assert letters_of(small.bind, small.second) == [letter]


def test_a_letter_of_the_office_is_about_no_case(small: Office, papers: Paperwork) -> None:
    letter = papers.drafted()
    with writing(small.bind) as connection:
        row = dict(connection.execute(select(letter_rows).where(letter_rows.c.id == letter)).mappings().one())
        office = row | {"id": None, "key": "office:1", "case_id": None}
        connection.execute(insert(letter_rows).values(office))
        listed, total = letter_list_page(connection, papers.person("manager"), TODAY, status="all", limit=50, offset=0)
    assert ([row["id"] for row in listed], total) == ([letter], 1)
    assert letters_of(small.bind, small.first) == [letter]


def test_a_case_that_a_letter_no_longer_follows_from_does_not_list_it(small: Office, papers: Paperwork) -> None:
    letter = papers.drafted()
    with writing(small.bind) as connection:
        second = case_row(connection, small.second)["id"]
        connection.execute(update(letter_cases).values(case_id=second))
    assert letters_of(small.bind, small.first) == []
    assert letters_of(small.bind, small.second) == [letter]
