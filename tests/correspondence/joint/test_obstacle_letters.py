"""A letter on obstacles of many cases, on both databases: drafted, numbered, served, taken back in part."""

from datetime import date

from sqlalchemy import select

from casework.obstacles.answers import asked_by_letter
from casework.obstacles.waiting import Wanted, how_many, obstacles_of_cases
from casework.office.people import Actor, actor
from correspondence import drafts, issuing
from correspondence.joint.listed_obstacles import listed_in
from correspondence.joint.shares import shares_of
from correspondence.obstacle_letters import Addressed, change_list, draft_on_obstacles, unsigned_lists
from models.database import reading, writing
from models.letter_links import of_case, status_in_case
from models.tables import letter_cases, letter_obstacles, letter_rows
from tests.web.web_office import CLOCK, TODAY, Office, did, login_of


def test_its_life_in_each_of_its_cases(small: Office) -> None:
    marks = [f"{ref}:lost_seal" for ref in (small.first, small.second)]
    for ref in (small.first, small.second):
        did(small, ref, "accept_case", file_held="true")
        did(small, ref, "name_obstacle", obstacle="lost_seal")
    with writing(small.bind) as connection:
        officer, manager, clerk = _people(small)
        letter = draft_on_obstacles(
            connection, marks, Addressed("Công an thành phố", "25/03/2016"), by=officer, clock=CLOCK
        )
        rows = obstacles_of_cases(connection, officer, [small.first, small.second])
        assert unsigned_lists(connection, rows) == dict.fromkeys(marks, letter)
        drafts.submit(connection, letter, officer, now=CLOCK.now(), today=TODAY)
        drafts.approve(connection, letter, manager, now=CLOCK.now(), today=TODAY)
        issuing.issue(connection, letter, clerk, now=CLOCK.now(), today=TODAY)
    with reading(small.bind) as connection:
        rows = obstacles_of_cases(connection, officer, [small.first, small.second])
        assert unsigned_lists(connection, rows) == {}
        assert [(row.letter.id, row.next_on) for row in rows if row.letter] == [(letter, date(2016, 3, 25))] * 2
        assert how_many(connection, officer, Wanted(letter=letter)) == 2
        for row in rows:
            sent = asked_by_letter(connection, row.case_id, "lost_seal")
            assert sent is not None and (sent.letter, sent.on) == (letter, TODAY)
            found = select(status_in_case(row.case_id)).where(of_case(row.case_id), letter_rows.c.id == letter)
            assert connection.scalar(found) == "issued"


def test_what_is_taken_off_its_list_is_tied_to_it_no_more(small: Office) -> None:
    for ref in (small.first, small.second):
        did(small, ref, "accept_case", file_held="true")
        did(small, ref, "name_obstacle", obstacle="lost_seal")
    first, second = (f"{ref}:lost_seal" for ref in (small.first, small.second))
    with writing(small.bind) as connection:
        officer, *_ = _people(small)
        letter = draft_on_obstacles(connection, [first, second], Addressed("Công an"), by=officer, clock=CLOCK)
        assert change_list(connection, letter, [second], {second: "Xác nhận mất dấu"}, by=officer, clock=CLOCK) == 1
        row = drafts.one_letter(connection, letter)
        assert [share["ref"] for share in shares_of(connection, row)] == [small.second] == [row["ref"]]
        assert [item.asked for item in listed_in(connection, letter)] == ["Xác nhận mất dấu"]
        for table in (letter_cases, letter_obstacles):
            tied = connection.scalars(select(table.c.case_id).where(table.c.letter_id == letter)).all()
            assert tied == [row["case_id"]], table.name


def _people(office: Office) -> tuple[Actor, Actor, Actor]:
    with reading(office.bind) as connection:
        officer, manager, clerk = (actor(connection, login_of(role)) for role in ("case_officer", "manager", "clerk"))
    return officer, manager, clerk
