"""Whether a date was announced: how many people were notified of a deadline, whether a letter was sent out."""

from collections.abc import Collection, Iterable, Iterator, Sequence

from sqlalchemy import Connection, func, select

from models.letter_links import with_cases
from models.tables import letter_cases, letter_rows, messages

CHUNK = 1_000
OUT = ("issued", "served", "published", "undelivered")


class Announcements:
    """The notifications and issued letters of these cases, read in one query of each per 1 000 cases."""

    def __init__(self, connection: Connection, cases: Iterable[int]) -> None:
        self._notified: dict[tuple[int, str], int] = {}
        self._letters: set[int] = set()
        for chunk in _chunks(sorted(set(cases))):
            self._read(connection, chunk)

    def _read(self, connection: Connection, chunk: Collection[int]) -> None:
        columns = messages.c
        notified = (
            select(columns.case_id, columns.deadline_key, func.count(columns.officer_id.distinct()))
            .where(columns.case_id.in_(chunk), columns.deadline_key != "", columns.status.in_(("sent", "inbox")))
            .group_by(columns.case_id, columns.deadline_key)
        )
        self._notified |= {(case_id or 0, key): count for case_id, key, count in connection.execute(notified).tuples()}
        out = with_cases(select(letter_cases.c.case_id).select_from(letter_rows))
        out = out.where(letter_cases.c.case_id.in_(chunk), letter_rows.c.status.in_(OUT))
        self._letters |= set(connection.scalars(out))

    def notified(self, case_id: int, key: str) -> int:
        """How many people got a message about a deadline (`key` as in the procedure)."""
        return self._notified.get((case_id, key), 0)

    def has_issued_letter(self, case_id: int) -> bool:
        """True when a letter of the case was sent out; it may name the date."""
        return case_id in self._letters


def _chunks(cases: Sequence[int]) -> Iterator[Sequence[int]]:
    for start in range(0, len(cases), CHUNK):
        yield cases[start : start + CHUNK]
