"""Closing days and schedules from the command line: what a change would move, adopting it, taking it back."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import clock, lang, lines, show_json
from cli.rules.moved_deadlines import moves_document, show_moves
from cli.rules.time import calendar_app, require_schedule
from models.database import engine, reading
from models.errors import WrongInput
from procedures.legal_time.calendar import Calendar, load_calendars
from rule_changes.closing_days import adopt, compare, listed, preview_now, preview_taking_back, take_closing_back
from rule_changes.typed_closing_days import read_closings
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
Seen = Annotated[str, typer.Option("--seen", help="The digest of the preview: other moves are refused.")]


By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(_app: typer.Typer) -> None:
    """The commands hang on `coopcase calendar`, which cli.time registers."""
    calendar_app.command("preview")(preview_command)
    calendar_app.command("adopt")(adopt_command)
    calendar_app.command("closings")(closings_command)
    calendar_app.command("take-back")(take_back_command)
    calendar_app.command("compare")(compare_command)


def preview_command(file: Path, json: Json = False) -> None:
    """What the closing days of a YAML file would move; nothing is changed."""
    moved = preview_now(engine(), read_closings(_text(file)), clock().today())
    show_moves(moved, json, "cli.would_move")


def adopt_command(file: Path, by: By, seen: Seen = "", json: Json = False) -> None:
    """Adopt the closing days of a YAML file and re-derive every open deadline."""
    moved = adopt(engine(), read_closings(_text(file)), by=by, clock=clock(), seen=seen or None)
    show_moves(moved, json, "cli.has_moved")


def closings_command(json: Json = False) -> None:
    """The closing days adopted so far, and those taken back."""
    with reading(engine()) as connection:
        rows = listed(connection)
    if json:
        show_json([{name: row[name] for name in _SHOWN} for row in rows])
        return
    lines([_closing(row) for row in rows])


_SHOWN = (
    "id", "on", "layer", "district_code", "reason", "decision", "adopted_by", "adopted_at", "back_reason", "back_by",
    "back_at",
)  # fmt: skip


def _closing(row: dict[str, Any]) -> tuple[str, ...]:
    place = row["district_code"] or t("clocks.layer_city", lang())
    back = f"{t('clocks.taken_back', lang())}: {row['back_reason']}" if row["back_at"] else ""
    return str(row["id"]), date_vi(row["on"]), place, row["reason"], row["decision"], row["adopted_by"], back


def take_back_command(
    closing: Annotated[int, typer.Argument(help="Its number in `coopcase calendar closings`.")],
    by: By = "",
    reason: Annotated[str, typer.Option(help="Why it was wrongly adopted.")] = "",
    preview: Annotated[bool, typer.Option("--preview", help="Show what would move; nothing is changed.")] = False,
    json: Json = False,
) -> None:
    """Take a wrongly adopted closing day back by a further record, and re-derive every open deadline."""
    if preview:
        with reading(engine()) as connection:
            moved = preview_taking_back(connection, closing, clock().today())
    else:
        moved = take_closing_back(engine(), closing, reason, by=by, clock=clock())
    show_moves(moved, json, "cli.would_move" if preview else "cli.has_moved")


def compare_command(
    year: int,
    version: Annotated[str, typer.Argument(help="Another schedule of the year, such as draft.")],
    json: Json = False,
) -> None:
    """Two schedules of a year side by side: the days that differ, and the open deadlines that would."""
    require_schedule(year, version)
    standing, other = load_calendars().agency, load_calendars(version, year=year).agency
    days = sorted(standing.marked.keys() | other.marked.keys())
    differing = [day for day in days if _kind(standing, day) != _kind(other, day)]
    with reading(engine()) as connection:
        moved = compare(connection, version, year, clock().today())
    if json:
        listed_days = [{"on": day, "standing": _kind(standing, day), version: _kind(other, day)} for day in differing]
        show_json({"year": year, "version": version, "days": listed_days, **moves_document(moved)})
        return
    lines([(date_vi(day), _kind(standing, day), "→", _kind(other, day)) for day in differing])
    show_moves(moved, json, "cli.would_move")


def _kind(calendar: Calendar, day: date) -> str:
    """Why a day is off, or that it is worked."""
    mark = calendar.mark(day)
    return mark.kind if mark is not None else "worked"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("FILE", "no_such_file", path=str(file)) from None
