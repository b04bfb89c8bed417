"""A change of the rules is made ready beside other people's work, and no reader meets cases of both."""

from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.ledger import load_case
from models.database import reading, writing
from models.errors import Conflict
from models.tables import case_rows, deadlines
from procedures.definition.loader import load
from rule_changes.closing_days import NewClosing, adopt
from rulebook.office_calendar import calendars_of
from tests.acting import apply
from tests.casework.desk import CITY_MANAGER, NEXT, Desk
from tests.rule_changes import version_texts as made
from tests.rule_changes.meanwhile import OFFICER, before, named, require_sound
from tests.web.web_office import CLOCK, build_office, new_case

OLD = load().pin
MADE_READY, WRITTEN = "INSERT INTO staged_fact", "INSERT INTO effect"


@pytest.fixture
def desk(either_bind: Engine) -> Desk:
    return Desk(build_office(either_bind))


def kinds(desk: Desk, ref: str) -> list[str]:
    with reading(desk.bind) as connection:
        return [fact.kind for fact in load_case(connection, ref).facts]


def test_what_others_did_meanwhile_moves_along(desk: Desk) -> None:
    opened: list[str] = []

    def others() -> None:
        named(desk.bind, desk.office.first)
        with writing(desk.bind) as connection:
            opened.append(new_case(connection, "HTX Muối Bàng La", "HBG"))

    desk.brought(made.SHORTER)
    before(desk.bind, MADE_READY, others)
    change = desk.approve()
    assert set(desk.pins().values()) == {NEXT}
    assert sorted(change.cases) == sorted(desk.pins())
    assert kinds(desk, desk.office.first) == ["opened", "name_obstacle", "migrated"]
    assert kinds(desk, opened[0]) == ["opened", "migrated"]
    with reading(desk.bind) as connection:
        assert load_case(connection, desk.office.first).state.obstacles.keys() == {"lost_seal"}
    require_sound(desk.bind)


def test_a_calendar_changed_meanwhile_counts(desk: Desk) -> None:
    closed = [NewClosing(date(2016, 3, 2), "city", None, "Bão", "1/QĐ")]
    desk.brought(made.SHORTER)
    before(desk.bind, MADE_READY, lambda: adopt(desk.bind, closed, by=CITY_MANAGER, clock=CLOCK))
    desk.approve()
    with reading(desk.bind) as connection:
        versions = set(connection.scalars(select(deadlines.c.calendar).where(deadlines.c.status == "open")))
        assert versions == {calendars_of(connection).version}
    require_sound(desk.bind)


def test_one_that_is_always_overtaken_is_made_before_all_others(desk: Desk) -> None:
    days = iter(range(1, 9))

    def close_another() -> None:
        closed = [NewClosing(date(2017, 3, next(days)), "city", None, "Bão", "1/QĐ")]
        adopt(desk.bind, closed, by=CITY_MANAGER, clock=CLOCK)

    desk.brought(made.SHORTER)
    before(desk.bind, MADE_READY, close_another, times=2)
    desk.approve()
    assert set(desk.pins().values()) == {NEXT}
    require_sound(desk.bind)


def test_a_reader_meets_the_former_version_until_all_have_moved(desk: Desk) -> None:
    met: list[set[str]] = []

    def look() -> None:
        with reading(desk.bind) as connection:
            met.append(set(connection.scalars(select(case_rows.c.procedure))))

    desk.brought(made.SHORTER)
    before(desk.bind, MADE_READY, look)
    before(desk.bind, WRITTEN, look)
    desk.approve()
    look()
    assert met == [{OLD}, {OLD}, {NEXT}]


def test_a_case_that_is_stuck_by_what_was_done_meanwhile_is_no_longer_what_was_seen(desk: Desk) -> None:
    data = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}

    def suspend() -> None:
        apply(desk.bind, desk.office.first, "receive_suspension", by=OFFICER, clock=CLOCK, data=data)

    desk.brought(base=made.without_verb("receive_suspension"))
    mark = desk.seen().mark
    before(desk.bind, MADE_READY, suspend)
    with pytest.raises(Conflict, match="version_change_differs"):
        desk.approve(mark=mark)
    assert set(desk.pins().values()) == {OLD}
    assert kinds(desk, desk.office.first) == ["opened", "receive_suspension"]
    assert desk.status() == "proposed"
    require_sound(desk.bind)
