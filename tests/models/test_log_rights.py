"""A role of PostgreSQL without the right to change what is append-only: acts are recorded, history is not rewritten."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, create_engine, make_url, text
from sqlalchemy.exc import ProgrammingError

from casework.register_import import commit
from casework.upkeep.integrity import verify
from models.clock import FrozenClock
from models.database import engine, migrate, reading, writing
from models.errors import CoopcaseError
from models.history_log import APPEND_ONLY
from models.log_rights import rights
from models.tables import facts
from tests.acting import apply
from tests.web.web_office import TODAY, build_office, login_of

pytestmark = pytest.mark.postgres
ROLE = "coopcase works"  # a name that has to be quoted
CHANGES = ("DELETE FROM {}", "TRUNCATE {}", "ALTER TABLE {} DISABLE TRIGGER ALL")


@pytest.fixture
def limited(postgres_url: str) -> Iterator[tuple[Engine, str]]:
    """An office whose program signs in to the database as a role with these rights; and a case."""
    migrate(postgres_url)
    owner = engine(postgres_url)
    case = build_office(owner).first
    with owner.begin() as connection:
        connection.execute(text(f"CREATE ROLE \"{ROLE}\" LOGIN PASSWORD 'mau'"))
        for statement in rights(ROLE):
            connection.execute(text(statement))
    url = make_url(postgres_url).set(username=ROLE, password="mau").render_as_string(hide_password=False)
    yield engine(url), case
    engine(url).dispose()
    with owner.begin() as connection:
        connection.execute(text(f'DROP OWNED BY "{ROLE}"'))
        connection.execute(text(f'DROP ROLE "{ROLE}"'))


def test_an_act_is_recorded_and_an_upgrade_that_has_nothing_to_do_passes(limited: tuple[Engine, str]) -> None:
    bind, case = limited
    migrate(bind.url.render_as_string(hide_password=False))
    apply(bind, case, "accept_case", by=login_of("case_officer"), clock=FrozenClock.on(TODAY), data={"file_held": True})
    with reading(bind) as connection:
        assert list(verify(connection)) == []


def test_history_is_not_changed(limited: tuple[Engine, str]) -> None:
    bind, _ = limited
    for change in [way.format(table) for way in CHANGES for table in APPEND_ONLY]:
        with bind.connect() as connection, pytest.raises(ProgrammingError, match=r"permission denied|must be owner"):
            connection.execute(text(change))


def test_a_fact_is_not_rewritten_even_where_the_triggers_are_gone(
    limited: tuple[Engine, str], postgres_url: str
) -> None:
    bind, _ = limited
    owner = create_engine(postgres_url)
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE fact DISABLE TRIGGER ALL"))
    owner.dispose()
    with pytest.raises(ProgrammingError, match="permission denied"), writing(bind) as connection:
        connection.execute(facts.update().values(by="kẻ lạ"))


def test_without_temporary_tables_an_import_says_what_to_grant(limited: tuple[Engine, str], postgres_url: str) -> None:
    bind, _ = limited
    database = make_url(postgres_url).database
    with engine(postgres_url).begin() as connection:
        connection.execute(text(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM PUBLIC'))
    data = "Tên hợp tác xã;Quận/huyện\nHTX Đánh cá Hải Âu;Hồng Bàng\n".encode()
    with pytest.raises(CoopcaseError) as denied:
        commit(bind, data, "so.csv", by="clock", clock=FrozenClock.on(TODAY))
    assert (denied.value.code, denied.value.params) == ("temporary_tables_denied", {"database": database, "role": ROLE})
    with engine(postgres_url).begin() as connection:
        connection.execute(text(f'GRANT TEMPORARY ON DATABASE "{database}" TO "{ROLE}"'))
    assert commit(bind, data, "so.csv", by="clock", clock=FrozenClock.on(TODAY)).counts()["new"] == 1
    with engine(postgres_url).begin() as connection:
        connection.execute(text(f'REVOKE TEMPORARY ON DATABASE "{database}" FROM "{ROLE}"'))
