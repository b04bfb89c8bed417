"""What lists of letters and the calendar read, kept by triggers: no code that writes a row can forget it.

A letter has the district of its case and whether an incoming document answers it; `act_day` has the days that facts
name. Made anew at each upgrade, because SQLite drops triggers when a table is rebuilt.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import Connection, inspect

from models.log_triggers import installed

DAYS_OF: dict[str, str] = {  # of the fact {row}: its fields with a day, which is on or after the fact's own
    "sqlite": (
        "SELECT value, {row}.case_id, {row}.kind, key FROM json_each({row}.data) WHERE type = 'text' "
        "AND value GLOB '[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]' AND value >= {row}.occurred_on"
    ),
    "postgresql": (
        "SELECT value, {row}.case_id, {row}.kind, key FROM json_each_text({row}.data) "
        "WHERE value ~ '^[0-9]{{4}}-[0-9]{{2}}-[0-9]{{2}}$' AND value >= to_char({row}.occurred_on, 'YYYY-MM-DD')"
    ),
}
_SET_DAYS = "INSERT INTO act_day (day, case_id, kind, field) {days} ON CONFLICT DO NOTHING"
_DISTRICT = (
    "UPDATE letter SET district_code = coalesce((SELECT district_code FROM coop_case WHERE id = letter.case_id), '') "
    "WHERE {which}"
)
_ANSWERED = (
    "UPDATE letter SET answered = EXISTS (SELECT 1 FROM incoming WHERE answers_letter_id = letter.id) "
    "WHERE id = {row}.answers_letter_id"
)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is done after an event on a row of a table. `columns`: of an update, only of these."""

    table: str
    event: str
    does: tuple[str, ...]
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return f"{self.table}_{self.event.lower()}_lists"

    @property
    def when(self) -> str:
        return f"{self.event} OF {', '.join(self.columns)}" if self.columns else self.event


def settle_list_triggers(connection: Connection) -> None:
    """Make the triggers that are missing, all anew."""
    dialect = connection.dialect.name
    if not inspect(connection).has_table("act_day"):
        return  # upgraded to an earlier revision
    if {kept.name for kept in _kept(dialect)} <= installed(connection):
        return
    for statement in (_sqlite if dialect == "sqlite" else _postgresql)():
        connection.exec_driver_sql(statement)


def _kept(dialect: str) -> Iterator[_Kept]:
    yield _Kept("fact", "INSERT", (_SET_DAYS.format(days=DAYS_OF[dialect].format(row="NEW")),))
    of_letter = (_DISTRICT.format(which="id = NEW.id"),)
    yield _Kept("letter", "INSERT", of_letter)
    yield _Kept("letter", "UPDATE", of_letter, ("case_id",))
    yield _Kept("coop_case", "UPDATE", (_DISTRICT.format(which="case_id = NEW.id"),), ("district_code",))
    old, new = (_ANSWERED.format(row=row) for row in ("OLD", "NEW"))
    yield _Kept("incoming", "INSERT", (new,))
    yield _Kept("incoming", "UPDATE", (old, new), ("answers_letter_id",))
    yield _Kept("incoming", "DELETE", (old,))


def _sqlite() -> Iterator[str]:
    for kept in _kept("sqlite"):
        yield f"DROP TRIGGER IF EXISTS {kept.name}"
        body = "".join(f"{statement}; " for statement in kept.does)
        yield f'CREATE TRIGGER {kept.name} AFTER {kept.when} ON "{kept.table}" BEGIN {body}END'


def _postgresql() -> Iterator[str]:
    for kept in _kept("postgresql"):
        body = "".join(f"{statement}; " for statement in kept.does)
        yield (
            f"CREATE OR REPLACE FUNCTION {kept.name}() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {body}RETURN NULL; END $$"
        )
        yield f'DROP TRIGGER IF EXISTS {kept.name} ON "{kept.table}"'
        after = f'CREATE TRIGGER {kept.name} AFTER {kept.when} ON "{kept.table}"'
        yield f"{after} FOR EACH ROW EXECUTE FUNCTION {kept.name}()"
