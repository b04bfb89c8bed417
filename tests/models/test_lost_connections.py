"""A connection that PostgreSQL closed while nobody used it is replaced; one lost amid a transaction is an error."""

from datetime import date

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.exc import OperationalError

from casework.ledger import load_case
from models.clock import FrozenClock
from models.database import engine, reading, writing
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
