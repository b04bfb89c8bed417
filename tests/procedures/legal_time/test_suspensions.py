"""Suspensions and extensions: what each does to a sum, line by line."""

from collections.abc import Sequence
from datetime import date
from itertools import permutations

import pytest

from models.errors import WrongInput
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.date_computation import (
    Extension,
    Line,
    Suspension,
    compute_date,
    ends_on,
    merged,
    require_forwards,
)
from procedures.legal_time.terms import Term


def d(text: str) -> date:
    day, month, year = map(int, text.split("/"))
    return date(year, month, day)


def pause(text: str, reason: str = "stay") -> Suspension:
    """`from..to`, without `to` until further notice."""
    first, _, last = text.partition("..")
    return Suspension(d(first), d(last) if last else None, reason)


def short(lines: Sequence[Line]) -> list[str]:
    reported = [item for item in lines if item.code not in ("start", "first_day")]
    return [f"{item.code} {item.from_on:%d/%m/%Y} {item.to_on:%d/%m/%Y} {item.days}" for item in reported]


# start, term, suspensions, end (none: suspended), lines after the first two
PAUSED = [
    pytest.param(
        "01/06/2015", "10 days", ["04/06/2015..09/06/2015"], "16/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 04/06/2015 09/06/2015 5", "end 16/06/2015 16/06/2015 0"],
        id="in the middle",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["20/05/2015..05/06/2015"], "15/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 02/06/2015 05/06/2015 3",
         "rolled 14/06/2015 15/06/2015 1", "end 15/06/2015 15/06/2015 0"],
        id="it began before the start: the days after the start stand still",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["20/05/2015..02/06/2015"], "11/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "end 11/06/2015 11/06/2015 0"],
        id="over before the first counted day",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["01/06/2015..03/06/2015"], "12/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 02/06/2015 03/06/2015 1", "end 12/06/2015 12/06/2015 0"],
        id="from the start itself, which is not counted anyway",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["11/06/2015..12/06/2015"], "12/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 11/06/2015 12/06/2015 1", "end 12/06/2015 12/06/2015 0"],
        id="on the last day alone",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["12/06/2015..30/06/2015"], "11/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "end 11/06/2015 11/06/2015 0"],
        id="from the day after the end",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["12/06/2015.."], "11/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "end 11/06/2015 11/06/2015 0"],
        id="without an end, but after the end of the term",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["11/06/2015.."], None,
        ["term_days 01/06/2015 11/06/2015 10", "stands_still 11/06/2015 11/06/2015 0"],
        id="without an end, from the last day",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["03/06/2015..05/06/2015", "12/06/2015..14/06/2015"], "15/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 03/06/2015 05/06/2015 2",
         "suspended 12/06/2015 14/06/2015 2", "end 15/06/2015 15/06/2015 0"],
        id="the first moves the end into the second",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["03/06/2015..06/06/2015", "05/06/2015..08/06/2015"], "16/06/2015",
        ["term_days 01/06/2015 11/06/2015 10", "suspended 03/06/2015 08/06/2015 5", "end 16/06/2015 16/06/2015 0"],
        id="overlapping days count once",
    ),
    pytest.param(
        "01/06/2015", "10 days", ["03/06/2015..06/06/2015", "05/06/2015.."], None,
        ["term_days 01/06/2015 11/06/2015 10", "stands_still 03/06/2015 03/06/2015 0"],
        id="one of the overlapping has no end",
    ),
    pytest.param(
        "01/06/2015", "0 days", ["25/05/2015..20/06/2015"], "01/06/2015",
        ["term_days 01/06/2015 01/06/2015 0", "end 01/06/2015 01/06/2015 0"],
        id="nought days: nothing runs that could stand still",
    ),
    pytest.param(
        "01/06/2015", "0 days", ["25/05/2015.."], "01/06/2015",
        ["term_days 01/06/2015 01/06/2015 0", "end 01/06/2015 01/06/2015 0"],
        id="nought days and no end",
    ),
    pytest.param(
        "30/06/2015", "15 days before", ["01/06/2015..20/07/2015", "21/07/2015.."], "15/06/2015",
        ["term_days 30/06/2015 15/06/2015 15", "end 15/06/2015 15/06/2015 0"],
        id="backwards: a last day, not a running clock",
    ),
    pytest.param(
        "01/06/2015", "5 working days", ["03/06/2015..09/06/2015"], "12/06/2015",
        ["term_working_days 01/06/2015 08/06/2015 5", "suspended 03/06/2015 09/06/2015 6",
         "end 12/06/2015 12/06/2015 0"],
        id="working days: four stood still, the weekend among them is reported once",
    ),
    pytest.param(
        "01/06/2015", "5 working days", ["06/06/2015..08/06/2015"], "08/06/2015",
        ["term_working_days 01/06/2015 08/06/2015 5", "end 08/06/2015 08/06/2015 0"],
        id="working days: a weekend that stands still costs nothing",
    ),
    pytest.param(
        "12/02/2015", "3 working days", ["14/02/2015..16/02/2015"], "25/02/2015",
        ["term_working_days 12/02/2015 24/02/2015 3", "skipped 16/02/2015 23/02/2015 8",
         "suspended 14/02/2015 16/02/2015 2", "end 25/02/2015 25/02/2015 0"],
        id="working days: the worked Saturday stood still",
    ),
    pytest.param(
        "22/04/2015", "2 working days", ["23/04/2015..25/04/2015"], "27/04/2015",
        ["term_working_days 22/04/2015 24/04/2015 2", "suspended 23/04/2015 25/04/2015 2",
         "worked 25/04/2015 25/04/2015 1", "skipped 26/04/2015 26/04/2015 1", "end 27/04/2015 27/04/2015 0"],
        id="working days: what is skipped after the suspension is reported after it",
    ),
    pytest.param(
        "01/03/2016", "60 days", ["01/05/2016..11/05/2016"], "11/05/2016",
        ["term_days 01/03/2016 30/04/2016 60", "rolled 30/04/2016 11/05/2016 11", "end 11/05/2016 11/05/2016 0"],
        id="a suspension that begins in the days off after the last day",
    ),
    pytest.param(
        "01/03/2016", "60 days", ["04/05/2016..07/05/2016"], "09/05/2016",
        ["term_days 01/03/2016 30/04/2016 60", "rolled 30/04/2016 09/05/2016 9", "end 09/05/2016 09/05/2016 0"],
        id="a suspension on the day it would roll to, lifted on a Saturday",
    ),
    pytest.param(
        "01/03/2016", "60 days", ["05/05/2016..07/05/2016"], "04/05/2016",
        ["term_days 01/03/2016 30/04/2016 60", "rolled 30/04/2016 04/05/2016 4", "end 04/05/2016 04/05/2016 0"],
        id="a suspension from the day after it rolled to",
    ),
    pytest.param(
        "01/03/2016", "60 days", ["01/05/2016..04/05/2016"], "04/05/2016",
        ["term_days 01/03/2016 30/04/2016 60", "rolled 30/04/2016 04/05/2016 4", "end 04/05/2016 04/05/2016 0"],
        id="a suspension lifted on the day it rolls to",
    ),
    pytest.param(
        "01/03/2016", "59 days", ["07/03/2016..08/03/2016", "02/05/2016..10/05/2016"], "10/05/2016",
        ["term_days 01/03/2016 29/04/2016 59", "suspended 07/03/2016 08/03/2016 1",
         "rolled 30/04/2016 10/05/2016 10", "end 10/05/2016 10/05/2016 0"],
        id="a suspension over in the term, another in the days off after it",
    ),
    pytest.param(
        "01/03/2016", "60 days", ["02/05/2016.."], None,
        ["term_days 01/03/2016 30/04/2016 60", "stands_still 02/05/2016 02/05/2016 0"],
        id="a suspension without an end in the days off after the last day",
    ),
    pytest.param(
        "29/02/2016", "12 months", ["01/03/2016..31/03/2016"], "30/03/2017",
        ["term_months 29/02/2016 28/02/2017 12", "suspended 01/03/2016 31/03/2016 30", "end 30/03/2017 30/03/2017 0"],
        id="months are lengthened by days",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("start", "term", "pauses", "end", "lines"), PAUSED)
def test_suspensions_move_the_end(start: str, term: str, pauses: list[str], end: str | None, lines: list[str]) -> None:
    suspensions = [pause(text) for text in pauses]
    found = compute_date(d(start), Term.parse(term), load_calendars(), suspensions=suspensions)
    assert found.ends_on == (d(end) if end else None)
    assert short(found.lines) == lines
    assert ends_on(d(start), Term.parse(term), load_calendars(), suspensions=suspensions) == found.ends_on
    assert all(item.params["reason"] == "stay" for item in found.lines if item.code in ("suspended", "stands_still"))


def test_a_target_that_ends_on_a_day_off_is_not_touched_by_what_comes_after() -> None:
    suspensions = [pause("01/05/2016..11/05/2016")]
    assert ends_on(d("01/03/2016"), Term(60, "days"), load_calendars(), kind="target", suspensions=suspensions) == d(
        "30/04/2016"
    )


def test_a_roll_over_a_suspension_names_it() -> None:
    found = compute_date(
        d("01/03/2016"), Term(60, "days"), load_calendars(), suspensions=[pause("01/05/2016..11/05/2016", "court")]
    )
    (rolled,) = [item for item in found.lines if item.code == "rolled"]
    assert rolled.params["off"][0] == ["Ngày Chiến thắng 30/4", "Liberation Day/Reunification Day"]
    assert rolled.params["off"][-1] == ["court", "court"]


def test_a_roll_does_not_name_a_suspension_that_is_lifted_by_then() -> None:
    found = compute_date(
        d("01/03/2016"), Term(60, "days"), load_calendars(), suspensions=[pause("01/05/2016..04/05/2016")]
    )
    (rolled,) = [item for item in found.lines if item.code == "rolled"]
    assert ["stay", "stay"] not in rolled.params["off"]


@pytest.mark.parametrize(("start", "end"), [("04/06/2016", "06/06/2016"), ("06/06/2016", "06/06/2016")])
def test_a_term_of_zero_days_never_runs_so_it_is_never_suspended(start: str, end: str) -> None:
    assert ends_on(d(start), Term(0, "days"), load_calendars(), suspensions=[pause("01/06/2016..")]) == d(end)


MERGES = [
    ([], []),
    (["03/06/2015..03/06/2015", "09/06/2015..04/06/2015"], []),
    (["03/06/2015..05/06/2015", "05/06/2015..08/06/2015"], ["03/06/2015..08/06/2015"]),
    (["03/06/2015..05/06/2015", "06/06/2015..08/06/2015"], ["03/06/2015..05/06/2015", "06/06/2015..08/06/2015"]),
    (["03/06/2015..09/06/2015", "04/06/2015..05/06/2015"], ["03/06/2015..09/06/2015"]),
    (["03/06/2015..", "04/06/2015..05/06/2015"], ["03/06/2015.."]),
    (["03/06/2015..09/06/2015", "04/06/2015.."], ["03/06/2015.."]),
    (["03/06/2015..05/06/2015", "03/06/2015..08/06/2015"], ["03/06/2015..08/06/2015"]),
]


@pytest.mark.parametrize(("given_", "wanted"), MERGES)
def test_suspensions_merge_in_any_order(given_: list[str], wanted: list[str]) -> None:
    for order in permutations(given_):
        assert merged([pause(text) for text in order]) == [pause(text) for text in wanted]


def test_merged_suspensions_keep_every_reason_once_and_the_first_evidence() -> None:
    first = Suspension(d("03/06/2015"), d("05/06/2015"), "", "")
    rest = [
        Suspension(d("04/06/2015"), d("06/06/2015"), "stay of the court", "5/QĐ"),
        Suspension(d("05/06/2015"), d("07/06/2015"), "court", "6/QĐ"),
        Suspension(d("06/06/2015"), d("08/06/2015"), "stay of the court", "7/QĐ"),
    ]
    for order in permutations([first, *rest]):
        assert merged(order) == [Suspension(d("03/06/2015"), d("08/06/2015"), "stay of the court; court", "5/QĐ")]
    same_day = [Suspension(d("03/06/2015"), None, reason) for reason in ("b", "a")]
    assert merged(same_day)[0].reason == "a; b"


# start, extensions (days, undone), cap, suspensions, end, lines after the term's
EXTENDED = [
    pytest.param(
        [(15, False)], None, [], "26/06/2015", ["extended 11/06/2015 26/06/2015 15", "end 26/06/2015 26/06/2015 0"],
        id="without a cap",
    ),
    pytest.param([(15, True)], None, [], "11/06/2015", ["end 11/06/2015 11/06/2015 0"], id="undone"),
    pytest.param(
        [(5, False), (7, True), (3, False)], "15 days", [], "19/06/2015",
        ["extended 11/06/2015 16/06/2015 5", "extended 16/06/2015 19/06/2015 3", "end 19/06/2015 19/06/2015 0"],
        id="one of three undone",
    ),
    pytest.param(
        [(10, False), (10, False), (10, False)], "15 days", [], "26/06/2015",
        ["extended 11/06/2015 21/06/2015 10", "capped 21/06/2015 26/06/2015 5", "capped 26/06/2015 26/06/2015 0",
         "end 26/06/2015 26/06/2015 0"],
        id="held under the cap together",
    ),
    pytest.param(
        [(10, True), (15, False)], "15 days", [], "26/06/2015",
        ["extended 11/06/2015 26/06/2015 15", "end 26/06/2015 26/06/2015 0"],
        id="an undone one uses up nothing of the cap",
    ),
    pytest.param(
        [(40, False)], "1 month", [], "13/07/2015",
        ["capped 11/06/2015 11/07/2015 30", "rolled 11/07/2015 13/07/2015 2", "end 13/07/2015 13/07/2015 0"],
        id="a cap of a month is a month, not a day",
    ),
    pytest.param(
        [(40, False)], "2 weeks", [], "25/06/2015",
        ["capped 11/06/2015 25/06/2015 14", "end 25/06/2015 25/06/2015 0"],
        id="a cap of weeks",
    ),
    pytest.param(
        [(5, False)], "0 days", [], "11/06/2015", ["capped 11/06/2015 11/06/2015 0", "end 11/06/2015 11/06/2015 0"],
        id="a cap of nought",
    ),
    pytest.param(
        [(-5, False)], None, [], "11/06/2015", ["capped 11/06/2015 11/06/2015 0", "end 11/06/2015 11/06/2015 0"],
        id="an extension never shortens",
    ),
    pytest.param(
        [(10, False)], None, ["15/06/2015..18/06/2015"], "24/06/2015",
        ["extended 11/06/2015 21/06/2015 10", "suspended 15/06/2015 18/06/2015 3", "end 24/06/2015 24/06/2015 0"],
        id="added days stand still as well",
    ),
    pytest.param(
        [(10, False)], None, ["09/06/2015..14/06/2015"], "26/06/2015",
        ["suspended 09/06/2015 14/06/2015 5", "extended 16/06/2015 26/06/2015 10", "end 26/06/2015 26/06/2015 0"],
        id="a day that stood still in the term does not stand still again",
    ),
    pytest.param(
        [(10, False), (5, False)], None, ["15/06/2015.."], None,
        ["extended 11/06/2015 21/06/2015 10", "stands_still 15/06/2015 15/06/2015 0"],
        id="without an end, among the added days",
    ),
    pytest.param(
        [(2, False)], None, [], "15/06/2015",
        ["extended 11/06/2015 13/06/2015 2", "rolled 13/06/2015 15/06/2015 2", "end 15/06/2015 15/06/2015 0"],
        id="the roll comes last and once",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("granted", "cap", "pauses", "end", "lines"), EXTENDED)
def test_extensions(
    granted: list[tuple[int, bool]], cap: str | None, pauses: list[str], end: str | None, lines: list[str]
) -> None:
    extensions = [Extension(days, f"{at}/QĐ", undone) for at, (days, undone) in enumerate(granted)]
    found = compute_date(
        d("01/06/2015"), Term(10, "days"), load_calendars(),
        suspensions=[pause(text) for text in pauses], extensions=extensions, cap=Term.parse(cap) if cap else None,
    )  # fmt: skip
    assert found.ends_on == (d(end) if end else None)
    assert short(found.lines)[1:] == lines
    reported = [item.params for item in found.lines if item.code in ("extended", "capped")]
    standing = [item for item in extensions if not item.undone][: len(reported)]
    assert reported == [{"decision": item.decision, "asked": item.days} for item in standing]


def test_a_term_counted_backwards_is_neither_stopped_nor_extended() -> None:
    back, stop, longer = Term(15, "days", backwards=True), pause("01/06/2015.."), Extension(5, "1/QĐ")
    asked: list[list[Suspension | Extension]] = [[stop], [longer], [stop, longer]]
    for changed in asked:
        with pytest.raises(WrongInput) as wrong:
            require_forwards(back, changed)
        assert (wrong.value.field, wrong.value.code) == ("term", "backwards_alone")
    require_forwards(back, [])
    require_forwards(Term(15, "days"), [stop, longer])


def test_merged_suspensions_rest_on_the_facts_of_all() -> None:
    first, second = Suspension(d("01/06/2015"), d("05/06/2015"), "a", "x", (1, 2)), pause("03/06/2015..08/06/2015", "b")
    (found,) = merged([first, second, Suspension(d("08/06/2015"), d("09/06/2015"), "a", "y", (2, 3))])
    assert (found.facts, found.reason, found.evidence) == ((1, 2, 3), "a; b", "x")
    assert (found.from_on, found.to_on) == (d("01/06/2015"), d("09/06/2015"))


def test_a_reversed_suspension_falls_away_alone() -> None:
    real = pause("03/06/2015..08/06/2015")
    assert merged([pause("02/06/2015..01/06/2015"), real]) == [real]


def test_a_cap_may_be_of_working_days() -> None:
    """Ten days from Monday 1 June end on Thursday the 11th; three working days on is Tuesday the 16th: five days."""
    extension, cap = [Extension(30, "1/QĐ")], Term(3, "working_days")
    start, term = d("01/06/2015"), Term(10, "days")
    found = ends_on(start, term, load_calendars(), extensions=extension, cap=cap, calendar="agency")
    assert found == d("16/06/2015")
