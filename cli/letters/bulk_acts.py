"""Commands for acts on a batch: fill, submit, sign, number, undo."""

from collections.abc import Callable
from typing import Annotated

import typer
from sqlalchemy import Connection

from casework.office.people import Actor, actor
from cli.letters.bulk import By, Fields, Json, batch_document, bulk_app, counted, say, watched
from cli.output import assigned, clock, show_json
from correspondence.bulk import bulk_issuing, bulk_letters, bulk_signing
from correspondence.bulk.bulk_view import batch_view
from models.clock import Clock
from models.database import engine, reading, writing

Seen = Annotated[str, typer.Option(help="`seen` of the batch as it was looked at; refused if it changed since.")]
Reason = Annotated[str, typer.Option(help="Why.")]


def register(app: typer.Typer) -> None:
    """Register the commands on `bulk`."""
    for name, command in (
        ("fill", fill_command),
        ("mark", mark_command),
        ("submit", submit_command),
        ("approve", approve_command),
        ("return", return_command),
        ("take-out", take_out_command),
        ("drop", drop_command),
        ("cancel", cancel_command),
        ("issue", issue_command),
        ("sign", sign_command),
    ):
        bulk_app.command(name)(command)


def fill_command(batch: int, by: By, set_: Fields = None, json: Json = False) -> None:
    """Replace the common fields of every draft of a batch."""
    data = assigned(set_ or [])
    _do(
        batch, by, json, lambda c, who, at: bulk_letters.fill_batch(c, batch, who, data, now=at.now(), today=at.today())
    )


def mark_command(batch: int, by: By, set_: Fields = None, json: Json = False) -> None:
    """Mark every draft of a batch: secrecy, urgency, circulation; without `--set`, take the marks away."""
    codes = {name: str(value) for name, value in assigned(set_ or []).items()}
    _do(
        batch,
        by,
        json,
        lambda c, who, at: bulk_letters.mark_batch(c, batch, who, codes, now=at.now()),
    )


def submit_command(batch: int, by: By, seen: Seen = "", json: Json = False) -> None:
    """Submit every draft for signature."""
    _do(
        batch, by, json,
        lambda c, who, at: bulk_signing.submit_batch(c, batch, who, now=at.now(), today=at.today(), seen=seen),
    )  # fmt: skip


def approve_command(batch: int, by: By, seen: Seen = "", json: Json = False) -> None:
    """Sign every submitted letter."""
    _do(
        batch, by, json,
        lambda c, who, at: bulk_signing.approve_batch(c, batch, who, now=at.now(), today=at.today(), seen=seen),
    )  # fmt: skip


def return_command(batch: int, letter: int, by: By, reason: Reason = "", json: Json = False) -> None:
    """Return one letter of a batch with remarks."""
    _do(
        batch, by, json,
        lambda c, who, at: bulk_signing.return_letter(
            c, batch, letter, who, reason, now=at.now(), today=at.today()
        ),
    )  # fmt: skip


def take_out_command(batch: int, letter: int, by: By, reason: Reason = "", json: Json = False) -> None:
    """Take one letter out of the batch; it goes on alone."""
    _do(batch, by, json, lambda c, who, at: bulk_letters.take_out(c, batch, letter, who, reason, now=at.now()))


def drop_command(batch: int, by: By, reason: Reason = "", json: Json = False) -> None:
    """Undo a batch on the day it was drafted, before it is signed."""
    _do(
        batch, by, json,
        lambda c, who, at: bulk_letters.drop_batch(c, batch, who, reason, now=at.now(), today=at.today()),
    )  # fmt: skip


def cancel_command(batch: int, by: By, reason: Reason = "", json: Json = False) -> None:
    """Cancel every number of an issued batch; the numbers keep their lines in the book."""
    _do(batch, by, json, lambda c, who, at: bulk_issuing.cancel_batch(c, batch, who, reason, clock=at))


def issue_command(batch: int, by: By, seen: Seen = "", json: Json = False) -> None:
    """Number every letter of a batch and keep its record, all or none."""
    with reading(engine()) as connection:
        person = actor(connection, by)
    with watched(json, "bulk.printing") as progress:
        done = bulk_issuing.issue_batch(engine(), batch, person, clock=clock(), seen=seen, progress=progress)
    if json:
        names = ("issuer", "series", "first", "last")
        ranges = [dict(zip(names, found, strict=True)) for found in done.ranges]
        show_json({"batch": batch, "count": done.count, "ranges": ranges})
        return
    for issuer, _, first, last in done.ranges:
        say("bulk.numbered", count=done.count, issuer=issuer, first=f"{first:02d}", last=f"{last:02d}")


def sign_command(
    batch: int,
    by: By,
    limit: Annotated[int | None, typer.Option(help="No more letters than this in one go.")] = None,
    json: Json = False,
) -> None:
    """Sign the issued letters of a batch electronically, those that are not signed yet."""
    from correspondence.electronic_signing import sign_batch

    with reading(engine()) as connection:
        person = actor(connection, by)
    with watched(json, "esign.signing") as progress:
        done, left = sign_batch(engine(), batch, person, clock=clock(), limit=limit, progress=progress)
    if json:
        show_json({"batch": batch, "signed": done, "left": left})
        return
    say("esign.signed_of", count=done, left=left)


def _do(batch: int, by: str, json: bool, act: Callable[[Connection, Actor, Clock], object]) -> None:
    """Do an act on a batch, then show the batch."""
    at = clock()
    with writing(engine()) as connection:
        act(connection, actor(connection, by), at)
    with reading(engine()) as connection:
        found = batch_view(connection, batch, actor(connection, by), at.today())
    if json:
        show_json(batch_document(found))
        return
    say("bulk.summary", name=found.row["name"], counts=counted(found.counts), seen=found.seen)
