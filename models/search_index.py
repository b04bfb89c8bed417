"""The words of everything that can be found, written in the transaction that changes what they are made of.

Triggers note which units, cases and papers changed; `write_words` makes their words anew before
the commit. So no code that writes one of them can forget the search.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    RowMapping,
    Table,
    bindparam,
    delete,
    func,
    literal,
    or_,
    select,
    true,
    tuple_,
    union,
    update,
)
from sqlalchemy.dialects import postgresql

from models.driver_sql import DriverStatement
from models.search_text import kept_words
from models.search_triggers import is_searchable, settle_search_triggers
from models.tables import (
    case_notes,
    case_rows,
    communes,
    earlier_paper_cases,
    earlier_papers,
    incoming,
    instructions,
    letter_cases,
    letter_rows,
    search_entries,
    search_stale,
    units,
)

SUBJECTS: Mapping[str, Table] = {
    "unit": units, "case": case_rows, "letter": letter_rows, "incoming": incoming, "earlier": earlier_papers,
    "note": case_notes, "instruction": instructions,
}  # fmt: skip
FOUND_ANEW = "DELETE FROM search_stale WHERE NOT later RETURNING kind, subject"  # what this transaction changed
_BATCH = 500
_LEFT_AT_ONCE = 2_000  # a fifth of a second in which others wait
_UNIT = (
    units.c.name, units.c.representative, units.c.commune, units.c.certificate_number, units.c.tax_code, units.c.phone,
    communes.c.name.label("commune_name"),
)  # fmt: skip
_WITH_COMMUNE = units.outerjoin(communes, communes.c.code == units.c.commune_code)


def _upsert() -> Any:
    statement = postgresql.insert(search_entries).inline()
    statement = statement.values({name: bindparam(name) for name in ("kind", "subject", "office", "words")})
    new, columns = statement.excluded, search_entries.c
    return statement.on_conflict_do_update(
        index_elements=["kind", "subject"],
        set_={"office": new.office, "words": new.words},
        where=or_(columns.office != new.office, columns.words != new.words),
    )


_UPSERT = DriverStatement(_upsert())
_TOGETHER = (  # all rows in one statement, at whose end the full-text table puts in order what it gathered
    "INSERT INTO search_entry (kind, subject, office, words) "
    "SELECT value ->> '$[0]', value ->> '$[1]', value ->> '$[2]', value ->> '$[3]' FROM json_each(?) WHERE true "
    "ON CONFLICT (kind, subject) DO UPDATE SET office = excluded.office, words = excluded.words "
    "WHERE office <> excluded.office OR words <> excluded.words"
)

Words = dict[int, tuple[str, str]]  # by subject: its office and its words


def write_words(connection: Connection, noted: Sequence[Sequence[Any]]) -> None:
    """Make the words of what this transaction changed (`noted`: by FOUND_ANEW) anew, and of what is about it."""
    changed: defaultdict[str, set[int]] = defaultdict(set)
    for kind, subject in noted:
        changed[kind].add(subject)
    if not changed:
        return
    _add_dependent(connection, changed)
    for kind, subjects in changed.items():
        write_words_of(connection, kind, subjects)


def write_words_of(connection: Connection, kind: str, subjects: Collection[int]) -> None:
    """Make the words of these anew; what is as it should be is not written."""
    for chunk in _chunks(subjects):
        _write(connection, kind, chunk, _MADE[kind](connection, chunk))


def leave_words(connection: Connection, staged: Table) -> None:
    """Leave the words of what this transaction made for later ones, as they would be half of its time.

    `staged`: the entries. Until they have their words (`write_left_words`, else `write_missing_words`) they are empty.
    """
    names, columns = ["kind", "subject", "office", "words"], staged.c
    empty = select(columns.kind, columns.subject, columns.office, literal(""))
    connection.execute(search_entries.insert().from_select(names, empty, include_defaults=False))
    done = tuple_(search_stale.c.kind, search_stale.c.subject).in_(select(staged.c.kind, staged.c.subject))
    connection.execute(delete(search_stale).where(done))


def write_left_words(connection: Connection, staged: Table, kind: str, after: int) -> int | None:
    """The words of the next things of a kind, prepared in `staged`, above an id; returns the last id, None at the end.

    An entry that has words was written anew meanwhile. One statement: SQLite's full-text table puts what it gathered
    in order at the end of each.
    """
    own = (staged.c.kind == kind, staged.c.subject > after)
    some = select(staged.c.subject).where(*own).order_by(staged.c.subject).limit(_LEFT_AT_ONCE).subquery()
    last: int | None = connection.scalar(select(func.max(some.c.subject)))
    if last is not None:
        columns = search_entries.c
        empty = (columns.kind == kind, columns.subject > after, columns.subject <= last, columns.words == "")
        same = (staged.c.kind == columns.kind, staged.c.subject == columns.subject)
        connection.execute(update(search_entries).where(*empty, *same).values(words=staged.c.words))
    return last


def put_off_words(connection: Connection, kind: str, changed: Table) -> None:
    """What this transaction changed of a kind keeps its former words; `write_later_words` makes them anew.

    `changed`: a table with the ids of what was changed.
    """
    own = (search_stale.c.kind == kind, search_stale.c.subject.in_(select(changed.c.id)))
    connection.execute(update(search_stale).where(*own, search_stale.c.later.is_(False)).values(later=True))


def write_later_words(connection: Connection) -> bool:
    """Make the words anew of some of what `put_off_words` left; whether there were any."""
    columns = search_stale.c
    first = select(columns.id).where(columns.later).order_by(columns.id).limit(_BATCH)
    listed = delete(search_stale).where(columns.id.in_(first)).returning(columns.kind, columns.subject)
    noted = [(None, kind, subject) for kind, subject in connection.execute(listed).tuples()]
    if connection.dialect.name != "sqlite":  # nobody renames a unit while its words are made
        held = select(units.c.id).where(units.c.id.in_([subject for _, kind, subject in noted if kind == "unit"]))
        connection.execute(held.order_by(units.c.id).with_for_update())
    write_words(connection, [note[1:] for note in noted])
    return bool(noted)


def write_missing_words(connection: Connection) -> bool:
    """Make the words that an import left, as after a kill, of some; whether there were any."""
    empty = select(search_entries.c.kind, search_entries.c.subject).where(search_entries.c.words == "").limit(_BATCH)
    missing: defaultdict[str, set[int]] = defaultdict(set)
    for kind, subject in connection.execute(empty).tuples():
        missing[kind].add(subject)
    for kind, subjects in missing.items():
        write_words_of(connection, kind, subjects)
    return write_later_words(connection) or bool(missing)


def forget_gone(connection: Connection) -> None:
    """Take away the words of what is not there any more."""
    for kind, table in SUBJECTS.items():
        gone = search_entries.c.subject.not_in(select(table.c.id))
        connection.execute(delete(search_entries).where(search_entries.c.kind == kind, gone))


def settle_search(connection: Connection) -> None:
    """After an upgrade: the triggers as they should be, and the words of an office that has none yet."""
    if not is_searchable(connection):
        return  # upgraded to an earlier revision
    settle_search_triggers(connection)
    if connection.execute(select(search_entries.c.id).limit(1)).first() is None:
        for kind, table in SUBJECTS.items():
            write_words_of(connection, kind, connection.scalars(select(table.c.id)).all())


def _add_dependent(connection: Connection, changed: defaultdict[str, set[int]]) -> None:
    """A unit is found by its cases and they by it; papers by the cases they are about."""
    for chunk in _chunks(changed["case"]):
        changed["unit"].update(connection.scalars(select(case_rows.c.unit_id).where(case_rows.c.id.in_(chunk))))
    for chunk in _chunks(changed["unit"]):
        changed["case"].update(connection.scalars(select(case_rows.c.id).where(case_rows.c.unit_id.in_(chunk))))
    for chunk in _chunks(changed["case"]):
        about = union(
            select(letter_rows.c.id).where(letter_rows.c.case_id.in_(chunk)),
            select(letter_cases.c.letter_id).where(letter_cases.c.case_id.in_(chunk)),
        )
        changed["letter"].update(connection.scalars(about))
        changed["incoming"].update(connection.scalars(select(incoming.c.id).where(incoming.c.case_id.in_(chunk))))
        links = earlier_paper_cases.c
        changed["earlier"].update(connection.scalars(select(links.paper_id).where(links.case_id.in_(chunk))))
        for kind, table in (("note", case_notes), ("instruction", instructions)):
            changed[kind].update(connection.scalars(select(table.c.id).where(table.c.case_id.in_(chunk))))


def _chunks(subjects: Collection[int]) -> Iterator[Sequence[int]]:
    """In one order, so that two transactions that write the same words wait for each other and do not deadlock."""
    ordered = sorted(subjects)
    return (ordered[start : start + _BATCH] for start in range(0, len(ordered), _BATCH))


def _write(connection: Connection, kind: str, subjects: Sequence[int], words: Words) -> None:
    rows = [entry_of(kind, subject, office, said) for subject, (office, said) in words.items()]
    if rows and connection.dialect.name == "sqlite":
        connection.exec_driver_sql(_TOGETHER, (json.dumps([list(row.values()) for row in rows]),))
    elif rows:
        _UPSERT.run_many(connection, rows)
    columns = search_entries.c
    gone = [subject for subject in subjects if subject not in words]
    if gone:
        connection.execute(delete(search_entries).where(columns.kind == kind, columns.subject.in_(gone)))


def entry_of(kind: str, subject: int, office: str, said: str) -> dict[str, Any]:
    """The row of words `said` of a thing."""
    return {"kind": kind, "subject": subject, "office": office, "words": f"{marks(kind, office)} {said}"}


def marks(kind: str, office: str | None) -> str:
    """Words that nobody can type, for kind and office: a search among many thousands reads no other entries."""
    return f"_{kind} _{office.lower()}" if office else f"_{kind}"


def _units(connection: Connection, subjects: Sequence[int]) -> Words:
    refs = defaultdict(list)
    of_units = select(case_rows.c.unit_id, case_rows.c.ref, case_rows.c.unit_name)
    for unit, ref, name in connection.execute(of_units.where(case_rows.c.unit_id.in_(subjects))).tuples():
        refs[unit].append((ref, name))
    found = select(units.c.id, units.c.district_code, *_UNIT).select_from(_WITH_COMMUNE).where(units.c.id.in_(subjects))
    return {
        row["id"]: (row["district_code"], words_of_unit(dict(row), refs[row["id"]]))
        for row in connection.execute(found).mappings()
    }


def words_of_unit(row: Mapping[str, Any], cases: Sequence[tuple[str, str]]) -> str:
    """The words of a unit with those of its cases; a case has the name that the unit had when it was opened."""
    texts = (row["name"], row["representative"], row["commune"], row["commune_name"], *(name for _, name in cases))
    numbers = (row["certificate_number"], row["tax_code"], row["phone"], *(ref for ref, _ in cases))
    return kept_words(texts, numbers)


def _cases(connection: Connection, subjects: Sequence[int]) -> Words:
    own = (case_rows.c.id, case_rows.c.ref, case_rows.c.unit_name, case_rows.c.district_code)
    joined = case_rows.join(_WITH_COMMUNE, units.c.id == case_rows.c.unit_id)
    found = select(*own, *_UNIT).select_from(joined).where(case_rows.c.id.in_(subjects))
    return {
        row["id"]: (row["district_code"], words_of_unit(dict(row), [(row["ref"], row["unit_name"])]))
        for row in connection.execute(found).mappings()
    }


def _letters(connection: Connection, subjects: Sequence[int]) -> Words:
    """A letter belongs to the office of the case that it is filled from; one without a case is found by nobody."""
    about: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    tied = union(
        select(letter_rows.c.id, letter_rows.c.case_id).where(letter_rows.c.id.in_(subjects)),
        select(letter_cases.c.letter_id, letter_cases.c.case_id).where(letter_cases.c.letter_id.in_(subjects)),
    ).subquery()  # a join by either of two columns reads every case of the office for each letter on PostgreSQL
    joined = tied.join(case_rows, case_rows.c.id == tied.c.case_id).join(units, units.c.id == case_rows.c.unit_id)
    cases = select(tied.c.id, case_rows.c.ref, case_rows.c.unit_name, units.c.name).select_from(joined)
    for letter, *said in connection.execute(cases).tuples():
        about[letter].append((said[0], said[1], said[2]))
    own = (letter_rows.c.id, letter_rows.c.number, letter_rows.c.symbol, case_rows.c.district_code)
    found = select(*own).join(case_rows, case_rows.c.id == letter_rows.c.case_id).where(letter_rows.c.id.in_(subjects))
    return {
        letter: (office, _of_letter(number, symbol, about[letter]))
        for letter, number, symbol, office in connection.execute(found).tuples()
    }


def _of_letter(number: int | None, symbol: str, about: Sequence[tuple[str, str, str]]) -> str:
    shown = "" if number is None else f"{number:02d}/{symbol}"
    return kept_words((name for _, *names in about for name in names), (shown, *(ref for ref, _, _ in about)))


def _incoming(connection: Connection, subjects: Sequence[int]) -> Words:
    columns = incoming.c
    joined = incoming.outerjoin(case_rows, case_rows.c.id == columns.case_id)
    joined = joined.outerjoin(units, units.c.id == case_rows.c.unit_id)
    own = (
        columns.id, columns.office, columns.number, columns.year, columns.symbol, columns.from_body, columns.summary,
        case_rows.c.ref, case_rows.c.unit_name, units.c.name,
    )  # fmt: skip
    found = connection.execute(select(*own).select_from(joined).where(columns.id.in_(subjects)))
    return {row["id"]: (row["office"], _of_incoming(row)) for row in found.mappings()}


def _of_incoming(row: RowMapping) -> str:
    texts = (row["from_body"], row["summary"], row["unit_name"], row["name"])
    return kept_words(texts, (f"{row['number']:02d}", str(row["year"]), row["symbol"], row["ref"]))


def _earlier(connection: Connection, subjects: Sequence[int]) -> Words:
    about: dict[int, list[tuple[str, str]]] = defaultdict(list)
    links, columns = earlier_paper_cases.c, earlier_papers.c
    cases = select(links.paper_id, case_rows.c.ref, case_rows.c.unit_name)
    cases = cases.join(case_rows, case_rows.c.id == links.case_id).where(links.paper_id.in_(subjects))
    for paper, ref, name in connection.execute(cases).tuples():
        about[paper].append((ref, name))
    own = (columns.id, columns.office, columns.symbol, columns.body, columns.summary, columns.signer)
    found = connection.execute(select(*own).where(columns.id.in_(subjects))).tuples()
    return {
        paper: (
            office,
            kept_words((*texts, *(name for _, name in about[paper])), (symbol, *(ref for ref, _ in about[paper]))),
        )
        for paper, office, symbol, *texts in found
    }


def _notes(connection: Connection, subjects: Sequence[int]) -> Words:
    """A note that was struck out is found by nobody."""
    return _of_case(connection, case_notes, (case_notes.c.text,), subjects, case_notes.c.struck_at.is_(None))


def _instructions(connection: Connection, subjects: Sequence[int]) -> Words:
    return _of_case(connection, instructions, (instructions.c.text, instructions.c.answer), subjects, true())


def _of_case(
    connection: Connection, table: Table, texts: Sequence[ColumnElement[str]], subjects: Sequence[int],
    wanted: ColumnElement[bool],
) -> Words:  # fmt: skip
    """What was written about a case, with the names of its unit."""
    own = (table.c.id, case_rows.c.district_code, case_rows.c.ref, case_rows.c.unit_name, units.c.name, *texts)
    joined = table.join(case_rows, case_rows.c.id == table.c.case_id).join(units, units.c.id == case_rows.c.unit_id)
    found = connection.execute(select(*own).select_from(joined).where(table.c.id.in_(subjects), wanted)).tuples()
    return {subject: (office, kept_words(said, (ref,))) for subject, office, ref, *said in found}


_MADE: Mapping[str, Callable[[Connection, Sequence[int]], Words]] = {
    "unit": _units, "case": _cases, "letter": _letters, "incoming": _incoming, "earlier": _earlier,
    "note": _notes, "instruction": _instructions,
}  # fmt: skip
