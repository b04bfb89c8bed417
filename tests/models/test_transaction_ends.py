"""What waits for the end of a transaction is done with it or not at all, and a roll-back is not remembered."""

import pytest
from sqlalchemy import Connection, Engine, bindparam, func, select
from sqlalchemy.exc import IntegrityError

from models.database import reading, writing
from models.driver_sql import DriverStatement, Writes
from models.tables import settings_table
from models.transaction_ends import leave, once_committed

_INSERT = DriverStatement(settings_table.insert().inline().values({name: bindparam(name) for name in ("key", "value")}))


def left(connection: Connection, *keys: str) -> None:
    writes = Writes(connection)
    writes.add(_INSERT, [{"key": key, "value": key.upper()} for key in keys])
    leave(writes)


def there(connection: Connection, *keys: str) -> int:
    count = connection.scalar(select(func.count()).where(settings_table.c.key.in_(keys)))
    return int(count or 0)


def test_what_is_left_is_written_with_the_end(either_bind: Engine) -> None:
    remembered: list[str] = []
    with writing(either_bind) as connection:
        left(connection, "a")
        left(connection, "b", "c")
        once_committed(connection, lambda: remembered.append("all"))
        assert there(connection, "a", "b", "c") == 0
        assert remembered == []
    assert remembered == ["all"]
    with reading(either_bind) as connection:
        assert there(connection, "a", "b", "c") == 3


def test_what_fails_at_the_end_undoes_all(either_bind: Engine) -> None:
    remembered: list[str] = []
    with writing(either_bind) as connection:
        _INSERT.run(connection, {"key": "a", "value": "A"})
    with pytest.raises(IntegrityError), writing(either_bind) as connection:
        _INSERT.run(connection, {"key": "b", "value": "B"})
        left(connection, "c", "a")
        left(connection, "d")
        once_committed(connection, lambda: remembered.append("all"))
    assert remembered == []
    with writing(either_bind) as connection:
        assert there(connection, "b", "c", "d") == 0


def test_a_roll_back_leaves_nothing_to_the_next_on_the_connection(either_bind: Engine) -> None:
    remembered: list[str] = []
    with pytest.raises(RuntimeError), writing(either_bind) as connection:
        left(connection, "a")
        once_committed(connection, lambda: remembered.append("a"))
        raise RuntimeError
    with writing(either_bind) as connection:
        left(connection, "b")
        once_committed(connection, lambda: remembered.append("b"))
    assert remembered == ["b"]
    with reading(either_bind) as connection:
        assert (there(connection, "a"), there(connection, "b")) == (0, 1)


def test_inside_a_savepoint_it_is_written_at_once_and_not_remembered(either_bind: Engine) -> None:
    remembered: list[str] = []
    with writing(either_bind) as connection:
        with connection.begin_nested() as tried:
            left(connection, "a")
            once_committed(connection, lambda: remembered.append("a"))
            assert there(connection, "a") == 1
            tried.rollback()
        left(connection, "b")
    assert remembered == []
    with reading(either_bind) as connection:
        assert (there(connection, "a"), there(connection, "b")) == (0, 1)


def test_in_another_kind_of_transaction_it_is_written_at_once(either_bind: Engine) -> None:
    remembered: list[str] = []
    with either_bind.connect() as connection:
        for key in ("a", "b"):
            with connection.begin():
                left(connection, key)
                once_committed(connection, lambda: remembered.append("all"))
                assert there(connection, key) == 1
    assert remembered == []


def test_of_many_the_last_are_remembered(either_bind: Engine) -> None:
    remembered: list[int] = []
    with writing(either_bind) as connection:
        for number in range(200):
            once_committed(connection, lambda number=number: remembered.append(number))  # type: ignore[misc]
    assert remembered == list(range(150, 200))
