"""Rows of cases that move to a version with other names for their deadlines."""

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, func, update

from models.tables import deadlines, messages

_AT_ONCE = 500  # cases in one statement


def carry_names(connection: Connection, renamed: Mapping[int, Mapping[str, str]]) -> None:
    """Rename the deadlines of cases (by id: old key → new key), and the messages that announced their dates.

    The key of a message, by which it is sent once, holds the deadline's too: else each reminder would go out again.
    """
    cases: dict[tuple[str, str], list[int]] = {}
    for case_id, names in renamed.items():
        for pair in names.items():
            cases.setdefault(pair, []).append(case_id)
    for (old, new), case_ids in cases.items():
        for start in range(0, len(case_ids), _AT_ONCE):
            _rename(connection, old, new, case_ids[start : start + _AT_ONCE])


def _rename(connection: Connection, old: str, new: str, cases: Sequence[int]) -> None:
    columns = deadlines.c
    connection.execute(update(deadlines).where(columns.case_id.in_(cases), columns.key == old).values(key=new))
    sent_columns = messages.c
    key = func.replace(sent_columns.key, f":{old}:", f":{new}:")
    sent = update(messages).where(sent_columns.case_id.in_(cases), sent_columns.deadline_key == old)
    connection.execute(sent.values(deadline_key=new, key=key))
