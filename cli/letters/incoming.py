"""Commands for incoming documents: register, search, list awaited answers, record on the case."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import assigned, clock, day, file_bytes, lang, lines, show_json
from correspondence.incoming import incoming_register
from correspondence.incoming.awaited_answers import AwaitedAnswer, awaited
from correspondence.incoming.incoming_register import Arrival, arrivals
from letters.catalogue import letter_type
from models.database import engine, reading, writing
from templates.formats import date_vi
from templates.words import pick, say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Set = Annotated[list[str] | None, typer.Option("--set", help="name=value, for the step of the case.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("incoming")(incoming_command)
    app.command("incoming-record")(record_command)
    app.command("awaited")(awaited_command)


def incoming_command(
    by: By,
    from_body: Annotated[str, typer.Option("--from", help="Who wrote it; without it the register is listed.")] = "",
    summary: str = "",
    symbol: str = "",
    received: str = "",
    dated: str = "",
    ref: Annotated[str, typer.Option(help="The case it belongs to.")] = "",
    answers: Annotated[int | None, typer.Option(help="The letter it answers.")] = None,
    kind: Annotated[str, typer.Option(help="A kind of the procedure, e.g. agency_reply.")] = "",
    set_: Set = None,
    record: Annotated[bool, typer.Option("--record", help="Record the step of the case that it is as well.")] = False,
    file: Annotated[list[Path] | None, typer.Option(help="A scan.")] = None,
    year: Annotated[int, typer.Option(help="Of the list.")] = 0,
    search: Annotated[str, typer.Option(help="Of the list.")] = "",
    json: Json = False,
) -> None:
    """Register an incoming document, or list those of a year."""
    office_clock = clock()
    if not from_body:
        _list(by, year or office_clock.today().year, search, json)
        return
    files = [(path.name, file_bytes(path, "--file")) for path in file or []]
    received_on = day("--received", received) or office_clock.today()
    arrival = Arrival(from_body, summary, received_on, symbol, day("--dated", dated), ref, answers, kind, files)
    data = assigned(set_ or []) if record or set_ else None
    with writing(engine()) as connection:
        done = incoming_register.register_incoming(connection, actor(connection, by), arrival, data, clock=office_clock)
    if json:
        show_json({"id": done.id, "number": done.number, "seq": done.seq, "left": done.left})
        return
    sys.stdout.write(t("cli.registered", lang(), number=done.number) + "\n")
    if done.left is not None:
        sys.stderr.write(say(done.left, lang()) + "\n")


def record_command(number: int, by: By, set_: Set = None, json: Json = False) -> None:
    """Record a registered document as a step of its case."""
    with writing(engine()) as connection:
        person = actor(connection, by)
        seq = incoming_register.record_step(connection, number, person, assigned(set_ or []), clock=clock())
    if json:
        show_json({"id": number, "seq": seq})
        return
    sys.stdout.write(t("cli.incoming_recorded", lang(), seq=seq) + "\n")


def awaited_command(by: By, json: Json = False) -> None:
    """List letters whose answer is still missing."""
    with reading(engine()) as connection:
        listed = awaited(connection, actor(connection, by), clock().today())
    if json:
        show_json(listed)
        return
    lines([_line(item) for item in listed])


def _line(item: AwaitedAnswer) -> tuple[str, ...]:
    number = f"{item['number']:02d}/{item['symbol']}"
    title = pick(letter_type(item["template"]).title, lang())
    late = t("incoming.late", lang()) if item["late"] else ""
    return str(item["id"]), item["ref"], number, date_vi(item["issued_on"]), date_vi(item["due_on"]), late, title


def _list(by: str, year: int, search: str, json: bool) -> None:
    with reading(engine()) as connection:
        listed, _ = arrivals(connection, actor(connection, by), year, search=search)
    if json:
        show_json({"year": year, "documents": listed})
        return
    lines([(str(item["number"]), date_vi(item["received_on"]), item["from_body"], item["summary"]) for item in listed])
