"""Commands for the office's log: its newest checkpoint, to be kept elsewhere, and the key that signs it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from audit_log.log_faults import log_state
from audit_log.sequencer import latest, sequence
from cli.output import lang, show_json, write_file
from models.clock import SystemClock
from models.database import engine, reading
from models.settings import settings
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
Into = Annotated[Path | None, typer.Option("--into", help="Write the signed checkpoint into this file.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("checkpoint")(checkpoint_command)


def checkpoint_command(into: Into = None, json: Json = False) -> None:
    """Order what is in the log and show its newest checkpoint; kept elsewhere, `verify --against` proves all since."""
    folder = settings().data.resolve()
    sequence(engine(), folder, SystemClock().now())
    with reading(engine()) as connection:
        state, row = log_state(connection, folder), latest(connection)
    if into is not None and row is not None:
        write_file(into, row.note.encode())
    if json:
        show_json({"size": state.size, "root": state.root, "short": state.short, "waiting": state.waiting,
                   "key": state.key, "note": row.note if row is not None else ""})  # fmt: skip
        return
    sys.stdout.write(t("cli.checkpoint", lang(), short=state.short, size=state.size, key=state.key) + "\n")
