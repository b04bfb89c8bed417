"""The databases the other tests are given are real, fresh and of the newest form."""

import traceback
from datetime import date

import pytest
from sqlalchemy import Engine, func, inspect, select, text

from models.database import engine, is_empty, migrate, reading, refresh_statistics, writing
from models.errors import WrongInput
from models.office_clock import demo_day, set_demo_day
from models.tables import metadata, settings_table
from templates.words import say
from tests.web.web_office import build_office

DAY = date(2016, 3, 14)


def test_a_fresh_database_has_every_table_and_nobody_in_it(either_bind: Engine) -> None:
    assert set(metadata.tables) <= set(inspect(either_bind).get_table_names())
    with reading(either_bind) as connection:
        assert is_empty(connection)


def test_what_one_transaction_wrote_the_next_reads(either_bind: Engine) -> None:
    with writing(either_bind) as connection:
        set_demo_day(connection, DAY)
    with reading(either_bind) as connection:
        assert demo_day(connection) == DAY


def test_an_exception_undoes_the_whole_transaction(either_bind: Engine) -> None:
    with pytest.raises(ZeroDivisionError), writing(either_bind) as connection:
        set_demo_day(connection, DAY)
        raise ZeroDivisionError
    with reading(either_bind) as connection:
        assert connection.scalar(select(func.count()).select_from(settings_table)) == 0


def test_statistics_of_the_tables_are_counted_for_sqlite(sqlite_url: str) -> None:
    bind = engine(sqlite_url)
    build_office(bind)
    refresh_statistics(bind)
    with reading(bind) as connection:
        known = set(connection.scalars(text("SELECT tbl FROM sqlite_stat1")))
    assert {"coop_case", "deadline", "unit"} <= known


def test_migrating_again_changes_nothing(sqlite_url: str) -> None:
    migrate(sqlite_url)
    migrate(sqlite_url)


@pytest.mark.parametrize(
    "address",
    [
        pytest.param("postgresql+psycopg://u:hemligt@:bad:/x", id="no port"),
        pytest.param("hemligt", id="no address"),
        pytest.param("postgresql+nodriver://u:hemligt@h/x", id="no such driver"),
        pytest.param("mysql://u:hemligt@h/x", id="another kind"),
    ],
)
def test_a_wrong_address_is_reported_without_its_content(address: str) -> None:
    with pytest.raises(WrongInput) as wrong:
        engine(address)
    reported = [say(wrong.value, lang) for lang in ("vi", "en")] + traceback.format_exception(wrong.value)
    assert all("COOPCASE_DATABASE_URL" in text for text in reported[:2])
    assert not [text for text in reported if "hemligt" in text]
