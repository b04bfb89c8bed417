"""The triggers of the search: what changed is noted, and SQLite's full-text table follows the table of words.

Made anew at each upgrade, because SQLite drops them when a table is rebuilt. Names come from our own tables.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

_EVENTS = ("INSERT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True)
class Watched:
    """The columns of a table that words are made of, and the subjects whose words these are (SQL on a row)."""

    subjects: str
    columns: tuple[str, ...]


WATCHED: Mapping[str, Watched] = {
    "unit": Watched(
        "SELECT 'unit', {row}.id",
        ("name", "commune", "commune_code", "district_code", "certificate_number", "tax_code",
         "representative", "phone"),
    ),
    "commune": Watched("SELECT 'unit', id FROM unit WHERE commune_code = {row}.code", ("name",)),
    "coop_case": Watched("SELECT 'case', {row}.id", ("ref", "unit_id", "unit_name", "district_code")),
    "letter": Watched("SELECT 'letter', {row}.id", ("number", "symbol", "case_id")),
    "letter_case": Watched("SELECT 'letter', {row}.letter_id", ("letter_id", "case_id")),
    "incoming": Watched(
        "SELECT 'incoming', {row}.id",
        ("office", "year", "number", "from_body", "symbol", "summary", "case_id"),
    ),
    "earlier_paper": Watched("SELECT 'earlier', {row}.id", ("office", "body", "symbol", "summary", "signer")),
    "earlier_paper_case": Watched("SELECT 'earlier', {row}.paper_id", ("paper_id", "case_id")),
    "case_note": Watched("SELECT 'note', {row}.id", ("case_id", "text", "struck_at")),
    "instruction": Watched("SELECT 'instruction', {row}.id", ("case_id", "text", "answer")),
}  # fmt: skip


def settle_search_triggers(connection: Connection) -> None:
    """Make the triggers that are missing, all anew."""
    if connection.dialect.name == "sqlite":
        found = connection.exec_driver_sql("SELECT name FROM sqlite_master WHERE type = 'trigger'").scalars()
        statements = [*_sqlite(), *_FULL_TEXT]
    else:
        found = connection.exec_driver_sql("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal").scalars()
        statements = list(_postgresql())
    if {_trigger(*item) for item in _names()} <= set(found):
        return
    for statement in statements:
        connection.exec_driver_sql(statement)


def is_searchable(connection: Connection) -> bool:
    """Whether the database is new enough to have words at all, and everything that is found by them."""
    return {"search_entry", *WATCHED} <= set(inspect(connection).get_table_names())


def _names() -> Iterator[tuple[str, str]]:
    return ((table, event) for table in WATCHED for event in _EVENTS)


def _trigger(table: str, event: str) -> str:
    return f"{table}_{event.lower()}_stale"


def _rows(event: str) -> str:
    return "OLD" if event == "DELETE" else "NEW"


def _changed(table: str, event: str, differs: str) -> str:
    """Only a change of a column that words are made of counts."""
    if event != "UPDATE":
        return ""
    return " OR ".join(f'OLD."{name}" {differs} NEW."{name}"' for name in WATCHED[table].columns)


def _sqlite() -> Iterator[str]:
    for table, event in _names():
        yield f"DROP TRIGGER IF EXISTS {_trigger(table, event)}"
        changed = _changed(table, event, "IS NOT")
        yield (
            f'CREATE TRIGGER {_trigger(table, event)} AFTER {event} ON "{table}" '
            f"{f'WHEN {changed} ' if changed else ''}BEGIN "
            f"INSERT INTO search_stale (kind, subject) {WATCHED[table].subjects.format(row=_rows(event))}; END"
        )


_GONE = "INSERT INTO search_words (search_words, rowid, words) VALUES ('delete', OLD.id, OLD.words)"
_NEW = "INSERT INTO search_words (rowid, words) VALUES (NEW.id, NEW.words)"
_FULL_TEXT = tuple(
    statement
    for event, body in (("INSERT", f"{_NEW};"), ("UPDATE", f"{_GONE}; {_NEW};"), ("DELETE", f"{_GONE};"))
    for statement in (
        f"DROP TRIGGER IF EXISTS search_entry_{event.lower()}_words",
        f"CREATE TRIGGER search_entry_{event.lower()}_words AFTER {event} ON search_entry BEGIN {body} END",
    )
)


def _postgresql() -> Iterator[str]:
    for table in WATCHED:
        for event in _EVENTS:
            name, row = _trigger(table, event), _rows(event)
            body = f"INSERT INTO search_stale (kind, subject) {WATCHED[table].subjects.format(row=row)};"
            yield (
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS "
                f"$$ BEGIN {body} RETURN NULL; END $$"
            )
            changed = _changed(table, event, "IS DISTINCT FROM")
            yield f'DROP TRIGGER IF EXISTS {name} ON "{table}"'
            yield (
                f'CREATE TRIGGER {name} AFTER {event} ON "{table}" FOR EACH ROW '
                f"{f'WHEN ({changed}) ' if changed else ''}EXECUTE FUNCTION {name}()"
            )
