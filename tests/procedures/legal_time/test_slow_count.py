"""Any mix of terms, suspensions and extensions against an independent count from day to day."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from hypothesis import example, given, settings
from hypothesis import strategies as st

from procedures.legal_time.calendar import Calendar, load_calendars
from procedures.legal_time.date_computation import Extension, Kind, Suspension, compute_date, ends_on
from procedures.legal_time.terms import Term

ONE = timedelta(days=1)


def slow_end(
    start: date, term: Term, kind: Kind, calendar: Calendar, pauses: Sequence[Suspension], longer: int
) -> date | None:
    """The same end found by walking from day to day; of `date_computation` only the data types are used."""

    def stands(day: date) -> bool:
        return any(item.from_on <= day and (item.to_on is None or day < item.to_on) for item in pauses)

    def for_ever(day: date) -> bool:
        return any(item.to_on is None and item.from_on <= day for item in pauses)

    day = start
    for count, of_work in ((_length(start, term), term.unit == "working_days"), (longer, False)):
        while count:
            day += ONE
            if for_ever(day):
                return None
            count -= not stands(day) and (not of_work or calendar.is_working(day))
    if kind == "legal" and not calendar.is_working(day):
        ran = day > start
        while (ran and stands(day)) or not calendar.is_working(day):
            if ran and for_ever(day):
                return None
            day += ONE
    return day


def _length(start: date, term: Term) -> int:
    """How many days have to be counted."""
    if term.unit in ("days", "working_days"):
        return term.amount
    if term.unit == "weeks":
        return term.amount * 7
    month = start.month + term.amount * (1 if term.unit == "months" else 12)
    first = date(start.year + (month - 1) // 12, (month - 1) % 12 + 1, 1)
    end = first
    while end.day < start.day and (end + ONE).month == first.month:
        end += ONE
    return (end - start).days


STARTS = st.dates(date(2013, 6, 1), date(2018, 6, 1))
TERMS = st.one_of(
    st.builds(Term, st.integers(0, 120), st.sampled_from(["days", "working_days"])),
    st.builds(Term, st.integers(0, 14), st.sampled_from(["weeks", "months"])),
    st.builds(Term, st.integers(0, 2), st.just("years")),
)
KINDS: st.SearchStrategy[Kind] = st.sampled_from(["legal", "target", "programme"])


@st.composite
def pauses_near(draw: st.DrawFn) -> tuple[date, list[Suspension]]:
    """A start and suspensions around it, reversed, empty, overlapping and unended ones among them."""
    start = draw(STARTS)
    found = []
    for _ in range(draw(st.integers(0, 4))):
        begin = start + timedelta(days=draw(st.integers(-20, 140)))
        length = draw(st.one_of(st.integers(-3, 40), st.integers(-3, 40), st.none()))
        found.append(Suspension(begin, None if length is None else begin + timedelta(days=length), "x"))
    return start, found


@settings(max_examples=15 * settings().max_examples)
@given(pauses_near(), TERMS, KINDS, st.integers(0, 40), st.booleans())
@example((date(2016, 3, 1), [Suspension(date(2016, 5, 1), date(2016, 5, 11))]), Term(60, "days"), "legal", 0, False)
def test_any_sum_is_what_a_walk_from_day_to_day_finds(
    near: tuple[date, list[Suspension]], term: Term, kind: Kind, longer: int, of_agency: bool
) -> None:
    start, pauses = near
    calendars, name = load_calendars(), "agency" if of_agency else "general"
    real = [item for item in pauses if item.to_on is None or item.to_on > item.from_on]
    wanted = slow_end(start, term, kind, calendars.agency if of_agency else calendars.general, real, longer)
    extensions = [Extension(longer // 2, "1/QĐ"), Extension(longer - longer // 2, "2/QĐ")] if longer else []
    found = compute_date(start, term, calendars, kind=kind, calendar=name, suspensions=pauses, extensions=extensions)
    assert found.ends_on == wanted
    assert wanted == ends_on(
        start, term, calendars, kind=kind, calendar=name, suspensions=pauses, extensions=extensions
    )
    last = found.lines[-1]
    assert (last.code, last.to_on) == ("end", wanted) if wanted else last.code == "stands_still"


@given(pauses_near(), TERMS, KINDS, st.randoms(use_true_random=False))
def test_the_order_of_suspensions_does_not_matter(
    near: tuple[date, list[Suspension]], term: Term, kind: Kind, chance: Random
) -> None:
    start, pauses = near
    shuffled = list(pauses)
    chance.shuffle(shuffled)
    assert compute_date(start, term, load_calendars(), kind=kind, suspensions=pauses) == compute_date(
        start, term, load_calendars(), kind=kind, suspensions=shuffled
    )


@given(pauses_near(), TERMS, KINDS, st.integers(1, 30))
def test_longer_and_later_never_end_earlier(
    near: tuple[date, list[Suspension]], term: Term, kind: Kind, more: int
) -> None:
    start, pauses = near
    end = _or_never(start, term, kind, pauses)
    assert end <= _or_never(start, Term(term.amount + more, term.unit), kind, pauses)
    if term.unit not in ("months", "years"):
        assert end <= _or_never(start + timedelta(days=more), term, kind, pauses)


@given(STARTS, TERMS, KINDS, st.integers(1, 30))
def test_later_never_ends_earlier_by_months_without_suspension(start: date, term: Term, kind: Kind, more: int) -> None:
    """Months differ in length: of two suspended clocks the later may have fewer days left to count."""
    assert _or_never(start, term, kind, ()) <= _or_never(start + timedelta(days=more), term, kind, ())


def _or_never(start: date, term: Term, kind: Kind, pauses: Sequence[Suspension]) -> date:
    return ends_on(start, term, load_calendars(), kind=kind, suspensions=pauses) or date.max


@given(STARTS, TERMS, KINDS)
def test_a_date_alone_is_the_date_of_its_sum(start: date, term: Term, kind: Kind) -> None:
    for counted in (term, Term(term.amount, term.unit, backwards=True)):
        assert (
            ends_on(start, counted, load_calendars(), kind=kind)
            == compute_date(start, counted, load_calendars(), kind=kind).ends_on
        )
