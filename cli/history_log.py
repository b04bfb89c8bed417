"""Commands for the office's log: its newest checkpoint, to be kept elsewhere, and the key that signs it."""

import dataclasses
import sys
from pathlib import Path
from typing import Annotated

import typer

from audit_log.log_faults import log_state
from audit_log.sequencer import latest, sequence
from audit_log.time_stamps import newest_stamp, stamp_newest
from cli.output import lang, show_json, write_file
from models.clock import SystemClock
from models.database import engine, reading
from models.errors import WrongInput
from models.settings import settings
from templates.formats import moment_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
Stamp = Annotated[bool, typer.Option("--stamp", help="Have it time-stamped by the server of COOPCASE_SIGN_TSA.")]
Into = Annotated[Path | None, typer.Option("--into", help="Write the signed checkpoint into this file.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("checkpoint")(checkpoint_command)


def checkpoint_command(into: Into = None, stamp: Stamp = False, json: Json = False) -> None:
    """Order what is in the log and show its newest checkpoint; kept elsewhere, `verify --against` proves all since."""
    folder = settings().data.resolve()
    sequence(engine(), folder, SystemClock().now())
    if stamp:
        _require_server()
        stamp_newest(engine(), settings().sign_tsa)
    with reading(engine()) as connection:
        state, row, stamped = log_state(connection, folder), latest(connection), newest_stamp(connection)
    if into is not None and row is not None:
        write_file(into, row.note.encode())
    if json:
        show_json({"size": state.size, "root": state.root, "short": state.short, "waiting": state.waiting,
                   "key": state.key, "note": row.note if row is not None else "",
                   "stamped": dataclasses.asdict(stamped) if stamped else None})  # fmt: skip
        return
    sys.stdout.write(t("cli.checkpoint", lang(), short=state.short, size=state.size, key=state.key) + "\n")
    if stamped is not None:
        said = {"short": stamped.short, "at": moment_vi(stamped.at), "server": stamped.server}
        sys.stdout.write(t("cli.stamped", lang(), **said) + "\n")


def _require_server() -> None:
    """Raises WrongInput naming the setting."""
    if not settings().sign_tsa:
        raise WrongInput("COOPCASE_SIGN_TSA", "no_stamp_server")
