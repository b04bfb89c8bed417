"""Event logs in CSV: one event a line, columns named as in XES or plainly."""

import csv
from collections.abc import Collection, Iterator, Mapping
from datetime import datetime
from pathlib import Path

from foresight.log import LogError
from foresight.reading import CaseFacts, Event, Gathered, Reading, moment, to_log

COLUMNS: Mapping[str, tuple[str, ...]] = {  # any of these names, in small letters; the first found counts
    "case": ("case:concept:name", "case", "case_id", "caseid", "case id", "hồ sơ"),
    "activity": ("concept:name", "activity", "step", "event", "bước"),
    "time": ("time:timestamp", "timestamp", "time", "complete timestamp", "date", "ngày"),
    "lifecycle": ("lifecycle:transition", "lifecycle", "transition"),
    "opened": ("case:startdate", "opened"),
    "closed": ("case:enddate", "closed"),
    "due": ("case:deadline", "case:enddate_planned", "due", "deadline"),
    "office": ("case:office", "office", "case:department"),
}
NEEDED = ("case", "activity", "time")
DELIMITERS = ",;\t|"


def read_csv(path: Path, closed_by: Collection[str] = ()) -> Reading:
    """Read a log in UTF-8; the delimiter (, ; tab |) is found from the header.

    Raises LogError: `not_utf8`, `no_column` (with the columns there are), `no_value` and `no_time` with line and
    column, `no_events`; OSError when the file cannot be opened.
    """
    gathered = Gathered()
    with path.open(encoding="utf-8-sig", newline="") as file:
        lines = _lines(file)
        header = next(lines, "")
        rows = csv.reader(_again(header, lines), delimiter=max(DELIMITERS, key=header.count), strict=True)
        place = _places(_next(rows) or [])
        while (row := _next(rows)) is not None:
            if any(cell.strip() for cell in row):
                _take(row, place, rows.line_num, gathered)
    return to_log(gathered, closed_by, dated="closed" in place)


def _lines(file: Iterator[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        try:
            line = next(file)
        except StopIteration:
            return
        except UnicodeDecodeError:
            raise LogError("not_utf8", str(number)) from None
        yield line


def _again(first: str, rest: Iterator[str]) -> Iterator[str]:
    yield first
    yield from rest


def _next(rows: Iterator[list[str]]) -> list[str] | None:
    try:
        return next(rows, None)
    except csv.Error as error:
        raise LogError("not_csv", str(getattr(rows, "line_num", "")), why=str(error)) from None


def _places(header: list[str]) -> dict[str, tuple[int, str]]:
    """The position of each known column and its name in the file."""
    names = [name.strip().lower() for name in header]
    found = {}
    for kind, spellings in COLUMNS.items():
        spelled = next((name for name in spellings if name in names), None)
        if spelled is not None:
            found[kind] = (names.index(spelled), header[names.index(spelled)].strip())
        elif kind in NEEDED:
            raise LogError("no_column", "1", column=spellings[0], seen=", ".join(header)[:200])
    return found


def _take(row: list[str], place: Mapping[str, tuple[int, str]], line: int, gathered: Gathered) -> None:
    cell = {kind: row[at].strip() if at < len(row) else "" for kind, (at, _) in place.items()}
    for kind in NEEDED:
        if not cell[kind]:
            raise LogError("no_value", str(line), column=place[kind][1])
    times = {kind: _time(cell[kind], line, place[kind][1]) for kind in _timed(cell)}
    facts = gathered.facts.setdefault(cell["case"], CaseFacts(office=cell.get("office", "")))
    facts.opened, facts.closed, facts.due = (times.get(kind) for kind in ("opened", "closed", "due"))
    complete = cell.get("lifecycle", "").lower() in ("", "complete")
    gathered.add(Event(cell["case"], cell["activity"], times["time"], str(line), complete))


def _timed(cell: Mapping[str, str]) -> list[str]:
    return [kind for kind in ("time", "opened", "closed", "due") if cell.get(kind)]


def _time(text: str, line: int, column: str) -> datetime:
    found = moment(text)
    if found is None:
        raise LogError("no_time", str(line), column=column, value=text[:60])
    return found
