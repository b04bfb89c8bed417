"""A machine clock that jumped holds writing until it is right again or a person confirms; recording never goes back."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from casework.office.clock_confirmation import confirm
from casework.office.people import actor
from models import clock_watch
from models.clock import FrozenClock, SystemClock
from models.clock_watch import AHEAD, BACK, LONGEST_OFF, Reading, jump_between, jump_of, read_clock
from models.database import reading, writing
from models.errors import Conflict, CoopcaseError, Refused, WrongInput
from models.setting_keys import DEMO_DAY, MACHINE_CLOCK
from models.tables import facts, office_acts, settings_table
from tests.acting import apply
from tests.web.web_office import TODAY, build_office, login_of

NOON = datetime.fromisoformat("2026-03-02T05:00:00+00:00")
MINUTE = timedelta(minutes=1)
Move = Callable[[timedelta], None]


@pytest.fixture
def office(bind: Engine) -> str:
    """A case of an office whose day is the machine's, which has recorded something."""
    found = build_office(bind)
    with writing(bind) as connection:
        connection.execute(settings_table.delete().where(settings_table.c.key == DEMO_DAY))
    with writing(bind):
        pass
    return found.first


@pytest.fixture
def move(monkeypatch: pytest.MonkeyPatch) -> Move:
    return lambda by: monkeypatch.setattr(SystemClock, "offset", by)


@pytest.mark.parametrize(
    ("boot", "passed", "said", "jumped"),
    [
        ("a", MINUTE, MINUTE, False), ("a", MINUTE, MINUTE - BACK, False), ("a", MINUTE, -BACK, True),
        ("a", MINUTE, AHEAD, False), ("a", MINUTE, AHEAD + 2 * MINUTE, True),
        ("a", LONGEST_OFF * 3, LONGEST_OFF * 3, False), ("b", MINUTE, LONGEST_OFF, False),
        ("b", MINUTE, LONGEST_OFF + MINUTE, True), ("b", MINUTE, -BACK - MINUTE, True), ("b", MINUTE, -MINUTE, False),
    ],
)  # fmt: skip
def test_what_counts_as_a_jump(boot: str, passed: timedelta, said: timedelta, jumped: bool) -> None:
    last, now = Reading(NOON, "a", 100.0), Reading(NOON + said, boot, 100.0 + passed.total_seconds())
    assert (jump_between(last, now) is not None) is jumped


@pytest.mark.parametrize("by", [-timedelta(hours=1), -timedelta(days=400), timedelta(days=2), timedelta(days=4000)])
def test_nothing_is_written_while_the_clock_is_wrong(bind: Engine, office: str, move: Move, by: timedelta) -> None:
    move(by)
    with pytest.raises(Conflict) as held, writing(bind) as connection:
        connection.execute(settings_table.insert().values(key="x", value="x"))
    assert held.value.code == "clock_jumped"
    with reading(bind) as connection:
        assert jump_of(connection) is not None
    move(timedelta())  # set right again: nobody has to confirm
    with writing(bind):
        pass


def test_a_correction_by_seconds_is_no_jump(bind: Engine, office: str, move: Move) -> None:
    move(-timedelta(seconds=40))
    with writing(bind):
        pass


@pytest.mark.parametrize(
    ("login", "reason", "code"),
    [
        (login_of("manager"), "đã đối chiếu", "clock_not_yours"),
        (login_of("case_officer", None), "đã đối chiếu", "clock_not_yours"),
        (login_of("admin", None), " ", "missing_field"),
    ],
)
def test_who_confirms(bind: Engine, office: str, move: Move, login: str, reason: str, code: str) -> None:
    move(timedelta(days=30))
    with writing(bind, any_clock=True) as connection, pytest.raises(CoopcaseError) as refused:
        confirm(connection, actor(connection, login), reason)
    assert isinstance(refused.value, Refused | WrongInput)
    assert refused.value.code == code


def test_a_confirmed_clock_goes_on_and_is_in_the_journal(bind: Engine, office: str, move: Move) -> None:
    move(timedelta(days=30))
    with writing(bind, any_clock=True) as connection:
        confirm(connection, actor(connection, login_of("admin", None)), "đối chiếu với giờ của bưu điện")
    with writing(bind) as connection:
        kept = connection.execute(select(office_acts).where(office_acts.c.act == "clock_confirmed")).mappings().one()
        assert kept["data"]["reason"] == "đối chiếu với giờ của bưu điện"
        with pytest.raises(Conflict) as steady:
            confirm(connection, actor(connection, login_of("admin", None)), "lần nữa")
    assert steady.value.code == "clock_steady"
    move(timedelta())
    with reading(bind) as connection:
        assert jump_of(connection) is not None, "back from a confirmed time is a jump again"


def test_a_chosen_day_does_not_depend_on_the_machine(bind: Engine, move: Move) -> None:
    build_office(bind)
    with writing(bind) as connection:
        assert MACHINE_CLOCK not in connection.scalars(select(settings_table.c.key)).all()
    move(-timedelta(days=400))
    with writing(bind):
        pass


def test_the_clock_is_remembered_once_a_minute(bind: Engine, office: str, move: Move) -> None:
    def kept() -> Reading | None:
        with reading(bind) as connection:
            return clock_watch._known(connection)[1]

    first = kept()
    move(timedelta(seconds=20))
    with writing(bind):
        pass
    assert kept() == first
    move(timedelta(minutes=3))
    with writing(bind):
        pass
    found = kept()
    assert found is not None
    assert abs(found.at - read_clock().at) < MINUTE


def test_a_fact_is_never_recorded_before_the_one_before_it(bind: Engine, office: str) -> None:
    earlier = FrozenClock.on(TODAY - timedelta(days=3))
    apply(bind, office, "accept_case", by=login_of("case_officer"), clock=earlier, data={"file_held": "true"})
    with reading(bind) as connection:
        times = list(connection.scalars(select(facts.c.recorded_at).order_by(facts.c.case_id, facts.c.seq)))
    assert times == sorted(times)
