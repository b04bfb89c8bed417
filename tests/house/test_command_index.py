"""The index of the command line lists what the topics define, and a command imports no topic and library of others."""

import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from cli.app import app
from cli.command_index import TOPICS, index_of_topics
from cli.lazy_group import ListedCommand, read_index, tree_of
from tests.command_line import CliRunner
from tests.house.test_house import ROOT

LIBRARIES = {
    "aiohttp", "alembic", "apprise", "docx", "fastapi", "holidays", "icalendar", "jinja2", "numpy", "openpyxl",
    "pikepdf", "prefect", "pydantic", "pyhanko", "python_calamine", "sqlalchemy", "sqlmodel", "typst", "yaml",
}  # fmt: skip
NEEDED_BY_CASES = {"pydantic", "sqlalchemy", "sqlmodel", "yaml"}
MODULES_AT_THE_END = """
import sys
from cli.app import main
try:
    main()
finally:
    print(*sys.modules, file=sys.stderr)
"""
EACH_IN_TURN = """
from typer.main import get_command
from cli.app import app
group = get_command(app)
for name in tuple(group.commands):
    _, command, _ = group.resolve_command(None, [name])
    print(name, *getattr(command, "commands", ()))
"""


def imported_by(*arguments: str) -> set[str]:
    """Names of the modules that a process has at the end of a command."""
    call = [sys.executable, "-c", MODULES_AT_THE_END, *arguments]
    done = subprocess.run(call, cwd=ROOT, capture_output=True, text=True, check=True)
    return set(done.stderr.split())


def libraries(modules: set[str]) -> set[str]:
    return LIBRARIES & {module.partition(".")[0] for module in modules}


def whole_tree() -> dict[str, Any]:
    return dict(tree_of(TOPICS).commands)


def names_below(command: Any) -> Iterator[str]:
    yield from command.commands if isinstance(command, TyperGroup) else ()


def test_the_index_is_what_the_topics_define() -> None:
    assert read_index() == index_of_topics(), "write it anew: make command-index"


def test_a_listed_command_looks_like_the_command() -> None:
    looks = ("name", "hidden", "deprecated")
    for entry, whole in zip(read_index(), whole_tree().values(), strict=True):
        listed = ListedCommand(entry)
        assert [getattr(listed, look) for look in looks] == [getattr(whole, look) for look in looks]
        assert listed.get_short_help_str() == whole.get_short_help_str()
        assert not getattr(whole.rich_help_panel, "value", whole.rich_help_panel), "the index has no panels"


def test_each_command_is_complete_with_its_own_topics() -> None:
    done = subprocess.run([sys.executable, "-c", EACH_IN_TURN], cwd=ROOT, capture_output=True, text=True, check=True)
    found = {line.split()[0]: sorted(line.split()[1:]) for line in done.stdout.splitlines()}
    assert found == {name: sorted(names_below(command)) for name, command in whole_tree().items()}


@pytest.mark.parametrize("arguments", [("--help",), ("cases", "--help"), ("clock", "--help")], ids=" ".join)
def test_help_imports_only_what_it_shows(arguments: tuple[str, ...]) -> None:
    modules = imported_by(*arguments)
    topics = {module.removeprefix("cli.") for module in modules} & set(TOPICS)
    expected = {"cases": {"case_list"}, "clock": {"machine_clock"}, "--help": set()}
    assert topics == expected[arguments[0]]
    assert libraries(modules) <= (set() if arguments == ("--help",) else NEEDED_BY_CASES)


def test_a_misspelt_command_is_answered_with_the_nearest() -> None:
    for call, meant in ((["casse"], "cases"), (["calendar", "adpot"], "adopt")):
        answer = CliRunner().invoke(app, call)
        assert answer.exit_code == 2
        assert repr(meant) in answer.output


def test_a_completing_shell_is_offered_names_on_both_levels() -> None:
    group = get_command(app)
    assert isinstance(group, TyperGroup)
    with group.make_context("coopcase", ["--help"], resilient_parsing=True) as context:
        assert {"calendar", "case", "cases"} <= {item.value for item in group.shell_complete(context, "ca")}
        _, calendar, _ = group.resolve_command(context, ["calendar"])
        assert calendar is not None
        below = calendar.make_context("calendar", ["--help"], parent=context, resilient_parsing=True)
        assert {"adopt", "adopt-edition"} == {item.value for item in calendar.shell_complete(below, "ad")}
