"""Input and output of commands: JSON documents, plain lines, dates, files."""

import dataclasses
import json
import sys
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

from casework.upload_scan import require_clean
from models.clock import Clock
from models.database import engine, reading
from models.errors import CoopcaseError, WrongInput
from models.office_clock import clock_of
from models.office_kind import is_trial
from models.settings import settings
from procedures.state_machine.field_values import parse_day
from templates.trial_mark import TrialMark, mark_of
from templates.words import say, t


def lang() -> str:
    """Return the language of the command line: COOPCASE_LANG, default vi."""
    return "en" if settings().lang == "en" else "vi"


def clock() -> Clock:
    with reading(engine()) as connection:
        return clock_of(connection)


def duty_of_others(counts: Mapping[str, Any], done: str) -> str:
    """What is said of a duty that this call did not do: it was done before (key `done`), or another worker is at it.

    Empty when this call did it.
    """
    if counts.get("held"):
        return t("cli.duty_held", lang())
    return t(done, lang()) if counts.get("already") else ""


def mark_in(language: str) -> TrialMark:
    """What a file that is written says of the office: empty unless it is a trial."""
    with reading(engine()) as connection:
        return mark_of(is_trial(connection), language)


def day(field: str, text: str | None) -> date | None:
    """Parse a day given as dd/mm/yyyy or ISO. Raises WrongInput."""
    return parse_day(field, text) if text else None


def assigned(pairs: list[str]) -> dict[str, Any]:
    """Parse `name=value` pairs; `name=@FILE` reads the value from a file. Raises WrongInput."""
    data: dict[str, Any] = {}
    for pair in pairs:
        name, mark, value = pair.partition("=")
        if not mark or not name:
            raise WrongInput("--set", "not_a_pair", value=pair[:60])
        data[name] = _from_file(name, value[1:]) if value.startswith("@") else value
    return data


def _from_file(name: str, path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput(name, "no_such_file", path=path) from None


def write_file(path: Path, data: bytes) -> None:
    """Write a file. Raises WrongInput when it cannot be written."""
    try:
        path.write_bytes(data)
    except OSError:
        raise WrongInput(str(path), "cannot_write_file") from None


def file_bytes(file: Path, option: str = "FILE") -> bytes:
    """Return the content of a file. Raises WrongInput, naming the option, when it cannot be read."""
    try:
        return file.read_bytes()
    except OSError:
        raise WrongInput(option, "no_such_file", path=str(file)) from None


def scanned_bytes(file: Path) -> bytes:
    """The content of a file that is read in, after the virus scanner. Raises WrongInput, Refused."""
    data = file_bytes(file)
    require_clean(data, file.name, settings(), "FILE")
    return data


def show_json(content: Any) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=2, default=plain) + "\n")


def plain(value: Any) -> Any:
    """Convert dates, errors and value types to JSON."""
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, CoopcaseError):
        return say(value, lang())
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    raise TypeError(type(value).__name__)


def lines(rows: Sequence[tuple[str, ...]]) -> None:
    """Print rows in columns of equal width."""
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))] if rows else []
    for row in rows:
        sys.stdout.write("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() + "\n")
