"""Statements that find what was asked for, the same for SQLite's FTS5 and PostgreSQL's text search."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Select, func, literal, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from models.search_index import marks
from models.search_text import Asked, AskedWord, asked_words
from models.tables import search_entries

_E = search_entries.c


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
    said = _says(asked, kind, office) if asked else _E.id < 0
    return _of_kind(select(_E.subject), kind, office).where(said)


def ranked(connection: Connection, kind: str, text: str, office: str | None, *, limit: int, offset: int) -> list[int]:
    """A page of what is found: first what has the words whole, then what has longer ones; the newest first in each."""
    asked = asked_words(text)
    if not asked:
        return []
    found: list[int] = []
    skip = offset
    for said in (_says(asked, kind, office, whole=True), _says(asked, kind, office, whole=False)):
        part = _of_kind(select(_E.subject), kind, office).where(said)
        found.extend(connection.scalars(part.order_by(_E.id.desc()).limit(limit - len(found)).offset(skip)))
        if len(found) == limit:
            break
        skip -= min(skip, connection.scalar(select(func.count()).select_from(part.subquery())) or 0) if skip else 0
    return found


def count(connection: Connection, kind: str, text: str, office: str | None) -> int:
    """How many of a kind a typed text finds."""
    return connection.scalar(select(func.count()).select_from(found_by(kind, text, office).subquery())) or 0


def _of_kind(statement: Select[int], kind: str, office: str | None) -> Select[int]:
    return statement.where(_E.kind == kind, *([] if office is None else [_E.office == office]))


def _says(asked: Asked, kind: str, office: str | None, whole: bool | None = None) -> ColumnElement[bool]:
    """`whole`: only what has every word whole, or only the rest; None: both."""
    marked = marks(kind, office).split()
    texts = []
    for form in (_FULL_TEXT, _TS_QUERY):
        loose, strict = form.every(asked, whole=False), form.every(asked, whole=True)
        said = {None: loose, True: strict, False: form.without(loose, strict)}[whole]
        texts.append(form.both.join([*map(form.mark, marked), said]))
    return _Says(*texts)


class _Form:
    """How a database writes a query. Words have letters and figures only, so they need no escaping."""

    def __init__(self, both: str, either: str, except_: str, quote: str, begins: str) -> None:
        self.both, self.either, self.except_, self.quote, self.begins = both, either, except_, quote, begins

    def mark(self, word: str) -> str:
        return f"{self.quote}{word}{self.quote}"

    def without(self, loose: str, strict: str) -> str:
        return f"({loose}{self.except_}{strict})"

    def every(self, asked: Asked, *, whole: bool) -> str:
        chunks = (self.either.join(self._way(way, whole) for way in ways) for ways in asked)
        return "(" + self.both.join(f"({chunk})" for chunk in chunks) + ")"

    def _way(self, way: Iterable[AskedWord], whole: bool) -> str:
        return "(" + self.both.join(self._word(word, whole) for word in way) + ")"

    def _word(self, word: AskedWord, whole: bool) -> str:
        return self.mark(word.text) + ("" if whole or word.whole else self.begins)


_FULL_TEXT = _Form(" AND ", " OR ", " NOT ", '"', "*")
_TS_QUERY = _Form(" & ", " | ", " & !", "'", ":*")
