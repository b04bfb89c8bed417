"""Command for the database's owner: the rights of a role that cannot rewrite history."""

import sys
from typing import Annotated

import typer

from models.log_rights import rights


def register(app: typer.Typer) -> None:
    """Register the command."""
    app.command("database-rights")(database_rights_command)


def database_rights_command(
    role: Annotated[str, typer.Argument(help="A role that exists in PostgreSQL and may sign in.")],
) -> None:
    """Print the SQL that lets a PostgreSQL role work in an office and change nothing append-only; its owner runs it."""
    sys.stdout.write("".join(f"{statement};\n" for statement in rights(role)))
