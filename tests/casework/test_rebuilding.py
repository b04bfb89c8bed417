"""The lists made again from the facts: whatever was done to them, they say again what happened."""

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any, TypeVar

import pytest
from sqlalchemy import Engine, delete, insert, literal, select, update

from casework.upkeep.integrity import verify
from casework.upkeep.rebuild import rebuild
from models.clock import FrozenClock
from models.database import reading, writing
from models.errors import Refused
from models.tables import case_rows, deadlines, effects, facts, obstacles
from tests.acting import apply
from tests.tampering import behind_the_program
from tests.web.web_office import TODAY, Office, build_office, login_of

CLOCK = FrozenClock.on(TODAY)
T = TypeVar("T")
STORED = (case_rows, deadlines, obstacles)


@pytest.fixture
def office(either_bind: Engine) -> Office:
    """Four cases, one of them with an obstacle named and one lifted."""
    office = build_office(either_bind)
    for verb, obstacle in (("name_obstacle", "tax_debt"), ("name_obstacle", "lawsuit"), ("lift_obstacle", "lawsuit")):
        data = {"obstacle": obstacle, "note": "thử"}
        apply(office.bind, office.first, verb, by=login_of("case_officer"), clock=CLOCK, data=data)
    return office


def stored(office: Office) -> list[list[dict[str, Any]]]:
    """Everything that lists are read from; what a deadline was derived with and its number are no news."""
    hidden = ("id", "calendar")
    with reading(office.bind) as connection:
        return [
            sorted(
                ({name: value for name, value in row.items() if name not in hidden or table is case_rows}
                 for row in connection.execute(select(table)).mappings()),
                key=str,
            )
            for table in STORED
        ]  # fmt: skip


def mend(office: Office, **options: Any) -> list[str]:
    return [fault.code for fault in rebuild(office.bind, CLOCK, **options)]


def of_first(table: Any, office: Office) -> Any:
    return table.c.case_id == select(case_rows.c.id).where(case_rows.c.ref == office.first).scalar_subquery()


WRONG: dict[str, tuple[Callable[[Office], Any], str]] = {
    "a state": (lambda o: _case(o, state="K1"), "fault_projection"),
    "a day that lists sort by": (lambda o: _case(o, due_on=date(2020, 1, 1)), "fault_projection"),
    "another officer": (lambda o: _case(o, officer_id=None), "fault_projection"),
    "obstacles of the row": (lambda o: _case(o, obstacles=[]), "fault_projection"),
    "a date": (lambda o: _date(o, ends_on=date(2020, 1, 1)), "fault_deadline"),
    "a clock that was stopped": (lambda o: _date(o, status="dropped", ended_on=TODAY), "fault_deadline"),
    "an article": (lambda o: _date(o, article="l2012.54"), "fault_deadline"),
    "a date that is gone": (lambda o: delete(deadlines).where(of_first(deadlines, o)), "fault_deadline"),
    "a date that never was": (lambda o: _another_date(o), "fault_deadline"),
    "an obstacle that is gone": (lambda o: delete(obstacles).where(of_first(obstacles, o)), "fault_obstacle"),
    "an obstacle lifted on another day": (
        lambda o: update(obstacles).where(of_first(obstacles, o)).values(since_on=date(2015, 1, 1)),
        "fault_obstacle",
    ),
}


def _case(office: Office, **values: Any) -> Any:
    return update(case_rows).where(case_rows.c.ref == office.first).values(**values)


def _date(office: Office, **values: Any) -> Any:
    return update(deadlines).where(of_first(deadlines, office), deadlines.c.status == "open").values(**values)


def _another_date(office: Office) -> Any:
    names = [column.name for column in deadlines.c if column.name not in ("id", "key")]
    like = select(*[deadlines.c[name] for name in names]).where(of_first(deadlines, office)).limit(1)
    return insert(deadlines).from_select([*names, "key"], like.add_columns(literal("never")))


@pytest.mark.parametrize(("wrong", "code"), WRONG.values(), ids=WRONG.keys())
def test_what_was_changed_is_as_it_was(office: Office, wrong: Callable[[Office], Any], code: str) -> None:
    before = stored(office)
    with writing(office.bind) as connection:
        assert connection.execute(wrong(office)).rowcount
    spoilt = stored(office)
    assert spoilt != before
    assert code in mend(office, check=True)
    assert stored(office) == spoilt, "a check changes nothing"
    assert code in mend(office)
    assert stored(office) == before
    with reading(office.bind) as connection:
        assert list(verify(connection)) == []


def test_sound_lists_are_left_alone(office: Office) -> None:
    before = stored(office)
    assert mend(office) == []
    assert stored(office) == before


def test_one_case_alone(office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(update(case_rows).values(state="K1"))
    assert mend(office, ref=office.second) == ["fault_projection"]
    with reading(office.bind) as connection:
        wrong = connection.scalars(select(case_rows.c.ref).where(case_rows.c.state == "K1").order_by(case_rows.c.ref))
        assert office.second not in wrong.all()


@pytest.mark.parametrize(
    ("spoil", "codes"),
    [
        pytest.param(lambda: {"data": {"officer": "nobody"}}, ["fault_chain"], id="a fact was changed"),
        pytest.param(lambda: {"kind": "never_heard_of"}, ["fault_chain"], id="a fact of another kind"),
    ],
)
def test_a_broken_chain_is_reported_and_not_repaired(
    office: Office, spoil: Callable[[], dict[str, Any]], codes: list[str]
) -> None:
    with behind_the_program(office.bind) as connection:
        connection.execute(update(facts).where(of_first(facts, office), facts.c.seq == 1).values(**spoil()))
        connection.execute(_case(office, state="K1"))
    before = stored(office)
    assert mend(office) == codes
    assert stored(office) == before


def test_facts_cut_off_at_the_end_are_reported(office: Office) -> None:
    with behind_the_program(office.bind) as connection:
        connection.execute(delete(facts).where(of_first(facts, office), facts.c.seq == 4))
    assert mend(office, check=True) == ["fault_head"]
    with pytest.raises(Refused, match="facts_missing"):
        mend(office)


def test_a_rebuild_that_is_cut_off_goes_on(office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(update(case_rows).values(state="K1"))
    cut = iter(rebuild(office.bind, CLOCK, size=1))
    assert [next(cut).ref, next(cut).ref] == [office.first, office.second]
    del cut
    with writing(office.bind) as connection:
        connection.execute(_case(office, state="K1"))
    assert [fault.ref for fault in rebuild(office.bind, CLOCK, size=1)] == [office.elsewhere, office.city]
    assert [fault.ref for fault in rebuild(office.bind, CLOCK, size=1)] == [office.first], (
        "the next one is of all again"
    )


def test_people_notified_of_a_date_that_moves_get_a_correction(office: Office) -> None:
    with writing(office.bind) as connection:
        connection.execute(delete(effects))
        connection.execute(_date(office, ends_on=date(2016, 3, 20)))
    mend(office)
    with reading(office.bind) as connection:
        (pending,) = connection.execute(select(effects.c.kind, effects.c.payload)).tuples()
    assert pending[0] == "withdraw"
    assert "accept_target" in pending[1]["keys"]


def test_the_work_is_watched_batch_by_batch(office: Office) -> None:
    seen: list[int] = []

    def track(items: Iterable[T], total: int) -> Iterable[T]:
        for number, item in enumerate(items, start=1):
            seen.append(number)
            yield item
        seen.append(total)

    assert mend(office, track=track, size=3) == []
    assert seen == [1, 2, 2]


def test_when_a_case_was_touched_is_not_made_up(office: Office) -> None:
    with reading(office.bind) as connection:
        touched: datetime = connection.execute(
            select(case_rows.c.touched_at).where(case_rows.c.ref == office.first)
        ).scalar_one()
    with writing(office.bind) as connection:
        connection.execute(_case(office, state="K1"))
    mend(office)
    with reading(office.bind) as connection:
        assert connection.scalar(select(case_rows.c.touched_at).where(case_rows.c.ref == office.first)) == touched
