"""The money of a case on the command line: what is listed and computed, the lists from a file, the pay-out drafted."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from casework.case_view import load_seen
from casework.money import lists
from casework.money.look import as_table, look, reason_text
from casework.office.people import actor
from cli.output import clock, lang, mark_in, scanned_bytes, show_json, write_file
from correspondence.money_acts import add_replies, draft_payout, record_workbook
from models.database import engine, reading, writing
from models.errors import Refused
from procedures.money.of_case import table_of
from templates.formats import number
from templates.spreadsheet import shown, tables_xlsx
from templates.words import t

By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
Json = Annotated[bool, typer.Option("--json", help="One JSON document with stable keys.")]


def register(app: typer.Typer) -> None:
    """Register the commands."""
    money = typer.Typer(help="Assets, claims, members and the pay-out of a case.", no_args_is_help=True)
    money.command("show")(show_command)
    money.command("file")(file_command)
    money.command("take")(take_command)
    money.command("replies")(replies_command)
    money.command("draft")(draft_command)
    app.add_typer(money, name="money")


def show_command(
    ref: str,
    by: By,
    as_if_sold: Annotated[bool, typer.Option("--as-if-sold", help="Assets still held count with their value.")] = False,
    json: Json = False,
) -> None:
    """Show the pay-out as it is computed, each line with its reason, and what is missing."""
    with reading(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by))
        view = look(connection, loaded, clock().today(), as_if_sold=as_if_sold)
    if view is None:
        raise Refused("money_other_version")
    payout = view.payout
    if json:
        show_json(
            {
                "available": payout.pot, "short": payout.short, "costs_short": payout.costs_short,
                "set_aside": payout.set_aside, "lines": table_of(payout),
                "missing": [reason_text(gap, lang()) for gap in view.gaps],
                "remarks": [reason_text(remark, lang()) for remark in view.remarks],
                "compared": view.compared, "late": sorted(view.late),
            }
        )  # fmt: skip
        return
    out = [f"{t('payout.pot', lang())}: {number(payout.pot)}"]
    table = as_table(view, ref, lang())
    rows = (map(shown, table.columns, row) for row in (*table.rows, table.totals))
    out += ["\t".join(column.heading for column in table.columns), *map("\t".join, rows)]
    out += [reason_text(said, lang()) for said in (*view.gaps, *view.remarks)]
    if payout.short:
        out.append(t("payout.insolvent", lang(), short=payout.short, article=view.law_of_bankruptcy(lang())))
    sys.stdout.write("\n".join(out) + "\n")


def file_command(ref: str, path: Path, by: By) -> None:
    """Write the lists and the pay-out of a case as XLSX."""
    with reading(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by))
        view = look(connection, loaded, clock().today())
        if view is None:
            raise Refused("money_other_version")
        tables = [*lists.as_tables(loaded, lang()), as_table(view, loaded.row["unit_name"], lang())]
    write_file(path, tables_xlsx(*tables, mark=mark_in(lang())))


def take_command(ref: str, path: Path, by: By) -> None:
    """Record the lists of a workbook, all or none."""
    data, office_clock = scanned_bytes(path), clock()
    with writing(engine()) as connection:
        person = actor(connection, by)
        loaded = load_seen(connection, ref, person, lock=True)
        recorded = record_workbook(connection, loaded, data, path.name, person, clock=office_clock)
    names = ", ".join(t(f"payout.list_{name}", lang()) for name in recorded)
    sys.stdout.write(t("payout.lists_recorded", lang(), lists=names) + "\n")


def replies_command(ref: str, by: By) -> None:
    """Add the debts that agencies replied to the list of claims."""
    office_clock = clock()
    with writing(engine()) as connection:
        person = actor(connection, by)
        add_replies(connection, load_seen(connection, ref, person, lock=True), person, clock=office_clock)
    sys.stdout.write(t("payout.recorded", lang()) + "\n")


def draft_command(ref: str, by: By) -> None:
    """Draft the pay-out as it is computed."""
    office_clock = clock()
    with writing(engine()) as connection:
        person = actor(connection, by)
        draft_payout(connection, load_seen(connection, ref, person, lock=True), person, clock=office_clock)
    sys.stdout.write(t("payout.drafted", lang()) + "\n")
