"""Closing days from the command line: what a change would move, and adopting it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.calendar_change import adopt, preview_now
from casework.moved_dates import Moved
from casework.typed_closings import read_closings
from cli.output import clock, lang, lines, show_json
from cli.time import calendar_app
from models.database import engine
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]


def register(_app: typer.Typer) -> None:
    """The commands hang on `coopcase calendar`, which cli.time registers."""
    calendar_app.command("preview")(preview_command)
    calendar_app.command("adopt")(adopt_command)


def preview_command(file: Path, json: Json = False) -> None:
    """What the closing days of a YAML file would move; nothing is changed."""
    moved = preview_now(engine(), read_closings(_text(file)), clock().today())
    _show(moved, json, "cli.would_move")


def adopt_command(file: Path, by: Annotated[str, typer.Option("--by")], json: Json = False) -> None:
    """Adopt the closing days of a YAML file and re-derive every open deadline."""
    moved = adopt(engine(), read_closings(_text(file)), by=by, clock=clock())
    _show(moved, json, "cli.has_moved")


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("FILE", "no_such_file", path=str(file)) from None


def _show(moved: list[Moved], json: bool, key: str) -> None:
    counts = {
        "count": len(moved),
        "late": sum(item.becomes_late for item in moved),
        "announced": sum(item.announced for item in moved),
    }
    if json:
        show_json({**counts, "moved": moved})
        return
    lines([(item.ref, item.key, date_vi(item.before), "→", date_vi(item.after)) for item in moved])
    sys.stdout.write(t(key, lang(), **counts) + "\n")
