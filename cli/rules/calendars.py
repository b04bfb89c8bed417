"""Commands for closing days and calendar editions: preview, adopt, withdraw."""

from datetime import date
from pathlib import Path
from typing import Annotated, Any

import typer

from cli.output import clock, lang, lines, show_json
from cli.rules.moved_deadlines import moves_document, show_moves
from cli.rules.time import calendar_app, require_schedule
from models.database import engine, reading
from models.errors import WrongInput
from procedures.legal_time.calendar import Calendar, DayOff, load_calendars
from rule_changes.adopted_editions import Waiting, adopt_edition, waiting_edition
from rule_changes.closing_days import adopt, compare, listed, preview_now, preview_revocation, revoke_closing
from rule_changes.typed_closing_days import read_closings
from rulebook.office_edition import office_edition
from templates.formats import date_vi
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]
Seen = Annotated[str, typer.Option("--seen", help="The digest of the preview: other moves are refused.")]


By = Annotated[str, typer.Option("--by", help="Who does it: the sign-in name.")]


def register(_app: typer.Typer) -> None:
    """Register the commands on `coopcase calendar`, which cli.rules.time creates."""
    calendar_app.command("preview")(preview_command)
    calendar_app.command("adopt")(adopt_command)
    calendar_app.command("closings")(closings_command)
    calendar_app.command("take-back")(take_back_command)
    calendar_app.command("compare")(compare_command)
    calendar_app.command("edition")(edition_command)
    calendar_app.command("adopt-edition")(adopt_edition_command)


def preview_command(file: Path, json: Json = False) -> None:
    """Show what the closing days of a YAML file would move; nothing is changed."""
    moved = preview_now(engine(), read_closings(_text(file)), clock().today())
    show_moves(moved, json, "cli.would_move")


def adopt_command(file: Path, by: By, seen: Seen = "", json: Json = False) -> None:
    """Adopt the closing days of a YAML file and re-derive every open deadline."""
    moved = adopt(engine(), read_closings(_text(file)), by=by, clock=clock(), seen=seen or None)
    show_moves(moved, json, "cli.has_moved")


def closings_command(json: Json = False) -> None:
    """List the adopted closing days, and those withdrawn."""
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
    """Withdraw a wrongly adopted closing day by a further record, and re-derive every open deadline."""
    if preview:
        with reading(engine()) as connection:
            moved = preview_revocation(connection, closing, clock().today())
    else:
        moved = revoke_closing(engine(), closing, reason, by=by, clock=clock())
    show_moves(moved, json, "cli.would_move" if preview else "cli.has_moved")


def compare_command(
    year: int,
    version: Annotated[str, typer.Argument(help="Another schedule of the year, such as draft.")],
    json: Json = False,
) -> None:
    """Compare two schedules of a year: the days that differ, and the open deadlines that would move."""
    require_schedule(year, version)
    with reading(engine()) as connection:
        edition = office_edition(connection)
        moved = compare(connection, version, year, clock().today())
    official, other = load_calendars(edition=edition).agency, load_calendars(version, year=year, edition=edition).agency
    days = sorted(official.marked.keys() | other.marked.keys())
    differing = [day for day in days if _kind(official, day) != _kind(other, day)]
    if json:
        listed_days = [{"on": day, "standing": _kind(official, day), version: _kind(other, day)} for day in differing]
        show_json({"year": year, "version": version, "days": listed_days, **moves_document(moved)})
        return
    lines([(date_vi(day), _kind(official, day), "→", _kind(other, day)) for day in differing])
    show_moves(moved, json, "cli.would_move")


def edition_command(json: Json = False) -> None:
    """Show what the newest edition of the national days off would move; nothing is changed."""
    with reading(engine()) as connection:
        own, waiting = office_edition(connection), waiting_edition(connection, clock().today())
    if json:
        show_json({"edition": own, "newest": waiting.edition if waiting else own, **_waiting_document(waiting)})
    elif waiting is None:
        typer.echo(t("cli.edition_newest", lang(), edition=own))
    else:
        typer.echo(t("cli.edition_waits", lang(), edition=waiting.edition, own=own, changes=waiting.changes[lang()]))
        lines([(date_vi(item.on), _mark(item.before), "→", _mark(item.after)) for item in waiting.days])
        show_moves(waiting.moved, json, "cli.would_move")


def adopt_edition_command(by: By, seen: Seen = "", json: Json = False) -> None:
    """Adopt the newest edition of the national days off for the whole city and re-derive every open deadline."""
    moved = adopt_edition(engine(), by=by, clock=clock(), seen=seen or None)
    show_moves(moved, json, "cli.has_moved")


def _waiting_document(waiting: Waiting | None) -> dict[str, Any]:
    if waiting is None:
        return {"days": [], **moves_document(())}
    days = [
        {
            "on": item.on,
            "before": item.before.kind if item.before else "",
            "after": item.after.kind if item.after else "",
        }
        for item in waiting.days
    ]
    return {"days": days, **moves_document(waiting.moved)}


def _mark(day: DayOff | None) -> str:
    """Why a day is off or worked in an edition, in words."""
    return (
        t("clocks.day_plain", lang()) if day is None else f"{t(f'clocks.day_{day.kind}', lang())}: {day.label(lang())}"
    )


def _kind(calendar: Calendar, day: date) -> str:
    """Why a day is off, or that it is worked."""
    mark = calendar.mark(day)
    return mark.kind if mark is not None else "worked"


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise WrongInput("FILE", "no_such_file", path=str(file)) from None
