"""Messages from the command line: the week's digests, and what is to be sent."""

import sys
from typing import Annotated

import typer
from sqlalchemy import select, update

from cli.output import clock, day, lang, lines, show_json
from models.database import engine, reading, writing
from models.errors import NotFound, WrongInput
from models.tables import messages, officers
from notifications.digest import weekly
from procedures.values import clean_text
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Hang the commands on the application."""
    app.command("week")(week_command)
    app.command("outbox")(outbox_command)


def week_command(
    d: Annotated[str, typer.Argument(help="dd/mm/yyyy; today unless given.")] = "",
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say who would get what, and why.")] = False,
    json: Json = False,
) -> None:
    """The weekly reminders of a day: written once a week, however often it is called."""
    from flows.reminding import remind

    office_clock = clock()
    chosen = day("D", d) or office_clock.today()
    with reading(engine()) as connection:
        planned = weekly(connection, chosen, now=office_clock.now())
    counts = {} if dry_run else remind(engine(), chosen, office_clock)
    if json:
        rows = [{"login": item.login, "kind": item.kind, "why": item.why, "counts": item.counts} for item in planned]
        show_json({"day": chosen, "dry_run": dry_run, "people": rows, "run": counts})
        return
    lines([(item.login, item.kind, item.why) for item in planned])
    if counts.get("already"):
        sys.stdout.write(t("cli.week_already", lang()) + "\n")


def outbox_command(
    status: Annotated[str, typer.Option(help="owed | held | sent | inbox | dead | dropped | withdrawn")] = "owed",
    retry: Annotated[int, typer.Option(help="Owe a given-up message again.")] = 0,
    drop: Annotated[int, typer.Option(help="Never send a message.")] = 0,
    reason: Annotated[str, typer.Option(help="Why it is dropped.")] = "",
    json: Json = False,
) -> None:
    """Messages by status; retry or drop one by hand."""
    if retry:
        _change(retry, ("dead",), status="owed", attempts=0, next_at=clock().now())
    if drop:
        text = clean_text("--reason", reason)
        if not text:
            raise WrongInput("--reason", "missing_field", label={"vi": "Lý do", "en": "Reason"})
        _change(drop, ("owed", "held", "dead"), status="dropped", note=text)
    columns = messages.c
    found = (
        select(columns.id, officers.c.login, columns.kind, columns.subject, columns.created_on, columns.note)
        .join(officers, officers.c.id == columns.officer_id)
        .where(columns.status == status)
        .order_by(columns.id)
        .limit(500)
    )
    with reading(engine()) as connection:
        listed = [dict(row) for row in connection.execute(found).mappings()]
    if json:
        show_json({"status": status, "messages": listed})
        return
    lines([(str(row["id"]), row["login"], date_vi(row["created_on"]), row["subject"], row["note"]) for row in listed])


def _change(message: int, allowed: tuple[str, ...], **values: object) -> None:
    with writing(engine()) as connection:
        chosen = update(messages).where(messages.c.id == message, messages.c.status.in_(allowed)).values(**values)
        if connection.execute(chosen).rowcount == 0:
            raise NotFound("no_such_message_here", message=message)
