"""The command line as the tests call it: the tree of its commands is built once, not for every call."""

from functools import cache

import typer.testing

typer.testing._get_command = cache(typer.testing._get_command)  # a tree of 150 commands costs more than most of them

CliRunner = typer.testing.CliRunner
