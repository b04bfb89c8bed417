"""What a process remembers of a case is what its facts fold to, after acts, annulments and roll-backs."""

from collections.abc import Iterator
from datetime import UTC, date
from typing import Any

import pytest
from sqlalchemy import Engine, event

from casework import known_folds
from casework.acts import annul, append_built_in, apply_in
from casework.ledger import facts_of, load_case
from models.clock import HANOI, FrozenClock
from models.database import reading, writing
from models.errors import Refused
from models.tables import case_rows
from procedures.state_machine.fold import fold
from samples.path_parts import REVIEW
from tests.acting import apply
from tests.web.web_office import build_office, login_of

CLOCK = FrozenClock.on(date(2016, 3, 14))
OFFICER, MANAGER = login_of("case_officer"), login_of("manager")
NOTE = {"obstacle": "tax_debt", "note": "thử"}


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    known_folds.kept.clear()
    yield
    known_folds.kept.clear()


def _same(bind: Engine, ref: str) -> None:
    """What is loaded, and what is kept, equal the fold of the rows as they are."""
    with reading(bind) as connection:
        loaded = load_case(connection, ref)
        read = facts_of(connection, loaded.row["id"])
    assert loaded.facts == read
    assert loaded.state == fold(loaded.procedure, read)
    for item in known_folds.kept.all():
        assert item.state == fold(item.procedure, item.facts)


def test_a_life_is_known_as_it_is_folded(either_bind: Engine) -> None:
    ref = build_office(either_bind).first
    for step in REVIEW[:1]:
        apply(either_bind, ref, step.verb, by=login_of(step.role), clock=CLOCK, data=step.fields(CLOCK.today()))
        _same(either_bind, ref)
    for turn in range(6):
        verb = "name_obstacle" if turn % 2 == 0 else "lift_obstacle"
        apply(either_bind, ref, verb, by=OFFICER, clock=CLOCK, data=NOTE)
        _same(either_bind, ref)
    done = apply(either_bind, ref, "name_obstacle", by=OFFICER, clock=CLOCK, data=NOTE)
    annul(either_bind, ref, done.seq, by=OFFICER, reason="nhầm", clock=CLOCK)
    _same(either_bind, ref)


def test_only_what_came_since_is_read(bind: Engine) -> None:
    ref = build_office(bind).first
    _same(bind, ref)
    read: list[int] = []

    def note(_connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        if "FROM fact" in statement:
            read.append(len(statement))

    event.listen(bind, "before_cursor_execute", note)
    with reading(bind) as connection:
        load_case(connection, ref)
    before = known_folds.kept.get(ref)
    apply(bind, ref, "accept_case", by=OFFICER, clock=CLOCK, data={"file_held": "true"})
    with reading(bind) as connection:
        load_case(connection, ref)
    assert read == []  # who recorded a fact knows it once it is committed
    after = known_folds.kept.get(ref)
    _same(bind, ref)
    event.remove(bind, "before_cursor_execute", note)
    assert before is not None
    assert after is not None
    assert after.facts[:-1] == before.facts


def test_who_changes_a_loaded_state_changes_no_other(bind: Engine) -> None:
    ref = build_office(bind).first
    apply(bind, ref, "name_obstacle", by=OFFICER, clock=CLOCK, data=NOTE)
    with reading(bind) as connection:
        first = load_case(connection, ref)
        for clock in first.state.clocks.values():
            clock.status = "dropped"
        first.state.obstacles.clear()
        first.state.done.clear()
        first.facts.clear()
    _same(bind, ref)


def test_what_was_not_committed_is_not_known(bind: Engine) -> None:
    ref = build_office(bind).first
    _same(bind, ref)
    with pytest.raises(RuntimeError), writing(bind) as connection:
        on, now = CLOCK.today(), CLOCK.now()
        append_built_in(connection, ref, "reassigned", {"officer": "x"}, by=MANAGER, role="manager", on=on, now=now)
        assert load_case(connection, ref).state.officer == "x"
        raise RuntimeError
    _same(bind, ref)
    append = apply(bind, ref, "accept_case", by=OFFICER, clock=CLOCK, data={"file_held": "true"})
    assert append.seq == 2
    _same(bind, ref)


def test_an_act_that_was_rolled_back_is_not_remembered(either_bind: Engine) -> None:
    ref = build_office(either_bind).first
    _same(either_bind, ref)
    known = known_folds.kept.get(ref)
    with pytest.raises(RuntimeError), writing(either_bind) as connection:
        apply_in(connection, ref, "accept_case", by=OFFICER, clock=CLOCK, data={"file_held": "true"})
        raise RuntimeError
    assert known_folds.kept.get(ref) is known
    with pytest.raises(Refused):
        apply(either_bind, ref, "classify", by=OFFICER, clock=CLOCK, data={})
    assert known_folds.kept.get(ref) is known
    _same(either_bind, ref)


def test_what_is_remembered_of_an_act_is_as_it_is_read(either_bind: Engine) -> None:
    """Data that JSON changes, and an instant of another zone."""
    ref = build_office(either_bind).first
    on, now = CLOCK.today(), CLOCK.now().astimezone(HANOI)
    data = {"officer": OFFICER, "reason": ("a", "b"), "more": {1: "x"}}
    with writing(either_bind) as connection:
        append_built_in(connection, ref, "reassigned", data, by=MANAGER, role="manager", on=on, now=now)
    known = known_folds.kept.get(ref)
    assert known is not None
    assert known.facts[-1].data == {"officer": OFFICER, "reason": ["a", "b"], "more": {"1": "x"}}
    assert known.facts[-1].recorded_at is not None
    assert known.facts[-1].recorded_at.tzinfo is UTC
    _same(either_bind, ref)


def test_a_row_with_another_hash_is_read_whole(bind: Engine) -> None:
    """Rows written past the program: nothing is kept under a hash that the facts do not have."""
    ref = build_office(bind).first
    with writing(bind) as connection:
        connection.execute(case_rows.update().where(case_rows.c.ref == ref).values(head="0" * 64))
    _same(bind, ref)
    assert known_folds.kept.get(ref) is None


def test_as_many_facts_are_kept_as_may_be(bind: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    office = build_office(bind)
    monkeypatch.setattr(known_folds, "kept", known_folds.Kept(2))
    for ref in (office.first, office.second, office.elsewhere, office.city):
        _same(bind, ref)
    assert known_folds.kept.get(office.first) is None
    assert known_folds.kept.get(office.city) is not None
    assert sum(len(item.facts) for item in known_folds.kept.all()) <= 2
