"""A list that is built once for its shape has the cases, the count and the lights of the one that is built anew."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Connection, Engine, select

from casework.lists.list_order import ORDERS
from casework.lists.worklist import NO_OFFICER, Filter, how_many, light_counts, matching, worklist
from models.database import reading, writing
from models.shaped_sql import MOST_VALUES, Name, Shapes
from models.tables import case_rows, deadlines, obstacles, officers
from oversight.lights import LIGHTS
from tests.web.web_office import TODAY, build_office, new_case

DAYS = (None, *(TODAY + timedelta(days=days) for days in (-40, -1, 0, 9, 60)))
NUMBERS, KEYS, CODES = (1, 2, 3, 4, 9, 400), ("decide", "respond", "plan_review", "none"), ("tax_debt", "no_funds")


@pytest.fixture
def office(either_bind: Engine) -> Engine:
    """Cases of every pair of dates, of several officers and of nobody, some held up, some closed."""
    build_office(either_bind)
    with writing(either_bind) as connection:
        people = [*connection.scalars(select(officers.c.id).order_by(officers.c.id)), None]
        keys = [*connection.scalars(select(deadlines.c.key).distinct())]
        place = 0
        for legal in DAYS:
            for target in DAYS:
                ref = new_case(connection, f"HTX {legal} {target}", "HBG" if place % 3 else "ADG")
                due = min((day for day in (legal, target) if day), default=None)
                changed = {
                    "legal_on": legal, "target_on": target, "due_on": due, "officer_id": people[place % len(people)],
                    "closed_on": TODAY if place % 7 == 3 else None,
                }  # fmt: skip
                connection.execute(case_rows.update().where(case_rows.c.ref == ref).values(**changed))
                if place % 4 == 0:
                    _hold(connection, ref, CODES[place % 2])
                place += 1
    assert keys
    return either_bind


def _hold(connection: Connection, ref: str, code: str) -> None:
    number = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == ref))
    connection.execute(obstacles.insert().values(case_id=number, code=code, note="", since_on=TODAY, lifted_on=None))


def _span(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days)


def _tuples(values: tuple[Any, ...]) -> some.SearchStrategy[tuple[Any, ...]]:
    return some.lists(some.sampled_from(values), max_size=4).map(tuple)


FILTERS = some.builds(
    Filter,
    district=some.sampled_from((None, "", "HBG", "ADG", "none")),
    officer_ids=some.one_of(_tuples(NUMBERS), some.just(tuple(range(MOST_VALUES + 5)))),
    officer=some.sampled_from((None, None, "", NO_OFFICER, "case_officer.hbg", "nobody")),
    stage=some.sampled_from((None, None, "", "review")),
    states=some.one_of(some.none(), _tuples(("K1", "K2", "R1"))),
    level=some.sampled_from((None, "", "district", "city")),
    light=some.sampled_from((None, None, *LIGHTS)),
    obstacle=some.sampled_from((None, None, "", *CODES)),
    search=some.sampled_from((None, None, "", "htx")),
    late=some.booleans(),
    held=some.sampled_from((None, None, True, False)),
    deadlines=_tuples(KEYS),
    cases=some.one_of(some.none(), some.none(), _tuples(NUMBERS)),
    who=some.sampled_from((None, None, "case_officer")),
    legal_of=some.one_of(some.none(), some.just(("case_officer", TODAY + timedelta(days=30)))),
    unserved=some.sampled_from((False, False, True)),
    falls=some.one_of(some.none(), some.builds(_span, some.sampled_from(DAYS[1:]), some.integers(0, 90))),
    closed=some.sampled_from((False, True, None)),
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    asked=FILTERS,
    order=some.sampled_from(("", "", *ORDERS, *(f"-{order}" for order in ORDERS))),
    size=some.sampled_from((3, 7, 200)),
)
def test_rows_and_counts_are_those_of_the_filter(office: Engine, asked: Filter, order: str, size: int) -> None:
    for criteria in (asked, replace(asked, district="HBG"), replace(asked, district="ADG")):
        with reading(office) as connection:
            ids: set[Any] = set(connection.scalars(matching(criteria, TODAY)))
            pages = [
                worklist(connection, criteria, TODAY, limit=size, offset=offset, order=order)
                for offset in range(0, len(ids) + 1, size)
            ]
            found = [row for page in pages for row in page.rows]
            assert [row.id for row in found] == list(dict.fromkeys(row.id for row in found))
            assert {row.id for row in found} == ids
            assert {page.total for page in pages} == {len(ids), how_many(connection, criteria, TODAY)}
            lights = light_counts(connection, criteria, TODAY)
        assert lights == {light: sum(row.light == light for row in found) for light in LIGHTS}


SHAPES = Shapes[Filter]("district", "officer_ids", "falls", "officer", kept={"officer": NO_OFFICER})


def test_a_shape_has_names_for_values_and_none_for_what_is_not_asked() -> None:
    shape, values = SHAPES.of(Filter(district="HBG", officer_ids=(4, 9), officer=NO_OFFICER, late=True))
    assert values == {"district": "HBG", "officer_ids_0": 4, "officer_ids_1": 9}
    assert (shape.officer, shape.late, shape.falls) == (NO_OFFICER, True, None)
    assert shape == SHAPES.of(Filter(district="ADG", officer_ids=(1, 2), officer=NO_OFFICER, late=True))[0]
    assert shape != SHAPES.of(Filter(district="ADG", officer_ids=(1,), officer=NO_OFFICER, late=True))[0]
    assert isinstance(shape.district, Name)
    assert SHAPES.of(Filter(district="", officer=""))[0] == Filter()


def test_a_list_of_many_values_stays_as_it_is() -> None:
    many = Filter(officer_ids=tuple(range(MOST_VALUES + 1)))
    shape, values = SHAPES.of(many)
    assert (shape, values, SHAPES.is_short(shape)) == (many, {}, False)
    assert SHAPES.is_short(SHAPES.of(Filter(officer_ids=(1,), falls=(TODAY, TODAY)))[0])
