"""An office of today enters papers of former years by their own day; a letter of today does not cite an ended law."""

from datetime import date

import pytest
from sqlalchemy import Engine

from casework.opening import open_case
from casework.sums.deadline_sums import explain
from correspondence.composing import unfit
from letters.catalogue import TemplateError, letter_type
from letters.draft import draft
from letters.specimen import specimen
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Refused
from tests.acting import apply
from tests.web.web_office import build_office, login_of, new_unit

NOW = FrozenClock.on(date(2026, 11, 29))
LAST, FIRST = date(2024, 6, 30), date(2024, 7, 1)


@pytest.fixture
def ref(bind: Engine) -> str:
    """A case that came to the office in March 2016 and is entered today."""
    build_office(bind)
    with writing(bind) as connection:
        unit = new_unit(connection, "HTX Cũ", "HBG")
        return open_case(connection, unit, by="clock", role="clock", clock=NOW, on=date(2016, 3, 1))


def test_an_act_of_a_former_year_is_entered_by_its_own_day(bind: Engine, ref: str) -> None:
    officer = login_of("case_officer")
    apply(bind, ref, "accept_case", by=officer, clock=NOW, on=date(2016, 3, 2), data={"file_held": True})
    with reading(bind) as connection:
        found = explain(connection, ref)
    assert found
    cited = {line.article for item in found for line in item.sentences if line.code == "first_day"}
    assert cited == {"Điều 152 Bộ luật Dân sự năm 2005"}, "the law of that day, whatever the day on which it is entered"


def test_a_letter_is_drafted_to_the_last_day_of_its_law_and_refused_after_it() -> None:
    kind = letter_type("dissolution_decision")
    assert "l2012.54" in draft(kind.name, specimen(kind), LAST).cited
    with pytest.raises(Refused, match="rule_not_in_force_other") as refused:
        draft(kind.name, specimen(kind), FIRST)
    message = unfit(refused.value)
    assert isinstance(message, dict)
    assert "17/2023/QH15" in message["vi"] and "17/2023/QH15" in message["en"] and "01/07/2024" in message["vi"]


def test_an_error_of_a_template_keeps_its_own_message() -> None:
    assert unfit(TemplateError("visit_notice: x")) == "visit_notice: x"


@pytest.mark.parametrize(
    ("name", "before", "key"),
    [
        ("asset_inventory", date(2015, 7, 14), "tt83.2015.11"),
        ("debt_reconciliation", date(2015, 7, 14), "tt83.2015.13"),
        ("seal_certificate_minutes", date(2016, 6, 30), "seal.18"),
        ("dissolution_decision", date(2016, 6, 30), "admin.procedure.116"),
    ],
)  # fmt: skip
def test_what_is_cited_from_a_day_on_is_left_out_before_it(name: str, before: date, key: str) -> None:
    kind = letter_type(name)
    assert key not in draft(name, specimen(kind), before).cited
    assert key in draft(name, specimen(kind), date.fromordinal(before.toordinal() + 1)).cited
