"""The lights: the same for a case in memory and for its row in the database, whatever its dates and the parameters."""

from datetime import date, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from models.database import reading, writing
from models.tables import case_rows
from oversight.lights import LIGHTS, CutOffs, Dates, cut_offs, light_of_deadline
from oversight.thresholds import Thresholds, due_soon_until, upcoming_until
from tests.web.web_office import build_office

DAYS = st.none() | st.dates(date(2016, 2, 20), date(2016, 4, 10))


@pytest.fixture
def office(either_bind: Engine) -> Engine:
    build_office(either_bind)
    return either_bind


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(
    legal=DAYS, target=DAYS, closed=DAYS, today=st.dates(date(2016, 3, 1), date(2016, 3, 31)), ahead=st.integers(0, 20)
)
def test_a_row_has_the_light_of_its_dates_and_meets_its_condition_alone(
    office: Engine, legal: date | None, target: date | None, closed: date | None, today: date, ahead: int
) -> None:
    dates, cuts = Dates(legal, target, closed), CutOffs(today, today + timedelta(days=ahead))
    with writing(office) as connection:
        values = {"legal_on": legal, "target_on": target, "due_on": dates.due_on, "closed_on": closed}
        connection.execute(case_rows.update().values(**values))
    with reading(office) as connection:
        assert set(connection.scalars(select(cuts.column()))) == {cuts.light(dates)}
        met = [name for name in LIGHTS if connection.scalar(select(case_rows.c.id).where(cuts.where(name)).limit(1))]
        delayed = connection.scalar(select(case_rows.c.id).where(cuts.delayed()).limit(1)) is not None
    assert met == [cuts.light(dates)]
    assert delayed == (cuts.light(dates) in ("past_legal", "late"))


@pytest.mark.parametrize(
    ("kind", "days", "light"),
    [
        ("legal", -1, "past_legal"),
        ("legal", 0, None),
        ("target", -1, "late"),
        ("programme", -1, "late"),
        ("target", 9, None),
    ],
)
def test_a_deadline_that_passed_gives_the_light_of_its_kind(kind: str, days: int, light: str | None) -> None:
    today = date(2016, 3, 14)
    assert light_of_deadline(kind, today + timedelta(days=days), today) == light


def test_the_parameters_are_working_days_of_offices(monkeypatch: pytest.MonkeyPatch) -> None:
    """Over the holidays of 30 April and 1 May 2016, made up for on Monday and Tuesday."""
    monkeypatch.setattr("oversight.thresholds.THRESHOLDS", Thresholds(due_soon=3, upcoming=1))
    friday = date(2016, 4, 29)
    assert upcoming_until(friday) == date(2016, 5, 4)
    assert due_soon_until(friday) == cut_offs(friday).soon == date(2016, 5, 6)
