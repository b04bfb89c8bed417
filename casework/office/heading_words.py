"""What headings of register files mean in an office: mapped once by a person, read ever after."""

from typing import Any

from sqlalchemy import Connection, Engine, delete, or_, select

from casework.office.people import actor
from models.clock import Clock
from models.database import reading, writing
from models.errors import NotFound, Refused, WrongInput
from models.tables import heading_words
from procedures.state_machine.field_values import one_line
from register.rows import UNIT_FIELDS
from register.tables.header import heading_key

MAY_MAP = frozenset({"manager", "admin", "case_officer"})
LONGEST_HEADING = 200
LEFT_OUT = ""  # in place of a field: the column is not read, and no question about it comes up again


def words_of_office(connection: Connection, district: str | None) -> dict[str, str]:
    """Fields by the folded keys of headings; a district's own words come before those of the city."""
    found = select(heading_words.c.key, heading_words.c.field).where(_seen_by(district))
    city_first = found.order_by(heading_words.c.district_code.is_not(None))
    return dict(connection.execute(city_first).tuples().all())


def mapped_headings(bind: Engine, district: str | None) -> list[dict[str, Any]]:
    """The headings that were mapped, as they were written, with their fields and who did it."""
    with reading(bind) as connection:
        found = select(heading_words).where(_seen_by(district)).order_by(heading_words.c.key, heading_words.c.id)
        return [dict(row) for row in connection.execute(found).mappings()]


def map_heading(bind: Engine, heading: str, field: str, *, by: str, clock: Clock) -> None:
    """From now on a column under `heading` is read as `field`, or left out (`LEFT_OUT`), in the person's office.

    Raises:
        WrongInput: field `heading` (empty or too long) or `field` (no field of the register).
        Refused: the person may not import registers.
    """
    text = one_line(heading)
    key = heading_key(text)
    if not key or len(text) > LONGEST_HEADING:
        raise WrongInput("heading", "heading_empty_or_long", longest=LONGEST_HEADING)
    if field not in (*UNIT_FIELDS, LEFT_OUT):
        raise WrongInput("field", "no_such_register_field", value=field[:60])
    with writing(bind) as connection:
        district = _mapper(connection, by)
        connection.execute(delete(heading_words).where(heading_words.c.key == key, _own(district)))
        row = {"key": key, "heading": text, "field": field, "district_code": district, "by": by, "at": clock.now()}
        connection.execute(heading_words.insert().values(row))


def forget_heading(bind: Engine, heading: str, *, by: str) -> None:
    """The heading is no longer mapped in the person's office.

    Raises:
        NotFound: it was not mapped there.
        Refused: the person may not import registers.
    """
    with writing(bind) as connection:
        district = _mapper(connection, by)
        gone = connection.execute(
            delete(heading_words).where(heading_words.c.key == heading_key(heading), _own(district))
        )
        if not gone.rowcount:
            raise NotFound("heading_not_mapped", heading=heading[:60])


def _mapper(connection: Connection, by: str) -> str | None:
    person = actor(connection, by)
    if person.role not in MAY_MAP:
        raise Refused("import_not_yours")
    return person.district


def _own(district: str | None) -> Any:
    column = heading_words.c.district_code
    return column.is_(None) if district is None else column == district


def _seen_by(district: str | None) -> Any:
    return or_(heading_words.c.district_code.is_(None), _own(district))
