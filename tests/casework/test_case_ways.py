"""Last days that a process keeps are those of the facts: worked out anew after an act, and under other rules."""

from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Engine, event

from casework.lists import at_risk, case_ways
from casework.lists.at_risk import RiskList, risk_lists
from models.database import reading, writing
from models.settings import settings
from models.tables import case_rows, closings, units
from oversight import case_histories
from tests.oversight.histories import flagged, live
from tests.web.web_office import CLOCK, TODAY, build_office

DATE = "treatment_done"


@pytest.fixture
def bind(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)
    return either_bind


@pytest.fixture
def ref(bind: Engine) -> str:
    """A case whose compulsory dissolution waits for its decision."""
    made = flagged(bind, "HTX Chờ ký", date(2015, 3, 2))
    live(bind, made, "dissolved_compulsory", date(2015, 3, 2), "submit_dossier")
    return made


def risks(bind: Engine) -> list[RiskList]:
    with reading(bind) as connection:
        return risk_lists(connection, TODAY)


def forget() -> None:
    """As a process that has just begun."""
    for kept in (case_ways._kept, at_risk._chances, case_histories._whole):
        kept.forget()
    case_histories._of_databases.clear()


def agree(bind: Engine) -> list[RiskList]:
    """What is said of what is kept, which is what is said of the facts alone."""
    kept = risks(bind)
    forget()
    assert risks(bind) == kept
    return kept


def of(listed: list[RiskList], ref: str) -> tuple[str, str, date | None]:
    found = next(case for item in listed if item.milestone.key == DATE for case in item.cases if case.ref == ref)
    return found.state, found.unit_name, found.way.on if found.way else None


def test_an_act_changes_what_was_kept_of_its_case(bind: Engine) -> None:
    opened = date(2015, 3, 2)
    ref = flagged(bind, "HTX Chờ ký", opened)
    before = of(agree(bind), ref)
    live(bind, ref, "dissolved_compulsory", opened, "submit_dossier")
    assert of(agree(bind), ref) != before


def test_what_a_row_says_beside_the_facts_is_read_each_time(bind: Engine, ref: str) -> None:
    risks(bind)
    with writing(bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == ref).values(unit_name="HTX Tên mới"))
    assert of(agree(bind), ref)[1] == "HTX Tên mới"


def test_a_closing_day_of_the_office_moves_what_was_kept(bind: Engine, ref: str) -> None:
    _, _, last = of(risks(bind), ref)
    assert last is not None
    shut = {
        "on": last, "layer": "office", "district_code": "HBG", "reason": "Bão", "decision": "1/QĐ",
        "adopted_by": "manager.hbg", "adopted_at": CLOCK.now(),
    }  # fmt: skip
    with writing(bind, rules=True) as connection:
        connection.execute(closings.insert().values(**shut))
    moved = of(agree(bind), ref)[2]
    assert moved is not None and moved < last


def test_facts_of_cases_are_read_once(bind: Engine, ref: str) -> None:
    risks(bind)
    said: list[str] = []
    event.listen(bind, "before_cursor_execute", lambda *given: said.append(given[2]))
    risks(bind)
    assert said and not [statement for statement in said if "fact.data" in statement]
    with writing(bind) as connection:
        connection.execute(units.update().values(notes="x"))
    said.clear()
    risks(bind)
    assert not [statement for statement in said if "fact.data" in statement]
