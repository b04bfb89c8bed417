"""Legal time: every worked example with the lines of its sum, and an independent slow count day by day."""

from collections.abc import Sequence
from datetime import date, timedelta

import pytest

from procedures.law.rules import cite
from procedures.legal_time.calendar import Closing, load_calendars
from procedures.legal_time.date_computation import Kind, Line, Suspension, compute_date, ends_on, latest_of
from procedures.legal_time.terms import Term

ONE = timedelta(days=1)


def d(text: str) -> date:
    """dd/mm/yyyy, as the law file writes its examples."""
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def short(lines: Sequence[Line]) -> list[str]:
    return [f"{line.code} {line.from_on:%d/%m/%Y} {line.to_on:%d/%m/%Y} {line.days}" for line in lines]


VECTORS = [
    pytest.param("02/03/2015", "60 days", "01/05/2015", "04/05/2015", id="law 6.3: over 30/4 and 1/5"),
    pytest.param("01/03/2016", "60 days", "30/04/2016", "04/05/2016", id="law 6.3: days in lieu on 2/5 and 3/5"),
    pytest.param("31/10/2016", "60 days", "30/12/2016", "30/12/2016", id="law 6.3: last signing day of 2016"),
    pytest.param("13/02/2015", "5 working days", "27/02/2015", "27/02/2015", id="law 6.3: Sat 14/2 counts"),
    pytest.param("29/04/2016", "5 working days", "10/05/2016", "10/05/2016", id="law 6.3: over four days off"),
    pytest.param("01/11/2016", "60 days", "31/12/2016", "03/01/2017", id="one day later: over New Year"),
    pytest.param("29/04/2016", "60 days", "28/06/2016", "28/06/2016", id="signed 29/4 ends before 1/7"),
    pytest.param("02/05/2016", "60 days", "01/07/2016", "01/07/2016", id="back-planned last day for 1/7"),
    pytest.param("03/05/2016", "60 days", "02/07/2016", "04/07/2016", id="one day too late for 1/7"),
    pytest.param("01/07/2013", "36 months", "01/07/2016", "01/07/2016", id="36 months of article 62"),
    pytest.param("10/03/2015", "90 days", "08/06/2015", "08/06/2015", id="90 days to complain"),
    pytest.param("10/03/2015", "30 days", "09/04/2015", "09/04/2015", id="30 days to settle"),
    pytest.param("10/03/2015", "45 days", "24/04/2015", "24/04/2015", id="45 days to settle"),
    pytest.param("11/03/2015", "45 days", "25/04/2015", "27/04/2015", id="a worked Saturday is off for the public"),
    pytest.param("10/03/2015", "60 days", "09/05/2015", "11/05/2015", id="60 days of a complex second settlement"),
    pytest.param("10/03/2015", "10 days", "20/03/2015", "20/03/2015", id="10 days to accept a complaint"),
    pytest.param("01/06/2015", "1 year", "01/06/2016", "01/06/2016", id="a suspension's longest: one year"),
    pytest.param("31/03/2016", "15 days before", "16/03/2016", "16/03/2016", id="15 days' notice of a suspension"),
    pytest.param("31/12/2016", "60 days before", "01/11/2016", "01/11/2016", id="back-planned from 31/12"),
    pytest.param("30/12/2016", "60 days before", "31/10/2016", "31/10/2016", id="back-planned from 30/12"),
    pytest.param("01/07/2016", "60 days before", "02/05/2016", "02/05/2016", id="back-planned from 1/7: a day off"),
    pytest.param("24/02/2015", "5 working days", "03/03/2015", "03/03/2015", id="an ordinary week"),
    pytest.param("24/04/2015", "1 working day", "25/04/2015", "25/04/2015", id="the worked Saturday itself"),
    pytest.param("05/02/2016", "1 working day", "15/02/2016", "15/02/2016", id="over the whole Tết"),
    pytest.param("06/02/2016", "1 working day", "15/02/2016", "15/02/2016", id="started on a day off"),
    pytest.param("31/12/2014", "1 working day", "05/01/2015", "05/01/2015", id="over the swapped 2/1"),
    pytest.param("26/12/2014", "1 working day", "27/12/2014", "27/12/2014", id="the Saturday worked for 2/1"),
    pytest.param("31/01/2015", "1 month", "28/02/2015", "02/03/2015", id="no 31 February, then Saturday"),
    pytest.param("31/01/2016", "1 month", "29/02/2016", "29/02/2016", id="a leap February"),
    pytest.param("29/02/2016", "1 year", "28/02/2017", "28/02/2017", id="a leap day a year on"),
    pytest.param("01/01/2015", "1 year", "01/01/2016", "04/01/2016", id="a year to New Year's Day"),
    pytest.param("02/03/2015", "2 weeks", "16/03/2015", "16/03/2015", id="weeks are seven days"),
    pytest.param("31/08/2015", "0 days", "31/08/2015", "31/08/2015", id="nought days"),
    pytest.param("02/09/2015", "0 days", "02/09/2015", "03/09/2015", id="nought days from a holiday"),
    pytest.param("05/09/2015", "0 working days", "05/09/2015", "07/09/2015", id="nought working days"),
    pytest.param("02/03/2015", "0 months", "02/03/2015", "02/03/2015", id="nought months"),
    pytest.param("02/01/2014", "3000 days", "21/03/2022", "21/03/2022", id="thousands of days"),
    pytest.param("01/06/2029", "60 days", "31/07/2029", "31/07/2029", id="an occurrence in the future"),
    pytest.param("16/03/2015", "15 days before", "01/03/2015", "01/03/2015", id="backwards, ends on a Sunday: stays"),
    pytest.param("25/02/2015", "3 working days before", "13/02/2015", "13/02/2015", id="backwards over Tết"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "term", "raw", "end"), VECTORS)
def test_the_worked_examples(start: str, term: str, raw: str, end: str) -> None:
    counted = Term.parse(term)
    found = compute_date(d(start), counted, load_calendars())
    assert (found.starts_on, found.ends_on) == (d(start), d(end))
    assert ends_on(d(start), counted, load_calendars()) == d(end)
    for kind in ("programme", "target"):
        assert ends_on(d(start), counted, load_calendars(), kind=kind) == d(raw)  # type: ignore[arg-type]
        assert compute_date(d(start), counted, load_calendars(), kind=kind).ends_on == d(raw)  # type: ignore[arg-type]


SUMS = [
    pytest.param(
        "02/03/2015", "60 days",
        ["start 02/03/2015 02/03/2015 0", "first_day 02/03/2015 02/03/2015 0", "term_days 02/03/2015 01/05/2015 60",
         "rolled 01/05/2015 04/05/2015 3", "end 04/05/2015 04/05/2015 0"],
        id="rolled over Labour Day and the weekend",
    ),
    pytest.param(
        "01/03/2016", "60 days",
        ["start 01/03/2016 01/03/2016 0", "first_day 01/03/2016 01/03/2016 0", "term_days 01/03/2016 30/04/2016 60",
         "rolled 30/04/2016 04/05/2016 4", "end 04/05/2016 04/05/2016 0"],
        id="rolled over two holidays and their days in lieu",
    ),
    pytest.param(
        "01/07/2013", "36 months",
        ["start 01/07/2013 01/07/2013 0", "first_day 01/07/2013 01/07/2013 0", "term_months 01/07/2013 01/07/2016 36",
         "end 01/07/2016 01/07/2016 0"],
        id="36 months of article 62",
    ),
    pytest.param(
        "16/03/2015", "15 days before",
        ["start 16/03/2015 16/03/2015 0", "first_day 16/03/2015 16/03/2015 0", "term_days 16/03/2015 01/03/2015 15",
         "end 01/03/2015 01/03/2015 0"],
        id="notice of a suspension: backwards nothing rolls",
    ),
    pytest.param(
        "31/10/2016", "60 days",
        ["start 31/10/2016 31/10/2016 0", "first_day 31/10/2016 31/10/2016 0", "term_days 31/10/2016 30/12/2016 60",
         "end 30/12/2016 30/12/2016 0"],
        id="a working day needs no roll",
    ),
    pytest.param(
        "13/02/2015", "5 working days",
        ["start 13/02/2015 13/02/2015 0", "first_day 13/02/2015 13/02/2015 0",
         "term_working_days 13/02/2015 27/02/2015 5", "worked 14/02/2015 14/02/2015 1",
         "skipped 15/02/2015 23/02/2015 9", "end 27/02/2015 27/02/2015 0"],
        id="worked Saturday counted, Tết skipped",
    ),
    pytest.param(
        "29/04/2016", "5 working days",
        ["start 29/04/2016 29/04/2016 0", "first_day 29/04/2016 29/04/2016 0",
         "term_working_days 29/04/2016 10/05/2016 5", "skipped 30/04/2016 03/05/2016 4",
         "skipped 07/05/2016 08/05/2016 2", "end 10/05/2016 10/05/2016 0"],
        id="days in lieu skipped, then a weekend",
    ),
    pytest.param(
        "24/04/2015", "3 working days",
        ["start 24/04/2015 24/04/2015 0", "first_day 24/04/2015 24/04/2015 0",
         "term_working_days 24/04/2015 04/05/2015 3", "worked 25/04/2015 25/04/2015 1",
         "skipped 26/04/2015 26/04/2015 1", "skipped 28/04/2015 03/05/2015 6", "end 04/05/2015 04/05/2015 0"],
        id="a worked Saturday beside a Sunday",
    ),
    pytest.param(
        "25/02/2015", "3 working days before",
        ["start 25/02/2015 25/02/2015 0", "first_day 25/02/2015 25/02/2015 0",
         "term_working_days 25/02/2015 13/02/2015 3", "worked 14/02/2015 14/02/2015 1",
         "skipped 15/02/2015 23/02/2015 9", "end 13/02/2015 13/02/2015 0"],
        id="backwards the same days are skipped",
    ),
    pytest.param(
        "21/02/2015", "1 working day before",
        ["start 21/02/2015 21/02/2015 0", "first_day 21/02/2015 21/02/2015 0",
         "term_working_days 21/02/2015 14/02/2015 1", "worked 14/02/2015 14/02/2015 1",
         "skipped 15/02/2015 20/02/2015 6", "end 14/02/2015 14/02/2015 0"],
        id="the start itself, off as it is, is not among the skipped",
    ),
    pytest.param(
        "05/09/2015", "0 working days",
        ["start 05/09/2015 05/09/2015 0", "first_day 05/09/2015 05/09/2015 0",
         "term_working_days 05/09/2015 05/09/2015 0", "rolled 05/09/2015 07/09/2015 2", "end 07/09/2015 07/09/2015 0"],
        id="nought days skip nothing",
    ),
    pytest.param(
        "30/12/2030", "5 working days",
        ["start 30/12/2030 30/12/2030 0", "first_day 30/12/2030 30/12/2030 0",
         "term_working_days 30/12/2030 06/01/2031 5", "skipped 04/01/2031 05/01/2031 2",
         "not_covered 06/01/2031 06/01/2031 0", "computed 06/01/2031 06/01/2031 0", "end 06/01/2031 06/01/2031 0"],
        id="a year without a calendar is named",
    ),
    pytest.param(
        "28/12/2012", "5 working days",
        ["start 28/12/2012 28/12/2012 0", "first_day 28/12/2012 28/12/2012 0",
         "term_working_days 28/12/2012 07/01/2013 5", "skipped 29/12/2012 01/01/2013 4",
         "worked 05/01/2013 05/01/2013 1", "skipped 06/01/2013 06/01/2013 1",
         "not_covered 07/01/2013 07/01/2013 0", "end 07/01/2013 07/01/2013 0"],
        id="a start before the calendar is named too",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("start", "term", "lines"), SUMS)
def test_the_lines_of_a_sum(start: str, term: str, lines: list[str]) -> None:
    assert short(compute_date(d(start), Term.parse(term), load_calendars()).lines) == lines


def line(code: str, lines: Sequence[Line]) -> Line:
    (found,) = [item for item in lines if item.code == code]
    return found


def test_a_sum_names_its_days_off_and_cites_the_code() -> None:
    found = compute_date(d("29/04/2016"), Term.parse("5 working days"), load_calendars())
    first, second = [item.params["off"] for item in found.lines if item.code == "skipped"]
    assert [pair[1] for pair in first] == [
        "Liberation Day/Reunification Day",
        "International Labor Day",
        "Day in lieu of Liberation Day/Reunification Day",
        "Day in lieu of International Labor Day",
    ]
    assert [pair[0] for pair in second] == ["Thứ bảy", "Chủ nhật"]
    assert line("first_day", found.lines).article == "cc.first_day"
    assert line("term_working_days", found.lines).params == {"term": Term(5, "working_days")}
    assert found.calendar == "agency"
    rolled = compute_date(d("02/03/2015"), Term.parse("60 days"), load_calendars())
    assert (rolled.calendar, line("rolled", rolled.lines).article) == ("general", "cc.last_day")
    assert [pair[1] for pair in line("rolled", rolled.lines).params["off"]] == [
        "International Labor Day",
        "Saturday",
        "Sunday",
    ]
    worked = compute_date(d("13/02/2015"), Term.parse("5 working days"), load_calendars())
    assert ["Chủ nhật", "Sunday"] not in line("skipped", worked.lines).params["off"]
    assert line("worked", worked.lines).params["off"][0][1] == "Worked for a swapped day off"


def rolled_over(start: str, *pauses: Suspension) -> list[str]:
    found = compute_date(d(start), Term(60, "days"), load_calendars(), suspensions=pauses)
    return [pair[1] for pair in line("rolled", found.lines).params["off"]]


def test_a_roll_names_the_days_off_before_its_day_and_the_suspensions() -> None:
    """To a Friday, the weekend after it is none of its matters; over a stop, the days off after that are."""
    assert rolled_over("02/11/2014") == ["New Year's Day"]
    stop = Suspension(d("04/05/2016"), d("07/05/2016"), "Chờ tòa")
    assert rolled_over("01/03/2016", stop) == [
        "Liberation Day/Reunification Day", "International Labor Day",
        "Day in lieu of Liberation Day/Reunification Day", "Day in lieu of International Labor Day",
        "Chờ tòa", "Saturday", "Sunday",
    ]  # fmt: skip


def test_a_worked_saturday_after_a_day_off_separates_two_runs() -> None:
    closed = load_calendars(closings=(Closing(d("13/02/2015"), "city", "Mất điện", "1/QĐ"),))
    assert short(compute_date(d("12/02/2015"), Term(2, "working_days"), closed).lines)[3:-1] == [
        "skipped 13/02/2015 13/02/2015 1", "worked 14/02/2015 14/02/2015 1", "skipped 15/02/2015 23/02/2015 9"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("start", "days", "article"),
    [
        ("01/11/2016", 60, "Điều 153 Bộ luật Dân sự năm 2005"),
        ("02/11/2016", 60, "Điều 148 Bộ luật Dân sự năm 2015"),
        ("05/03/2016", 28, "Điều 153 Bộ luật Dân sự năm 2005"),
    ],
)
def test_the_code_of_the_last_day_governs_the_roll(start: str, days: int, article: str) -> None:
    """31/12/2016 and 01/01/2017 are both off: the last day of the Code of 2005, the first of that of 2015."""
    rolled = line("rolled", compute_date(d(start), Term(days, "days"), load_calendars()).lines)
    assert cite(rolled.article, rolled.from_on).text() == article


@pytest.mark.parametrize(
    ("start", "term", "kind", "years"),
    [
        ("02/03/2018", "5 working days", "legal", "2018"),
        ("28/12/2017", "300 working days", "legal", "2018, 2019"),
        ("20/12/2017", "20 days", "legal", "2018"),
        ("02/03/2020", "5 working days", "legal", "2020"),
        ("20/12/2018", "10 working days before", "target", "2018"),
        ("20/12/2017", "20 days", "target", None),
        ("01/12/2017", "20 days", "legal", None),
        ("02/01/2014", "700 working days", "legal", None),
    ],
)
def test_a_sum_in_a_year_that_was_only_computed_says_so(start: str, term: str, kind: Kind, years: str | None) -> None:
    """A target in calendar days uses no calendar; 2013 to 2017 follow the official decisions."""
    lines = compute_date(d(start), Term.parse(term), load_calendars(), kind=kind).lines
    assert [item.params["years"] for item in lines if item.code == "computed"] == ([years] if years else [])


@pytest.mark.parametrize("name", ["agency", "general"])
def test_the_calendar_may_be_named(name: str) -> None:
    """By the term a legal 60 days roll by holidays only; 2/1/2015 is off for agencies alone."""
    found = compute_date(d("03/11/2014"), Term.parse("60 days"), load_calendars(), calendar=name)
    assert (found.calendar, found.ends_on) == (name, d("05/01/2015" if name == "agency" else "02/01/2015"))
    assert ends_on(d("03/11/2014"), Term.parse("60 days"), load_calendars(), calendar=name) == found.ends_on


def test_a_very_long_run_of_working_days_is_counted_and_not_listed_day_by_day() -> None:
    found = compute_date(d("05/01/2015"), Term(1_500, "working_days"), load_calendars())
    assert {item.code for item in found.lines} == {"start", "first_day", "term_working_days", "computed", "end"}
    terms = [Term(1_028, "working_days"), Term(1_029, "working_days")]  # 1,500 and 1,501 days after the first
    codes = [{item.code for item in compute_date(d("05/01/2015"), term, load_calendars()).lines} for term in terms]
    assert ["skipped" in found for found in codes] == [True, False]


@pytest.mark.parametrize(
    "term",
    [
        "100000 days",
        "50000 working days",
        "10000 weeks",
        "3000 months",
        "250 years",
        "100000 days before",
        "50000 working days before",
    ],
)
@pytest.mark.parametrize("start", [date.min, date(2016, 3, 1), date.max], ids=str)
@pytest.mark.parametrize("kind", ["legal", "target"])
def test_the_longest_terms_end_inside_time(term: str, start: date, kind: Kind) -> None:
    pause = [Suspension(date.min, date.max, "x")]
    for suspensions in ([], pause):
        found = compute_date(start, Term.parse(term), load_calendars(), kind=kind, suspensions=suspensions)
        assert found.ends_on is not None
        assert found.ends_on == ends_on(start, Term.parse(term), load_calendars(), kind=kind, suspensions=suspensions)


@pytest.mark.parametrize(
    ("starts", "latest"),
    [
        (["01/03/2016", "15/03/2016", "02/03/2016"], "15/03/2016"),
        (["01/03/2016"], "01/03/2016"),
        (["01/03/2016", None], None),
        ([None], None),
        ([], None),
    ],
)
def test_the_latest_of_several_starts_waits_for_the_last_proof(starts: list[str | None], latest: str | None) -> None:
    assert latest_of(d(day) if day else None for day in starts) == (d(latest) if latest else None)


@pytest.mark.parametrize(
    ("start", "kind", "reported"),
    [("01/12/2012", "legal", False), ("02/11/2030", "legal", True), ("02/11/2030", "target", False)],
    ids=["only its last day rests on a calendar", "which is not known", "a target rests on none"],
)
def test_a_year_is_missed_only_where_a_day_rests_on_it(start: str, kind: Kind, reported: bool) -> None:
    found = compute_date(d(start), Term(60, "days"), load_calendars(), kind=kind)
    assert ("not_covered" in {item.code for item in found.lines}) is reported


def test_suspensions_do_not_change_a_term_counted_backwards() -> None:
    back, tet = Term(3, "working_days", backwards=True), Suspension(d("16/02/2015"), d("20/02/2015"), "x")
    plain = compute_date(d("25/02/2015"), back, load_calendars())
    assert compute_date(d("25/02/2015"), back, load_calendars(), suspensions=[tet]) == plain
