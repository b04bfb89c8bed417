"""Every table is history with a log, or says why it is none."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import Column

from models.history_log import APPEND_ONLY, FACT, LOGGED, digest_of
from models.tables import metadata

NOT_HISTORY = {
    "coop_case": "derived from the facts",
    "deadline": "derived from the facts",
    "obstacle": "derived from the facts",
    "act_day": "derived from the facts",
    "effect": "operational: what is to be done",
    "message": "operational: what was said of what is recorded elsewhere",
    "dayrun": "operational: which jobs ran",
    "channel": "personal: where a person wants messages",
    "session": "personal: who is signed in",
    "saved_view": "personal: how a person looks at lists",
    "list_columns": "personal: how a person looks at lists",
    "search_entry": "derived: the words by which things are found",
    "case_history": "derived: how cases went, for forecasts",
    "content_check": "derived: what was looked at for contradictions",
    "search_stale": "operational: whose words are to be written anew",
    "setting": "operational: the chosen day of a sample office",
    "change_note": "the log itself",
    "log_entry": "the log itself",
    "log_leaf": "the log itself",
    "log_checkpoint": "the log itself",
    "log_time_stamp": "the log itself",
    "nightly_check": "operational: what the nightly checks found",
}


def test_every_table_is_in_the_log_or_says_why_not() -> None:
    assert set(metadata.tables) == LOGGED.keys() | {FACT} | NOT_HISTORY.keys()
    assert not NOT_HISTORY.keys() & LOGGED.keys()


def test_what_is_left_out_is_a_column() -> None:
    assert [name for name, hidden in LOGGED.items() if hidden - set(metadata.tables[name].c.keys())] == []


def test_what_is_append_only_is_a_table() -> None:
    assert set(APPEND_ONLY) <= set(metadata.tables)


TWO_OF: dict[object, tuple[Any, Any]] = {
    bool: (True, False), int: (1, 2), float: (0.5, 0.25), str: ("một", "hai"), object: ({"a": 1}, {"a": 2}),
    date: (date(2016, 3, 14), date(2016, 3, 15)),
    datetime: (datetime(2016, 3, 14, tzinfo=UTC), datetime(2016, 3, 14, 0, 0, 0, 1, UTC)),
}  # fmt: skip


def _two_of(column: Column[Any]) -> tuple[Any, Any]:
    return TWO_OF[getattr(column.type, "impl_instance", column.type).python_type]


@pytest.mark.parametrize("entity", sorted(LOGGED))
def test_no_column_of_history_is_changed_unseen(entity: str) -> None:
    """Whatever a table will hold: each column is in the digest of its rows, but for those that say why they are not."""
    columns = metadata.tables[entity].columns
    row = {column.name: _two_of(column)[0] for column in columns}
    for column in columns:
        other = row | {column.name: _two_of(column)[1]}
        same = digest_of(entity, row) == digest_of(entity, other)
        assert same is (column.name in LOGGED[entity]), column.name
