"""Command for files that nothing in the database names."""

import sys
from typing import Annotated

import typer

from casework.office.people import actor
from casework.upkeep.orphan_files import orphans, remove
from cli.output import clock, lang, show_json
from models.clock import SystemClock
from models.database import engine, reading, writing
from models.errors import WrongInput
from models.settings import settings
from templates.words import t


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("orphans")(orphans_command)


def orphans_command(
    delete: Annotated[bool, typer.Option("--remove", help="Delete them, once they have been looked at.")] = False,
    by: Annotated[str, typer.Option("--by", help="Who removes them.")] = "",
    json: Annotated[bool, typer.Option("--json")] = False,
) -> None:
    """List files in evidence/ and letters/, older than a day, that no case and no letter has; delete them on demand."""
    data, now = settings().data.resolve(), SystemClock().now()
    if delete and not by:
        raise WrongInput("--by", "missing_field", label={"vi": "Người xóa", "en": "Who removes them"})
    if delete:
        office_clock = clock()
        with writing(engine(), rules=True) as connection:
            found = remove(connection, data, actor(connection, by), office_clock, now)
    else:
        with reading(engine()) as connection:
            found = orphans(connection, data, now)
    if json:
        show_json({"removed": delete, "files": [{"name": one.name, "bytes": one.size} for one in found]})
        return
    for one in found:
        sys.stdout.write(f"{one.name}  {one.size}\n")
    sys.stdout.write(t("cli.orphans_removed" if delete else "cli.orphans", lang(), count=len(found)) + "\n")
