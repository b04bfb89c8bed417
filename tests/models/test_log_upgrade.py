"""An upgrade enters in the log what it changed itself, and nothing that was changed past the program before it."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, func, select

from audit_log.log_faults import log_faults
from models.database import migrate, reading
from models.history_log import FACT, digest_of
from models.log_triggers import drop_statements
from models.log_upgrade import settle, stored
from models.settings import settings
from models.tables import agencies, delegations, facts, log_entries, officers
from tests.tampering import behind_the_program
from tests.web.web_office import CLOCK, build_office, login_of

FORMER = {
    "sqlite": [
        "CREATE TRIGGER fact_insert_noted AFTER INSERT ON fact BEGIN INSERT INTO log_entry (entity, key, digest) "
        "VALUES ('fact', NEW.case_id || '|' || NEW.seq, NEW.hash); END"
    ],
    "postgresql": [
        "CREATE OR REPLACE FUNCTION log_fact() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN INSERT INTO log_entry "
        "(entity, key, digest) VALUES ('fact', NEW.case_id || '|' || NEW.seq, NEW.hash); RETURN NULL; END $$",
        "CREATE TRIGGER fact_insert_noted AFTER INSERT ON fact FOR EACH ROW EXECUTE FUNCTION log_fact()",
    ],
}
Harm = Callable[[Connection], None]


@pytest.fixture
def office(either_bind: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Engine:
    monkeypatch.setenv("COOPCASE_DATA", str(tmp_path / "var"))
    settings.cache_clear()
    build_office(either_bind)
    assert faults(either_bind) == set()
    return either_bind


def faults(bind: Engine) -> set[tuple[str, str]]:
    with reading(bind) as connection:
        return {(one.code, str(one.params.get("entity"))) for one in log_faults(connection, settings().data.resolve())}


def upgraded(bind: Engine, *changes: str) -> None:
    """What a migration does, between what Alembic's environment does before and after it."""
    with bind.connect().execution_options(coopcase_write=True) as connection, connection.begin():
        before = stored(connection)
        for change in changes:
            connection.exec_driver_sql(change)
        settle(connection, before, migrated=True)


def _role_raised(connection: Connection) -> None:
    raised = officers.update().where(officers.c.login == login_of("clerk"))
    connection.execute(raised.values(role="leader"))


def _first_row_inserted(connection: Connection) -> None:
    """Into a table that had none: it is not new to the log for that."""
    officer = select(officers.c.id).where(officers.c.login == login_of("clerk")).scalar_subquery()
    values = {"authority": "TL", "body": "district_committee", "from_on": date(2016, 3, 1), "added_at": CLOCK.now()}
    connection.execute(delegations.insert().values(officer_id=officer, **values))


def _row_deleted(connection: Connection) -> None:
    connection.execute(agencies.delete().where(agencies.c.kind == "bank"))


HARM = [
    (_role_raised, ("fault_log_changed", "officer")),
    (_first_row_inserted, ("fault_log_unknown", "delegation")),
    (_row_deleted, ("fault_log_gone", "agency")),
]


@pytest.mark.parametrize(("harm", "fault"), HARM)
def test_what_was_tampered_with_before_is_named_after(office: Engine, harm: Harm, fault: tuple[str, str]) -> None:
    with behind_the_program(office) as connection:
        harm(connection)
    migrate(office.url.render_as_string(hide_password=False))
    assert faults(office) >= {fault}, "a start without anything to migrate enters nothing"
    upgraded(
        office, "UPDATE officer SET post = 'Chuyên viên'", "UPDATE agency SET address = 'số 1'",
        "UPDATE delegation SET body = 'district_committee'", "ALTER TABLE unit ADD COLUMN former_name VARCHAR",
    )  # fmt: skip
    assert fault in {found for found in faults(office) if found[0] != "fault_log_outside"}
    assert {entity for _, entity in faults(office)} == {fault[1]}


def test_what_a_migration_changes_or_removes_has_its_entry(office: Engine) -> None:
    upgraded(office, "UPDATE officer SET post = 'Chuyên viên'", "DELETE FROM agency WHERE kind = 'bank'")
    assert faults(office) == set()


def test_a_column_that_a_release_no_longer_has_is_compared_before_it_goes(office: Engine) -> None:
    added = office.connect().execution_options(coopcase_write=True)
    with added as connection, connection.begin():
        connection.exec_driver_sql("ALTER TABLE agency ADD COLUMN former VARCHAR")
        connection.exec_driver_sql("UPDATE agency SET former = 'Ngân hàng cũ' WHERE kind = 'bank'")
        row = connection.execute(select(agencies).where(agencies.c.kind == "bank")).mappings().one()
        digest = digest_of("agency", {**row, "former": "Ngân hàng cũ"})
        connection.execute(log_entries.insert().values(entity="agency", key=str(row["id"]), digest=digest))
        connection.exec_driver_sql("DELETE FROM change_note")
    assert faults(office) == {("fault_log_changed", "agency")}, "this release does not know the column"
    upgraded(office, "ALTER TABLE agency DROP COLUMN former")
    assert faults(office) == set()


def test_a_database_of_a_release_that_entered_facts_otherwise_enters_each_once(either_bind: Engine) -> None:
    """What enters a new fact had another name: an upgrade takes it away with all of its kind and makes them anew."""
    with either_bind.connect().execution_options(coopcase_write=True) as connection, connection.begin():
        for statement in drop_statements(connection.dialect.name):
            connection.exec_driver_sql(statement)
        for statement in FORMER[connection.dialect.name]:
            connection.exec_driver_sql(statement)
    migrate(either_bind.url.render_as_string(hide_password=False))
    build_office(either_bind)
    with reading(either_bind) as connection:
        entries = select(log_entries.c.key, func.count()).where(log_entries.c.entity == FACT)
        found: dict[str, int] = dict(connection.execute(entries.group_by(log_entries.c.key)).tuples().all())
        assert set(found.values()) == {1}
        assert len(found) == connection.scalar(select(func.count()).select_from(facts))
