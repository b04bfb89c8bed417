"""Commands for copies of the office: make one, put one back, and the key that they are encrypted to."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.upkeep import age_archive
from casework.upkeep.backup import Copied, back_up, summary_of
from casework.upkeep.backup_key import keep_identity, recipients, set_recipients
from casework.upkeep.restore import restore
from casework.upkeep.stored_copy import Checked
from cli.output import clock, file_bytes, lang, show_json
from cli.progress import bar
from models.clock import SystemClock
from models.database import engine, writing
from models.errors import WrongInput
from models.office_keys import CHANNELS, LOG
from models.settings import settings
from oversight.office_health import note_copy
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
keys = typer.Typer(help="The public key that copies are encrypted to; its private half is kept elsewhere.")


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("backup")(backup_command)
    app.command("restore")(restore_command)
    app.add_typer(keys, name="backup-key")


def backup_command(
    into: Annotated[Path | None, typer.Argument(metavar="DIR", help="Unless given: COOPCASE_BACKUP_TO.")] = None,
    json: Json = False,
) -> None:
    """Copy the office, while it works, to below DIR: its database and its files; encrypted once a key is set.

    The copy is read back and checked before it gets its name.
    """
    folder = into or settings().backup_to
    if folder is None:
        raise WrongInput("DIR", "backup_folder_needed")
    done = back_up(settings(), folder, SystemClock().now(), track=bar(t("cli.copying", lang())))
    _note(done)
    if json:
        show_json({
            "path": str(done.path), "cases": done.checked.cases, "files": done.files, "bytes": done.bytes,
            "encrypted": done.encrypted, "restored": done.checked.restored, "faults": done.checked.faults,
        })  # fmt: skip
        return
    size = f"{done.bytes / 1e6:.0f}"
    _say("cli.backed_up", path=done.path, cases=done.checked.cases, files=done.files, size=size)
    if not done.encrypted:
        _say("cli.backed_up_in_the_clear")
    _say_checked(done.checked)


def _note(done: Copied) -> None:
    """A copy on demand counts for the age of the last one, when it is encrypted like those of the nights."""
    if done.encrypted:
        with writing(engine()) as connection:
            note_copy(connection, clock().now(), summary_of(done))


def restore_command(
    source: Annotated[Path, typer.Argument(metavar="COPY", help="An encrypted copy, or the folder of one.")],
    identity: Annotated[
        Path | None, typer.Option("--identity", metavar="FILE", help="The private key of an encrypted copy.")
    ] = None,
    into: Annotated[
        Path | None, typer.Option("--into", metavar="DIR", help="A new folder; unless given: the data folder.")
    ] = None,
    json: Json = False,
) -> None:
    """Put a copy back into a new data folder (and its dump into the empty PostgreSQL database), and check it."""
    found = age_archive.identities_in(file_bytes(identity).decode("utf-8", "replace")) if identity else []
    done = restore(settings(), source, into or settings().data, found)
    if json:
        known = done.checked
        show_json({"path": str(done.path), "cases": known.cases if known else None,
                   "faults": known.faults if known else None, "keys": list(done.keys)})  # fmt: skip
        return
    _say("cli.restored", path=done.path, cases=done.checked.cases if done.checked else "?")
    if done.checked is None:
        _say("cli.restored_earlier")
    else:
        _say_checked(done.checked)
    _say("cli.restored_sessions")
    if LOG not in done.keys:
        _say("cli.restored_log_key")
    if CHANNELS not in done.keys:
        _say("cli.restored_channels")


@keys.command("make")
def key_make(file: Annotated[Path, typer.Argument(metavar="FILE", help="New file for the private key.")]) -> None:
    """Make a pair of keys: the private one into FILE, the public one encrypts all later copies."""
    identity = age_archive.new_identity()
    recipient = age_archive.public_of(identity)
    keep_identity(file, identity, recipient, settings().data)
    set_recipients(settings().data, [recipient])
    _say("cli.backup_key_made", file=file, recipient=recipient)


@keys.command("set")
def key_set(
    recipient: Annotated[list[str], typer.Argument(help="Public keys (age1…); each can read the copies.")],
) -> None:
    """Encrypt later copies to these public keys, whose private halves were made elsewhere."""
    chosen = [age_archive.require_recipient(one) for one in recipient]
    set_recipients(settings().data, chosen)
    _say("cli.backup_key_set", recipient=", ".join(chosen))


@keys.command("show")
def key_show(json: Json = False) -> None:
    """Show the public keys that copies are encrypted to."""
    found = recipients(settings().data)
    if json:
        show_json({"recipients": found})
    elif found:
        _say("cli.backup_key_set", recipient=", ".join(found))
    else:
        _say("cli.backup_key_none")


def _say_checked(checked: Checked) -> None:
    if not checked.restored:
        _say("cli.copy_not_restored")
    elif checked.faults:
        _say("cli.copy_has_faults", faults=checked.faults)


def _say(key: str, **params: object) -> None:
    sys.stdout.write(t(key, lang(), **params) + "\n")
