"""Days as people type them."""

from datetime import date

import pytest

from models.errors import WrongInput
from procedures.state_machine.field_values import parse_day


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14/03/2016", date(2016, 3, 14)), ("14/3/2016", date(2016, 3, 14)), ("4-3-16", date(2016, 3, 4)),
        ("4.3.98", date(1998, 3, 4)), ("14 3 2016", date(2016, 3, 14)), (" 14 / 3 / 2016 ", date(2016, 3, 14)),
        ("14032016", date(2016, 3, 14)), ("20102012", date(2012, 10, 20)), ("19122015", date(2015, 12, 19)),
        ("2016-03-14", date(2016, 3, 14)), ("20160314", date(2016, 3, 14)), ("20111012", date(2011, 10, 12)),
        ("29/2/16", date(2016, 2, 29)), ("1/1/49", date(2049, 1, 1)), ("1/1/50", date(1950, 1, 1)),
    ],
)  # fmt: skip
def test_a_day_is_read_however_it_is_written(typed: str, day: date) -> None:
    assert parse_day("on", typed) == day


@pytest.mark.parametrize(
    "typed", ["31/02/2016", "29/2/15", "14/3", "3/14/2016", "14/03/016", "14031316", "hôm nay", "14/03/20166", "1/2/3"]
)
def test_what_is_no_day_is_refused(typed: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        parse_day("on", typed)
    assert wrong.value.code == "not_a_date"
