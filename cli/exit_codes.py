"""How an error ends a command: one line and an exit code; imported when an error is there."""

import os
import sqlite3
from typing import NamedTuple

from pydantic import ValidationError

from models.database import TRANSIENT_ERRORS
from models.database_file import trouble_of
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from templates.words import say, t

EXIT_CODES: tuple[tuple[type[CoopcaseError], int], ...] = ((WrongInput, 2), (Refused, 3), (NotFound, 4), (Conflict, 5))
MACHINE = 6  # a locked or distant database, a full disk: nothing was recorded, the same call may be made again


class Ending(NamedTuple):
    """What a person reads, with its line ends, and the exit code."""

    text: str
    code: int


def ending_of(error: Exception, lang: str) -> Ending | None:
    """How a foreseen error ends the command; None for any other, which is a fault of the program."""
    if isinstance(error, CoopcaseError):
        return Ending(say(error, lang) + "\n", exit_code(error))
    if isinstance(error, ValidationError):
        return Ending(_wrong_settings(error, lang), 2) if error.title == "Settings" else None
    if not isinstance(error, (*TRANSIENT_ERRORS, sqlite3.DatabaseError)):
        return None
    named = trouble_of(getattr(error, "orig", error))
    if named is not None:
        return Ending(say(named, lang) + "\n", exit_code(named))
    return Ending(t("errors.machine_trouble", lang, why=_why(error)) + "\n", MACHINE)


def exit_code(error: CoopcaseError) -> int:
    """Return the exit code: 2 wrong input, 3 refused, 4 not found, 5 conflict, 1 any other CoopcaseError."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def _why(error: Exception) -> str:
    """The message of a database or system error, without the statement and its values."""
    return str(getattr(error, "orig", error)).strip().partition("\n")[0]


def _wrong_settings(error: ValidationError, lang: str) -> str:
    names = [f"COOPCASE_{'_'.join(str(part) for part in fault['loc'])}".upper() for fault in error.errors()]
    return "".join(t("errors.wrong_setting", lang, name=name, value=os.environ.get(name, "")) + "\n" for name in names)
