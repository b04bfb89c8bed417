"""What would change a forecast: a queue of one office with few officers, and what nobody's work would change."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from foresight.stations import Staff
from models.database import reading, writing
from models.settings import settings
from models.tables import absences, officers
from oversight.office_staff import people_of, staff_of
from oversight.what_if import STEPS, Wished, batch_day, sittings_of, what_if
from procedures.definition.loader import load
from tests.oversight.histories import chronicle, flagged, live_together
from tests.web.web_office import build_office

FIRST = date(2015, 3, 2)
TODAY = date(2016, 3, 14)


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Engine]:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)
    yield either_bind


def test_steps_and_changes_come_from_the_office_and_the_procedure(bind: Engine) -> None:
    refs = [flagged(bind, f"HTX Chờ ký {number}", FIRST) for number in range(4)]
    live_together(bind, refs, "dissolved_compulsory", FIRST, "submit_dossier")
    with reading(bind) as connection:
        found = what_if(connection, TODAY, "treatment_done", district="HBG", wished=Wished(batch=40, batch_after=20))
    assert found is not None
    assert found.milestone.waiting == 4 + 3  # and the three of the small office
    kinds = {(one.kind, one.state) for one in found.gains}
    assert ("batch", "C3") in kinds
    assert all(sum(one.kind == kind for one in found.gains) <= STEPS for kind in ("officers", "batch", "limit"))
    batch = next(one for one in found.gains if (one.kind, one.state) == ("batch", "C3"))
    assert batch.district == "HBG" and batch.low <= batch.difference <= batch.high
    assert not found.anchored  # a handful of cases is no past to forecast from
    assert batch_day(found, TODAY) == TODAY + timedelta(days=20)
    assert set(found.gaining).isdisjoint(found.idle) and len(found.gaining) + len(found.idle) == len(found.gains)


def test_one_officer_more_gains_at_a_step_that_is_full(bind: Engine) -> None:
    """Every day a case comes, every other day one is done, by the only officer of the step: the queue is her work."""
    days = [date(2015, 6, 1) + timedelta(days=number) for number in range(280)]
    workdays = [day for day in days if day.weekday() < 5]
    lives = [(on, workdays[2 * place] if 2 * place < len(workdays) else None) for place, on in enumerate(workdays)]
    chronicle(bind, [(on, left) for on, left in lives if left is None or left >= on])
    with reading(bind) as connection:
        found = what_if(connection, TODAY, "conversion_done", district="HBG")
    assert found is not None and found.bottleneck is not None
    assert (found.bottleneck.kind, found.bottleneck.state) == ("officers", "S0")
    assert 0 < found.bottleneck.low <= found.bottleneck.difference <= found.milestone.waiting


def test_a_step_that_nobody_left_is_named_and_no_wait_is_shortened_there(bind: Engine) -> None:
    with reading(bind) as connection:
        found = what_if(connection, TODAY, "treatment_done", district="HBG")
    assert found is not None and "S0" in found.unmeasured
    assert not any((one.kind, one.state) == ("limit", "S0") for one in found.gains)


def test_nothing_is_tried_for_a_date_that_is_past_or_unknown(bind: Engine) -> None:
    with reading(bind) as connection:
        assert what_if(connection, TODAY, "review_done") is None
        assert what_if(connection, TODAY, "nothing") is None


def test_officers_and_absences_are_those_of_the_office(bind: Engine) -> None:
    with writing(bind) as connection:
        people = connection.execute(officers.select().where(officers.c.role == "leader")).mappings().all()
        own = next(one for one in people if one["district_code"] == "HBG")
        other = next(one for one in people if one["id"] != own["id"])
        days = {"from_on": TODAY, "to_on": TODAY + timedelta(days=4)}
        row = {"officer_id": own["id"], "substitute_id": other["id"], **days}
        connection.execute(absences.insert().values(**row))
        before = staff_of(load(), people_of(connection, "HBG"), FIRST)
        connection.execute(officers.update().where(officers.c.id == own["id"]).values(active=False))
        after = staff_of(load(), people_of(connection, "HBG"), FIRST)
    signing: Staff = before["C3"]
    assert signing.officers == 1.0
    assert [(one.first, one.last) for one in signing.absences] == [(378.0, 382.0)]
    assert "C3" not in after  # nobody is left who signs
    assert before["S1"].officers == after["S1"].officers  # the work of case officers, not of leaders


def test_sittings_are_where_a_decision_is_signed_or_a_body_has_its_term() -> None:
    found = sittings_of(load())
    assert {"S4", "C3", "C4", "V2"} <= found
    assert not {"S0", "S1", "R1", "R2", "C1"} & found
