"""Papers from before the software: recorded once, with their cases, on a list apart from the number books."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from casework.office.people import Actor
from correspondence.ink.earlier_papers import (
    MAY_RECORD,
    EarlierPaper,
    earlier,
    earlier_count,
    earlier_file,
    record_earlier,
    tie_earlier,
)
from correspondence.number_book import books_of
from models.database import reading, writing
from models.errors import CoopcaseError, NotFound, Refused, WrongInput
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import ROLES, TODAY, Office, login_of

PAPER = EarlierPaper("UBND quận Hồng Bàng", "15/QĐ-UBND", date(2014, 9, 2), "Giải thể bắt buộc", "Lê An")
SCAN = ("quyet dinh.pdf", b"%PDF-1.4 quyet dinh")


def record(papers: Paperwork, paper: EarlierPaper = PAPER, by: str = "clerk") -> int:
    with writing(papers.bind) as connection:
        return record_earlier(connection, paper, by=papers.person(by), clock=papers.clock)


def listed(papers: Paperwork, person: Actor, search: str = "") -> list[tuple[str, list[str]]]:
    with reading(papers.bind) as connection:
        rows = earlier(connection, person, search=search)
        assert earlier_count(connection, person, search) == len(rows)
    return [(row["symbol"], [ref for ref, _ in row["refs"]]) for row in rows]


def test_a_paper_is_listed_with_its_cases_and_has_no_place_in_a_book(small: Office, papers: Paperwork) -> None:
    number = record(papers, replace(PAPER, refs=[small.first.lower(), small.first], file=SCAN))
    with writing(papers.bind) as connection:
        tie_earlier(connection, number, small.second, by=papers.person("case_officer"))
        tie_earlier(connection, number, small.second, by=papers.person("case_officer"))
    clerk = papers.person("clerk")
    assert listed(papers, clerk) == [("15/QĐ-UBND", sorted([small.first, small.second]))]
    assert listed(papers, clerk, "bắt buộc") and not listed(papers, clerk, "tự nguyện")
    with reading(papers.bind) as connection:
        assert earlier_file(connection, number, clerk) == (SCAN[1], SCAN[0], "application/pdf")
        assert books_of(connection, clerk) == []


def test_the_same_paper_is_not_recorded_twice_and_the_message_names_the_one_there_is(papers: Paperwork) -> None:
    number = record(papers)
    with pytest.raises(WrongInput) as wrong:
        record(papers, replace(PAPER, summary="Gõ lại"))
    assert (wrong.value.code, wrong.value.field, wrong.value.params["paper"]) == ("earlier_known", "symbol", number)
    record(papers, replace(PAPER, issued_on=PAPER.issued_on and PAPER.issued_on + timedelta(days=366)))
    assert len(listed(papers, papers.person("clerk"))) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"body": " "}, "body"),
        ({"symbol": ""}, "symbol"),
        ({"summary": "\u202etxt"}, "summary"),
        ({"issued_on": None}, "issued_on"),
        ({"issued_on": TODAY + timedelta(days=1)}, "issued_on"),
        ({"template": "khong-co"}, "template"),
        ({"file": ("x.exe", b"MZ\x90")}, "file"),
    ],
)
def test_a_wrong_field_is_named(papers: Paperwork, changes: dict[str, object], field: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        record(papers, replace(PAPER, **changes))  # type: ignore[arg-type]
    assert wrong.value.field == field
    assert listed(papers, papers.person("clerk")) == []


@pytest.mark.parametrize("role", ROLES)
def test_who_may_record(papers: Paperwork, role: str) -> None:
    if role in MAY_RECORD:
        record(papers, by=role)
        return
    number = record(papers)
    with pytest.raises(Refused):
        record(papers, replace(PAPER, symbol="16/QĐ-UBND"), by=role)
    with pytest.raises(Refused), writing(papers.bind) as connection:
        tie_earlier(connection, number, papers.ref, by=papers.person(role))


def test_another_district_neither_sees_nor_ties_it_and_the_city_sees_it(small: Office, papers: Paperwork) -> None:
    number = record(papers, replace(PAPER, file=SCAN))
    stranger, city = papers.person(login_of("clerk", "ADG")), papers.person(login_of("clerk", None))
    assert listed(papers, stranger) == []
    assert listed(papers, city) == [("15/QĐ-UBND", [])]
    tries: list[CoopcaseError] = []
    for act in (
        lambda connection: earlier_file(connection, number, stranger),
        lambda connection: tie_earlier(connection, number, small.elsewhere, by=stranger),
        lambda connection: tie_earlier(connection, number, small.elsewhere, by=papers.person("clerk")),
    ):
        with pytest.raises(NotFound) as missing, writing(papers.bind) as connection:
            act(connection)
        tries.append(missing.value)
    assert [error.code for error in tries] == ["no_such_earlier", "no_such_earlier", "no_such_case"]
