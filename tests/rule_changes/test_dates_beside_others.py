"""A closing day and a ruling are worked out beside other people's work, and no reader meets dates of both."""

from datetime import date

import pytest
from sqlalchemy import Engine, func, select, update

from casework.acts import record
from casework.ledger import NewFact, load_case
from models.database import reading, writing
from models.errors import Conflict, Refused
from models.tables import closings, deadlines, effects, officers, rulings
from rule_changes.closing_days import NewClosing, adopt, preview_now, revoke_closing
from rule_changes.moved_deadlines import Moved, digest_of
from rule_changes.rulings import rule
from rulebook.office_calendar import calendars_of
from tests.casework.desk import CITY_LEGAL, CITY_MANAGER
from tests.rule_changes.meanwhile import before, named, require_sound
from tests.web.web_office import CLOCK, TODAY, Office, build_office, did, new_case

SUMS_READ, NEWS_READ, WRITTEN = "SELECT deadline.id", "SELECT message.case_id", "INSERT INTO effect"
STORM = [NewClosing(day, "city", None, "Bão", "1/QĐ") for day in (date(2016, 3, 15), date(2016, 3, 22))]
POINT = "complaint_and_compulsory_60"
TERM = "compulsory_council_term"


@pytest.fixture
def office(either_bind: Engine) -> Office:
    return build_office(either_bind)


def closed(office: Office, seen: str | None = None) -> list[Moved]:
    return adopt(office.bind, STORM, by=CITY_MANAGER, clock=CLOCK, seen=seen)


def ruled(office: Office) -> list[Moved]:
    return rule(office.bind, POINT, "stops", reason="CV 5", by=CITY_LEGAL, clock=CLOCK)


def council_at_work(office: Office, ref: str) -> None:
    """Since 1 March, complained of on the 10th."""
    with writing(office.bind) as connection:
        for kind, on in (("decide_dissolution", date(2016, 3, 1)), ("receive_complaint", date(2016, 3, 10))):
            record(connection, load_case(connection, ref), NewFact(kind, on, CLOCK.now(), "x", "leader", {}))


def ends(office: Office, key: str) -> set[date | None]:
    with reading(office.bind) as connection:
        own = (deadlines.c.key == key, deadlines.c.status == "open")
        return set(connection.scalars(select(deadlines.c.ends_on).where(*own)))


def count(office: Office, table: str) -> int:
    counted = {"closing": closings, "ruling": rulings, "effect": effects}[table]
    with reading(office.bind) as connection:
        return connection.scalar(select(func.count()).select_from(counted)) or 0


@pytest.mark.parametrize("awaited", [SUMS_READ, NEWS_READ])
def test_dates_that_others_make_meanwhile_follow_a_closing_day(office: Office, awaited: str) -> None:
    opened: list[str] = []

    def others() -> None:
        named(office.bind, office.second)
        did(office, office.first, "accept_case", file_held="yes")
        with writing(office.bind) as connection:
            opened.append(new_case(connection, "HTX Muối Bàng La", "HBG"))

    before(office.bind, awaited, others)
    moved = {(item.ref, item.key) for item in closed(office)}
    assert {(office.first, "visit_target"), (office.second, "accept_target"), (opened[0], "accept_target")} <= moved
    assert (office.first, "accept_target") not in moved, "it was met meanwhile"
    with reading(office.bind) as connection:
        payloads = connection.scalars(select(effects.c.payload).where(effects.c.kind == "withdraw"))
        corrected = [key for payload in payloads for _, keys in payload.get("cases", ()) for key in keys]
    assert sorted(corrected) == sorted(key for _, key in moved)
    require_sound(office.bind)


def test_a_move_that_only_came_up_meanwhile_was_not_seen(office: Office) -> None:
    seen = digest_of(preview_now(office.bind, STORM, TODAY))
    before(office.bind, NEWS_READ, lambda: did(office, office.first, "accept_case", file_held="yes"))
    with pytest.raises(Conflict, match="moves_not_seen"):
        closed(office, seen)
    assert count(office, "closing") == 0
    require_sound(office.bind)


def test_another_closing_day_meanwhile_counts(office: Office) -> None:
    days = iter((16, 17, 18))

    def close_another() -> None:
        other = NewClosing(date(2016, 3, next(days)), "city", None, "Bão", "2/QĐ")
        adopt(office.bind, [other], by=CITY_MANAGER, clock=CLOCK)

    before(office.bind, SUMS_READ, close_another)
    closed(office)
    assert count(office, "closing") == 3
    with reading(office.bind) as connection:
        versions = set(connection.scalars(select(deadlines.c.calendar).where(deadlines.c.status == "open")))
        assert versions == {calendars_of(connection).version}
    require_sound(office.bind)


def test_a_closing_day_is_taken_back_once(office: Office) -> None:
    closed(office)

    def revoke() -> list[Moved]:
        return revoke_closing(office.bind, 1, "Nhầm", by=CITY_MANAGER, clock=CLOCK)

    before(office.bind, SUMS_READ, revoke)
    with pytest.raises(Refused, match="closing_taken_back"):
        revoke()
    assert count(office, "closing") == 3
    require_sound(office.bind)


def test_a_reader_meets_the_former_dates_until_all_have_moved(office: Office) -> None:
    met: list[set[date | None]] = []
    for awaited in (NEWS_READ, "UPDATE coop_case", WRITTEN):
        before(office.bind, awaited, lambda: met.append(ends(office, "accept_target")))
    closed(office)
    assert met == [{date(2016, 3, 15)}] * 3
    assert ends(office, "accept_target") == {date(2016, 3, 16)}


@pytest.mark.parametrize("awaited", [SUMS_READ, NEWS_READ])
def test_what_others_did_meanwhile_is_read_as_ruled(office: Office, awaited: str) -> None:
    council_at_work(office, office.first)
    before(office.bind, awaited, lambda: council_at_work(office, office.second))
    assert [item.ref for item in ruled(office)] == [office.first, office.second]
    assert ends(office, TERM) == {None}
    require_sound(office.bind)


def test_who_changes_office_meanwhile_rules_for_none_of_them(office: Office) -> None:
    council_at_work(office, office.first)

    def move() -> None:
        with writing(office.bind) as connection:
            connection.execute(update(officers).where(officers.c.login == CITY_LEGAL).values(district_code="HBG"))

    before(office.bind, NEWS_READ, move)
    with pytest.raises(Refused, match="ruling_not_yours"):
        ruled(office)
    assert (count(office, "ruling"), ends(office, TERM)) == (0, {date(2016, 5, 4)})
    require_sound(office.bind)


def test_who_loses_the_right_meanwhile_closes_nothing(office: Office) -> None:
    def demote() -> None:
        with writing(office.bind) as connection:
            own = update(officers).where(officers.c.login == CITY_MANAGER)
            connection.execute(own.values(role="legal"))

    before(office.bind, NEWS_READ, demote)
    with pytest.raises(Refused, match="closing_not_yours"):
        closed(office)
    assert (count(office, "closing"), ends(office, "accept_target")) == (0, {date(2016, 3, 15)})
