"""All rows that an import of the register writes, made before the transaction that writes them.

Reading, comparing and opening cases takes a while and holds nobody up, since the rows go into temporary tables of the
connection. `Mark` says whether what they were made from still holds; then a few statements take them over.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Any

from sqlalchemy import Connection, Table, and_, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from casework.many_openings import Openings
from casework.office.unit_communes import commune_code
from casework.opening import ISSUER
from casework.unit_rows import codes_by_name, table_row
from models.clock import Clock
from models.database import give_way, is_sqlite, one_import, writing_on
from models.folding import fold
from models.history_log import begin_noting, digest_of, enter_staged
from models.search_index import (
    entry_of,
    leave_words,
    put_off_words,
    words_of_unit,
    write_later_words,
    write_left_words,
)
from models.staging import fill, next_ids, staged, take_over
from models.tables import books, case_rows, deadlines, effects, facts, log_entries, search_entries, units
from models.tracking import Track
from models.typed_rows import row_of
from models.typed_rows.case_shapes import RegisterRow
from register.communes import CommuneIndex
from register.flags import flags_of
from register.gate import Change, Plan
from register.rows import ExistingUnit

UNIT, CASE = "unit", "case"
# what an import is made from; a case that is opened takes a number from a book
_READ = (UNIT, "district", "commune", "officer", "heading_word", "procedure_version", "closing", "calendar_adoption")
PLACED = frozenset({"commune", "district"})  # a unit for which a file changes one lies elsewhere
_AT_ONCE = 500  # cases made at a time


class Overtaken(Exception):
    """Others changed what an import was made from."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The end of the office's log at an instant when nobody wrote: what is changed later has higher numbers."""

    last: int

    @classmethod
    def now(cls, connection: Connection) -> "Mark":
        """In a transaction with `rules=True`: on PostgreSQL all who wrote before have then committed."""
        return cls(connection.scalar(select(func.max(log_entries.c.id))) or 0)

    def still_holds(self, connection: Connection, busy: frozenset[int]) -> bool:
        """Whether nothing that an import is made from was changed since; `busy`: its units that have an open case."""
        columns = log_entries.c
        opened = and_(columns.entity == "book", columns.key.startswith(f"{ISSUER}|"))
        changed = select(columns.id).where(columns.id > self.last, or_(columns.entity.in_(_READ), opened))
        if connection.execute(changed.limit(1)).first() is not None:
            return False
        return busy <= units_with_case(connection)  # a case that was closed is no entry of these tables


@dataclass(frozen=True, slots=True)
class StagedImport:
    """Rows of an import in temporary tables.

    `refs`: of its cases. `book`: that they are numbered in. `first`: the number of the first. `busy`: the changed units
    that got no case since they have one.
    """

    refs: Sequence[str]
    book: Mapping[str, Any]
    first: int
    busy: frozenset[int]
    tables: Mapping[str, Table]


def units_with_case(connection: Connection) -> frozenset[int]:
    """The units that have an open case."""
    return frozenset(connection.scalars(select(case_rows.c.unit_id).where(case_rows.c.closed_on.is_(None))))


def changed_unit(change: Change) -> ExistingUnit:
    """The unit as it is after the change: what the file is silent about stays."""
    fields: dict[str, Any] = {item.field: item.after for item in change.fields}
    return replace(change.unit, **fields)


class Stage:
    """Makes the rows of a planned import in temporary tables of the connection.

    `names`: of the districts by their codes. `index`: the office's communes.
    """

    def __init__(
        self, connection: Connection, plan: Plan, names: Mapping[str, str], index: CommuneIndex, today: date
    ) -> None:
        self._connection, self._plan, self._today, self._index = connection, plan, today, index
        self._codes = codes_by_name(names)
        self.tables = {
            "unit": staged(connection, units),
            "changed": staged(connection, units, name="changed_unit"),
            "log": staged(connection, log_entries, without=("id",)),
            "case": staged(connection, case_rows),
            "fact": staged(connection, facts, without=("id",)),
            "deadline": staged(connection, deadlines, without=("id",)),
            "effect": staged(connection, effects, without=("id",)),
            "words": staged(connection, search_entries, without=("id",), found_by=("kind", "subject")),
        }

    def make(
        self, known: Sequence[RegisterRow], *, by: str, role: str, clock: Clock, track: Track
    ) -> StagedImport:  # fmt: skip
        """Make every row. `known`: the register as the file was compared with it."""
        new, changed = list(self._new()), list(self._changed(known))
        self._fill("unit", new)
        self._fill("changed", changed)
        entries = ({"entity": UNIT, "key": str(row["id"]), "digest": digest_of(UNIT, row)} for row in (*changed, *new))
        self._fill("log", entries)
        asked = {int(change.unit.unit_id) for change in self._plan.changed}
        busy = units_with_case(self._connection) & asked
        touched = sorted((row for row in changed if row["id"] in asked), key=lambda row: row["id"]) + new
        flagged = [row for row in touched if row["flags"] and row["id"] not in busy]
        ids = next_ids(self._connection, case_rows, len(flagged))
        openings = Openings(self._connection, ids, by=by, role=role, clock=clock, on=self._today)
        first, cases = openings.last + 1, dict[int, tuple[int, str]]()
        tracked = iter(track(flagged, len(flagged)))
        while some := list(islice(tracked, _AT_ONCE)):
            cases |= self._open(openings, some)
        self._fill("words", self._words(new, cases))
        refs = tuple(ref for _, ref in cases.values())
        return StagedImport(refs, openings.book, first, busy, self.tables)

    def _new(self) -> Iterator[RegisterRow]:
        for number, unit in zip(next_ids(self._connection, units, len(self._plan.new)), self._plan.new, strict=True):
            row = table_row(unit, self._codes[fold(unit.district)], flags_of(unit, self._today))
            yield row_of(RegisterRow, row | {"id": number, "commune_code": commune_code(self._index, row)})

    def _changed(self, known: Sequence[RegisterRow]) -> Iterator[RegisterRow]:
        """Units that the file changes, written whole, and those whose commune is found only now."""
        changes = {int(change.unit.unit_id): change for change in self._plan.changed}
        for row in known:
            change = changes.get(row["id"])
            after = self._after(row, change) if change else row
            code = after["commune_code"] or commune_code(self._index, after)
            if change or (code is not None and row["commune_code"] is None):
                yield row_of(RegisterRow, {**after, "commune_code": code})

    def _after(self, row: RegisterRow, change: Change) -> RegisterRow:
        """The row after a change; a commune that was found or set does not count for a unit that lies elsewhere now."""
        unit = changed_unit(change)
        fields = table_row(unit, self._codes[fold(unit.district)], flags_of(unit, self._today))
        fields["is_sample"] = row["is_sample"]
        if any(item.field in PLACED for item in change.fields):
            fields["commune_code"] = None
        return row_of(RegisterRow, {**row, **fields})

    def _open(self, openings: Openings, rows: Sequence[RegisterRow]) -> dict[int, tuple[int, str]]:
        """Open a case of each unit; the cases' ids and references by the units' ids."""
        made = [openings.open(row) for row in rows]
        self._fill("case", (item.case for item in made))
        self._fill("fact", (item.fact for item in made))
        self._fill("deadline", (row for item in made for row in item.deadlines))
        self._fill("effect", (item.effect for item in made))
        return {row["id"]: (item.number, item.ref) for row, item in zip(rows, made, strict=True)}

    def _words(
        self, new: Sequence[RegisterRow], cases: Mapping[int, tuple[int, str]]
    ) -> Iterator[Mapping[str, Any]]:  # fmt: skip
        """What new units and their cases are found by; the words of units that were there are made as ever."""
        for row in new:
            commune = self._index.by_code.get(row["commune_code"] or "")
            number, ref = cases.get(row["id"], (0, ""))
            own = {**row, "commune_name": commune.name.proper if commune else None}
            said = words_of_unit(own, [(ref, row["name"])] if ref else [])
            yield entry_of(UNIT, row["id"], row["district_code"], said)
            if ref:
                yield entry_of(CASE, number, row["district_code"], said)

    def _fill(self, name: str, rows: Iterable[Mapping[str, Any]]) -> None:
        fill(self._connection, self.tables[name], rows)


def claim(connection: Connection, made: StagedImport, mark: Mark) -> None:
    """Hold what is about to be written: no other import, nobody else's change of the same units, the cases' numbers.

    Raises Overtaken: what the import was made from was changed since the mark; nothing may be committed.
    """
    one_import(connection)
    if not is_sqlite(connection):
        same = select(units.c.id).where(units.c.id.in_(select(made.tables["changed"].c.id))).order_by(units.c.id)
        connection.execute(same.with_for_update())
    if made.refs:
        _take_numbers(connection, made)
    if not mark.still_holds(connection, made.busy):
        raise Overtaken


def write(connection: Connection, made: StagedImport) -> None:
    """Take over what was made and claimed. On SQLite every other writer waits for as long as this lasts."""
    tables, before = made.tables, begin_noting(connection)
    take_over(connection, units, tables["unit"])
    _change(connection, tables["changed"])
    put_off_words(connection, UNIT, tables["changed"])
    enter_staged(connection, UNIT, tables["log"], before)
    for target, name in ((case_rows, "case"), (facts, "fact"), (deadlines, "deadline"), (effects, "effect")):
        take_over(connection, target, tables[name])
    leave_words(connection, tables["words"])
    put_off_words(connection, CASE, tables["case"])  # the rest of them: cases of units that were there


def write_words_after(connection: Connection, made: StagedImport) -> None:
    """What units and their cases are found by, in short transactions after the import is there."""
    for kind in (UNIT, CASE):
        last: int | None = 0
        while last is not None:
            give_way(connection)
            with writing_on(connection):
                last = write_left_words(connection, made.tables["words"], kind, last)
    more = True
    while more:
        give_way(connection)
        with writing_on(connection):
            more = write_later_words(connection)


def _change(connection: Connection, changed: Table) -> None:
    """Every changed unit written whole."""
    values = {column.name: changed.c[column.name] for column in units.columns if column.name != "id"}
    connection.execute(update(units).where(units.c.id == changed.c.id).values(values))


def _take_numbers(connection: Connection, made: StagedImport) -> None:
    """The book goes on after the last case. Raises Overtaken: another case took one of the numbers."""
    module = sqlite if is_sqlite(connection) else postgresql
    count = len(made.refs)
    taken = module.insert(books).values(**made.book, last=count)
    taken = taken.on_conflict_do_update(index_elements=list(made.book), set_={"last": books.c.last + count})
    if connection.execute(taken.returning(books.c.last)).scalar_one() != made.first + count - 1:
        raise Overtaken
