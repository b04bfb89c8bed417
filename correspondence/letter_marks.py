"""Secrecy, urgency and circulation of a letter: chosen before it is signed, frozen with it."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from casework.office.people import Actor
from correspondence.drafts import note, one_letter, require_status
from correspondence.joint.shares import kind_of
from correspondence.letter_rights import DRAFTERS, statuses_of
from correspondence.signing import signer_for
from letters.marks import MARKS, chosen
from models.errors import Refused


def mark(connection: Connection, letter_id: int, person: Actor, codes: Mapping[str, str], *, today: date) -> None:
    """Set the marks, an empty set removing them: by a drafter, or, once submitted, by a signer.

    Raises NotFound, Refused, WrongInput for a mark that there is not.
    """
    row = one_letter(connection, letter_id, person, lock=True)
    require_status(row, statuses_of("mark"))
    if row["status"] == "submitted":
        signer_for(connection, person, kind_of(row), row, today)
    elif person.role not in DRAFTERS:
        raise Refused("drafting_not_yours")
    extra = {name: value for name, value in row["data"]["extra"].items() if name != MARKS}
    kept = chosen(codes)
    note(connection, letter_id, data=row["data"] | {"extra": extra | ({MARKS: kept} if kept else {})})
