"""Closing days: what they move, adopted and revoked, for one office and for the city."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select, update

from casework.case_view import case_document
from casework.sums.deadline_sums import explain
from casework.upkeep.integrity import verify
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from models.tables import case_rows, closings, deadlines, effects, messages, officers
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import end_of_sum
from rule_changes.closing_days import (
    NewClosing,
    adopt,
    compare,
    listed,
    preview_now,
    preview_revocation,
    revoke_closing,
)
from rule_changes.moved_deadlines import digest_of
from rule_changes.typed_closing_days import closing, closings_of_range, read_closings
from rulebook.office_calendar import calendars_of
from tests.tampering import behind_the_program
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of

STORM = date(2016, 3, 9)  # inside the ten working days from 1 March in which every case is checked
MANAGER = login_of("manager")


def on(day: date = STORM, district: str | None = "HBG") -> NewClosing:
    return NewClosing(day, "office" if district else "city", district, "Bão số 1", "12/QĐ-UBND")


@pytest.fixture
def office(bind: Engine) -> Iterator[Office]:
    """Two cases of Hồng Bàng, one of An Dương, one of the city that has its seat in Hồng Bàng."""
    yield build_office(bind)


def ends(bind: Engine, key: str = "accept_target") -> dict[str, date]:
    found = select(case_rows.c.unit_name, deadlines.c.ends_on).join(case_rows, case_rows.c.id == deadlines.c.case_id)
    with reading(bind) as connection:
        return dict(connection.execute(found.where(deadlines.c.key == key)).tuples().all())


def test_an_office_closing_moves_its_own_cases_alone(either_bind: Engine) -> None:
    office = build_office(either_bind)
    before = ends(either_bind)
    assert set(before.values()) == {date(2016, 3, 15)}
    moved = adopt(either_bind, [on()], by=MANAGER, clock=CLOCK)
    assert [(item.ref, item.key, item.before, item.after) for item in moved] == [
        (ref, "accept_target", date(2016, 3, 15), date(2016, 3, 16)) for ref in (office.first, office.second)
    ]
    after = ends(either_bind)
    assert {name for name in after if after[name] != before[name]} == {item.unit for item in moved}
    assert any("Quỹ" in name for name in before), "the city's own case keeps its day, wherever its seat is"
    with reading(either_bind) as connection:
        assert list(verify(connection)) == [], "every list equals what the facts and the calendar give"
        row = connection.execute(select(case_rows).where(case_rows.c.ref == office.first)).mappings().one()
        versions = set(connection.scalars(select(deadlines.c.calendar).where(deadlines.c.case_id == row["id"])))
        assert versions == {calendars_of(connection, "HBG").version}
    assert (row["target_on"], row["due_on"]) == (date(2016, 3, 1), date(2016, 3, 1))


def test_a_city_closing_moves_everybodys(office: Office) -> None:
    moved = adopt(office.bind, [on(district=None)], by=login_of("leader", None), clock=CLOCK)
    assert {item.ref for item in moved} == {office.first, office.second, office.elsewhere, office.city}
    assert set(ends(office.bind).values()) == {date(2016, 3, 16)}


def test_nothing_is_changed_by_a_preview(office: Office) -> None:
    moved = preview_now(office.bind, [on()], TODAY)
    assert len(moved) == 2
    assert set(ends(office.bind).values()) == {date(2016, 3, 15)}
    with reading(office.bind) as connection:
        assert listed(connection) == []


def test_several_days_move_together_and_a_day_off_follows(office: Office) -> None:
    moved = preview_now(office.bind, [on(date(2016, 3, day)) for day in (9, 10, 15, 16)], TODAY)
    assert {item.after for item in moved} == {date(2016, 3, 21)}  # four days: 15, 16 closed as well, then a weekend


def test_late_announced_and_written_are_distinguished(office: Office) -> None:
    sent = FrozenClock.on(date(2016, 3, 14))
    with writing(office.bind) as connection:
        person = connection.scalar(select(officers.c.id).where(officers.c.login == MANAGER))
        case_id = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
        row = {
            "key": "k", "officer_id": person, "case_id": case_id, "kind": "ladder", "deadline_key": "accept_target",
            "subject": "", "body": "", "html": "", "calendar": "", "link": "", "status": "sent", "attempts": 1,
            "created_on": TODAY, "created_at": sent.now(), "next_at": sent.now(), "message_id": "", "note": "",
        }  # fmt: skip
        connection.execute(messages.insert().values(row))
    first, second = preview_now(office.bind, [on()], TODAY)
    assert (first.announced, first.written, first.becomes_late) == (True, False, False)
    assert (second.announced, second.written) == (False, False)


def test_taking_a_closing_back_moves_the_dates_back_and_leaves_both_records(office: Office) -> None:
    adopt(office.bind, [on()], by=MANAGER, clock=CLOCK)
    with reading(office.bind) as connection:
        (row,) = listed(connection)
        foreseen = preview_revocation(connection, row["id"], TODAY)
    later = FrozenClock.on(date(2016, 3, 16))
    moved = revoke_closing(office.bind, row["id"], "Ghi nhầm huyện", by=MANAGER, clock=later)
    assert [(item.before, item.after) for item in moved] == [(date(2016, 3, 16), date(2016, 3, 15))] * 2
    assert [item.after for item in foreseen] == [item.after for item in moved]
    assert all(item.becomes_late for item in moved), "on the 16th the old day has passed"
    with reading(office.bind) as connection:
        (row,) = listed(connection)
        assert (row["back_reason"], row["taker"]) == ("Ghi nhầm huyện", f"Người {MANAGER}")
        assert len(connection.execute(select(closings)).all()) == 2
        assert list(verify(connection)) == []
        pending = connection.execute(select(effects.c.payload).where(effects.c.kind == "withdraw")).scalars().all()
    assert [len(payload["cases"]) for payload in pending] == [2, 2], "what was said is taken back both times"
    with pytest.raises(Refused, match="closing_taken_back"):
        revoke_closing(office.bind, row["id"], "Lần nữa", by=MANAGER, clock=later)
    assert len(adopt(office.bind, [on()], by=MANAGER, clock=later)) == 2, "the same day may be closed again"


def test_a_look_back_counts_by_the_closing_days_known_then(office: Office) -> None:
    adopt(office.bind, [on()], by=MANAGER, clock=FrozenClock.on(date(2016, 3, 10)))
    with reading(office.bind) as connection:
        (row,) = listed(connection)
    revoke_closing(office.bind, row["id"], "Nhầm", by=MANAGER, clock=FrozenClock.on(date(2016, 3, 17)))
    known: dict[date, date | None] = {}
    with behind_the_program(office.bind) as connection:
        connection.exec_driver_sql("UPDATE fact SET recorded_at = '2016-03-01 02:00:00'")
    for day in (date(2016, 3, 9), date(2016, 3, 10), date(2016, 3, 16), date(2016, 3, 17)):
        with reading(office.bind) as connection:
            (item,) = explain(connection, office.first, "accept_target", known_on=day)
            document = case_document(connection, office.first, today=TODAY, known_on=day)
        known[day] = item.ends_on
        (same,) = [entry for entry in document["deadlines"] if entry["key"] == "accept_target"]
        assert same["ends_on"] == item.ends_on
    assert list(known.values()) == [date(2016, 3, day) for day in (15, 16, 16, 15)]


@pytest.mark.parametrize(
    ("login", "district", "allowed"),
    [
        (login_of("manager"), "HBG", True),
        (login_of("leader"), "HBG", True),
        (login_of("admin"), "HBG", True),
        (login_of("manager"), "ADG", False),
        (login_of("manager"), None, False),
        (login_of("case_officer"), "HBG", False),
        (login_of("legal", None), None, False),
        (login_of("manager", None), "HBG", True),
        (login_of("manager", None), None, True),
    ],
)
def test_heads_close_their_own_office_and_the_city_all(
    office: Office, login: str, district: str | None, allowed: bool
) -> None:
    if allowed:
        assert adopt(office.bind, [on(district=district)], by=login, clock=CLOCK)
        return
    with pytest.raises(Refused, match="closing_not_yours"):
        adopt(office.bind, [on(district=district)], by=login, clock=CLOCK)
    adopt(office.bind, [on(district=district)], by=login_of("manager", None), clock=CLOCK)
    with reading(office.bind) as connection:
        (row,) = listed(connection)
    with pytest.raises((Refused, NotFound), match="no_such_closing" if district == "ADG" else "closing_not_yours"):
        revoke_closing(office.bind, row["id"], "x", by=login, clock=CLOCK)


def test_what_moves_must_be_what_was_seen(office: Office) -> None:
    seen = digest_of(preview_now(office.bind, [on()], TODAY))
    with writing(office.bind) as connection:
        connection.execute(update(deadlines).where(deadlines.c.key == "accept_target").values(status="met"))
    with pytest.raises(Conflict, match="moves_not_seen"):
        adopt(office.bind, [on()], by=MANAGER, clock=CLOCK, seen=seen)
    with reading(office.bind) as connection:
        assert listed(connection) == []


def counted_as(office: Office, **total: Any) -> dict[str, Any]:
    """The first case's check is counted so from now on; the values of its row."""
    total |= {"kind": "target", "seq": 1}
    start, end = date.fromisoformat(total["start"]), end_of_sum(total, load_calendars())
    row = {"sum": total, "starts_on": start, "ends_on": end}
    of_first = select(case_rows.c.id).where(case_rows.c.ref == office.first).scalar_subquery()
    with writing(office.bind) as connection:
        wanted = update(deadlines).where(deadlines.c.case_id == of_first, deadlines.c.key == "accept_target")
        connection.execute(wanted.values(row))
    return row


def test_another_schedule_of_a_year_is_compared_on_the_open_deadlines(office: Office) -> None:
    """Five working days from 24 April 2015: the draft took the 27th off and worked 9 May instead."""
    assert counted_as(office, start="2015-04-24", term="5 working days")["ends_on"] == date(2015, 5, 6)
    with reading(office.bind) as connection:
        (moved,) = compare(connection, "draft", 2015, TODAY)
        assert (moved.ref, moved.before, moved.after) == (office.first, date(2015, 5, 6), date(2015, 5, 7))
        assert compare(connection, "draft", 2016, TODAY) == [], "a year without a draft is as it stands"


def test_a_clock_that_a_closing_suspends_goes_on_when_it_is_revoked(office: Office) -> None:
    """Ten working days end on 15 March; one more, and they run into a stop on the 16th that has no end."""
    row = counted_as(office, start="2016-03-01", term="10 working days", pauses=[["2016-03-16", None, "x", [1]]])
    assert row["ends_on"] == date(2016, 3, 15)
    moved = [item for item in adopt(office.bind, [on()], by=MANAGER, clock=CLOCK) if item.ref == office.first]
    assert [(item.before, item.after) for item in moved] == [(date(2016, 3, 15), None)]
    back = revoke_closing(office.bind, 1, "Nhầm", by=MANAGER, clock=CLOCK)
    assert [(item.before, item.after) for item in back if item.ref == office.first] == [(None, date(2016, 3, 15))]


def test_a_term_counted_backwards_over_a_closing_day_ends_earlier(office: Office) -> None:
    row = counted_as(office, start="2016-03-21", term="10 working days before")
    assert row["ends_on"] == date(2016, 3, 7), "before the day that is closed"
    moved = [item for item in preview_now(office.bind, [on()], TODAY) if item.ref == office.first]
    assert [(item.before, item.after) for item in moved] == [(date(2016, 3, 7), date(2016, 3, 4))]


def code(error: pytest.ExceptionInfo[CoopcaseError]) -> tuple[str, str]:
    return str(error.value.params.get("field", "")), error.value.code


@pytest.mark.parametrize(
    ("day", "district", "wrong"),
    [
        (date(2016, 3, 12), "HBG", ("on", "closed_already")),
        (date(2016, 4, 18), "HBG", ("on", "closed_already")),
        (STORM, "XYZ", ("district", "not_an_option")),
    ],
)
def test_days_off_and_unknown_places_are_refused(
    office: Office, day: date, district: str, wrong: tuple[str, str]
) -> None:
    with pytest.raises(CoopcaseError) as error:
        preview_now(office.bind, [on(day, district)], TODAY)
    assert code(error) == wrong


def test_a_day_is_closed_once(office: Office) -> None:
    adopt(office.bind, [on()], by=MANAGER, clock=CLOCK)
    with pytest.raises(WrongInput) as error:
        adopt(office.bind, [on()], by=MANAGER, clock=CLOCK)
    assert code(error) == ("on", "closed_already")
    assert adopt(office.bind, [on(district=None)], by=login_of("manager", None), clock=CLOCK), "the city still may"
    with pytest.raises(NotFound, match="no_such_closing"):
        revoke_closing(office.bind, 99, "x", by=MANAGER, clock=CLOCK)
    with pytest.raises(WrongInput, match="missing_field"):
        revoke_closing(office.bind, 1, "  ", by=MANAGER, clock=CLOCK)


ITEM: dict[str, Any] = {"on": "28/07/2016", "layer": "office", "district": "VBO", "reason": "Bão", "decision": "1/QĐ"}


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"on": "31/02/2016"}, ("on", "not_a_date")),
        ({"on": ""}, ("on", "not_a_date")),
        ({"on": "28/07/1916"}, ("on", "not_a_date")),
        ({"layer": "country"}, ("layer", "not_an_option")),
        ({"district": ""}, ("district", "closing_needs_district")),
        ({"reason": " "}, ("reason", "missing_field")),
        ({"decision": ""}, ("decision", "missing_field")),
        ({"to_on": "27/07/2016"}, ("to_on", "range_reversed")),
        ({"to_on": "28/09/2016"}, ("to_on", "range_too_long")),
        ({"to_on": "hôm sau"}, ("to_on", "not_a_date")),
    ],
)
def test_what_is_typed_wrong_is_reported_at_its_field(change: dict[str, str], wrong: tuple[str, str]) -> None:
    with pytest.raises(WrongInput) as error:
        closings_of_range(ITEM | change, load_calendars().agency)
    assert code(error) == wrong


def test_a_range_closes_its_worked_days(office: Office) -> None:
    found = closings_of_range(ITEM | {"to_on": "02/08/2016"}, load_calendars().agency)
    assert [item.on.day for item in found] == [28, 29, 1, 2]
    weekend = closings_of_range(ITEM | {"on": "30/07/2016", "to_on": "31/07/2016"}, load_calendars().agency)
    assert [item.on.day for item in weekend] == [30], "said to be off already by the preview"
    assert closing(ITEM | {"layer": "city"}).district is None


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("{", "closings_not_yaml"),
        pytest.param("[" * 100_000, "closings_not_yaml", id="lists within lists without end"),
        ("[]", "closings_not_a_list"),
        ("on: 2016-07-28", "closings_not_a_list"),
        ("- a", "closings_not_a_list"),
        ("- {on: 2016-07-28, layer: city, reason: a, decision: b}\n" * 2, "closing_twice"),
        (
            "- {on: 2016-07-28, layer: city, reason: a, decision: b}\n"
            "- {on: 2016-07-28, layer: office, district: HBG, reason: a, decision: b}",
            "closing_twice",
        ),
        (
            "- {on: 2016-07-28, layer: office, district: HBG, reason: a, decision: b}\n"
            "- {on: 2016-07-28, layer: city, reason: a, decision: b}",
            "closing_twice",
        ),
    ],
)
def test_a_file_that_is_no_list_of_days_is_refused(text: str, wrong: str) -> None:
    with pytest.raises(WrongInput, match=wrong):
        read_closings(text)


def test_a_file_is_read_as_it_is_written() -> None:
    text = '- {on: 2016-07-28, layer: office, district: HBG, reason: "Bão số 1", decision: "12/QĐ-UBND"}\n'
    (found,) = read_closings(text)
    assert found == NewClosing(date(2016, 7, 28), "office", "HBG", "Bão số 1", "12/QĐ-UBND")
