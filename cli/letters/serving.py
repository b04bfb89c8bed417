"""Commands for serving many letters in one go: what waits, the postal list, one attempt for all with its undo."""

import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from casework.office.people import actor
from cli.output import assigned, clock, day, file_bytes, lang, lines, show_json
from correspondence.letter_queue import ListedLetter
from correspondence.service.service_rules import Delivery
from correspondence.service.serving_many import serve_many, waiting
from models.database import engine, reading, writing
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import say, t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.command("letters-waiting")(waiting_command)
    app.command("letters-serve")(serve_command)


def waiting_command(by: By, json: Json = False) -> None:
    """List the letters that are numbered and have not reached their addressee: the postal list."""
    with reading(engine()) as connection:
        rows = waiting(connection, actor(connection, by))
    if json:
        show_json([_document(row) for row in rows])
        return
    lines([_line(row) for row in rows])


def _document(row: ListedLetter) -> dict[str, Any]:
    return {
        "id": row["id"], "template": row["template"], "number": row["number"], "symbol": row["symbol"],
        "issued_on": row["issued_on"], "unit_name": row["unit_name"], "ref": row["ref"],
    }  # fmt: skip


def _line(row: ListedLetter) -> tuple[str, ...]:
    number = f"{row['number']:02d}/{row['symbol']}"
    return str(row["id"]), number, date_vi(row["issued_on"]), row["unit_name"], row["ref"]


def serve_command(
    letters: list[int],
    by: By,
    way: Annotated[str, typer.Option(help="A way of service of the procedure.")],
    result: Annotated[str, typer.Option(help="What came of it; a wrong one lists those of each way.")],
    on: Annotated[str, typer.Option(help="Day of service; first day of a posting.")],
    to: Annotated[str, typer.Option(help="Last day of a posting.")] = "",
    set_: Annotated[list[str] | None, typer.Option("--set", help="receiver=… place=… for all.")] = None,
    each: Annotated[list[str] | None, typer.Option(help="LETTER:tracking=… of one letter.")] = None,
    evidence: Annotated[list[Path] | None, typer.Option(help="The proof, one for all.")] = None,
    json: Json = False,
) -> None:
    """Record the same attempt for many letters, all or none; `act --undo` takes it back on the same day."""
    files = [(path.name, file_bytes(path, "--evidence")) for path in evidence or []]
    own, office_clock = _own(letters, each or []), clock()
    happened = day("--on", on) or office_clock.today()
    delivery = Delivery(way, result, happened, day("--to", to), assigned(set_ or []))
    with writing(engine()) as connection:
        done = serve_many(connection, delivery, own, files, actor(connection, by), clock=office_clock)
    if json:
        show_json({"operation": done.operation, "count": len(own), "left": done.left})
        return
    for letter, why in done.left.items():
        sys.stderr.write(f"{letter}: {say(why, lang())}\n")
    sys.stdout.write(t("cli.letters_served", lang(), count=len(own), number=done.operation) + "\n")


def _own(letters: list[int], pairs: list[str]) -> dict[int, Mapping[str, Any]]:
    """The details of each letter alone. Raises WrongInput: a pair of another letter, or that is none."""
    found: dict[int, dict[str, Any]] = {letter: {} for letter in letters}
    for pair in pairs:
        number, mark, rest = pair.partition(":")
        if not mark or not number.isdecimal() or int(number) not in found:
            raise WrongInput("--each", "not_a_pair_of_letter", value=pair[:60])
        found[int(number)].update(assigned([rest]))
    return dict(found)
