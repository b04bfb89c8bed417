"""Obstacles and open cases before the dates of the programme."""

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.as_of import NOW, AsOf
from casework.evidence_store import keep
from casework.ledger import case_row
from casework.lists.as_of_tables import lists_as_of
from models.database import reading, writing
from models.settings import settings
from oversight.milestones import milestones
from samples.paths import PATHS
from tests.acting import apply
from tests.web.web_office import CLOCK, TODAY, Office, build_office, login_of

CONVERSION = ("conversion_done", date(2016, 7, 1))


@pytest.fixture
def office(either_bind: Engine, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path_factory.mktemp("data")))
    settings.cache_clear()
    return build_office(either_bind)


def to_reregistration(office: Office) -> None:
    """The first case is carried to where it has to be registered again by 01/07/2016."""
    for step in PATHS["reregistered"]:
        with writing(office.bind) as connection:
            number = case_row(connection, office.first)["id"]
            proof = keep(connection, number, b"chung cu (thu)", "a.txt", by="clerk.hbg", now=CLOCK.now())
        by, seen = login_of(step.role), [proof] if step.proof else []
        apply(office.bind, office.first, step.verb, by=by, clock=CLOCK, data=step.fields(TODAY), evidence=seen)
        if step.verb == "decide_measure":
            return


def test_a_limit_of_the_law_on_a_fixed_day_is_counted_as_the_programmes_own_dates_are(office: Office) -> None:
    to_reregistration(office)
    for at in (NOW, AsOf(as_of=TODAY)):
        with reading(office.bind) as connection, lists_as_of(connection, at):
            found = {(item.key, item.on): item.waiting for item in milestones(connection, TODAY)}
        assert found[CONVERSION] == 1, at
