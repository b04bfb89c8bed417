"""Unclear points of the law: both readings, the cases that differ, and a ruling made once."""

from collections.abc import Iterator
from datetime import date

import pytest
from sqlalchemy import Engine, select

from casework.door import apply
from casework.interpretations import Question, questions, rule
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import rulings
from procedures.calendar import load_calendars
from procedures.engine import fold
from procedures.facts import FactView
from procedures.interpretations import Unclear, both_readings, overlay_times, unclear_points
from procedures.loader import load
from procedures.reckoning import Suspension
from procedures.rules import rules
from tests.builders import opened
from tests.web.office import CLOCK, build_office, login_of, new_case

GROUND_A = "suspension_and_ground_a"
SUSPENDED = {"notified_on": "2016-02-10", "from_on": "2016-03-04", "to_on": "2016-06-01"}


@pytest.fixture
def office(bind: Engine) -> Iterator[Engine]:
    """Four cases, and one of a cooperative that stopped on 1 October 2015 and suspended lawfully in March."""
    build_office(bind)
    with writing(bind) as connection:
        ref = new_case(connection, "HTX Ngừng", "HBG", stopped_on=date(2015, 10, 1))
        new_case(connection, "HTX Ngừng hẳn", "HBG", stopped_on=date(2015, 10, 1))
    apply(
        bind, ref, "receive_suspension", by=login_of("case_officer"), clock=CLOCK, on=date(2016, 3, 4), data=SUSPENDED
    )
    yield bind


def question(bind: Engine, key: str, district: str | None = None) -> Question:
    with reading(bind) as connection:
        (found,) = [item for item in questions(connection, district) if item.point.key == key]
    return found


def test_only_the_cases_in_which_the_readings_differ_are_listed(office: Engine) -> None:
    found = question(office, GROUND_A)
    assert [case.ends for case in found.cases] == [{"counts": date(2016, 10, 1), "stops": None}]
    assert question(office, GROUND_A, "HBG").cases == found.cases
    assert question(office, GROUND_A, "ADG").cases == ()


def test_when_the_suspension_is_over_the_readings_are_its_days_apart(office: Engine) -> None:
    ref = question(office, GROUND_A).cases[0].ref
    later = FrozenClock.on(date(2016, 4, 5))
    apply(office, ref, "end_suspension", by=login_of("case_officer"), clock=later, on=date(2016, 4, 3))
    ends = {"counts": date(2016, 10, 1), "stops": date(2016, 10, 31)}
    assert [case.ends for case in question(office, GROUND_A).cases] == [ends]


def test_a_ruling_is_made_once(office: Engine) -> None:
    rule(office, GROUND_A, "stops", reason="Công văn 5", by=login_of("legal"), clock=CLOCK)
    ruling = question(office, GROUND_A).ruling
    assert ruling is not None
    assert [ruling[name] for name in ("reading", "ruled_by", "reason")] == ["stops", login_of("legal"), "Công văn 5"]
    assert question(office, "extension_of_council_60").ruling is None
    with pytest.raises(Refused) as refused:
        rule(office, GROUND_A, "counts", reason="Khác", by=login_of("legal", "ADG"), clock=CLOCK)
    assert refused.value.code == "ruled_already"


@pytest.mark.parametrize(
    ("role", "district", "allowed"),
    [
        ("legal", "HBG", True),
        ("legal", None, True),
        ("leader", None, True),
        ("leader", "HBG", False),
        ("manager", None, False),
        ("case_officer", "HBG", False),
        ("admin", None, False),
    ],
)
def test_the_legal_office_and_the_city_leaders_rule(
    office: Engine, role: str, district: str | None, allowed: bool
) -> None:
    if allowed:
        rule(office, GROUND_A, "counts", reason="Lý do", by=login_of(role, district), clock=CLOCK)
    else:
        with pytest.raises(Refused) as refused:
            rule(office, GROUND_A, "counts", reason="Lý do", by=login_of(role, district), clock=CLOCK)
        assert refused.value.code == "ruling_not_yours"
    with reading(office) as connection:
        assert len(connection.execute(select(rulings)).all()) == allowed


@pytest.mark.parametrize(
    ("key", "chosen", "reason", "kind", "code"),
    [
        ("no_such", "counts", "x", NotFound, "no_such_interpretation"),
        (GROUND_A, "perhaps", "x", WrongInput, "not_an_option"),
        (GROUND_A, "counts", "  ", WrongInput, "missing_field"),
    ],
)
def test_what_is_no_ruling_is_refused(
    office: Engine, key: str, chosen: str, reason: str, kind: type[Exception], code: str
) -> None:
    with pytest.raises(kind) as wrong:
        rule(office, key, chosen, reason=reason, by=login_of("legal"), clock=CLOCK)
    assert getattr(wrong.value, "code", "") == code


@pytest.mark.parametrize("point", unclear_points().values(), ids=lambda point: point.key)
def test_every_point_names_what_exists(point: Unclear) -> None:
    procedure = load()
    assert point.article in rules()
    assert set(point.readings) == {point.plain, point.adding}
    assert bool(point.deadline) != bool(point.from_unit and point.term)
    assert not point.deadline or procedure.deadlines[point.deadline].kind == "legal"
    assert not point.stops or point.stops in procedure.overlays
    assert point.source


def fact(seq: int, kind: str, on: date, **data: object) -> FactView:
    return FactView(seq, kind, on, "x", "case_officer", data)


def test_an_overlay_is_followed_through_raising_lifting_and_annulment() -> None:
    facts = [
        opened(),
        fact(2, "receive_suspension", date(2015, 2, 1)),
        fact(3, "end_suspension", date(2015, 3, 1)),
        fact(4, "receive_suspension", date(2015, 5, 1)),
        FactView(5, "annulled", date(2015, 5, 2), annuls=4),
        fact(6, "receive_suspension", date(2015, 6, 1)),
    ]
    times = [Suspension(date(2015, 2, 1), date(2015, 3, 1)), Suspension(date(2015, 6, 1), None)]
    assert overlay_times(load(), facts, "suspended") == times
    assert overlay_times(load(), facts, "complaint") == []


@pytest.mark.parametrize(
    ("key", "kind", "data", "ends"),
    [
        ("complaint_and_compulsory_60", "receive_complaint", {}, {"runs": date(2016, 5, 4), "stops": None}),
        (
            "extension_of_compulsory_60", "extend_target",
            {"deadline": "compulsory_60", "days": 30, "decision": "9/QĐ"},
            {"fixed": date(2016, 5, 4), "extended": date(2016, 5, 30)},
        ),
    ],
)  # fmt: skip
def test_the_readings_of_the_sixty_days(key: str, kind: str, data: dict[str, object], ends: dict[str, date]) -> None:
    procedure = load()
    starts = {start.deadline: name for name, verb in procedure.verbs.items() for start in verb.starts}
    facts = [opened(), fact(2, starts["compulsory_60"], date(2016, 3, 1)), fact(3, kind, date(2016, 3, 10), **data)]
    state = fold(procedure, facts)
    assert both_readings(unclear_points()[key], procedure, facts, state, load_calendars()) == ends
    unstarted = fold(procedure, facts[:1])
    assert both_readings(unclear_points()[key], procedure, facts[:1], unstarted, load_calendars()) is None
