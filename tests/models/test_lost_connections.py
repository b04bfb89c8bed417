"""Connections of PostgreSQL: one closed while nobody used it is replaced, one lost amid a transaction is an error."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from casework.acts import apply_in
from casework.known_folds import kept
from casework.ledger import load_case
from casework.to_act import questions, to_act
from models.clock import FrozenClock
from models.database import engine, reading, writing
from procedures.state_machine.fold import fold
from samples.path_parts import REVIEW
from tests.acting import apply
from tests.web.web_office import build_office, login_of

pytestmark = pytest.mark.postgres
CLOCK = FrozenClock.on(date(2016, 3, 14))


@pytest.fixture
def bind(postgres_url: str) -> Engine:
    return engine(postgres_url)


def _close_all(bind: Engine) -> None:
    """As a restart of the server does."""
    other = create_engine(bind.url, isolation_level="AUTOCOMMIT")
    with other.connect() as connection:
        closed = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
        assert closed.rowcount > 0
    other.dispose()


def test_a_connection_lost_while_idle_is_replaced(bind: Engine) -> None:
    ref = build_office(bind).first
    _close_all(bind)
    with reading(bind) as connection:
        load_case(connection, ref)
    _close_all(bind)
    with writing(bind) as connection:
        assert load_case(connection, ref, lock=True).row["seq"] == 1
    _close_all(bind)
    with writing(bind, any_clock=True, rules=True) as connection:
        assert load_case(connection, ref).row["seq"] == 1


def test_an_act_after_the_server_was_restarted_is_recorded_once(bind: Engine) -> None:
    ref = build_office(bind).first
    _close_all(bind)
    step, clock = REVIEW[0], CLOCK
    done = apply(bind, ref, step.verb, by=login_of(step.role), clock=clock, data=step.fields(clock.today()))
    assert done.seq == 2
    with reading(bind) as connection:
        assert [fact.kind for fact in load_case(connection, ref).facts] == ["opened", step.verb]


def test_many_idle_connections_are_all_replaced(bind: Engine) -> None:
    build_office(bind)
    several = [bind.connect() for _ in range(3)]
    for connection in several:
        connection.execute(text("SELECT 1"))
        connection.close()
    _close_all(bind)
    for _ in range(4):
        with writing(bind) as connection:
            connection.execute(text("SELECT 1"))


def test_a_connection_lost_amid_a_transaction_is_an_error_and_not_used_again(bind: Engine) -> None:
    ref = build_office(bind).first
    with pytest.raises(OperationalError) as lost, writing(bind) as connection:
        load_case(connection, ref, lock=True)
        _close_all(bind)
        load_case(connection, ref)
    assert lost.value.connection_invalidated
    with writing(bind) as connection:
        assert load_case(connection, ref).row["seq"] == 1


def test_an_act_that_is_lost_at_its_end_is_not_recorded_nor_remembered(bind: Engine) -> None:
    """What was left to the last statements goes with all else; done again, it is recorded once."""
    ref, (step, *_) = build_office(bind).first, REVIEW
    with reading(bind) as connection:
        load_case(connection, ref)
    known, first = kept.get(ref), questions(ref, login_of(step.role), ())
    asked: dict[str, Any] = {"by": login_of(step.role), "clock": CLOCK, "data": step.fields(CLOCK.today())}
    with pytest.raises(OperationalError) as lost, writing(bind, first=first) as connection:
        apply_in(connection, ref, step.verb, first=first, **asked)
        _close_all(bind)
    assert lost.value.connection_invalidated
    assert kept.get(ref) is known
    assert apply(bind, ref, step.verb, **asked).seq == 2
    with reading(bind) as connection:
        loaded = load_case(connection, ref)
    assert [fact.kind for fact in loaded.facts] == ["opened", step.verb]
    assert loaded.state == fold(loaded.procedure, loaded.facts)


def test_the_questions_of_a_beginning_are_asked_again_on_the_new_connection(bind: Engine) -> None:
    ref = build_office(bind).first
    first = questions(ref, login_of("case_officer"), ())
    with writing(bind) as connection:
        connection.execute(text("SELECT 1"))
    _close_all(bind)
    with writing(bind, first=first) as connection:
        assert to_act(connection, ref, login_of("case_officer"), first).loaded.row["seq"] == 1
        assert _locked_by_another(bind, ref), "by the connection that is there now"


def _locked_by_another(bind: Engine, ref: str) -> bool:
    with bind.connect() as other:
        found = other.execute(text("SELECT id FROM coop_case WHERE ref = :ref FOR UPDATE SKIP LOCKED"), {"ref": ref})
        return found.first() is None


def test_what_may_be_in_no_transaction_runs_and_the_next_one_is_whole(bind: Engine) -> None:
    ref = build_office(bind).first
    with bind.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("VACUUM coop_case")
    with pytest.raises(KeyError), writing(bind) as connection:
        connection.exec_driver_sql("UPDATE coop_case SET unit_name = 'X'")
        raise KeyError
    with reading(bind) as connection:
        assert load_case(connection, ref).row["unit_name"] != "X"
