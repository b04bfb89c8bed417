"""Commands for people who sign in ink and do not sign in, and for how number books are kept."""

import sys
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, day, lang, lines, show_json
from correspondence.ink import book_modes, signatories
from correspondence.ink.signatories import Signatory
from models.database import engine, reading, writing
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
signatories_app = typer.Typer(help="Who signs in ink without signing in.", no_args_is_help=True)
books_app = typer.Typer(help="How number books are kept: here, or on paper.", no_args_is_help=True)
_MODE = ("issuer", "mode", "from_on", "recorded_by", "recorded_at")


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(signatories_app, name="signatories")
    app.add_typer(books_app, name="number-books")
    for name, command in (("list", list_command), ("add", add_command), ("end", end_command)):
        signatories_app.command(name)(command)
    books_app.command("list")(modes_command)
    books_app.command("set")(mode_command)
    books_app.command("start")(start_command)


def list_command(by: By, json: Json = False) -> None:
    """List the signatories of the person's office."""
    with reading(engine()) as connection:
        rows = signatories.listed_signatories(connection, actor(connection, by), clock().today())
    if json:
        show_json(rows)
        return
    lines([_line(row) for row in rows])


def _line(row: signatories.ListedSignatory) -> tuple[str, ...]:
    right = f"{row['authority']}. " if row["authority"] else ""
    until = date_vi(row["to_on"]) or t("delegations.open_end", lang())
    return (
        str(row["id"]), right + row["name"], row["post"], t(f"delegations.body_{row['body']}", lang()),
        row["commune_name"], f"{date_vi(row['from_on'])} – {until}", t(f"delegations.{row['stands']}", lang()),
    )  # fmt: skip


def add_command(
    name: str,
    post: str,
    body: Annotated[str, typer.Argument(help="Whose letters, e.g. finance_office or district_committee.")],
    from_: Annotated[str, typer.Option("--from", help="First day.")],
    by: By,
    to: Annotated[str, typer.Option("--to", help="Last day; TUQ. needs one.")] = "",
    authority: Annotated[str, typer.Option(help="KT | TL | TUQ | Q; nothing for the head.")] = "",
    decision: Annotated[str, typer.Option(help="The written act; TL., TUQ. and Q. need one.")] = "",
    commune: Annotated[str, typer.Option(help="Code of the commune, of a commune's committee.")] = "",
    json: Json = False,
) -> None:
    """Record who signs in ink for a body."""
    typed = Signatory(name, post, body, day("--from", from_), day("--to", to), authority, decision, commune)
    with writing(engine()) as connection:
        made = signatories.record_signatory(connection, typed, by=actor(connection, by), clock=clock())
    _tell("cli.signatory_recorded", made, json)


def end_command(
    number: int,
    by: By,
    reason: Annotated[str, typer.Option(help="Why it ends.")],
    on: Annotated[str, typer.Option(help="Last day; today unless given.")] = "",
    json: Json = False,
) -> None:
    """End the right of a signatory; what was signed under it stays valid."""
    office_clock = clock()
    with writing(engine()) as connection:
        last = day("--on", on) or office_clock.today()
        signatories.end_signatory(connection, number, last, reason, by=actor(connection, by), clock=office_clock)
    _tell("cli.signatory_ended", number, json)


def _tell(key: str, number: int, json: bool) -> None:
    if json:
        show_json({"id": number})
        return
    sys.stdout.write(t(key, lang(), number=number) + "\n")


def modes_command(by: By, json: Json = False) -> None:
    """List how the books of the person's office are kept, and what was settled before."""
    today = clock().today()
    with reading(engine()) as connection:
        modes = book_modes.BookModes(connection)
        own = book_modes.books_to_settle(connection, actor(connection, by))
    now = [{"issuer": issuer, "mode": modes.of(issuer, today)} for issuer in own]
    if json:
        show_json({"books": now, "history": [{name: row[name] for name in _MODE} for row in modes.history]})  # type: ignore[literal-required]
        return
    lines([(row["issuer"], t(f"numbers.{row['mode']}", lang())) for row in now])


def mode_command(
    book: Annotated[str, typer.Argument(help="A book or the books of a body, e.g. HBG/finance_office.")],
    mode: Annotated[str, typer.Argument(help=" | ".join(book_modes.MODES))],
    from_: Annotated[str, typer.Option("--from", help="First day of it.")],
    by: By,
    json: Json = False,
) -> None:
    """Settle how a book is kept from a day on."""
    first = day("--from", from_)
    if first is None:
        raise WrongInput("--from", "not_a_date", value=from_)
    with writing(engine()) as connection:
        book_modes.set_mode(connection, book, mode, first, by=actor(connection, by), clock=clock())
    _settled(book, json)


def start_command(
    book: Annotated[str, typer.Argument(help="A book, e.g. HBG/finance_office.")],
    number: Annotated[int, typer.Argument(help="The first number that is given here.")],
    by: By,
    series: Annotated[str, typer.Option(help="decisions | others")] = "others",
    year: Annotated[int, typer.Option(help="This year unless given.")] = 0,
    json: Json = False,
) -> None:
    """Set the starting number of a book that is kept here, once, before its first number of the year."""
    office_clock = clock()
    with writing(engine()) as connection:
        book_modes.start_book(
            connection, book, series, year or office_clock.today().year, number, by=actor(connection, by),
            clock=office_clock,
        )  # fmt: skip
    _settled(book, json)


def _settled(book: str, json: bool) -> None:
    if json:
        show_json({"issuer": book})
        return
    sys.stdout.write(t("cli.book_settled", lang(), book=book) + "\n")
