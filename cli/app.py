"""The command line `coopcase …`; each module registers its own commands."""

import os
import sqlite3
import sys
from importlib import import_module

import typer
from pydantic import ValidationError

from models.database import TRANSIENT_ERRORS
from models.database_file import trouble_of
from models.errors import Conflict, CoopcaseError, NotFound, Refused, WrongInput
from templates.words import say, t

TOPICS = (  # modules below cli, each with register(app)
    "run", "people", "office_data", "letters.delegations", "case_list", "case_commands", "acting", "searching",
    "month_calendar", "letters.letter_acts", "letters.serving", "letters.bulk", "letters.bulk_acts",
    "letters.paper_numbers", "letters.signed", "letters.incoming", "letters.books", "letters.earlier",
    "register_import", "register_corrections", "takeover", "councils", "batches", "money", "outstanding", "duties",
    "irregularities", "obstacles", "forecasting", "at_risk", "replay", "messages",
    "dossier", "letters.ink", "letters.act_papers", "letters.signatories",
    "rules.time", "rules.explaining", "rules.calendars", "letters.letter_templates", "rules.procedures_file",
    "rules.scenarios", "rules.procedure_versions", "rules.rulings", "upkeep", "backups", "machine_clock",
    "orphan_files", "history_log", "case_proof", "database_rights",
)  # fmt: skip
EXIT_CODES: tuple[tuple[type[CoopcaseError], int], ...] = ((WrongInput, 2), (Refused, 3), (NotFound, 4), (Conflict, 5))
MACHINE = 6  # a locked or distant database, a full disk: nothing was recorded, the same call may be made again

app = typer.Typer(name="coopcase", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


@app.callback()
def _coopcase() -> None:
    """Carry weak cooperatives from the day they are flagged to a closed file."""


for topic in TOPICS:
    import_module(f"cli.{topic}").register(app)


def exit_code(error: CoopcaseError) -> int:
    """Return the exit code: 2 wrong input, 3 refused, 4 not found, 5 conflict, 1 any other CoopcaseError."""
    return next((code for kind, code in EXIT_CODES if isinstance(error, kind)), 1)


def main() -> None:
    """Run a command; a CoopcaseError becomes one line and an exit code, never a traceback."""
    lang = os.environ.get("COOPCASE_LANG", "vi")
    os.umask(0o077)  # what is written is this account's alone, the children's files too
    try:
        app()
    except CoopcaseError as error:
        sys.stderr.write(say(error, lang) + "\n")
        sys.exit(exit_code(error))
    except ValidationError as error:
        if error.title != "Settings":
            raise
        sys.stderr.write(_wrong_settings(error, lang))
        sys.exit(2)
    except (*TRANSIENT_ERRORS, sqlite3.DatabaseError) as error:
        named = trouble_of(getattr(error, "orig", error))
        if named is not None:
            sys.stderr.write(say(named, lang) + "\n")
            sys.exit(exit_code(named))
        sys.stderr.write(t("errors.machine_trouble", lang, why=_why(error)) + "\n")
        sys.exit(MACHINE)


def _why(error: Exception) -> str:
    """The message of a database or system error, without the statement and its values."""
    return str(getattr(error, "orig", error)).strip().partition("\n")[0]


def _wrong_settings(error: ValidationError, lang: str) -> str:
    names = [f"COOPCASE_{'_'.join(str(part) for part in fault['loc'])}".upper() for fault in error.errors()]
    return "".join(t("errors.wrong_setting", lang, name=name, value=os.environ.get(name, "")) + "\n" for name in names)


if __name__ == "__main__":
    main()
