"""Statements that go to the driver as text read, write and fail as SQLAlchemy's own do."""

from typing import Any

import pytest
from sqlalchemy import Engine, bindparam, event, select
from sqlalchemy.exc import IntegrityError, OperationalError, ProgrammingError

from casework.ledger import case_row
from models.database import reading, writing
from models.driver_sql import DriverStatement, Writes, driver_rows, rows_together
from models.errors import CoopcaseError
from models.tables import case_rows, deadlines, facts, settings_table
from tests.web.web_office import build_office

_SETTING = DriverStatement(
    settings_table.insert().inline().values({name: bindparam(name) for name in ("key", "value")})
)
TABLES = (case_rows, facts, deadlines, settings_table)


def test_reads_what_sqlalchemy_reads(either_bind: Engine) -> None:
    build_office(either_bind)
    with reading(either_bind) as connection:
        for table in TABLES:
            statement = select(table).order_by(*table.primary_key.columns)
            ours = DriverStatement(statement).rows(connection, {})
            assert ours, table.name
            assert ours == [list(row) for row in connection.execute(statement)]
            assert [[type(value) for value in row] for row in ours] == [
                [type(value) for value in row] for row in connection.execute(statement)
            ]


def test_writes_what_sqlalchemy_writes(either_bind: Engine) -> None:
    office = build_office(either_bind)
    with writing(either_bind) as connection:
        number = case_row(connection, office.first)["id"]
        wanted = select(deadlines).where(deadlines.c.case_id == number).order_by(deadlines.c.id)
        before = [dict(row) for row in connection.execute(wanted).mappings()]
        names = [name for name in before[0] if name != "id"]
        connection.execute(deadlines.delete().where(deadlines.c.case_id == number))
        insert = DriverStatement(deadlines.insert().inline().values({name: bindparam(name) for name in names}))
        insert.run_many(connection, [{name: row[name] for name in names} for row in before])
        after = [dict(row) for row in connection.execute(wanted).mappings()]
    assert [{name: row[name] for name in names} for row in after] == [
        {name: row[name] for name in names} for row in before
    ]


def test_fails_as_sqlalchemy_fails(either_bind: Engine) -> None:
    with writing(either_bind) as connection:
        _SETTING.run(connection, {"key": "a", "value": "1"})
    with pytest.raises(IntegrityError) as refused, writing(either_bind) as connection:
        _SETTING.run(connection, {"key": "a", "value": "secret"})
    assert "secret" not in str(refused.value)
    wrong = OperationalError if either_bind.dialect.name == "sqlite" else ProgrammingError
    with pytest.raises((wrong, CoopcaseError)), reading(either_bind) as connection:
        driver_rows(connection, "SELECT nothing FROM nowhere")
    with reading(either_bind) as connection:
        assert connection.scalar(select(settings_table.c.value).where(settings_table.c.key == "a")) == "1"


def test_a_missing_table_is_named_as_elsewhere(bind: Engine) -> None:
    with writing(bind) as connection:
        connection.exec_driver_sql("DROP TABLE closing")
    with pytest.raises(CoopcaseError) as named, reading(bind) as connection:
        driver_rows(connection, "SELECT id FROM closing")
    assert named.value.code == "database_not_prepared"


def test_who_listens_to_statements_hears_of_these(either_bind: Engine) -> None:
    heard: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        heard.append(statement)

    event.listen(either_bind, "before_cursor_execute", note)
    with writing(either_bind, any_clock=True) as connection:
        _SETTING.run_many(connection, [{"key": "a", "value": "1"}, {"key": "b", "value": "2"}])
    event.remove(either_bind, "before_cursor_execute", note)
    assert sum(statement.startswith("INSERT INTO setting") for statement in heard) == 1
    with reading(either_bind) as connection:
        found = driver_rows(connection, "SELECT value FROM setting WHERE key IN ('a', 'b') ORDER BY key")
        assert [value for (value,) in found] == ["1", "2"]


def test_the_first_statement_of_a_reading_begins_its_snapshot(bind: Engine) -> None:
    with reading(bind) as connection:
        before = driver_rows(connection, "SELECT count(*) FROM setting")
        with writing(bind) as other:
            _SETTING.run(other, {"key": "later", "value": ""})
        assert driver_rows(connection, "SELECT count(*) FROM setting") == before


def test_a_text_that_depends_on_its_values_is_refused(bind: Engine) -> None:
    listed = DriverStatement(select(facts.c.id).where(facts.c.seq.in_((1, 2))))
    with pytest.raises(AssertionError, match="depends on its values"), reading(bind) as connection:
        listed.rows(connection, {})


def test_writes_that_belong_together_are_all_done_or_none(either_bind: Engine) -> None:
    def rows(*keys: str) -> list[dict[str, str]]:
        return [{"key": key, "value": key.upper()} for key in keys]

    with writing(either_bind) as connection:
        writes = Writes(connection)
        writes.add(_SETTING, rows("a"))
        writes.add(_SETTING, [])
        writes.add(_SETTING, rows("b", "c"))
        writes.send()
        writes.send()
        wanted = [("SELECT value FROM setting WHERE key = 'a'", ()), ("SELECT value FROM setting WHERE key = 'c'", ())]
        assert [[tuple(row) for row in found] for found in rows_together(connection, wanted)] == [[("A",)], [("C",)]]
    with pytest.raises(IntegrityError) as refused, writing(either_bind) as connection:
        writes = Writes(connection)
        writes.add(_SETTING, rows("d"))
        writes.add(_SETTING, rows("e", "a"))
        writes.add(_SETTING, rows("f"))
        writes.send()
    assert "E" not in str(refused.value.params)
    with writing(either_bind) as connection:
        assert driver_rows(connection, "SELECT value FROM setting WHERE key IN ('d', 'e', 'f')") == []
    wrong = (OperationalError, ProgrammingError, CoopcaseError)
    with pytest.raises(wrong), reading(either_bind) as connection:
        rows_together(connection, [("SELECT value FROM setting", ()), ("SELECT nothing FROM nowhere", ())])
