"""Who is likely to take a letter over: offered at the field of its receiver, never filled in by itself."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Select, select

from correspondence.joint.shares import kind_of
from models.letter_links import of_case
from models.tables import case_rows, letter_rows, services, units
from models.typed_rows.letter_shapes import LetterOfCase
from procedures.former_names import all_names

RECEIVER = "receiver"
OFFERED, READ = 3, 60  # names offered, and earlier services that are looked into
_S = services.c


def likely_receivers(connection: Connection, letter: LetterOfCase, login: str) -> tuple[str, ...]:
    """Who took over letters of the case before, and the representative of a unit that it is addressed to.

    Of a letter to an authority: who took over letters of that kind from this person.
    """
    case_id, names = letter["case_id"], all_names((), "letters", [letter["template"]])
    of_kind = select(letter_rows.c.id).where(letter_rows.c.template.in_(names))
    found = _receivers(connection, of_kind.where(of_case(case_id)))
    kind = kind_of(letter)
    if "unit" in (*kind.addressees, *kind.recipients):
        found += _receivers(connection, select(letter_rows.c.id).where(of_case(case_id)))
        unit = select(case_rows.c.unit_id).where(case_rows.c.id == case_id).scalar_subquery()
        found += [connection.scalar(select(units.c.representative).where(units.c.id == unit)) or ""]
    else:
        found += _receivers(connection, of_kind, login)
    return tuple(dict.fromkeys(filter(None, found)))[:OFFERED]


def _receivers(connection: Connection, letters: Select[Any], login: str = "") -> list[str]:
    wanted = select(_S.details).where(_S.letter_id.in_(letters), _S.annulled_at.is_(None))
    if login:
        wanted = wanted.where(_S.recorded_by == login)
    rows: Iterable[dict[str, str]] = connection.scalars(wanted.order_by(_S.id.desc()).limit(READ)).all()
    return [str(details.get(RECEIVER) or "").strip() for details in rows]
