"""Whether news of a date is out: who was told of a deadline, and whether a letter of the case has left the house."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection, func, select

from models.tables import letter_rows, messages

CHUNK = 1_000
OUT = ("issued", "served", "published", "undelivered")


class Announced:
    """What is out about these cases, read in a few queries."""

    def __init__(self, connection: Connection, cases: Iterable[int]) -> None:
        self._told: dict[tuple[int, str], int] = {}
        self._letters: set[int] = set()
        for chunk in _chunks(sorted(set(cases))):
            self._read(connection, chunk)

    def _read(self, connection: Connection, chunk: Collection[int]) -> None:
        columns = messages.c
        told = (
            select(columns.case_id, columns.deadline_key, func.count(columns.officer_id.distinct()))
            .where(columns.case_id.in_(chunk), columns.deadline_key != "", columns.status.in_(("sent", "inbox")))
            .group_by(columns.case_id, columns.deadline_key)
        )
        self._told |= {(case_id or 0, key): count for case_id, key, count in connection.execute(told).tuples()}
        out = select(letter_rows.c.case_id).where(letter_rows.c.case_id.in_(chunk), letter_rows.c.status.in_(OUT))
        self._letters |= {case_id or 0 for case_id in connection.scalars(out)}

    def told(self, case_id: int, key: str) -> int:
        """How many people have been told of a deadline."""
        return self._told.get((case_id, key), 0)

    def written(self, case_id: int) -> bool:
        """True when a letter of the case has been issued, which may name the date."""
        return case_id in self._letters


def _chunks(cases: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(cases), CHUNK):
        yield cases[start : start + CHUNK]
