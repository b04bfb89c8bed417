"""Will the fixed dates be made: the forecast from the command line."""

from typing import Annotated, Any

import typer

from cli.output import clock, lang, lines, show_json
from models.database import engine, reading
from oversight.forecast import Forecast, forecasts
from templates.formats import date_vi, span
from templates.words import t

Json = Annotated[bool, typer.Option("--json")]


def register(app: typer.Typer) -> None:
    """Hang the command on the application."""
    app.command("forecast")(forecast_command)


def forecast_command(
    district: Annotated[str, typer.Option(help="Code of a district; all unless given.")] = "", json: Json = False
) -> None:
    """What waits for each fixed date, and whether it will be done by then at the pace of the last weeks."""
    today = clock().today()
    with reading(engine()) as connection:
        found = forecasts(connection, today, district=district or None)
    if json:
        show_json({"today": today, "district": district or None, "forecasts": [_document(item) for item in found]})
        return
    lines([_line(item) for item in found])


def _document(item: Forecast) -> dict[str, Any]:
    pace, known = item.pace, item.verdict not in ("unknown", "done")
    said = {"low": pace.low, "high": pace.high, "chance": round(pace.chance, 3)} if known else {}
    trial = item.trial and {"low": item.trial[0].low, "high": item.trial[0].high, "came": item.trial[1]}
    return {
        "key": item.milestone.key, "on": item.milestone.on, "legal": item.milestone.legal, "waiting": pace.waiting,
        "held": item.milestone.blocked, "to_come": item.to_come, "came": item.came, "done": pace.done,
        "window_days": pace.window_days, "left_days": pace.left_days, "verdict": item.verdict,
        "low": None, "high": None, "chance": None, **said, "trial": trial,
    }  # fmt: skip


def _line(item: Forecast) -> tuple[str, ...]:
    pace, spoken = item.pace, lang()
    known = item.verdict not in ("unknown", "done")
    says = t("report.range", spoken, weeks=pace.window_days // 7, done=pace.done, more=span(pace.low, pace.high))
    return (
        date_vi(item.milestone.on), item.milestone.label[spoken], t("late.still", spoken, count=pace.waiting),
        t(f"late.verdict_{item.verdict}", spoken), says if known else "",
    )  # fmt: skip
