"""Writes `commands.json`, the index of the top level, from what the topics register: `python -m cli.command_index`."""

import json
import sys
from collections.abc import Iterator
from typing import Any

from typer.core import TyperGroup

from cli.lazy_group import INDEX, Entry, tree_of

TOPICS = (  # modules below cli, each with register(app)
    "run", "people", "office_data", "letters.delegations", "case_list", "case_commands", "acting", "searching",
    "month_calendar", "letters.letter_acts", "letters.next_steps", "letters.serving", "letters.bulk",
    "letters.bulk_acts", "letters.paper_numbers", "letters.signed", "letters.incoming", "letters.books",
    "letters.earlier", "register_import", "register_corrections", "takeover", "councils", "batches", "money",
    "outstanding", "duties", "irregularities", "obstacles", "forecasting", "at_risk", "replay", "messages",
    "dossier", "letters.ink", "letters.act_papers", "letters.signatories",
    "rules.time", "rules.explaining", "rules.calendars", "letters.letter_templates", "rules.procedures_file",
    "rules.scenarios", "rules.procedure_versions", "rules.rulings", "upkeep", "backups", "machine_clock",
    "orphan_files", "history_log", "case_proof", "database_rights",
)  # fmt: skip


def index_of_topics() -> list[Entry]:
    """The index as the topics define it; imports all of them."""
    return [
        {"name": name, "help": command.help or "", "hidden": command.hidden, "topics": _topics(command)}
        for name, command in tree_of(TOPICS).commands.items()
    ]


def _topics(command: Any) -> list[str]:
    """The topics whose functions a command or group runs. Raises ValueError for a function of another module."""
    used = {function.__module__.removeprefix("cli.") for function in _functions(command)}
    if strange := used - set(TOPICS):
        raise ValueError(f"{command.name}: {', '.join(sorted(strange))} is no topic of the command line")
    return [topic for topic in TOPICS if topic in used]


def _functions(command: Any) -> Iterator[Any]:
    if not isinstance(command, TyperGroup):
        yield command.callback
        return
    for below in command.commands.values():
        yield from _functions(below)


def _text(entries: list[Entry]) -> str:
    """JSON with a line for each command, so that a change of one is one line of a difference."""
    return "[\n" + ",\n".join(json.dumps(entry, ensure_ascii=False) for entry in entries) + "\n]\n"


if __name__ == "__main__":
    INDEX.write_text(_text(index_of_topics()), encoding="utf-8")
    sys.stdout.write(f"{INDEX.name}\n")
