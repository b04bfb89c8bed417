"""The money of a case on the command line: what is listed and computed, the lists from a file, the pay-out drafted."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from sqlalchemy import Connection

from casework.case_view import load_seen
from casework.money import lists
from casework.money.look import look, reason_text, sheet_rows
from casework.office.people import actor
from cli.output import clock, lang, show_json
from correspondence.effective_papers import act_in
from models.database import engine, reading, writing
from models.errors import Refused, WrongInput
from procedures.money.of_case import rows_of, table_of
from templates.formats import number
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
                "compared": view.compared,
            }
        )  # fmt: skip
        return
    out = [f"{t('payout.pot', lang())}: {number(payout.pot)}"]
    rows = ([number(cell) if isinstance(cell, int) else str(cell) for cell in row] for row in sheet_rows(view, lang()))
    out += map("\t".join, rows)
    out += [reason_text(said, lang()) for said in (*view.gaps, *view.remarks)]
    if payout.short:
        out.append(t("payout.insolvent", lang(), short=payout.short))
    sys.stdout.write("\n".join(out) + "\n")


def file_command(ref: str, path: Path, by: By) -> None:
    """Write the lists and the pay-out of a case as XLSX."""
    with reading(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by))
        view = look(connection, loaded, clock().today())
        if view is None:
            raise Refused("money_other_version")
        path.write_bytes(lists.workbook(loaded, lang(), [(t("payout.sheet", lang()), sheet_rows(view, lang()))]))


def take_command(ref: str, path: Path, by: By) -> None:
    """Record the lists of a workbook, all or none."""
    try:
        data = path.read_bytes()
    except OSError:
        raise WrongInput("path", "no_such_file", path=str(path)) from None
    with writing(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by), lock=True)
        if loaded.procedure.money is None:
            raise Refused("money_other_version")
        found = lists.from_workbook(loaded, data, path.name)
        recorded = []
        for name, listed in found.items():
            if not listed.rows and not lists.listed_rows(loaded, name):
                continue
            record = lists.record_of(loaded.procedure.money, name)
            _record(connection, ref, record.verb, {record.field: listed.rows}, by)
            recorded.append(t(f"payout.list_{name}", lang()))
    sys.stdout.write(t("payout.agencies_added", lang(), lists=", ".join(recorded)) + "\n")


def replies_command(ref: str, by: By) -> None:
    """Add the debts that agencies replied to the list of claims."""
    with writing(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by), lock=True)
        view, money = look(connection, loaded, clock().today()), loaded.procedure.money
        if view is None or money is None:
            raise Refused("money_other_version")
        rows = [*rows_of(loaded.state, money.claims), *view.replies]
        _record(connection, ref, money.claims.verb, {money.claims.field: rows}, by)
    sys.stdout.write(t("payout.recorded", lang()) + "\n")


def draft_command(ref: str, by: By) -> None:
    """Draft the pay-out as it is computed."""
    with writing(engine()) as connection:
        loaded = load_seen(connection, ref, actor(connection, by), lock=True)
        money = loaded.procedure.money
        if money is None:
            raise Refused("money_other_version")
        here = [verb for verb in money.plans if loaded.state.state in loaded.procedure.verbs[verb].from_]
        if not here:
            raise Refused("money_no_plan_here")
        _record(connection, ref, here[0], {}, by)
    sys.stdout.write(t("payout.drafted", lang()) + "\n")


def _record(connection: Connection, ref: str, verb: str, data: dict[str, Any], by: str) -> None:
    act_in(connection, ref, verb, by=by, clock=clock(), data=data)
