"""The top level of the command line: names and help from an index; topics are imported when a command is used."""

import gc
import json
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any, TypedDict

import typer
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command

INDEX = Path(__file__).with_name("commands.json")  # written by cli.command_index


class Entry(TypedDict):
    """A command or group of the top level; `topics` are the modules that define it, in the order of registering."""

    name: str
    help: str
    hidden: bool
    topics: list[str]


def read_index() -> list[Entry]:
    """The commands of the top level, as they are listed."""
    entries: list[Entry] = json.loads(INDEX.read_text(encoding="utf-8"))
    return entries


@cache
def commands_of(topic: str) -> typer.Typer:
    """Import a topic and return what it registers; once in a process, as groups are shared between topics."""
    part = typer.Typer()
    import_module(f"cli.{topic}").register(part)
    return part


def tree_of(topics: Sequence[str]) -> TyperGroup:
    """The commands of these topics as one group."""
    whole = typer.Typer(no_args_is_help=True, callback=_nothing)
    for part in map(commands_of, topics):
        whole.registered_commands += part.registered_commands
        whole.registered_groups += part.registered_groups
    group = get_command(whole)
    assert isinstance(group, TyperGroup)
    return group


def _nothing() -> None:
    """A callback keeps a single command below its name."""


class ListedCommand(TyperCommand):
    """A command in lists, before its topics are imported: name and help, nothing to run."""

    def __init__(self, entry: Entry) -> None:
        super().__init__(entry["name"], help=entry["help"], hidden=entry["hidden"])
        self.topics = entry["topics"]


class LazyGroup(TyperGroup):
    """A group that lists the commands of the index and imports the topics of the one that is used."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        for entry in read_index():
            self.add_command(ListedCommand(entry))

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        """Find a command, whole: to run it, to show its help, or to complete what follows it."""
        name, command, rest = super().resolve_command(ctx, args)
        if isinstance(command, ListedCommand):
            command = tree_of(command.topics).commands[str(command.name)]
            self.add_command(command)
            _collect_again()
        return name, command, rest


def _collect_again() -> None:
    """End a pause of the garbage collector that `main` began; what was imported meanwhile is kept and not searched."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()
