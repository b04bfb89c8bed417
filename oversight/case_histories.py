"""The histories of cases: remembered by this process, else stored, else folded from the facts, set-wise."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Engine, or_, select

from models.database import reading, writing
from models.tables import case_rows, facts
from models.tracking import Track, silent
from oversight.history_folding import History, HistoryRules, Named
from oversight.remembered import Latest, what_is_known
from oversight.stored_histories import identities, store, stored
from procedures.facts import FactView

_AT_ONCE = 500  # cases named in one statement, and histories written in one transaction


def histories(
    connection: Connection, today: date, *, district: str | None = None, known_before: datetime | None = None,
    only: Sequence[int] | None = None,
) -> list[History]:  # fmt: skip
    """The histories of all cases, of a district's, or of `only` some, up to the end of `today`, by case id.

    `known_before`: only what had been recorded by then, under the version that each case was pinned to then; a case
    whose opening had not been recorded is left out.
    """
    if known_before is not None:
        rules = HistoryRules(connection, known_before)
        listed = _lived_by(connection, rules, today, known_before, district)
        return [one for _, one, _ in listed if one is not None]
    if only is None:
        return _whole.of((today, district), what_is_known(connection), lambda: _now(connection, today, district))
    return _now(connection, today, district, only)


_whole: Latest[list[History]] = Latest()  # readers share them and change none


def _now(
    connection: Connection, today: date, district: str | None, only: Sequence[int] | None = None
) -> list[History]:  # fmt: skip
    """Those of all cases, of a district's or of `only` some by their heads as they are now."""
    known = _remembered(str(connection.engine.url))
    now = {key: (head, pin) for key, head, pin in connection.execute(_heads(district, only)).tuples()}
    stale = [key for key, identity in now.items() if key not in known or not known[key].holds(identity, today)]
    read: dict[int, History | None] = {}
    for key, one, whole in _read(connection, today, district, stale, most=only is None and len(stale) * 2 > len(now)):
        read[key] = one
        if whole and key in now and now[key][0]:
            known[key] = _Known(now[key], today, one)
    found = (read[key] if key in read else known[key].history if key in known else None for key in now)
    return [one for one in found if one is not None]


def store_histories(bind: Engine, today: date, track: Track = silent) -> int:
    """Store the histories that are not stored as they are now; how many. Another process then only reads.

    A part at a time, each a transaction of its own: nobody waits long for it, and what is cut off goes on later.
    """
    with reading(bind) as connection:
        kept, known = identities(connection, today), _remembered(str(connection.engine.url))
        now = [(key, (head, pin)) for key, head, pin in connection.execute(_heads(None)).tuples() if head]
    due = [(key, identity) for key, identity in now if kept.get(key) != identity]
    parts = [due[first : first + _AT_ONCE] for first in range(0, len(due), _AT_ONCE)]
    count = 0
    for part in track(parts, len(parts)):
        with reading(bind) as connection:
            histories(connection, today, only=[key for key, _ in part])
        found = [known[key] for key, identity in part if key in known and known[key].identity == identity]
        listed = [(one.history, one.identity[0], one.day) for one in found if one.history is not None]
        with writing(bind) as connection:
            store(connection, listed)
        count += len(listed)
    return count


@dataclass(frozen=True, slots=True)
class _Known:
    """A history that was read: that of the case with this head and version, seen from `day` or later.

    A case without future facts is the same seen from any later day, until it has another head.
    """

    identity: tuple[str, str]
    day: date
    history: History | None

    def holds(self, identity: tuple[str, str], today: date) -> bool:
        return self.identity == identity and self.day <= today


_of_databases: dict[str, dict[int, _Known]] = {}  # of this process


def _remembered(url: str) -> dict[int, _Known]:
    if url not in _of_databases:
        _of_databases.clear()  # one process serves one office
        _of_databases[url] = {}
    return _of_databases[url]


def _heads(district: str | None, only: Sequence[int] | None = None) -> Any:
    found = select(case_rows.c.id, case_rows.c.head, case_rows.c.procedure).order_by(case_rows.c.id)
    if only is not None:
        found = found.where(case_rows.c.id.in_(only))
    return found.where(case_rows.c.district_code == district) if district else found


def _read(
    connection: Connection, today: date, district: str | None, stale: Sequence[int], *, most: bool
) -> Iterator[tuple[int, History | None, bool]]:
    """Those of `stale`: stored ones, the others folded; see `_lived_by`. `most`: they are most of those asked for, so
    that all are read in one statement."""
    if not stale:
        return
    found = stored(connection, today, district, stale if len(stale) <= _AT_ONCE else None)
    yield from ((key, found[key], True) for key in stale if key in found)
    rest = [key for key in stale if key not in found]
    if not rest:
        return
    rules = HistoryRules(connection, None)
    if most and len(rest) * 2 > len(stale):
        yield from _lived_by(connection, rules, today, None, district)
        return
    for first in range(0, len(rest), _AT_ONCE):
        yield from _lived_by(connection, rules, today, None, district, rest[first : first + _AT_ONCE])


def _lived_by(
    connection: Connection, rules: HistoryRules, today: date, known_before: datetime | None, district: str | None,
    only: Sequence[int] | None = None,
) -> Iterator[tuple[int, History | None, bool]]:  # fmt: skip
    """By case: its id, its history up to `today`, and whether no fact lies behind that day."""
    row, columns = case_rows.c, facts.c
    case = (columns.case_id, row.ref, row.district_code, row.procedure)
    fact = (columns.seq, columns.kind, columns.occurred_on, columns.data, columns.annuls)
    found = select(*case, *fact).join(case_rows, row.id == columns.case_id)
    found = found.where(or_(columns.kind.in_(rules.kinds), columns.annuls.is_not(None)))
    if district:
        found = found.where(row.district_code == district)
    if known_before is not None:
        found = found.where(columns.recorded_at < known_before)
    if only is not None:
        found = found.where(columns.case_id.in_(only))
    rows = connection.execute(found.order_by(columns.case_id, columns.seq)).tuples()
    for key, own in groupby(rows, key=itemgetter(0)):
        every = list(own)  # unpacked: of a million rows, columns by their names take longer than the fold
        views = [FactView(seq, kind, on, data=data, annuls=annuls) for _, _, _, _, seq, kind, on, data, annuls in every]
        listed = [one for one in views if one.annuls is not None or one.occurred_on <= today]
        yield key, rules.history(Named(*every[0][:4]), listed) if listed else None, len(listed) == len(every)
