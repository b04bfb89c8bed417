"""Many letters served in one go: one way, one day, one proof, and for each its receiver or postal number."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import Connection, select

from casework.evidence_store import keep
from casework.office.people import Actor
from correspondence.drafts import one_letter
from correspondence.grid.operations import Recorded, begin, record_lines
from correspondence.grid_lines import in_line, said_once
from correspondence.letter_queue import JOINED, SHOWN, ListedLetter, office_letters, scope
from correspondence.letter_rights import NUMBERED, roles_of
from correspondence.service.service_rules import Delivery
from correspondence.service.serving import serve
from models.clock import Clock
from models.errors import CoopcaseError, InputErrors, Refused, WrongInput
from models.letter_links import about_open_cases
from models.tables import letter_rows
from models.typed_rows import all_rows

MOST = 200  # letters in one go
OWN = ("tracking", "receiver")  # details that differ from letter to letter


@dataclass(frozen=True, slots=True)
class Served:
    """What was done: the operation, and by letter why a step of its case was left undone."""

    operation: int
    left: Mapping[int, CoopcaseError]


def waiting(connection: Connection, person: Actor) -> list[ListedLetter]:
    """Letters of the person's office that are numbered and have not reached their addressee, the oldest first."""
    if person.role not in roles_of("serve"):
        return []
    found = select(*SHOWN).select_from(JOINED).where(office_letters(person, NUMBERED), *scope(person))
    found = found.where(about_open_cases())
    ordered = found.order_by(letter_rows.c.issued_on, letter_rows.c.id).limit(MOST)
    return all_rows(ListedLetter, connection.execute(ordered))


def serve_many(
    connection: Connection,
    delivery: Delivery,
    lines: Mapping[int, Mapping[str, Any]],
    files: Sequence[tuple[str, bytes]],
    person: Actor,
    *,
    clock: Clock,
) -> Served:
    """Record the same attempt for every letter of `lines` (by id, its own details), all or none, as one operation.

    A letter about several cases is served to all that it has not reached, and the operation has each of them.

    Raises:
        Refused. WrongInput: what is wrong in each line (`tracking.12`), and once (`way`) what is wrong in all alike;
            all at once, nothing was changed.
    """
    _require_some(person, len(lines))
    now, errors, left = clock.now(), InputErrors(), dict[int, CoopcaseError]()
    number, done = begin(connection, person, "service", delivery.way, now=now), list[Recorded]()
    for letter in sorted(lines):
        with errors, in_line(letter):
            row = one_letter(connection, letter, person)
            kept = [keep(connection, row["case_id"], data, name, by=person.login, now=now) for name, data in files]
            own = {name: value for name, value in lines[letter].items() if value}
            details = {**(delivery.details or {}), **own}
            given = replace(delivery, details=details, evidence=kept)
            outcome = serve(connection, letter, person, given, now=now, today=clock.today())
            if outcome.left is not None:
                left[letter] = outcome.left
            done += [
                Recorded(made["case_id"] or row["case_id"], next(iter(made["facts"]), None), made["id"])
                for made in outcome.made
            ]
    errors.wrong = said_once(errors.wrong, list(map(str, lines)), lambda name, _: name not in ("letter", *OWN))
    errors.raise_if_any()
    record_lines(connection, number, done)
    return Served(number, left)


def _require_some(person: Actor, count: int) -> None:
    if person.role not in roles_of("serve"):
        raise Refused("serving_not_yours")
    if not count:
        raise WrongInput("letter", "service_none_chosen")
    if count > MOST:
        raise WrongInput("letter", "service_too_many", limit=MOST, count=count)
