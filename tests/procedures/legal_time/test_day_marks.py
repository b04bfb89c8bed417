"""What each day of a computed term was: the days marked as counted are as many as were to be counted."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.date_computation import Extension, Kind, Suspension, compute_date
from procedures.legal_time.day_marks import day_marks
from procedures.legal_time.terms import Term
from tests.procedures.legal_time.test_slow_count import KINDS, TERMS, pauses_near


def d(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


# start, term, suspensions, extension, the marks from a day before to a day after: S start, + counted, w worked,
# - skipped, = suspended, L last, . outside
MARKED = [
    pytest.param("01/06/2015", "3 days", [], 0, ".S++L.", id="plain days"),
    pytest.param("11/06/2015", "2 days", [], 0, ".S++-L.", id="rolled over a weekend"),
    pytest.param("11/06/2015", "2 working days", [], 0, ".S+--L.", id="working days skip the weekend"),
    pytest.param("24/04/2015", "3 working days", [], 0, ".Sw-+------L.", id="a worked Saturday; 28/4 to 3/5 off"),
    pytest.param("01/06/2015", "3 days", ["03/06/2015..05/06/2015"], 0, ".S+==++-L.", id="stood still"),
    pytest.param("01/06/2015", "3 days", ["20/05/2015..03/06/2015"], 0, ".S=++L.", id="stood still before the start"),
    pytest.param("01/06/2015", "3 days", [], 2, ".S+++++-L.", id="extended to a Saturday, rolled"),
    pytest.param("04/06/2015", "1 working days", [], 3, ".S+++L.", id="days added to working days are calendar days"),
    pytest.param("15/06/2015", "3 days before", [], 0, ".L++S.", id="backwards"),
    pytest.param("15/06/2015", "2 working days before", [], 0, ".L+--S.", id="backwards over a weekend"),
    pytest.param("15/06/2015", "3 days before", ["13/06/2015..14/06/2015"], 0, ".L++S.", id="backwards nothing stops"),
    pytest.param("24/04/2015", "1 working days", [], 3, ".Sw+++-----L.", id="it ended on a worked Saturday, extended"),
    pytest.param("01/06/2015", "0 days", [], 0, ".L.", id="nought days: the start is the last"),
    pytest.param("01/06/2015", "3 days", ["03/06/2015.."], 0, ".S+=====", id="standing still without an end"),
    pytest.param("10/06/2015", "3 days", ["14/06/2015.."], 0, ".S+++===", id="without an end, in the days off"),
]  # fmt: skip
SIGNS = {"start": "S", "counted": "+", "worked": "w", "skipped": "-", "suspended": "=", "last": "L", None: "."}


@pytest.mark.parametrize(("start", "text", "pauses", "longer", "wanted"), MARKED)
def test_the_marks_of_the_days(start: str, text: str, pauses: list[str], longer: int, wanted: str) -> None:
    term, calendars = Term.parse(text), load_calendars()
    given_ = [Suspension(d(part[:10]), d(part[12:]) if part[12:] else None) for part in pauses]
    extensions = [Extension(longer, "1/QĐ")] if longer else []
    found = compute_date(d(start), term, calendars, suspensions=given_, extensions=extensions)
    chosen = calendars.agency if found.calendar == "agency" else calendars.general
    marks = day_marks(found, term, chosen, given_)
    first = min(d(start), found.ends_on or d(start)) - timedelta(days=1)
    assert "".join(SIGNS[marks.of(first + timedelta(days=count))] for count in range(len(wanted))) == wanted


def test_a_clock_that_never_runs_again_is_stopped_until_the_last_day_of_all() -> None:
    term, calendars, stop = Term(3, "days"), load_calendars(), [Suspension(d("03/06/2015"), None)]
    marks = day_marks(compute_date(d("01/06/2015"), term, calendars, suspensions=stop), term, calendars.general, stop)
    assert [marks.of(day) for day in (d("03/06/2015"), date.max)] == ["suspended", "suspended"]


@given(pauses_near(), TERMS, KINDS, st.integers(0, 40))
def test_as_many_days_are_marked_as_were_to_be_counted(
    near: tuple[date, list[Suspension]], term: Term, kind: Kind, longer: int
) -> None:
    (start, pauses), calendars = near, load_calendars()
    extensions = [Extension(longer, "1/QĐ")] if longer else []
    found = compute_date(start, term, calendars, kind=kind, suspensions=pauses, extensions=extensions)
    marks = day_marks(found, term, calendars.agency if found.calendar == "agency" else calendars.general, pauses)
    if found.ends_on is None or found.term_ends_on is None or found.rolls_from_on is None:
        return
    for first, last, wanted in ((start, found.term_ends_on, None), (found.term_ends_on, found.rolls_from_on, longer)):
        days = [first + timedelta(days=count + 1) for count in range((last - first).days)]
        counted = sum(marks.of(day) in ("counted", "worked", "last") for day in days)
        assert counted == (_length(start, term) if wanted is None else wanted)
    after = [
        found.rolls_from_on + timedelta(days=count) for count in range(1, (found.ends_on - found.rolls_from_on).days)
    ]
    assert {marks.of(day) for day in after} <= {"skipped", "suspended"}


def _length(start: date, term: Term) -> int:
    if term.unit == "working_days":
        return term.amount
    raw = compute_date(start, term, load_calendars(), kind="target").ends_on
    assert raw is not None
    return (raw - start).days
