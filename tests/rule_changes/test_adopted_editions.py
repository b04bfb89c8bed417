"""A corrected calendar in an office that runs: nothing moves before it is adopted, then exactly what was previewed."""

from collections.abc import Mapping
from datetime import date
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Engine, select, update

from casework.acts import record
from casework.case_view import case_document
from casework.ledger import NewFact, load_case
from casework.opening import open_case
from casework.sums.deadline_sums import explain
from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Conflict, Refused
from models.migrations import versions
from models.tables import calendar_adoptions, case_rows, deadlines, effects, messages, officers
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.calendar_editions import newest_edition
from procedures.legal_time.deadlines import end_of_sum
from rule_changes.adopted_editions import adopt_edition, adopted_editions, differing_days, waiting_edition
from rule_changes.closing_days import NewClosing, adopt, preview_now
from rule_changes.moved_deadlines import digest_of
from rulebook.office_calendar import calendars_of
from rulebook.office_edition import office_edition
from rulebook.version_sync import SyncResult, sync_versions
from tests.tampering import behind_the_program
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of, new_unit

CITY = login_of("manager", None)
FORMER = load_calendars(edition=1)
SUMS: Mapping[str, dict[str, Any]] = {  # by the case: what its check is counted from
    "first": {"start": "2014-01-27", "term": "1 working day"},
    "second": {"start": "2014-02-07", "term": "1 working day"},
    "elsewhere": {"start": "2016-03-01", "term": "10 working days"},
    "city": {"start": "2014-01-20", "term": "5 working days"},
}
MOVED = {
    "first": ("2014-01-28", "2014-02-06"),
    "second": ("2014-02-10", "2014-02-08"),
    "city": ("2014-01-27", "2014-01-25"),
}
WHEN = FrozenClock.on(date(2014, 2, 9))


def migration(name: str) -> Any:
    """The migration of that name, whatever its number."""
    (path,) = Path(versions.__file__).parent.glob(f"*_{name}.py")
    return import_module(f"models.migrations.versions.{path.stem}")


def former_office(bind: Engine) -> Office:
    """An office of the product of before: deadlines by its calendar, no table of editions; then it is upgraded."""
    office = build_office(bind)
    with writing(bind) as connection:
        for name, total in SUMS.items():
            total = {**total, "kind": "target", "seq": 1}
            case_id = select(case_rows.c.id).where(case_rows.c.ref == getattr(office, name)).scalar_subquery()
            mine = update(deadlines).where(deadlines.c.case_id == case_id, deadlines.c.key == "accept_target")
            start, end = date.fromisoformat(total["start"]), end_of_sum(total, FORMER)
            connection.execute(mine.values(sum=total, starts_on=start, ends_on=end))
        connection.execute(update(deadlines).values(calendar=FORMER.version))
        calendar_adoptions.drop(connection)
        with Operations.context(MigrationContext.configure(connection)):
            migration("calendar_editions").upgrade()
    return office


def ends(bind: Engine) -> dict[str, date]:
    found = select(case_rows.c.ref, deadlines.c.ends_on).join(case_rows, case_rows.c.id == deadlines.c.case_id)
    with reading(bind) as connection:
        return dict(connection.execute(found.where(deadlines.c.key == "accept_target")).tuples().all())


def expected(office: Office, place: int) -> dict[str, date]:
    """The ends of all four checks, before (0) or after (1) the edition is adopted."""
    unmoved = {office.elsewhere: date(2016, 3, 15)}
    return unmoved | {getattr(office, name): date.fromisoformat(pair[place]) for name, pair in MOVED.items()}


def announce(office: Office) -> None:
    """The manager of the first case was sent its old date."""
    with writing(office.bind) as connection:
        person = connection.scalar(select(officers.c.id).where(officers.c.login == login_of("manager")))
        case_id = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == office.first))
        now = WHEN.now()
        row = {
            "key": "k", "officer_id": person, "case_id": case_id, "kind": "ladder", "deadline_key": "accept_target",
            "subject": "", "body": "", "html": "", "calendar": "", "link": "", "status": "sent", "attempts": 1,
            "created_on": TODAY, "created_at": now, "next_at": now, "message_id": "", "note": "",
        }  # fmt: skip
        connection.execute(messages.insert().values(row))


def test_nothing_moves_before_it_is_adopted_and_then_what_was_previewed(either_bind: Engine) -> None:
    office = former_office(either_bind)
    announce(office)
    with writing(either_bind) as connection:
        assert sync_versions(connection, WHEN.now()) == SyncResult(edition=newest_edition())
        assert office_edition(connection) == 1
        assert calendars_of(connection, "HBG").version == FORMER.version, "new deadlines are by the old edition too"
    assert ends(either_bind) == expected(office, 0)
    with reading(either_bind) as connection:
        seen = waiting_edition(connection, WHEN.today())
    assert seen is not None
    assert (seen.from_edition, seen.edition) == (1, newest_edition())
    assert ends(either_bind) == expected(office, 0), "only previewed"
    moved = adopt_edition(either_bind, by=CITY, clock=WHEN, seen=digest_of(seen.moved))
    assert tuple(moved) == seen.moved
    assert {item.ref: item.after for item in moved} == {
        ref: day for ref, day in expected(office, 1).items() if ref != office.elsewhere
    }
    assert ends(either_bind) == expected(office, 1)
    flags = {item.ref: (item.becomes_late, item.announced) for item in moved}
    assert flags == {office.first: (False, True), office.second: (True, False), office.city: (False, False)}
    with reading(either_bind) as connection:
        assert office_edition(connection) == newest_edition()
        assert waiting_edition(connection, WHEN.today()) is None
        stored = set(connection.scalars(select(deadlines.c.calendar).where(deadlines.c.status == "open")))
        assert stored == {calendars_of(connection).version}
        sent = connection.scalars(select(effects.c.payload).where(effects.c.kind == "withdraw")).all()
    corrected = [(case_id, keys) for payload in sent for case_id, keys in payload["cases"]]
    assert corrected == [(item.case_id, ["accept_target"]) for item in moved]


def test_what_moves_must_be_what_was_seen_and_it_is_adopted_once(bind: Engine) -> None:
    office = former_office(bind)
    with pytest.raises(Conflict, match="moves_not_seen"):
        adopt_edition(bind, by=CITY, clock=WHEN, seen="khác")
    assert ends(bind) == expected(office, 0)
    adopt_edition(bind, by=CITY, clock=WHEN)
    with pytest.raises(Refused, match="edition_adopted_already"):
        adopt_edition(bind, by=CITY, clock=WHEN)
    with reading(bind) as connection:
        assert [(item.edition, item.by) for item in adopted_editions(connection)] == [
            (newest_edition(), f"Người {CITY}"), (1, "")
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("login", "allowed"),
    [
        (login_of("manager", None), True), (login_of("leader", None), True), (login_of("admin", None), True),
        (login_of("legal", None), False), (login_of("case_officer", None), False), (login_of("manager"), False),
        (login_of("admin"), False),
    ],
)  # fmt: skip
def test_the_heads_and_the_administrator_of_the_city_adopt_it(bind: Engine, login: str, allowed: bool) -> None:
    office = former_office(bind)
    if allowed:
        assert adopt_edition(bind, by=login, clock=WHEN)
        return
    with pytest.raises(Refused, match="edition_not_yours"):
        adopt_edition(bind, by=login, clock=WHEN)
    assert ends(bind) == expected(office, 0)


def test_a_district_previews_its_own_cases(bind: Engine) -> None:
    office = former_office(bind)
    with reading(bind) as connection:
        own, other = [waiting_edition(connection, WHEN.today(), code) for code in ("HBG", "ADG")]
    assert own and other
    assert {item.ref for item in own.moved} == {office.first, office.second}
    assert other.moved == ()


def test_a_new_office_starts_with_the_newest_edition(either_bind: Engine) -> None:
    build_office(either_bind)
    with reading(either_bind) as connection:
        assert office_edition(connection) == newest_edition()
        assert [item.edition for item in adopted_editions(connection)] == [newest_edition()]
        assert waiting_edition(connection, TODAY) is None
    with writing(either_bind) as connection:
        assert sync_versions(connection, CLOCK.now()).edition is None, "starting again changes nothing"
        assert len(adopted_editions(connection)) == 1


def test_an_office_without_cases_goes_along(bind: Engine) -> None:
    with writing(bind) as connection:
        connection.execute(calendar_adoptions.insert().values(edition=1, adopted_by="", adopted_at=WHEN.now(), note=""))
        assert sync_versions(connection, CLOCK.now()).edition is None
        assert office_edition(connection) == newest_edition()


def test_a_look_back_counts_by_the_edition_in_force_then(bind: Engine) -> None:
    """The sums of a day before the adoption are those of the old edition, and name it."""
    office = former_office(bind)
    with behind_the_program(bind) as connection:
        connection.exec_driver_sql("UPDATE fact SET recorded_at = '2014-01-01 02:00:00'")
    adopt_edition(bind, by=CITY, clock=FrozenClock.on(date(2016, 3, 10)))
    found = {}
    for day in (date(2016, 3, 9), date(2016, 3, 10)):
        with reading(bind) as connection:
            (item,) = explain(connection, office.elsewhere, "accept_target", known_on=day)
            case_document(connection, office.elsewhere, today=TODAY, known_on=day)
        found[day] = item.edition
    assert list(found.values()) == [1, newest_edition()]


def test_closing_days_are_counted_by_the_edition_that_the_office_has(bind: Engine) -> None:
    office = former_office(bind)
    storm = NewClosing(date(2016, 3, 9), "city", None, "Bão", "1/QĐ")
    moved = preview_now(bind, [storm], TODAY)
    assert {item.ref for item in moved} == {office.elsewhere}, "no correction comes in with a closing day"
    adopt(bind, [storm], by=CITY, clock=CLOCK)
    after = expected(office, 0) | {office.elsewhere: date(2016, 3, 16)}
    assert ends(bind) == after
    with reading(bind) as connection:
        seen = waiting_edition(connection, TODAY)
    assert seen is not None
    assert office.elsewhere not in {item.ref for item in seen.moved}, "nor is a closing day lost by the preview"
    adopt_edition(bind, by=CITY, clock=CLOCK)
    assert ends(bind) == expected(office, 1) | {office.elsewhere: date(2016, 3, 16)}


def test_rebuilding_an_upgraded_office_brings_no_correction_in(either_bind: Engine) -> None:
    """A real case of Tết 2014: ten working days from 27/01 end on 17/02 by the first edition, on 18/02 by the next."""
    build_office(either_bind)
    with behind_the_program(either_bind) as connection:
        connection.execute(update(calendar_adoptions).values(edition=1))
    with writing(either_bind) as connection:
        unit = new_unit(connection, "HTX Tràng Cát", "HBG")
        ref = open_case(connection, unit, by="clock", role="clock", clock=WHEN, on=date(2014, 1, 27))
    assert ends(either_bind)[ref] == date(2014, 2, 17)
    with writing(either_bind) as connection:
        assert list(verify(connection)) == []
        connection.execute(update(deadlines).where(deadlines.c.key == "accept_target").values(ends_on=TODAY))
    assert list(rebuild(either_bind, CLOCK))
    assert ends(either_bind)[ref] == date(2014, 2, 17)
    assert [item.ref for item in adopt_edition(either_bind, by=CITY, clock=CLOCK)] == [ref]
    assert ends(either_bind)[ref] == date(2014, 2, 18)
    with reading(either_bind) as connection:
        assert list(verify(connection)) == [], "every list equals what the facts and the adopted edition give"


def test_the_days_that_differ_are_those_of_the_decisions() -> None:
    days = {
        item.on: (item.before and item.before.kind, item.after and item.after.kind) for item in differing_days(1, 2)
    }
    assert days == {
        date(2012, 12, 31): (None, "swap"),
        date(2013, 1, 5): (None, "worked"),
        date(2013, 2, 15): ("holiday", "swap"),
        date(2013, 2, 23): (None, "worked"),
        date(2014, 1, 25): (None, "worked"),
        date(2014, 1, 28): (None, "swap"),
        date(2014, 1, 29): ("holiday", "swap"),
        date(2014, 2, 5): (None, "compensation"),
        date(2014, 2, 8): (None, "worked"),
    }
    assert differing_days(1, 1) == []


def test_an_upgrade_marks_the_days_to_complain_as_verified(either_bind: Engine) -> None:
    """Article 9 of the Law on Complaints was recalled when those deadlines were stored; it has been read since."""
    office = build_office(either_bind)
    with writing(either_bind) as connection:
        new = NewFact("decide_dissolution", date(2016, 3, 1), CLOCK.now(), "x", "leader", {})
        record(connection, load_case(connection, office.first), new)
        mine = deadlines.c.article == "complaints.9"
        connection.execute(update(deadlines).where(mine).values(confidence="recalled"))
        with Operations.context(MigrationContext.configure(connection)):
            migration("checked_citations").upgrade()
        assert connection.scalars(select(deadlines.c.confidence).where(mine)).all() == ["verified"]
        assert list(verify(connection)) == []
