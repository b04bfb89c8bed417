"""Commands for the registers of the office: outgoing numbers, hand-over, incoming documents."""

from pathlib import Path
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, day, lines, mark_in, write_file
from correspondence.office_registers import handover, incoming_of, outgoing
from letters.output.register_print import register_pdf
from models.database import engine, reading
from templates.spreadsheet import shown, tables_xlsx


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("book")(book_command)


def book_command(
    year: int,
    by: Annotated[str, typer.Option("--by", help="Who reads it: the sign-in name.")],
    issuer: Annotated[str, typer.Option(help="Of one issuer only, e.g. HBG/finance_office.")] = "",
    series: Annotated[str, typer.Option(help="Of one series only: decisions | others.")] = "",
    on: Annotated[str, typer.Option(help="Of the hand-over book: the letters of one day.")] = "",
    pdf_to: Annotated[Path | None, typer.Option("--pdf")] = None,
    xlsx_to: Annotated[Path | None, typer.Option("--xlsx")] = None,
    incoming: Annotated[bool, typer.Option(help="The register of incoming documents.")] = False,
    hand_over: Annotated[bool, typer.Option("--handover", help="The hand-over book of outgoing letters.")] = False,
) -> None:
    """Show or write (PDF, XLSX) the number books of a year, the hand-over book, or incoming documents."""
    with reading(engine()) as connection:
        person = actor(connection, by)
        if incoming:
            found = incoming_of(connection, person, year=year)
        elif hand_over:
            found = handover(connection, person, year=year, issuer=issuer, on=day("--on", on))
        else:
            found = outgoing(connection, person, year=year, issuer=issuer, series=series)
    if pdf_to is not None:
        write_file(pdf_to, register_pdf(*found, printed_on=clock().today(), mark=mark_in("vi")))
    if xlsx_to is not None:
        write_file(xlsx_to, tables_xlsx(*found, mark=mark_in("vi")))
    if pdf_to is None and xlsx_to is None:
        for item in found:
            lines([(item.office,)])
            lines([tuple(cell[:48] for cell in map(shown, item.columns, row)) for row in item.rows])
