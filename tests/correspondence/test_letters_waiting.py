"""Whose turn a letter is, and where letters get stuck."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlalchemy import Connection

from casework.office.people import Actor, actor
from correspondence.delegations import Mandate, add
from correspondence.letter_queue import ListedLetter, letter_list_page, status_counts, waiting_count
from correspondence.stuck_letters import PLACES, places_for, stuck
from flows.jobs.day_watch import watch
from models.database import reading, writing
from procedures.definition.loader import load
from tests.correspondence.paperwork import Paperwork
from tests.web.web_office import OFFICES, ROLES, TODAY, login_of

Course = Callable[[Paperwork, int], None]


def waiting(connection: Connection, person: Actor, today: date) -> list[ListedLetter]:
    return letter_list_page(connection, person, today, limit=200, offset=0)[0]


def turn(papers: Paperwork, letter: int) -> set[str]:
    """The people whom a letter waits for."""
    with reading(papers.bind) as connection:
        everybody = [actor(connection, login_of(role, place)) for role in ROLES for place in OFFICES]
        found = {
            person.login
            for person in everybody
            if letter in [row["id"] for row in waiting(connection, person, papers.today)]
        }
        counted = {person.login for person in everybody if waiting_count(connection, person, papers.today)}
    assert found == counted
    return found


def test_a_letter_of_the_office_goes_from_hand_to_hand(papers: Paperwork) -> None:
    letter = papers.drafted(deleted_on="25/03/2016")
    officer = {_officer_of(papers)}
    assert turn(papers, letter) == officer
    papers.submitted(letter)
    assert turn(papers, letter) == {"manager.hbg"}
    papers.approve(letter)
    assert turn(papers, letter) == {"clerk.hbg"}
    papers.issue(letter)
    assert turn(papers, letter) == {"clerk.hbg", "commune.hbg"}
    papers.serve(letter, "post", "returned", tracking="1", reason="Vắng")
    assert turn(papers, letter) == officer
    papers.serve(letter, receiver="A")
    assert turn(papers, letter) == set()


def _officer_of(papers: Paperwork) -> str:
    with reading(papers.bind) as connection:
        return str(papers.case(connection)["officer"])


@pytest.mark.parametrize(
    ("template", "signs"),
    [("review_instruction", "leader.hbg"), ("newspaper_request", "leader.hbg"), ("activity_statement", "commune.hbg")],
)
def test_a_submitted_letter_waits_for_the_head_of_its_body_alone(papers: Paperwork, template: str, signs: str) -> None:
    assert turn(papers, papers.handed_in(template)) == {signs}


def test_a_submitted_letter_waits_for_the_one_who_signs_for_the_head(papers: Paperwork) -> None:
    letter = papers.submitted(papers.drafted(deleted_on="25/03/2016"))
    with writing(papers.bind) as connection:
        given = Mandate("legal.hbg", "TL", "finance_office", TODAY, TODAY, "1/QĐ", "Chánh Văn phòng")
        add(connection, given, by=actor(connection, "leader.hbg"), clock=papers.clock)
    assert turn(papers, letter) == {"manager.hbg", "legal.hbg"}
    papers.today += timedelta(days=1)
    assert turn(papers, letter) == {"manager.hbg"}


def test_the_list_is_sorted_by_age_and_counted_by_status(papers: Paperwork) -> None:
    old = papers.drafted(deleted_on="25/03/2016")
    papers.today += timedelta(days=3)
    new = papers.drafted("tax_inquiry")
    with reading(papers.bind) as connection:
        clerk = papers.person("clerk")

        def listed(**asked: str) -> list[int]:
            rows, total = letter_list_page(connection, clerk, papers.today, limit=9, offset=0, **asked)  # type: ignore[arg-type]
            assert total == len(rows)
            return [row["id"] for row in rows]

        assert listed(status="draft") == listed(status="all") == [old, new]
        assert listed(status="draft", sort="newest") == [new, old]
        assert listed(status="issued") == listed() == []
        assert listed(status="all", search=papers.ref) == [old, new]
        assert listed(status="all", search="%") == []
        assert status_counts(connection, clerk) == {"draft": 2}
        assert status_counts(connection, papers.person(login_of("clerk", "ADG"))) == {}
    papers.submitted(old)
    with reading(papers.bind) as connection:
        rows, _ = letter_list_page(connection, clerk, papers.today, status="submitted", limit=9, offset=0)
    assert rows[0]["since_on"] == papers.today


def _nothing(papers: Paperwork, letter: int) -> None:
    pass


def _posted(papers: Paperwork, letter: int) -> None:
    papers.serve(letter, "posting", "posted", to_on=papers.today + timedelta(days=15), place="UBND xã", evidence=[])


def _returned(papers: Paperwork, letter: int) -> None:
    papers.serve(letter, "post", "returned", tracking="1", reason="Vắng")


def _two_issues(papers: Paperwork, letter: int) -> None:
    papers.serve(letter, receiver="Tòa soạn")
    papers.today += timedelta(days=2)
    for issue in (1, 2):
        on = papers.today - timedelta(days=2 - issue)
        papers.serve(letter, "newspaper", "published", on, newspaper="Báo Hải Phòng", issue=str(issue))


STOPS: list[tuple[str, str, str, Course, int]] = [
    ("submitted", "name_deletion_notice", "submitted", _nothing, 0),
    ("approved", "name_deletion_notice", "approved", _nothing, 0),
    ("issued", "name_deletion_notice", "issued", _nothing, 0),
    ("undelivered", "name_deletion_notice", "issued", _returned, 0),
    ("posting", "name_deletion_notice", "issued", _posted, 15),
    ("issued", "newspaper_request", "issued", _nothing, 0),
    ("printing", "newspaper_request", "issued", _two_issues, -2),
]


@pytest.mark.parametrize(
    ("place", "template", "until", "course", "later"), STOPS, ids=[f"{row[0]} {row[1]}" for row in STOPS]
)
def test_a_letter_is_stuck_from_the_day_that_practice_names_and_not_before(
    papers: Paperwork, place: str, template: str, until: str, course: Course, later: int
) -> None:
    letter = papers.handed_in(template)
    if until != "submitted":
        papers.approve(letter)
    if until == "issued":
        papers.issue(letter)
    course(papers, letter)
    due = papers.today + timedelta(days=later + load().papers.stuck[place])
    with reading(papers.bind) as connection:
        assert stuck(connection, due - timedelta(days=1)) == []
        (found,) = stuck(connection, due)
        assert (found["id"], found["place"], found["days"]) == (letter, place, load().papers.stuck[place])
        assert stuck(connection, due, ["ADG"]) == []
        assert [row["id"] for row in places_for(connection, actor(connection, _officer_of(papers)), due)] == [letter]
        assert places_for(connection, papers.person("second.hbg"), due) == []
        assert places_for(connection, papers.person("clerk.adg"), due) == []
        assert len(places_for(connection, papers.person("manager.tp"), due)) == 1


def test_what_is_done_about_it_ends_it(papers: Paperwork) -> None:
    letter = papers.issued(papers.drafted(deleted_on="25/03/2016"))
    papers.serve(letter, "post", "returned", tracking="1", reason="Vắng")
    late = TODAY + timedelta(days=30)
    with reading(papers.bind) as connection:
        assert [row["place"] for row in stuck(connection, late)] == ["undelivered"]
    papers.today = late
    papers.serve(letter, "post", "sent", tracking="2", evidence=[])
    with reading(papers.bind) as connection:
        assert stuck(connection, late) == []
    papers.serve(letter, receiver="Bà Lan")
    with reading(papers.bind) as connection:
        assert stuck(connection, date(2020, 1, 1)) == []


def test_three_issues_end_the_waiting_for_the_newspaper(papers: Paperwork) -> None:
    letter = papers.issued(papers.handed_in_as_draft("newspaper_request"))
    _two_issues(papers, letter)
    with reading(papers.bind) as connection:
        assert [row["place"] for row in stuck(connection, date(2017, 1, 1))] == ["printing"]
    papers.today += timedelta(days=1)
    papers.serve(letter, "newspaper", "published", newspaper="Báo Hải Phòng", issue="3")
    with reading(papers.bind) as connection:
        assert stuck(connection, date(2017, 1, 1)) == []


def test_the_daily_watch_counts_them(papers: Paperwork) -> None:
    papers.approved(papers.drafted(deleted_on="25/03/2016"))
    papers.today += timedelta(days=9)
    assert watch(papers.bind, papers.today, papers.clock)["stuck_letters"] == 1


def test_every_place_has_its_days() -> None:
    assert set(load().papers.stuck) == set(PLACES)
    assert all(days > 0 for days in load().papers.stuck.values())
