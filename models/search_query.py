"""Statements that find what was asked for, the same for SQLite's FTS5 and PostgreSQL's text search."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Select, and_, column, func, literal, or_, select, table
from sqlalchemy import text as sql_text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.database import is_sqlite
from models.search_index import marks
from models.search_text import Asked, AskedWord, asked_words
from models.tables import search_entries

_E = search_entries.c
_WORDS = table("search_words", column("rowid"))  # SQLite's full-text table
_AT_ONCE = 300  # entries of all kinds that are read for hits while typing


class _Says(FunctionElement[bool]):
    """Whether an entry has the words of a query; of its two texts each database reads its own."""

    inherit_cache = True
    type = Boolean()

    def __init__(self, full_text: str, ts_query: str) -> None:
        super().__init__(literal(full_text), literal(ts_query))


@compiles(_Says, "sqlite")
def _in_full_text(element: _Says, compiler: Any, **options: Any) -> str:
    query, _ = element.clauses
    matching = f"search_words MATCH {compiler.process(query, **options)}"
    return f"search_entry.id IN (SELECT rowid FROM search_words WHERE {matching})"  # noqa: S608 - a bound value


@compiles(_Says, "postgresql")
def _in_vector(element: _Says, compiler: Any, **options: Any) -> str:
    _, query = element.clauses
    return f"search_entry.vector @@ CAST({compiler.process(query, **options)} AS tsquery)"


def found_by(kind: str, text: str, office: str | None = None) -> Select[int]:
    """The subjects of a kind that a typed text finds, as a statement to build on; none where it asks for nothing."""
    asked = asked_words(text)
    said = _Says(*_queries(asked, {kind: office}, len(asked))) if asked else _E.id < 0
    return _of_kind(select(_E.subject), kind, office).where(said)


def page_found(
    connection: Connection, ids: Select[Any], order: Sequence[ColumnElement[Any]], limit: int, offset: int
) -> tuple[list[int], int]:
    """A page of ids that a text has found, and how many there are in all: the words are looked up once for both."""
    page = ids.add_columns(func.count().over()).order_by(*order).limit(limit).offset(offset)
    found = connection.execute(page).tuples().all()
    if found or not offset:
        return [number for number, _ in found], found[0][1] if found else 0
    return [], connection.scalar(ids.with_only_columns(func.count())) or 0


def ranked(
    connection: Connection, kind: str, text: str, office: str | None, *, limit: int, offset: int = 0
) -> list[int]:
    """A page of what is found, the newest first in each of three parts: every word is whole; the last has only begun;
    any has.
    """
    asked = asked_words(text)
    found: list[int] = []
    for begun, but in _parts(asked):
        queries = _queries(asked, {kind: office}, begun, but)
        part = _of_kind(_streamed(connection, queries), kind, office)
        found.extend(connection.scalars(part.limit(limit - len(found)).offset(offset)))
        if len(found) == limit:
            break
        if offset:
            within = _of_kind(select(func.count()).select_from(search_entries), kind, office)
            offset -= min(offset, connection.scalar(within.where(_Says(*queries))) or 0)
    return found


def suggested(
    connection: Connection, text: str, offices: Mapping[str, str | None], *, limit: int
) -> dict[str, list[int]]:
    """The first hits of each kind in its office, quick enough for every letter typed.

    All kinds are read at once. Words that have only begun, but for the last, count where nothing else is found.
    """
    asked = asked_words(text)
    found: dict[str, list[int]] = {kind: [] for kind in offices}
    for begun, but in _parts(asked):
        if but == 1 and any(found.values()):
            break
        lacking = {kind: office for kind, office in offices.items() if len(found[kind]) < limit}
        newest = _newest(connection, _queries(asked, lacking, begun, but), lacking)
        for kind, office in lacking.items():
            wanted = limit - len(found[kind])
            hits = [subject for of_kind, subject in newest if of_kind == kind][:wanted]
            if len(hits) < wanted and len(newest) == _AT_ONCE:  # older ones may be beyond what was read
                part = _of_kind(_streamed(connection, _queries(asked, {kind: office}, begun, but)), kind, office)
                hits = list(connection.scalars(part.limit(wanted)))
            found[kind] += hits
    return found


def _newest(
    connection: Connection, queries: tuple[str, str], offices: Mapping[str, str | None]
) -> list[tuple[str, int]]:
    if not offices:
        return []
    rows = _streamed(connection, queries).add_columns(_E.kind).where(_in_offices(offices)).limit(_AT_ONCE)
    return [(kind, subject) for subject, kind in connection.execute(rows).tuples()]


def _parts(asked: Asked) -> list[tuple[int, int | None]]:
    """How many of the last words may go on, without what is found with how many; each part once."""
    parts: list[tuple[int, int | None]] = [(0, None), (1, 0), (len(asked), 1)]
    return parts[: min(len(asked) + 1, 3)] if asked else []


def _streamed(connection: Connection, queries: tuple[str, str]) -> Select[int]:
    """The newest entries first; SQLite reads no more of its full-text table than are wanted."""
    if connection.dialect.name != "sqlite":
        return select(_E.subject).where(_Says(*queries)).order_by(_E.id.desc())
    matching = sql_text("search_words MATCH :matching").bindparams(matching=queries[0])
    joined = _WORDS.join(search_entries, _WORDS.c.rowid == _E.id)
    return select(_E.subject).select_from(joined).where(matching).order_by(_WORDS.c.rowid.desc())


def counts(connection: Connection, text: str, offices: Mapping[str, str | None]) -> dict[str, int]:
    """How many of each kind a typed text finds in its office; the kinds without any are left out."""
    asked = asked_words(text)
    if not asked or not offices:
        return {}
    if is_sqlite(connection):
        return _counted_words(connection, asked, offices)
    said = _Says(*_queries(asked, offices, len(asked)))
    found = select(_E.kind, func.count()).where(said, _in_offices(offices)).group_by(_E.kind)
    return dict(connection.execute(found).tuples().all())


def _counted_words(connection: Connection, asked: Asked, offices: Mapping[str, str | None]) -> dict[str, int]:
    """The same by SQLite's full-text table alone: kind and office are among its words, so no entry is read."""
    matching = column("search_words").op("MATCH")
    found = {}
    for kind, office in offices.items():
        query, _ = _queries(asked, {kind: office}, len(asked))
        found[kind] = connection.scalar(select(func.count()).select_from(_WORDS).where(matching(query))) or 0
    return {kind: count for kind, count in found.items() if count}


def _in_offices(offices: Mapping[str, str | None]) -> ColumnElement[bool]:
    return or_(
        *(_E.kind == kind if office is None else and_(_E.kind == kind, _E.office == office)
          for kind, office in offices.items())
    )  # fmt: skip


def _of_kind(statement: Select[int], kind: str, office: str | None) -> Select[int]:
    return statement.where(_E.kind == kind, *([] if office is None else [_E.office == office]))


def _queries(asked: Asked, offices: Mapping[str, str | None], begun: int, but: int | None = None) -> tuple[str, str]:
    """The question of each database: the last `begun` words may go on. `but`: without what is found with that many."""

    def written(form: _Form) -> str:
        said = form.every(asked, begun)
        said = said if but is None else form.without(said, form.every(asked, but))
        own = (form.both.join(map(form.mark, marks(kind, office).split())) for kind, office in offices.items())
        return f"({form.either.join(f'({one})' for one in own)}){form.both}{said}"

    return written(_FULL_TEXT), written(_TS_QUERY)


class _Form:
    """How a database writes a query. Words have letters and figures only, so they need no escaping."""

    def __init__(self, both: str, either: str, except_: str, quote: str, begins: str) -> None:
        self.both, self.either, self.except_, self.quote, self.begins = both, either, except_, quote, begins

    def mark(self, word: str) -> str:
        return f"{self.quote}{word}{self.quote}"

    def without(self, loose: str, strict: str) -> str:
        return f"({loose}{self.except_}{strict})"

    def every(self, asked: Asked, begun: int) -> str:
        wholes = len(asked) - begun
        chunks = (self.either.join(self._way(way, at < wholes) for way in ways) for at, ways in enumerate(asked))
        return "(" + self.both.join(f"({chunk})" for chunk in chunks) + ")"

    def _way(self, way: Iterable[AskedWord], whole: bool) -> str:
        return "(" + self.both.join(self._word(word, whole) for word in way) + ")"

    def _word(self, word: AskedWord, whole: bool) -> str:
        return self.mark(word.text) + ("" if whole or word.whole else self.begins)


_FULL_TEXT = _Form(" AND ", " OR ", " NOT ", '"', "*")
_TS_QUERY = _Form(" & ", " | ", " & !", "'", ":*")
