"""Unclear points of the law: both readings, the cases that differ, and a ruling made once."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, select

from casework.acts import record
from casework.ledger import NewFact, load_case
from casework.office.people import actor
from casework.sums.deadline_sums import explain
from casework.upkeep.integrity import verify
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Conflict, NotFound, Refused, WrongInput
from models.tables import case_rows, deadlines, effects, rulings
from procedures.definition.loader import load
from procedures.facts import FactView
from procedures.law.interpretations import Unclear, both_readings, read_as, unclear_points
from procedures.law.rules import rules
from procedures.legal_time.calendar import load_calendars
from procedures.legal_time.deadlines import derive_all
from procedures.state_machine.engine import fold
from rule_changes.moved_deadlines import digest_of
from rule_changes.rulings import Question, preview_ruling, questions, rule
from tests.acting import apply
from tests.builders import opened
from tests.web.web_office import CLOCK, build_office, login_of, new_case

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
    """The suspension was notified up to 1 June: ninety days with its first and its last."""
    found = question(office, GROUND_A)
    assert [case.ends for case in found.cases] == [{"counts": date(2016, 10, 1), "stops": date(2016, 12, 30)}]
    assert question(office, GROUND_A, "HBG").cases == found.cases
    assert question(office, GROUND_A, "ADG").cases == ()


def test_a_suspension_that_ends_early_counts_up_to_then(office: Engine) -> None:
    ref = question(office, GROUND_A).cases[0].ref
    later = FrozenClock.on(date(2016, 4, 5))
    apply(office, ref, "end_suspension", by=login_of("case_officer"), clock=later, on=date(2016, 4, 3))
    ends = {"counts": date(2016, 10, 1), "stops": date(2016, 10, 31)}
    assert [case.ends for case in question(office, GROUND_A).cases] == [ends]


def test_a_ruling_is_made_once_in_its_scope(office: Engine) -> None:
    rule(office, GROUND_A, "stops", reason="Công văn 5", by=login_of("legal"), clock=CLOCK)
    ruling = question(office, GROUND_A, "HBG").ruling
    assert ruling is not None
    assert (ruling.reading, ruling.by, ruling.reason) == ("stops", login_of("legal"), "Công văn 5")
    assert question(office, "extension_of_council_60").ruling is None
    assert question(office, GROUND_A, "ADG").ruling is None
    with pytest.raises(Refused) as refused:
        rule(office, GROUND_A, "counts", reason="Khác", by=login_of("legal"), clock=CLOCK)
    assert refused.value.code == "ruled_already"


def test_the_city_rules_above_the_districts_and_ends_their_ruling(office: Engine) -> None:
    rule(office, GROUND_A, "stops", reason="Công văn 5", by=login_of("legal"), clock=CLOCK)
    rule(office, GROUND_A, "counts", reason="Công văn 9", by=login_of("leader", None), clock=CLOCK)
    found = question(office, GROUND_A, "HBG")
    assert found.ruling is not None
    assert (found.ruling.reading, found.ruling.district) == ("counts", None)
    assert [item.district for item in found.rulings] == ["HBG", None]
    for district in ("HBG", "ADG", None):
        with pytest.raises(Refused) as refused:
            rule(office, GROUND_A, "stops", reason="Khác", by=login_of("legal", district), clock=CLOCK)
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
    of_claims = procedure.money is not None and point.key in procedure.money.unclear_rank.values()
    assert [bool(point.deadline), bool(point.from_unit and point.term), of_claims].count(True) == 1
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
    times = fold(load(), facts).times
    assert [(item.from_on, item.to_on, item.seq, item.ended_by) for item in times["suspended"]] == [
        (date(2015, 2, 1), date(2015, 3, 1), 2, 3),
        (date(2015, 6, 1), None, 6, None),
    ]
    assert "complaint" not in times


READINGS = [
    ("complaint_and_compulsory_60", "receive_complaint", {}, {"runs": date(2016, 5, 4), "stops": None}),
    (
        "extension_of_compulsory_60", "extend_target",
        {"deadline": "compulsory_council_term", "days": 30, "decision": "9/QĐ"},
        {"fixed": date(2016, 5, 4), "extended": date(2016, 5, 30)},
    ),
]  # fmt: skip


def compulsory(kind: str, data: dict[str, object]) -> list[FactView]:
    procedure = load()
    starts = {start.deadline: name for name, verb in procedure.verbs.items() for start in verb.starts}
    return [
        opened(),
        fact(2, starts["compulsory_council_term"], date(2016, 3, 1)),
        fact(3, kind, date(2016, 3, 10), **data),
    ]


@pytest.mark.parametrize(("key", "kind", "data", "ends"), READINGS)
def test_the_readings_of_the_sixty_days(
    key: str, kind: str, data: dict[str, object], ends: dict[str, date | None]
) -> None:
    procedure, facts, point = load(), compulsory(kind, data), unclear_points()[key]
    state = fold(procedure, facts)
    assert both_readings(point, procedure, state, load_calendars()) == ends
    assert both_readings(point, procedure, fold(procedure, facts[:1]), load_calendars()) is None
    for way, end in ends.items():
        read = read_as(procedure, {key: way})
        found = derive_all(read, fold(read, facts), load_calendars())["compulsory_council_term"]
        assert found.ends_on == end, "the procedure as ruled derives what the register said"


def test_both_points_on_one_deadline_are_read_together() -> None:
    facts = [*compulsory("receive_complaint", {}), fact(4, "settle_complaint", date(2016, 3, 20))]
    facts.append(
        fact(5, "extend_target", date(2016, 3, 21), deadline="compulsory_council_term", days=5, decision="9/QĐ")
    )
    ruled = {"complaint_and_compulsory_60": "stops", "extension_of_compulsory_60": "extended"}
    read = read_as(load(), ruled)
    found = derive_all(read, fold(read, facts), load_calendars())["compulsory_council_term"]
    assert found.ends_on == date(2016, 5, 16)  # 30/04, ten days stopped, five more: Sunday 15/05, rolled
    assert read_as(load(), ruled) is read, "read once, kept"
    assert read_as(load(), {key: unclear_points()[key].plain for key in ruled}) is load()


def at_work(bind: Engine) -> str:
    """A compulsory case with its council at work since 1 March 2016, complained of on the 10th."""
    with reading(bind) as connection:
        ref = str(connection.execute(select(case_rows.c.ref).order_by(case_rows.c.ref)).scalars().first())
    with writing(bind) as connection:
        for kind, on in (("decide_dissolution", date(2016, 3, 1)), ("receive_complaint", date(2016, 3, 10))):
            loaded = load_case(connection, ref)
            record(connection, loaded, NewFact(kind, on, CLOCK.now(), "x", "leader", {}))
    return ref


def row_of(bind: Engine, ref: str, key: str = "compulsory_council_term") -> Any:
    joined = select(deadlines, case_rows.c.legal_on).join(case_rows, case_rows.c.id == deadlines.c.case_id)
    with reading(bind) as connection:
        return connection.execute(joined.where(case_rows.c.ref == ref, deadlines.c.key == key)).one()


def test_a_ruling_moves_the_open_deadlines_it_bears_on_and_takes_back_what_was_said(office: Engine) -> None:
    key, ref = "complaint_and_compulsory_60", at_work(office)
    assert row_of(office, ref).ends_on == date(2016, 5, 4)
    with reading(office) as connection:
        seen = preview_ruling(connection, key, "stops", actor(connection, login_of("legal")), CLOCK.today())
    assert [(item.ref, item.key, item.before, item.after) for item in seen] == [
        (ref, "compulsory_council_term", date(2016, 5, 4), None)
    ]
    with pytest.raises(Conflict) as refused:
        rule(office, key, "stops", reason="CV 5", by=login_of("legal"), clock=CLOCK, seen="something else")
    assert refused.value.code == "moves_not_seen"
    assert rule(office, key, "stops", reason="CV 5", by=login_of("legal"), clock=CLOCK, seen=digest_of(seen)) == seen
    found = row_of(office, ref)
    assert (found.ends_on, found.legal_on, found.sum["pauses"][0][2]) == (None, date(2016, 3, 21), "complaint")
    with reading(office) as connection:
        assert list(verify(connection)) == [], "lists equal what the facts fold to under the ruling"
        pending = connection.execute(select(effects).where(effects.c.kind == "withdraw")).mappings().all()
        case_id = connection.scalar(select(case_rows.c.id).where(case_rows.c.ref == ref))
    ruled = [item["payload"]["cases"] for item in pending if item["payload"]["verb"] == "ruling"]
    assert ruled == [[[case_id, ["compulsory_council_term"]]]]
    apply(office, ref, "accept_complaint", by=login_of("legal"), clock=CLOCK, data={"settler": "district_committee"})
    settled = {"result": "keep", "conclusion": "Đúng", "settler": "district_committee", "concerns": "dissolution"}
    later = FrozenClock.on(date(2016, 3, 20))
    apply(office, ref, "settle_complaint", by=login_of("leader"), clock=later, data=settled)
    assert row_of(office, ref).ends_on == date(2016, 5, 10), "and what happens later is read as ruled"


def test_another_district_is_not_moved_by_a_districts_ruling(office: Engine) -> None:
    key, ref = "complaint_and_compulsory_60", at_work(office)
    assert rule(office, key, "stops", reason="CV 5", by=login_of("legal", "ADG"), clock=CLOCK) == []
    assert row_of(office, ref).ends_on == date(2016, 5, 4)
    assert [item.ref for item in rule(office, key, "stops", reason="CV 6", by=login_of("legal", None), clock=CLOCK)]


def test_a_view_of_what_was_known_ignores_later_rulings_and_says_who_ruled(office: Engine) -> None:
    key, ref = "complaint_and_compulsory_60", at_work(office)
    later = FrozenClock.on(date(2016, 3, 16))
    with reading(office) as connection:
        (before,) = explain(connection, ref, "compulsory_council_term")
    assert before.sentences[-1].code == "unclear"
    rule(office, key, "stops", reason="CV 5", by=login_of("legal"), clock=later)
    with reading(office) as connection:
        (now,) = explain(connection, ref, "compulsory_council_term")
        (then,) = explain(connection, ref, "compulsory_council_term", known_on=date(2016, 3, 15))
    assert (now.ends_on, then.ends_on) == (None, date(2016, 5, 4))
    assert now.sentences[-1].code == "ruled"
    assert "Người legal.hbg" in now.sentences[-1].text
    assert then.sentences[-1].code == "unclear"
    assert "đang dừng" in then.sentences[-1].text


def test_an_extension_that_no_ruling_lets_count_is_explained(office: Engine) -> None:
    ref = at_work(office)
    data = {"deadline": "compulsory_council_term", "days": "30", "decision": "9/QĐ-UBND"}
    apply(office, ref, "extend_target", by=login_of("manager"), clock=CLOCK, data=data)
    assert row_of(office, ref).ends_on == date(2016, 5, 4)
    with reading(office) as connection:
        (found,) = explain(connection, ref, "compulsory_council_term", lang="en")
    (sentence,) = [item for item in found.sentences if item.code == "not_extended"]
    assert "30 days under 9/QĐ-UBND" in sentence.text
    rule(office, "extension_of_compulsory_60", "extended", reason="CV 7", by=login_of("legal"), clock=CLOCK)
    assert row_of(office, ref).ends_on == date(2016, 5, 30)
