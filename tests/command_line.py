"""The command line as the tests call it: the tree of its commands is built once, not for every call."""

from functools import cache

import typer.testing
from typer.main import get_command
from typer.testing import CliRunner as CliRunner

setattr(typer.testing, "_get_command", cache(get_command))  # noqa: B010  it is not exported; the tree costs 0.25 s
