"""Commands for delegations of signature: list, add, end."""

import sys
from typing import Annotated

import typer

from casework.office.people import actor
from cli.output import clock, day, lang, lines, show_json
from correspondence import delegations
from models.database import engine, reading, writing
from models.errors import WrongInput
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]
delegations_app = typer.Typer(help="Who may sign for whom.", no_args_is_help=True)
_KEYS = (
    "id", "login", "name", "authority", "body", "post", "decision", "from_on", "to_on", "ended_on", "end_reason",
    "stands", "added_by", "ended_by",
)  # fmt: skip


def register(app: typer.Typer) -> None:
    """Register the commands."""
    app.add_typer(delegations_app, name="delegations")
    for name, command in (("list", list_command), ("add", add_command), ("end", end_command)):
        delegations_app.command(name)(command)


def list_command(by: By, json: Json = False) -> None:
    """List the delegations of the person's office; of all offices for the city's."""
    with reading(engine()) as connection:
        listed = delegations.listed(connection, actor(connection, by).district, clock().today())
    if json:
        show_json([{key: value for key, value in row.items() if key in _KEYS} for row in listed])
        return
    lines([_line(row) for row in listed])


def _line(row: delegations.ListedDelegation) -> tuple[str, ...]:
    until = date_vi(row["last_on"]) or t("delegations.open_end", lang())
    return (
        str(row["id"]), f"{row['authority']}. {row['name']}", t(f"delegations.body_{row['body']}", lang()),
        f"{date_vi(row['from_on'])} – {until}", row["decision"], t(f"delegations.{row['stands']}", lang()),
    )  # fmt: skip


def add_command(
    login: Annotated[str, typer.Argument(help="Who may sign.")],
    authority: Annotated[str, typer.Argument(help=" | ".join(delegations.RIGHTS))],
    body: Annotated[str, typer.Argument(help="Whose letters, e.g. finance_office or district_committee.")],
    from_: Annotated[str, typer.Option("--from", help="First day.")],
    by: By,
    to: Annotated[str, typer.Option("--to", help="Last day; TUQ. needs one.")] = "",
    decision: Annotated[str, typer.Option(help="The written act; TL., TUQ. and Q. need one.")] = "",
    post: Annotated[str, typer.Option(help="The post printed under TL. and TUQ.")] = "",
    json: Json = False,
) -> None:
    """Let an officer sign for the head of a body."""
    first = day("--from", from_)
    if first is None:
        raise WrongInput("--from", "not_a_date", value=from_)
    mandate = delegations.Mandate(login, authority, body, first, day("--to", to), decision, post)
    with writing(engine()) as connection:
        made = delegations.add(connection, mandate, by=actor(connection, by), clock=clock())
    _tell("cli.delegation_added", made, json)


def end_command(
    number: int,
    by: By,
    reason: Annotated[str, typer.Option(help="Why it ends.")],
    on: Annotated[str, typer.Option(help="Last day it holds; today unless given.")] = "",
    json: Json = False,
) -> None:
    """End a delegation; letters already signed by it stay valid."""
    office_clock = clock()
    with writing(engine()) as connection:
        last = day("--on", on) or office_clock.today()
        delegations.end(connection, number, last, reason, by=actor(connection, by), clock=office_clock)
    _tell("cli.delegation_ended", number, json)


def _tell(key: str, number: int, json: bool) -> None:
    if json:
        show_json({"id": number})
        return
    sys.stdout.write(t(key, lang(), number=number) + "\n")
