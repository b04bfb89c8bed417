"""The day by which a letter asks for an answer, proposed from the target that its act starts; it may be typed over."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy import Connection

from letters.catalogue import LetterType
from procedures.facts import CaseState, ClockState
from procedures.former_names import letter_name
from procedures.legal_time.deadlines import derive
from procedures.schema import Procedure
from rulebook.office_calendar import calendars_of


def proposed_days(
    connection: Connection, procedure: Procedure, kind: LetterType, office: str | None, today: date
) -> Mapping[str, str]:
    """The fields that name such a day and that nothing else fills, each with the last day of the target from today."""
    asked = [name for name in procedure.papers.due if name in kind.fields and not kind.fields[name].from_]
    key = _target(procedure, kind.name) if asked else ""
    if not key:
        return {}
    clock = ClockState(key, today, 0, today)
    ends_on = derive(procedure, CaseState(""), clock, calendars_of(connection, office)).ends_on
    return {name: ends_on.isoformat() for name in asked} if ends_on else {}


def _target(procedure: Procedure, letter: str) -> str:
    """The target that starts with the act which the letter follows from; empty without one."""
    for verb in procedure.verbs.values():
        if letter in map(letter_name, verb.letters):
            found = (start.deadline for start in verb.starts if procedure.deadlines[start.deadline].kind == "target")
            if key := next(found, ""):
                return key
    return ""
