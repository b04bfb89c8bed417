"""The obstacles that one letter to a body is about, as its annex lists them, and what its number means for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, select

from casework.obstacles.letters_on import LetterOfObstacle, newest_letters
from casework.obstacles.waiting import of_letter
from letters.numbering import long_date, number_text
from models.errors import Refused
from models.letter_links import OBSTACLE_LETTER
from models.tables import case_rows, letter_obstacles, obstacles
from models.typed_rows.letter_shapes import LetterOfCase
from rulebook.versions import Versions

_O = letter_obstacles.c
AGENCY, REPLY_BY = "agency", "reply_by_on"  # fields of the letter


@dataclass(frozen=True, slots=True)
class Listed:
    """A line of the annex: an obstacle of a case. `stands`: it was not lifted meanwhile, nor its case closed."""

    case_id: int
    ref: str
    unit_name: str
    code: str
    label: str
    since_on: date
    asked: str
    stands: bool
    letter: LetterOfObstacle | None = None

    @property
    def mark(self) -> str:
        """How forms and commands name it."""
        return f"{self.ref}:{self.code}"


def listed_in(connection: Connection, letter_id: int, lang: str = "vi") -> list[Listed]:
    """The obstacles that a letter lists, in the order of its annex."""
    found = (
        select(
            _O.case_id, case_rows.c.ref, case_rows.c.unit_name, _O.code, case_rows.c.procedure, _O.since_on, _O.asked
        )
        .join(case_rows, case_rows.c.id == _O.case_id)
        .where(_O.letter_id == letter_id)
        .order_by(case_rows.c.unit_name, case_rows.c.id, _O.code)
    )
    rows = connection.execute(found).tuples().all()
    standing, versions = _standing(connection, letter_id), Versions(connection)
    sent = newest_letters(
        connection, [(case, code, pin) for case, _, _, code, pin, _, _ in rows], numbered=True, besides=letter_id
    )
    return [
        Listed(
            case, ref, unit, code, versions.label("obstacles", code, lang, pin), since, asked,
            (case, code) in standing, sent.get((case, code)),
        )
        for case, ref, unit, code, pin, since, asked in rows
    ]  # fmt: skip


def _standing(connection: Connection, letter_id: int) -> set[tuple[int, str]]:
    open_ = obstacles.c.lifted_on.is_(None), case_rows.c.closed_on.is_(None), of_letter(letter_id)
    found = select(obstacles.c.case_id, obstacles.c.code).join(case_rows, case_rows.c.id == obstacles.c.case_id)
    return set(connection.execute(found.where(*open_)).tuples())


def obstacle_row(item: Listed, unit: Mapping[str, Any]) -> dict[str, Any]:
    """One line of the annex by the names used in the template. `unit`: as letters know it."""
    sent = item.letter
    number = f"{number_text(sent.number)}/{sent.symbol}" if sent is not None else ""
    return {
        "unit": unit["name"],
        "tax_code": unit.get("tax_code"),
        "representative": unit.get("representative"),
        "address": unit.get("address"),
        "asked": item.asked or item.label,
        "since": item.since_on.isoformat(),
        "letter": f"{number} {long_date(sent.issued_on)}" if sent is not None and sent.issued_on else None,
    }


def require_standing(connection: Connection, row: LetterOfCase) -> None:
    """Raises Refused for a letter on obstacles that lists one which was lifted: its text would no longer be true."""
    if row["template"] != OBSTACLE_LETTER:
        return
    lifted = [item for item in listed_in(connection, row["id"]) if not item.stands]
    if lifted:
        raise Refused("obstacle_letter_lifted", refs=", ".join(item.ref for item in lifted), letter=row["id"])


def tries_by(connection: Connection, row: LetterOfCase, number: str, on: date) -> dict[int, list[dict[str, Any]]]:
    """The tries that a letter on obstacles is once it has its number, by case; none for any other letter.

    One on each obstacle of its list that is still open; the day by which it asks for an answer is the next one.
    """
    if row["template"] != OBSTACLE_LETTER:
        return {}
    extra = row["data"]["extra"]
    again = str(extra.get(REPLY_BY) or "")
    said = {"way": "letter", "body": extra.get(AGENCY, ""), "note": number, "letter": row["id"]}
    said |= {"next_on": again} if again > on.isoformat() else {}
    found: dict[int, list[dict[str, Any]]] = {}
    for item in listed_in(connection, row["id"]):
        if item.stands and item.since_on <= on:
            found.setdefault(item.case_id, []).append({"obstacle": item.code, **said})
    return found
