"""Every table is history with a log, or says why it is none."""

from models.history_log import APPEND_ONLY, FACT, LOGGED
from models.tables import metadata

NOT_HISTORY = {
    "coop_case": "derived from the facts",
    "deadline": "derived from the facts",
    "obstacle": "derived from the facts",
    "effect": "operational: what is to be done",
    "message": "operational: what was said of what is recorded elsewhere",
    "dayrun": "operational: which jobs ran",
    "channel": "personal: where a person wants messages",
    "session": "personal: who is signed in",
    "search_entry": "derived: the words by which things are found",
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
